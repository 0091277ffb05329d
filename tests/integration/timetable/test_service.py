"""Adding to the timetable and changing it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.timetable import queries, service
from engage.timetable.models import Entry
from tests.factories.timetable import BEFORE, DURING, OPENS, entry_details, make_entry

ACTOR = "Test officer <officer@example.test>"


def add(session: Session, slug: str | None = None, **said: Any) -> Entry:
    return service.add_entry(session, actor=ACTOR, now=BEFORE, details=entry_details(**said), slug=slug)


def change(session: Session, entry: Entry, **said: Any) -> Entry:
    return service.update_entry(
        session, actor=ACTOR, now=DURING, entry_id=entry.id, details=entry_details(**said)
    )


def test_an_entry_is_kept_as_it_was_said(session: Session) -> None:
    add(session, title="  What matters to you  ")
    assert queries.details_of(queries.get_entry(session, "what-matters-to-you")) == entry_details(
        title="What matters to you"
    )


def test_entries_of_one_title_have_names_of_their_own(session: Session) -> None:
    slugs = [add(session, title="Priorities for 2028/29: have your say!").slug for _ in range(3)]
    stem = "priorities-for-2028-29-have-your-say"
    assert slugs == [stem, f"{stem}-2", f"{stem}-3"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Ça va? The Mayor's café", "ca-va-the-mayors-cafe"),
        ("???", "entry"),
        ("word " * 30, "-".join(["word"] * 14)),
    ],
)
def test_a_name_is_readable_whatever_the_title(title: str, slug: str) -> None:
    assert service.readable(title) == slug


def test_no_entry_takes_the_name_of_a_page(session: Session) -> None:
    assert add(session, title="New").slug == "new-2"


def test_an_entry_takes_the_name_it_is_given(session: Session) -> None:
    assert add(session, "policing-priorities-2028-29").slug == "policing-priorities-2028-29"


def test_a_contradiction_is_refused_beside_its_field_and_nothing_is_kept(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        add(session, decision_due_on=date(2027, 9, 30))
    assert refusal.value.field == "decision_due_on"
    assert queries.entries(session) == []


def test_a_change_is_written_to_the_log_with_what_was_said_before(session: Session) -> None:
    entry = make_entry(session, slug="priorities")
    change(session, entry, decision_maker="the Planning Committee")
    event = session.scalars(select(AuditEvent)).one()
    assert (event.actor, event.action, event.subject) == (ACTOR, "entry.changed", "entry:priorities")
    assert event.details == {"decision_maker": ["the full Authority", "the Planning Committee"]}


def test_a_change_that_changes_nothing_is_not_written_to_the_log(session: Session) -> None:
    change(session, make_entry(session))
    assert session.scalars(select(AuditEvent)).all() == []


def test_an_added_entry_is_written_to_the_log(session: Session) -> None:
    entry = add(session)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject) == ("entry.added", f"entry:{entry.slug}")
    assert event.details["level"] == "consultation"


def test_what_people_were_told_is_not_rewritten_while_they_answer(session: Session) -> None:
    entry = make_entry(session, opened_at=OPENS)
    with pytest.raises(Refused) as refusal:
        change(session, entry, can_change="Nothing at all.")
    assert refusal.value.field == "can_change"


def test_how_to_take_part_can_be_corrected_while_people_answer(session: Session) -> None:
    entry = make_entry(session, opened_at=OPENS)
    assert change(session, entry, how_to_take_part="Or ring us.").how_to_take_part == "Or ring us."


def test_the_first_thing_that_is_told_of_an_entry_stays(session: Session) -> None:
    entry = make_entry(session, notice_given_on=None)
    for moment in (BEFORE, DURING):
        service.record_notice(session, entry_id=entry.id, on=moment.date())
        service.record_opened(session, entry_id=entry.id, at=moment)
        service.record_closed(session, entry_id=entry.id, at=moment)
        service.record_fed_back(session, entry_id=entry.id, at=moment)
    assert (entry.notice_given_on, entry.opened_at, entry.closed_at, entry.fed_back_at) == (
        BEFORE.date(),
        BEFORE,
        BEFORE,
        BEFORE,
    )


def test_the_database_refuses_urgency_that_nobody_allowed(session: Session) -> None:
    with pytest.raises(IntegrityError, match="urgency_has_an_author"):
        make_entry(session, urgent_reason="A ruling.")
