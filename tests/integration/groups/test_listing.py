"""The register as a list: filters that combine, pages, and as many queries for many groups as for one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from engage.groups import listing
from engage.groups.listing import LONDON, Filters
from engage.groups.models import Group, GroupCommunity, GroupMeeting
from engage.groups.rules import Community, GroupKind, Standing
from tests.factories.boroughs import make_area
from tests.factories.groups import make_group
from tests.fixtures.client import PageClient

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
Counting = Callable[[], AbstractContextManager[list[str]]]
CPEGS, MEMBERS = 32, 50


def named(session: Session, **filters: object) -> list[str]:
    page = listing.listed(session, Filters(**filters), number=1, per_page=50, now=NOW)  # type: ignore[arg-type]
    assert page.total == len(page.rows)
    assert [row.group.id for row in page.rows] == listing.chosen_ids(session, Filters(**filters))  # type: ignore[arg-type]
    return [row.group.name for row in page.rows]


def test_filters_combine(session: Session) -> None:
    make_area(session)
    cpeg = make_group(session, name="Camden CPEG", area_code="E09000007")
    child = make_group(session, name="Youth", kind=GroupKind.YOUTH, area_code="E09000007", parent_id=cpeg.id)
    make_group(session, name="Grandchild", kind=GroupKind.FAITH, parent_id=child.id, about="A choir of 50%")
    make_group(session, name="Vacant", kind=GroupKind.YOUTH, vacant_since=date(2026, 1, 1), covered_by="A")
    make_group(session, name="Ended", kind=GroupKind.YOUTH, active=False)
    session.add(GroupCommunity(group_id=child.id, community=Community.YOUNG_PEOPLE))
    session.flush()

    assert named(session) == ["Camden CPEG", "Grandchild", "Vacant", "Youth"]
    assert named(session, ended_too=True) == ["Camden CPEG", "Ended", "Grandchild", "Vacant", "Youth"]
    assert named(session, kind=GroupKind.YOUTH) == ["Vacant", "Youth"]
    assert named(session, kind=GroupKind.YOUTH, area_code="E09000007") == ["Youth"]
    assert named(session, area_code=LONDON) == ["Grandchild", "Vacant"]
    assert named(session, community=Community.YOUNG_PEOPLE) == ["Youth"]
    assert named(session, community=Community.MEN) == []
    assert named(session, standing=Standing.VACANT) == ["Vacant"]
    assert named(session, standing=Standing.ENDED) == ["Ended"]
    assert named(session, standing=Standing.ACTIVE) == ["Camden CPEG", "Grandchild", "Youth"]
    assert named(session, under=cpeg.id) == ["Grandchild", "Youth"]
    assert named(session, words="CHOIR 50%") == ["Grandchild"]
    assert named(session, words="choir 5_") == []


def test_a_page_beyond_the_end_is_the_last(session: Session) -> None:
    for number in range(5):
        make_group(session, name=f"Group {number}", kind=GroupKind.YOUTH)
    page = listing.listed(session, Filters(), number=99, per_page=2, now=NOW)
    assert (page.number, page.pages, page.total) == (3, 3, 5)
    assert [row.group.name for row in page.rows] == ["Group 4"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_list_and_a_page_ask_as_often_for_1600_groups_as_for_one(
    session: Session, officer_client: PageClient, query_count: Counting
) -> None:
    make_group(session, code="only", kind=GroupKind.YOUTH)
    session.commit()
    listed, alone = "/officer/groups/", "/officer/groups/only"
    asked = [counted(officer_client, query_count, url)[0] for url in (listed, alone)]
    fill(session)
    for url, before in zip((listed, "/officer/groups/cpeg-1"), asked, strict=True):
        statements, seconds = counted(officer_client, query_count, url)
        assert len(statements) == len(before), url
        # Ten times what it takes: this machine may be busy.
        assert seconds < 1, url


def counted(client: PageClient, query_count: Counting, url: str) -> tuple[list[str], float]:
    client.get(url)
    began = perf_counter()
    with query_count() as statements:
        assert client.get(url).status_code == 200
    return statements, perf_counter() - began


def fill(session: Session) -> None:
    """Add 32 CPEGs with 50 groups each, their communities and their meetings."""
    first = 10_000
    cpegs = [
        {"id": first + n, "code": f"cpeg-{n}", "name": f"CPEG {n}", "kind": GroupKind.CPEG}
        for n in range(CPEGS)
    ]
    members = [
        {
            "id": first + CPEGS + n * MEMBERS + m,
            "code": f"member-{n}-{m}",
            "name": f"Member {m} of {n}",
            "kind": GroupKind.MEMBER_GROUP,
            "parent_id": first + n,
        }
        for n in range(CPEGS)
        for m in range(MEMBERS)
    ]
    session.execute(insert(Group), cpegs)
    session.execute(insert(Group), members)
    ids = [row["id"] for row in (*cpegs, *members)]
    session.execute(insert(GroupCommunity), [{"group_id": n, "community": Community.EVERYBODY} for n in ids])
    meetings = [{"group_id": n, "starts_at": NOW + timedelta(days=30 * k)} for n in ids for k in range(6)]
    session.execute(insert(GroupMeeting), meetings)
    session.commit()
