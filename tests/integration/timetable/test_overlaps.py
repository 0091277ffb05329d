"""Overlaps found in the timetable, decided on by officers, and how often groups are asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations import clock
from engage.foundations.refusals import Refused
from engage.foundations.spreadsheets import read_csv
from engage.groups.models import Group
from engage.groups.rules import Community, GroupKind
from engage.timetable.marks import Marks, set_groups, set_marks
from engage.timetable.models import Entry, EntryGroup, EntryMark
from engage.timetable.overlaps import asks_queries, queries, service
from engage.timetable.overlaps.queries import Overlap
from engage.timetable.rules import Level, MarkKind, Outcome, Topic
from tests.factories.boroughs import make_area
from tests.factories.groups import make_group
from tests.factories.timetable import CLOSES, OPENS, make_entry
from tests.fixtures.client import PageClient

NOW = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def entry(session: Session, title: str, topic: Topic | None = Topic.CUSTODY, **overrides: Any) -> Entry:
    """Return an entry of nobody's topic but `topic`."""
    made = make_entry(session, title=title, slug=title.lower().replace(" ", "-"), **overrides)
    set_marks(session, made.id, Marks(topics=(topic,) if topic else (), audiences=(Community.EVERYBODY,)))
    return made


def pairs(overlaps: Sequence[Overlap]) -> list[set[str]]:
    return [{overlap.first.title, overlap.second.title} for overlap in overlaps]


def decide(session: Session, one: Entry, other: Entry, **said: Any) -> None:
    values = {"outcome": Outcome.KEEP_APART, "reason": "Different people."} | said
    service.decide(session, actor="Tom", now=NOW, entry_id=one.id, other_id=other.id, **values)


def test_what_is_over_cancelled_or_about_something_else_overlaps_nothing(session: Session) -> None:
    mine = entry(session, "Mine", organisation="Metropolitan Police Authority")
    entry(session, "Theirs", organisation="Safer Croydon Partnership")
    entry(session, "Something else", topic=Topic.BUDGET)
    entry(session, "Over", closed_at=NOW)
    late = CLOSES + timedelta(days=30)
    entry(session, "Later", opens_at=late, closes_at=late + timedelta(days=9), decision_due_on=None,
          feedback_due_on=None)  # fmt: skip
    called_off = entry(session, "Called off")
    called_off.cancelled_at, called_off.cancelled_reason = NOW, "No money."
    session.flush()
    assert pairs(queries.known(session, NOW).overlaps()) == [{"Mine", "Theirs"}]
    assert pairs(queries.of_entry(session, mine.id, NOW)) == [{"Mine", "Theirs"}]
    assert queries.of_entry(session, called_off.id, NOW) == []


def test_entries_that_ask_a_group_and_one_below_it_overlap(session: Session) -> None:
    cpeg = make_group(session)
    member = make_group(session, kind=GroupKind.MEMBER_GROUP, parent_id=cpeg.id)
    sister = make_group(session, kind=GroupKind.MEMBER_GROUP, parent_id=cpeg.id)
    for title, group in (("Of the CPEG", cpeg), ("Of a member", member), ("Of a sister", sister)):
        set_groups(session, entry(session, title, topic=None).id, [group.id])
    found = queries.known(session, NOW).overlaps()
    assert pairs(found) == [{"Of the CPEG", "Of a member"}, {"Of the CPEG", "Of a sister"}]
    assert queries.group_names(session, found) == {cpeg.id: cpeg.name}


def test_a_decision_stands_on_both_entries_and_a_later_one_takes_its_place(session: Session) -> None:
    one, other = entry(session, "One"), entry(session, "Other")
    assert queries.undecided(session, NOW) == 1
    decide(session, other, one)
    decide(session, one, other, outcome=Outcome.JOIN_UP, reason=" The same question. ")
    assert queries.undecided(session, NOW) == 0
    for each, its in ((one, other), (other, one)):
        [overlap] = queries.of_entry(session, each.id, NOW)
        assert overlap.decision is not None
        assert (overlap.decision.outcome, overlap.decision.reason) == (Outcome.JOIN_UP, "The same question.")
        [(decision, line)] = queries.settled(session, each.id)
        assert (decision.decided_by, line.slug) == ("Tom", its.slug)
        details = session.scalars(
            select(AuditEvent.details)
            .where(AuditEvent.subject == f"entry:{each.slug}", AuditEvent.action == "overlap.decided")
            .order_by(AuditEvent.id)
        ).all()
        assert [said["before"] for said in details] == [None, ["keep_apart", "Different people."]]


