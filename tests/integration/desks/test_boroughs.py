"""The boroughs' pages: with a group, with a vacancy, with none, for the City and for those outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from engage.boroughs.models import AreaKind
from engage.boroughs.rules import slug_of
from engage.foundations import clock
from engage.groups.models import BoroughDetail, GroupCommunity, GroupMeeting
from engage.groups.rules import Community, GroupKind
from tests.factories.boroughs import make_area
from tests.factories.groups import make_group
from tests.factories.timetable import AFTER, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Counting = Callable[[], AbstractContextManager[list[str]]]
PAGE = "/boroughs/camden"


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


@pytest.fixture
def camden(session: Session) -> Session:
    make_area(session)
    make_area(session, code="E09000012", name="Hackney", short_name="Hck", tile_row=3, tile_column=6)
    return session


def test_a_borough_says_who_its_group_is_when_it_meets_and_what_is_asked(
    camden: Session, client: PageClient
) -> None:
    website = "https://example.test"
    cpeg = make_group(camden, name="Camden CPEG", area_code="E09000007", about="Two\nlines", website=website)
    make_group(camden, name="Hackney CPEG", area_code="E09000012")
    camden.add(GroupCommunity(group_id=cpeg.id, community=Community.YOUNG_PEOPLE))
    for days, place, public in ((9, "Town Hall", True), (8, "Private house", False), (-9, "Long ago", True)):
        starts_at = DURING + timedelta(days=days)
        camden.add(GroupMeeting(group_id=cpeg.id, starts_at=starts_at, place=place, open_to_public=public))
    said_here = {"link_member": "Ada Member", "custody_visitors": "Visits", "partnership": "Safer Camden"}
    camden.add(BoroughDetail(area_code="E09000007", **said_here))
    make_entry(camden, title="Only in Camden", area_code="E09000007", opened_at=OPENS)
    make_entry(camden, title="All of London", opened_at=OPENS)
    make_entry(camden, title="Only in Hackney", area_code="E09000012", opened_at=OPENS)
    make_entry(camden, title="A draft", published_at=None, opened_at=None)
    camden.commit()
    page = client.get_page(PAGE)
    for said in ("Camden CPEG", "Town Hall", *said_here.values(), "Young people", "210,131"):
        assert said in page.main
    assert "Only in Camden" in page.main
    assert "All of London" in page.main
    for unsaid in ("Hackney", "Private house", "Long ago", "A draft"):
        assert unsaid not in page.main
    for address in ("subscribe", "feed.ics", "embed"):
        assert f"/timetable/{address}?borough=E09000007" in page.html
    asking = client.get_page("/timetable/subscribe?borough=E09000007")
    assert asking.find("input", name="areas", value="E09000007", checked="") is not None
    assert asking.form_values().get("areas") == "E09000007"


def test_what_came_of_earlier_ones_leads_to_the_feedback(camden: Session, client: PageClient) -> None:
    make_entry(
        camden,
        slug="done",
        title="Done",
        area_code="E09000007",
        opened_at=OPENS,
        closed_at=AFTER,
        fed_back_at=AFTER,
    )
    camden.commit()
    with clock.stopped_at(AFTER + timedelta(days=1)):
        page = client.get_page(PAGE)
    assert "/consultations/done/feedback" in {link.href for link in page.links}


def test_a_vacant_group_is_said_to_be_with_who_covers(camden: Session, client: PageClient) -> None:
    vacant = {"vacant_since": date(2026, 1, 5), "covered_by": "The office <b>"}
    make_group(camden, name="Camden CPEG", area_code="E09000007", **vacant)
    camden.commit()
    page = client.get_page(PAGE)
    assert "Camden CPEG has been vacant since 5 January 2026" in page.main
    assert "The office <b>" in page.main
    assert "Group vacant" in client.get_page("/boroughs").main


def test_a_borough_without_any_group_works(camden: Session, client: PageClient) -> None:
    make_group(camden, name="Ended CPEG", area_code="E09000007", active=False)
    make_group(camden, name="A choir", area_code="E09000007", kind=GroupKind.FAITH)
    camden.commit()
    page = client.get_page(PAGE)
    assert "Camden has no Community Police Engagement Group at the moment." in page.main
    assert "Ended CPEG" not in page.main
    assert "No group yet" in client.get_page("/boroughs").main


def test_the_city_is_said_to_be_policed_by_its_own_force(session: Session, client: PageClient) -> None:
    make_area(session, code="E09000001", name="City of London", kind=AreaKind.CITY)
    make_entry(session, title="All of London", opened_at=OPENS)
    session.commit()
    page = client.get_page("/boroughs/city-of-london")
    assert "policed by a force of its own, the City of London Police" in page.main
    assert "All of London" in page.main
    assert "No group yet" not in client.get_page("/boroughs").main


def test_outside_london_only_what_all_are_asked_is_offered(camden: Session, client: PageClient) -> None:
    nowhere = {"tile_row": None, "tile_column": None}
    make_area(camden, code="outside", name="Outside London", kind=AreaKind.OUTSIDE, **nowhere)
    make_entry(camden, title="Only in Camden", area_code="E09000007", opened_at=OPENS)
    make_entry(camden, title="For everybody", opened_at=OPENS)
    camden.commit()
    page = client.get_page("/boroughs/outside-london")
    assert "For everybody" in page.main
    assert "Only in Camden" not in page.main


def test_the_list_leads_to_each_borough_and_the_page_of_none_is_not_found(
    camden: Session, client: PageClient
) -> None:
    camden.commit()
    page = client.get_page("/boroughs")
    assert {"/boroughs/camden", "/boroughs/hackney", "/boroughs/outside-london"} <= {
        link.href for link in page.links
    }
    assert client.get("/boroughs/Camden").headers["Location"] == PAGE
    for nobody in ("atlantis", "e09000007", "camden%00", "x" * 2000):
        assert client.get(f"/boroughs/{nobody}").status_code == 404
    assert slug_of("Kensington and Chelsea") == "kensington-and-chelsea"


def test_a_borough_asks_the_database_as_often_for_many_groups_as_for_one(
    camden: Session, client: PageClient, query_count: Counting
) -> None:
    def asked() -> int:
        camden.commit()
        client.get(PAGE)
        with query_count() as statements:
            client.get(PAGE)
        return len(statements)

    def meets(**group: object) -> None:
        one = make_group(camden, area_code="E09000007", **group)
        camden.add(GroupMeeting(group_id=one.id, starts_at=DURING + timedelta(days=1), open_to_public=True))
        make_entry(camden, area_code="E09000007", opened_at=OPENS)

    meets(name="CPEG")
    before = asked()
    for _ in range(5):
        meets(kind=GroupKind.FAITH)
    assert asked() == before
