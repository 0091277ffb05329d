"""Drafts, publishing, postponing, cancelling, drafting the next one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.groups.rules import Community
from engage.timetable import asking, queries, service
from engage.timetable.asking import Asks
from engage.timetable.marks import Marks, groups_of, marks_of, set_groups, set_marks
from engage.timetable.models import Entry, EntryNews, Notice
from engage.timetable.notices.service import give_notice
from engage.timetable.repeating.queries import to_draft
from engage.timetable.repeating.service import draft_next
from engage.timetable.rules import Method, NewsKind, NoticeKind, Repeats, Topic
from engage.timetable.steps import service as steps
from engage.timetable.steps.service import Postponed
from tests.factories.groups import make_group
from tests.factories.timetable import BEFORE, CLOSES, DURING, OPENS, entry_details, make_entry

ACTOR = "Test officer <officer@example.test>"
APRIL = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 7, 19, 8, 0, tzinfo=UTC)


def news(session: Session, entry: Entry) -> list[tuple[NewsKind, str]]:
    chosen = select(EntryNews).where(EntryNews.entry_id == entry.id).order_by(EntryNews.id)
    return [(each.kind, each.said) for each in session.scalars(chosen)]


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def kinds_told(session: Session) -> list[NoticeKind]:
    return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def postpone(session: Session, entry: Entry, now: datetime = BEFORE, **said: Any) -> None:
    dates: dict[str, Any] = {
        "opens_at": LATER,
        "closes_at": CLOSES,
        "decision_due_on": date(2027, 11, 18),
        "feedback_due_on": date(2027, 12, 16),
    }
    reason = said.pop("reason", "An election.")
    steps.postpone(
        session, actor=ACTOR, now=now, entry_id=entry.id, dates=Postponed(**(dates | said)), reason=reason
    )


def cancel(session: Session, entry: Entry, now: datetime = BEFORE, reason: str = "No money.") -> None:
    steps.cancel(session, actor=ACTOR, now=now, entry_id=entry.id, reason=reason)


def test_a_draft_is_no_news_until_it_is_published(session: Session) -> None:
    draft = service.add_entry(session, actor=ACTOR, now=BEFORE, details=entry_details(), published=False)
    assert (news(session, draft), queries.entries(session)) == ([], [])
    changed = entry_details(opens_at=LATER)
    service.update_entry(session, actor=ACTOR, now=BEFORE, entry_id=draft.id, details=changed)
    assert (draft.number_of_changes, news(session, draft)) == (0, [])
    steps.publish(session, actor=ACTOR, now=DURING, entry_id=draft.id)
    assert news(session, draft) == [(NewsKind.ANNOUNCED, "")]
    assert (draft.published_at, draft.changed_at) == (DURING, DURING)
    with pytest.raises(Refused):
        steps.publish(session, actor=ACTOR, now=DURING, entry_id=draft.id)


def test_only_a_draft_is_deleted(session: Session) -> None:
    draft = make_entry(session, published_at=None)
    set_marks(session, draft.id, Marks(topics=(Topic.BUDGET,)))
    set_groups(session, draft.id, [make_group(session).id])
    steps.discard(session, actor=ACTOR, now=BEFORE, entry_id=draft.id)
    assert session.scalars(select(Entry)).all() == []
    entry = make_entry(session)
    with pytest.raises(Refused):
        steps.discard(session, actor=ACTOR, now=BEFORE, entry_id=entry.id)


def test_a_draft_that_something_goes_back_to_stays_whole(session: Session) -> None:
    draft = make_entry(session, published_at=None)
    set_marks(session, draft.id, Marks(topics=(Topic.BUDGET,)))
    make_entry(session).repeated_from_id = draft.id
    session.flush()
    with pytest.raises(Refused):
        steps.discard(session, actor=ACTOR, now=BEFORE, entry_id=draft.id)
    assert marks_of(session, [draft.id])[draft.id].topics == (Topic.BUDGET,)


def test_postponing_moves_the_dates_and_tells_everybody_why(session: Session) -> None:
    entry = make_entry(session, slug="priorities")
    postpone(session, entry, reason=" An election. ")
    assert (entry.opens_at, entry.number_of_changes, entry.changed_at) == (LATER, 1, BEFORE)
    assert news(session, entry) == [(NewsKind.POSTPONED, "An election.")]
    assert actions(session) == ["entry.postponed"]
    assert kinds_told(session) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"opens_at": OPENS}, "opens_at"),
        ({"opens_at": CLOSES}, "closes_at"),
        ({"decision_due_on": date(2027, 9, 1)}, "decision_due_on"),
    ],
)
def test_a_postponement_that_does_not_hold_is_refused(
    session: Session, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        postpone(session, make_entry(session), **said)
    assert refusal.value.field == field


def test_cancelling_keeps_the_entry_with_its_reason(session: Session) -> None:
    entry = make_entry(session)
    set_groups(session, entry.id, [make_group(session).id])
    give_notice(session, actor=ACTOR, now=APRIL, entry_id=entry.id)
    cancel(session, entry)
    assert (entry.cancelled_at, entry.cancelled_reason) == (BEFORE, "No money.")
    assert news(session, entry) == [(NewsKind.CANCELLED, "No money.")]
    assert kinds_told(session) == [NoticeKind.ISSUED, NoticeKind.CANCELLED]
    for verb in (cancel, postpone):
        with pytest.raises(Refused):
            verb(session, entry)
    with pytest.raises(Refused):
        service.update_entry(
            session, actor=ACTOR, now=BEFORE, entry_id=entry.id, details=entry_details(title="Again")
        )


@pytest.mark.parametrize(
    ("said", "now"),
    [
        ({"opened_at": OPENS}, DURING),
        ({"run_here": False}, DURING),
        ({"published_at": None}, BEFORE),
    ],
)
def test_what_has_opened_or_is_a_draft_is_neither_cancelled_nor_postponed(
    session: Session, said: dict[str, Any], now: datetime
) -> None:
    entry = make_entry(session, **said)
    for verb in (cancel, postpone):
        with pytest.raises(Refused):
            verb(session, entry, now)
    assert entry.cancelled_at is None


def test_dates_that_groups_were_told_are_told_anew_when_they_change(session: Session) -> None:
    entry = make_entry(session)
    set_groups(session, entry.id, [make_group(session).id])
    give_notice(session, actor=ACTOR, now=APRIL, entry_id=entry.id)

    def change(**said: Any) -> None:
        details = entry_details(**said)
        service.update_entry(session, actor=ACTOR, now=BEFORE, entry_id=entry.id, details=details)

    change(audience="Young people.")
    assert kinds_told(session) == [NoticeKind.ISSUED]
    change(closes_at=datetime(2027, 10, 7, 23, 0, tzinfo=UTC))
    assert kinds_told(session) == [NoticeKind.ISSUED, NoticeKind.CHANGED]
    with pytest.raises(Refused) as refusal:
        change(opens_at=LATER)
    assert refusal.value.field == "opens_at"


def test_how_often_it_is_asked_is_no_news(session: Session) -> None:
    entry = make_entry(session)
    details = entry_details(repeats=Repeats.YEARLY)
    service.update_entry(session, actor=ACTOR, now=BEFORE, entry_id=entry.id, details=details)
    assert (entry.repeats, news(session, entry), entry.number_of_changes) == (Repeats.YEARLY, [], 0)


def test_the_life_of_an_entry_is_news_once(session: Session) -> None:
    entry = make_entry(session)
    for moment in (BEFORE, DURING):
        service.record_opened(session, entry_id=entry.id, at=moment)
        service.record_closed(session, entry_id=entry.id, at=moment, now=DURING)
        service.record_fed_back(session, entry_id=entry.id, at=moment)
    assert [kind for kind, _ in news(session, entry)] == [
        NewsKind.OPENED,
        NewsKind.CLOSED,
        NewsKind.FED_BACK,
    ]
    assert entry.number_of_changes == 3
    # Told when it was recorded, so that nobody who reads the news in between misses it.
    assert session.scalars(select(EntryNews.at).where(EntryNews.kind == NewsKind.CLOSED)).one() == DURING


def describe(session: Session, entry: Entry, asks: Asks, **marks: Any) -> None:
    asking.describe(session, actor=ACTOR, now=DURING, entry_id=entry.id, marks=Marks(**marks), asks=asks)


def test_marks_and_groups_are_kept_and_only_marks_are_news(session: Session) -> None:
    one, two = make_group(session), make_group(session)
    make_group(session, active=False)
    entry = make_entry(session)
    marks = {"topics": (Topic.BUDGET,), "methods": (Method.POST,), "audiences": (Community.WOMEN,)}
    describe(session, entry, Asks.CPEGS, **marks)
    describe(session, entry, Asks.CHOSEN, **marks)
    assert {group.id for group in groups_of(session, entry.id)} == {one.id, two.id}
    assert marks_of(session, [entry.id])[entry.id] == Marks(**marks)
    assert news(session, entry) == [(NewsKind.CHANGED, "")]
    assert asking.chosen_as(session, entry.id, None) is Asks.CPEGS


def test_who_has_been_told_stays_among_the_groups(session: Session) -> None:
    told, other = make_group(session), make_group(session)
    entry = make_entry(session)
    set_groups(session, entry.id, [told.id])
    give_notice(session, actor=ACTOR, now=APRIL, entry_id=entry.id)
    set_groups(session, entry.id, [told.id, other.id])
    with pytest.raises(Refused):
        asking.remove_groups(session, actor=ACTOR, now=BEFORE, entry_id=entry.id, group_ids=[told.id])
    describe(session, entry, Asks.NOBODY)
    assert [group.id for group in groups_of(session, entry.id)] == [told.id]


def test_a_boroughs_group_needs_a_borough(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        describe(session, make_entry(session), Asks.BOROUGH)
    assert refusal.value.field == "asks"


def test_the_next_one_is_drafted_once_with_all_but_the_dates(session: Session) -> None:
    group, ended = make_group(session), make_group(session)
    make_group(session)
    before = make_entry(session, repeats=Repeats.YEARLY)
    set_marks(session, before.id, Marks(topics=(Topic.BUDGET,)))
    set_groups(session, before.id, [group.id, ended.id])
    ended.active = False
    session.flush()
    today = date(2028, 3, 1)
    assert [each.slug for each in to_draft(session, today)] == [before.slug]
    after = draft_next(session, actor=ACTOR, now=datetime(2028, 3, 1, 9, 0, tzinfo=UTC), entry_id=before.id)
    assert (after.published_at, after.repeated_from_id, after.repeats) == (None, before.id, Repeats.YEARLY)
    assert (after.consultation_year, after.plan_year) == (2028, 2029)
    assert marks_of(session, [after.id])[after.id].topics == (Topic.BUDGET,)
    assert [each.id for each in groups_of(session, after.id)] == [group.id]
    assert to_draft(session, today) == []
    with pytest.raises(Refused):
        draft_next(session, actor=ACTOR, now=DURING, entry_id=before.id)


def test_nothing_is_to_be_drafted_before_its_time_or_that_never_repeats(session: Session) -> None:
    make_entry(session)
    make_entry(session, repeats=Repeats.YEARLY, published_at=None)
    yearly = make_entry(session, repeats=Repeats.YEARLY)
    assert to_draft(session, date(2028, 2, 17)) == []
    assert [each.slug for each in to_draft(session, date(2028, 2, 18))] == [yearly.slug]