def test_there_is_nothing_to_decide_about_entries_that_do_not_overlap(session: Session) -> None:
    one, other = entry(session, "One"), entry(session, "Other", topic=Topic.BUDGET)
    for wrong in (other, one):
        with pytest.raises(Refused):
            decide(session, one, wrong)
    third = entry(session, "Third")
    for reason in (" ", "x" * 2001):
        with pytest.raises(Refused) as refusal:
            decide(session, one, third, reason=reason)
        assert refusal.value.field == "reason"
    with pytest.raises(NoResultFound):
        service.decide(session, actor="Tom", now=NOW, entry_id=one.id, other_id=9999,
                       outcome=Outcome.MOVE, reason="Why.")  # fmt: skip


@ONE_DATABASE
def test_what_is_open_on_both_sides_is_shown_last_and_counted_nowhere(session: Session) -> None:
    running, other = entry(session, "Running", opened_at=NOW), entry(session, "Other", opened_at=NOW)
    coming = entry(session, "Coming")
    found = queries.known(session, NOW).overlaps()
    assert pairs(found) == [{"Running", "Coming"}, {"Other", "Coming"}, {"Running", "Other"}]
    assert [overlap.movable for overlap in found] == [1, 1, 0]
    assert queries.undecided(session, NOW) == 2
    assert pairs(queries.of_entry(session, running.id, NOW))[0] == {"Running", coming.title}
    decide(session, running, other)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_thousand_entries_take_as_many_queries_as_one_and_a_moment(
    session: Session, query_count: Counting
) -> None:
    group_ids = [make_group(session).id for _ in range(40)]
    entry(session, "First")
    with query_count() as few:
        queries.undecided(session, NOW)
    _fill(session, 1000, group_ids)
    began = time.perf_counter()
    with query_count() as many:
        found = queries.undecided(session, NOW)
    took = time.perf_counter() - began
    assert len(few) == len(many) == 5
    assert found > 100
    # 300 ms are promised; a machine that runs other tests beside may take three times as long.
    assert took < 3


def _fill(session: Session, number: int, group_ids: Sequence[int]) -> None:
    topics = list(Topic)
    entries = [
        {
            "slug": f"many-{each}", "title": f"title{each} word{each}", "organisation": "A council",
            "level": Level.CONSULTATION, "duty": "none", "consultation_year": 2027, "uid": uuid4(),
            "opens_at": OPENS + timedelta(days=each % 365),
            "closes_at": OPENS + timedelta(days=each % 365 + 42), "changed_at": NOW, "published_at": NOW,
        }
        for each in range(number)
    ]  # fmt: skip
    session.execute(insert(Entry), entries)
    stored = session.scalars(select(Entry.id).where(Entry.slug.startswith("many-")).order_by(Entry.id)).all()
    marks = [
        {"entry_id": each, "kind": MarkKind.TOPIC, "code": topics[each % len(topics)].value}
        for each in stored
    ]
    session.execute(insert(EntryMark), marks)
    asked = [{"entry_id": each, "group_id": group_ids[each % 40]} for each in stored if each % 3 == 0]
    session.execute(insert(EntryGroup), asked)
    session.flush()


@ONE_DATABASE
def test_an_officer_sees_an_overlap_and_decides_on_it(session: Session, officer_client: PageClient) -> None:
    one = entry(session, "Custody one", organisation="Metropolitan Police Authority")
    other = entry(session, "Custody other", organisation="Safer Croydon Partnership")
    session.commit()
    page = officer_client.get_page("/officer/timetable/overlaps")
    assert "Undecided overlaps (1)" in page.main
    assert "Both are about: People in police custody." in page.main
    assert "Join them up" in page.main
    assert "1 overlap to decide on" in officer_client.get_page("/officer/timetable/custody-other").main
    address = f"/officer/timetable/overlaps/{one.id}/{other.id}"
    officer_client.post_page(address, {"outcome": "", "reason": ""}, status=422)
    officer_client.post_page(address, {"outcome": "vanish", "reason": "Why."}, status=422)
    officer_client.post_page(address, {"outcome": "join_up", "reason": "<b>Agreed</b> with Croydon."})
    page = officer_client.get_page("/officer/timetable/overlaps")
    assert "Undecided overlaps There are none." in page.main
    for slug in ("custody-one", "custody-other"):
        assert "<b>Agreed</b> with Croydon." in officer_client.get_page(f"/officer/timetable/{slug}").main
    officer_client.get_page("/officer/timetable/overlaps/1/9999", status=404)


