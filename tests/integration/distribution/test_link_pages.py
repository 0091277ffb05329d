"""The pages of links: what officers and coordinators find, make and withdraw there, and whose it is."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engage.distribution import queries, service
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind
from engage.distribution.service import Wish
from engage.foundations.database import transaction
from engage.foundations.spreadsheets import read_csv
from engage.groups.rules import GroupKind
from tests.factories.boroughs import make_area
from tests.factories.consultations import make_consultation
from tests.factories.groups import make_group
from tests.factories.timetable import BEFORE
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOSTILE = "<script>alert(1)</script>=1+1"
FAIR = {"kind": "event", "label": "Summer fair", "target": "50", "word": "summer fair"}


class Ground:
    """A consultation with links of Camden's CPEG and a member group, and of the coordinator's own CPEG."""

    def __init__(self, session: Session, coordinator: PageClient) -> None:
        assert coordinator.person
        make_area(session)
        self.session = session
        self.consultation = make_consultation(session)
        self.slug = self.consultation.slug
        self.camden = make_group(session, name="Camden CPEG", area_code="E09000007")
        self.youth = make_group(session, name="Camden Youth", kind=GroupKind.YOUTH, parent_id=self.camden.id)
        own = coordinator.person.group_id
        self.faith = make_group(session, name="Own Faith Forum", kind=GroupKind.FAITH, parent_id=own)
        service.make_links(session, consultation_id=self.consultation.id, now=BEFORE)
        service.make_links_for(
            session, consultation_id=self.consultation.id, group_ids=[self.youth.id], now=BEFORE, actor="Ada"
        )
        session.execute(update(Link).where(Link.group_id == self.youth.id).values(submitted=30, target=60))
        session.execute(update(Link).where(Link.group_id == self.camden.id).values(submitted=3))
        session.commit()
        self.officers = f"/officer/consultations/{self.slug}/links"
        self.coordinators = f"/coordinator/links/for/{self.slug}"
        self.own = self.link_of(own)
        self.theirs = self.link_of(self.camden.id)

    def link_of(self, group_id: int | None) -> int:
        return self.one(LinkKind.GROUP, group_id)

    def one(self, kind: LinkKind, group_id: int | None = None) -> int:
        """Return the only link of this kind, of this group where it is a group's."""
        chosen = select(Link.id).where(Link.kind == kind)
        chosen = chosen.where(Link.group_id == group_id) if kind is LinkKind.GROUP else chosen
        link_id = self.session.scalars(chosen).one()
        # So that what pages commit meanwhile is seen.
        self.session.rollback()
        return link_id

    def set(self, link_id: int, **values: int) -> None:
        with transaction(self.session):
            self.session.execute(update(Link).where(Link.id == link_id).values(values))

    def links(self) -> int:
        number = self.session.scalar(select(func.count()).select_from(Link)) or 0
        self.session.rollback()
        return number


@pytest.fixture
def ground(session: Session, coordinator_client: PageClient) -> Ground:
    return Ground(session, coordinator_client)


def test_an_officer_finds_the_tree_with_its_sums(ground: Ground, officer_client: PageClient) -> None:
    text = officer_client.get_page(ground.officers).main
    assert "33 responses came by" in text
    # Under the authority's own: the CPEGs, not their member groups.
    assert "Camden CPEG" in text
    assert "Camden Youth" not in text
    page = officer_client.get_page(f"{ground.officers}/{ground.theirs}")
    assert page.h1 == "Camden CPEG"
    assert "30 of 60 (50%)" in page.main
    assert "sent 33" in page.main


@pytest.mark.parametrize(
    ("asked", "found", "left"),
    [
        ("q=youth", "Camden Youth", "Own Faith"),
        ("q=camden+CPEG", "Camden CPEG", "Waltham Forest CPEG"),
        ("area=E09000007", "Camden CPEG", "Waltham Forest CPEG"),
        ("show=below", "Camden Youth", "Waltham Forest CPEG"),
        ("show=silent", "Waltham Forest CPEG", "Camden Youth"),
        ("q=nobody", "0 links found", "Camden Youth"),
    ],
)
def test_an_officer_narrows_the_list(
    ground: Ground, officer_client: PageClient, asked: str, found: str, left: str
) -> None:
    text = officer_client.get_page(f"{ground.officers}?{asked}").main
    assert found in text
    assert left not in text