def test_groups_come_with_what_asks_them_and_those_below_the_most_asked_first(session: Session) -> None:
    area = make_area(session)
    quiet = make_group(session, name="A quiet one")
    cpeg = make_group(session, name="Camden CPEG", area_code=area.code)
    member = make_group(session, name="Camden youth", kind=GroupKind.MEMBER_GROUP, parent_id=cpeg.id)
    make_group(session, name="Gone", active=False)
    joined = make_group(session, name="Joined", active=False, merged_into_id=quiet.id)
    set_groups(session, entry(session, "One").id, [member.id, cpeg.id])
    set_groups(session, entry(session, "Two").id, [member.id, joined.id])
    called_off = entry(session, "Called off")
    called_off.cancelled_at, called_off.cancelled_reason = NOW, "No money."
    set_groups(session, called_off.id, [quiet.id])
    rows = asks_queries.asked_groups(session, 2027)
    assert [(row.name, row.asked.in_year) for row in rows] == [("Camden CPEG", 2), ("A quiet one", 1)]
    assert rows[0].asked.by_month == (0, 0, 0, 0, 0, 0, 2, 2, 2, 0, 0, 0)
    everything = asks_queries.asked_groups(session, 2027, each=True)
    assert [row.name for row in everything] == ["Camden CPEG", "Camden youth", "A quiet one"]
    assert [row.name for row in asks_queries.asked_groups(session, 2027, area_code=area.code)] == [
        "Camden CPEG"
    ]
    assert all(row.asked.in_year == 0 for row in asks_queries.asked_groups(session, 2026))


@ONE_DATABASE
def test_sixteen_hundred_groups_take_three_queries_and_a_moment(
    session: Session, query_count: Counting
) -> None:
    cpegs = [make_group(session).id for _ in range(32)]
    members = [
        {"code": f"member-{each}", "name": f"Member {each}", "kind": GroupKind.MEMBER_GROUP,
         "parent_id": cpegs[each % 32], "active": True}
        for each in range(1600)
    ]  # fmt: skip
    session.execute(insert(Group), members)
    everybody = session.scalars(select(Group.id).order_by(Group.id)).all()
    for number in range(3):
        made = entry(session, f"Asks all {number}")
        session.execute(insert(EntryGroup), [{"entry_id": made.id, "group_id": group} for group in everybody])
    began = time.perf_counter()
    with query_count() as statements:
        rows = asks_queries.asked_groups(session, 2027, each=True)
    took = time.perf_counter() - began
    assert len(statements) == 3
    assert {row.asked.in_year for row in rows} == {3}
    assert len(rows) == 1632
    # 150 ms are promised of the page; a machine that runs other tests beside may take longer.
    assert took < 0.45


@ONE_DATABASE
def test_officers_read_the_chart_of_asks_and_have_it_as_a_file(
    session: Session, officer_client: PageClient
) -> None:
    cpeg = make_group(session, name="Camden <b>CPEG</b>")
    set_groups(session, entry(session, "One").id, [cpeg.id])
    session.commit()
    page = officer_client.get_page("/officer/timetable/asks?year=2027&borough=&page=99")
    assert "1 of 1 groups are asked." in page.main
    assert page.html.count("app-heat__cell--1") == 3
    rows = read_csv(officer_client.get("/officer/timetable/asks.csv?year=2027").data)
    assert rows[1] == ["Camden <b>CPEG</b>", "", "All of London", *"000000111000", "1"]
    for odd in ("?year=1", "?year=soon", "?borough=nowhere", "?page=-1", "?year=99999999999999999999"):
        officer_client.get_page(f"/officer/timetable/asks{odd}")