def test_the_table_holds_every_link_and_executes_nothing(
    ground: Ground, session: Session, officer_client: PageClient
) -> None:
    with transaction(session):
        wish = Wish(LinkKind.POSTER, "=1+1")
        service.make_link(session, parent_id=ground.theirs, wish=wish, now=BEFORE, actor="Ada")
    answer = officer_client.get(f"{ground.officers}.csv")
    assert "'=1+1" in answer.get_data(as_text=True)
    heading, *rows = read_csv(answer.get_data())
    assert len(rows) == ground.links()
    by_name = {row[1]: dict(zip(heading, row, strict=True)) for row in rows}
    assert by_name["Camden CPEG"]["Sent"] == "3"
    assert by_name["Camden CPEG"]["Sent, with all under it"] == "33"
    assert by_name["Camden Youth"]["Under"] == "The authority’s own link / Camden CPEG"
    assert by_name["Camden Youth"]["Level"] == by_name["=1+1"]["Level"] == "2"


def test_an_officer_makes_links_for_chosen_groups(ground: Ground, officer_client: PageClient) -> None:
    page = officer_client.get_page(f"{ground.officers}/groups?q=faith")
    assert "Own Faith Forum" in page.main
    before = ground.links()
    sent = {"group": [str(ground.faith.id), "x", "-1", "9" * 30]}
    assert "1 link was made" in officer_client.post_page(f"{ground.officers}/groups", sent).main
    assert "has its link already" in officer_client.post_page(f"{ground.officers}/groups", sent).main
    assert "Choose at least one" in officer_client.post_page(f"{ground.officers}/groups", {}).main
    assert ground.links() == before + 1


def test_an_officer_makes_changes_and_withdraws_a_link(ground: Ground, officer_client: PageClient) -> None:
    url = f"{ground.officers}/{ground.theirs}"
    assert "Summer fair" in officer_client.post_page(f"{url}/new", FAIR).main
    own = f"{ground.officers}/{ground.one(LinkKind.EVENT)}"
    page = officer_client.post_page(f"{own}/change", {"label": HOSTILE, "target": "7"})
    assert HOSTILE in page.main
    wrong = officer_client.post_page(f"{own}/change", {"label": "", "target": "0"}, status=422)
    assert "Give it a name" in wrong.main
    assert "Withdrawn" in officer_client.post_page(f"{own}/withdraw").main
    assert "Withdrawn" not in officer_client.post_page(f"{own}/put-back").main.replace("Withdraw it", "")


def test_a_link_of_another_consultation_is_not_found_at_this_one(
    ground: Ground, session: Session, officer_client: PageClient
) -> None:
    with transaction(session):
        other = make_consultation(session).slug
    url = f"/officer/consultations/{other}/links/{ground.theirs}"
    for page in ("", "/new", "/change"):
        assert officer_client.get(url + page).status_code == 404
    for page in ("/new", "/change", "/withdraw", "/put-back"):
        assert officer_client.post(url + page, data=FAIR).status_code == 404


def test_a_coordinator_makes_a_link_for_an_event_once_however_often_it_is_pressed(
    ground: Ground, coordinator_client: PageClient
) -> None:
    before = ground.links()
    for _ in range(2):
        page = coordinator_client.post_page(f"/coordinator/links/{ground.own}/new", FAIR)
        assert "Summer fair" in page.main
    assert ground.links() == before + 1
    event = ground.session.get_one(Link, ground.one(LinkKind.EVENT))
    ground.session.rollback()
    assert (event.target, event.code.rpartition("-")[0]) == (50, "summer-fair")
    assert coordinator_client.get(f"/coordinator/links/{event.id}/qr.svg").status_code == 200
    # Nothing stands under an event.
    page = coordinator_client.post_page(f"/coordinator/links/{event.id}/new", FAIR, status=422)
    assert ground.links() == before + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "x" * 121},
        {"target": "-3"},
        {"target": "many"},
        {"word": "77"},
        {"kind": "x"},
    ],
)
def test_what_a_coordinator_cannot_have_is_said_beside_the_field(
    ground: Ground, coordinator_client: PageClient, wrong: dict[str, str]
) -> None:
    before = ground.links()
    page = coordinator_client.post_page(f"/coordinator/links/{ground.own}/new", FAIR | wrong, status=422)
    assert "There is a problem" in page.main
    assert ground.links() == before


def test_a_coordinator_makes_links_for_member_groups_and_nobody_elses(
    ground: Ground, coordinator_client: PageClient
) -> None:
    page = coordinator_client.get_page(ground.coordinators)
    assert "Own Faith Forum" in page.main
    assert "Camden" not in page.main
    with transaction(ground.session):
        stranger = make_group(ground.session, kind=GroupKind.YOUTH, parent_id=ground.camden.id)
    before = ground.links()
    sent = {"group": [str(ground.faith.id), str(stranger.id)]}
    assert "1 link was made" in coordinator_client.post_page(ground.coordinators, sent).main
    assert ground.links() == before + 1


def test_a_coordinator_renames_withdraws_and_puts_back(
    ground: Ground, coordinator_client: PageClient
) -> None:
    coordinator_client.post_page(f"/coordinator/links/{ground.own}/new", FAIR)
    url = f"/coordinator/links/{ground.one(LinkKind.EVENT)}"
    assert "Winter fair" in coordinator_client.post_page(f"{url}/change", {"label": "Winter fair"}).main
    assert "Withdrawn" in coordinator_client.post_page(f"{url}/withdraw").main
    assert coordinator_client.get(url).status_code == 404
    assert "Put it back" in coordinator_client.get_page(f"{url}/change").main
    coordinator_client.post_page(f"{url}/put-back")
    assert coordinator_client.get(url).status_code == 200


def test_no_link_of_another_group_can_be_read_or_changed(
    ground: Ground, coordinator_client: PageClient
) -> None:
    for link_id in (ground.theirs, ground.link_of(ground.youth.id), 999_999):
        url = f"/coordinator/links/{link_id}"
        for page in ("", "/qr.svg", "/qr.png", "/new", "/change"):
            assert coordinator_client.get(url + page).status_code == 404, page
        for page in ("/new", "/change", "/withdraw", "/put-back"):
            assert coordinator_client.post(url + page, data=FAIR).status_code == 404, page
    own = ground.one(LinkKind.AUTHORITY)
    assert coordinator_client.post(f"/coordinator/links/{own}/withdraw").status_code == 404


def test_a_consultation_without_links_of_the_group_is_not_found(
    ground: Ground, session: Session, coordinator_client: PageClient
) -> None:
    with transaction(session):
        other = make_consultation(session).slug
    for slug in (other, "nothing"):
        assert coordinator_client.get(f"/coordinator/links/for/{slug}").status_code == 404
        assert coordinator_client.post(f"/coordinator/links/for/{slug}").status_code == 404


def test_progress_is_told_against_target_and_population_unless_it_is_small(
    ground: Ground, coordinator_client: PageClient
) -> None:
    def came(number: int) -> str:
        ground.set(ground.own, submitted=number, started=number, opened=number, target=80)
        return coordinator_client.get_page("/coordinator/links/").main

    few, many = came(4), came(40)
    assert "fewer than 5 responses" in few
    assert "Your target: 80 responses." in few
    assert "is not shown, as the number is small" in few
    assert "40 of 80 (50%)" in many
    assert "1.4 for every 10,000 people who live in Waltham Forest" in many
    assert "278,425 residents: Census 2021" in many


def test_a_number_of_the_member_group_is_not_told_by_the_others(
    ground: Ground, coordinator_client: PageClient
) -> None:
    coordinator_client.post_page(ground.coordinators, {"group": [str(ground.faith.id)]})
    for link_id, number in ((ground.own, 40), (ground.link_of(ground.faith.id), 3)):
        ground.set(link_id, submitted=number, started=number, opened=number)
    page = coordinator_client.get_page(ground.coordinators)
    shown = [text_of(cell) for cell in page.all("td") if cell.get("data-label") == "Sent"]
    # Not the 40 of the group's own either, which 43 together would make tell the 3.
    assert shown == ["43", "not shown"]


def test_an_officer_merges_a_group_after_seeing_what_goes_with_it(
    app: Flask, ground: Ground, officer_client: PageClient
) -> None:
    with transaction(ground.session):
        into = make_group(ground.session, name="Barnet CPEG")
    gone, target = ground.camden.code, into.code
    url = f"/officer/groups/{gone}/merge"
    offered = {link.text for link in officer_client.get_page(url).links}
    assert "Barnet CPEG" in offered
    assert "Camden Youth" not in offered
    check = officer_client.get_page(f"{url}/{target}")
    assert "Links, which keep their addresses and counts 1" in check.main
    assert "is now part of Barnet CPEG" in officer_client.post_page(f"{url}/{target}").main
    assert "Merge the groups" not in officer_client.get_page(f"{url}/{target}").main
    assert officer_client.get(f"{url}/nothing").status_code == 404
    ground.session.refresh(ground.youth)
    assert ground.youth.parent_id == into.id


def test_what_cannot_be_merged_is_refused_on_the_page(ground: Ground, officer_client: PageClient) -> None:
    url = f"/officer/groups/{ground.camden.code}/merge"
    for code, said in ((ground.camden.code, "itself"), (ground.youth.code, "belongs to it")):
        assert said in officer_client.get_page(f"{url}/{code}").main
        assert said in officer_client.post_page(f"{url}/{code}", status=422).main
    assert queries.family(ground.session, ground.camden.id) == {ground.camden.id, ground.youth.id}
