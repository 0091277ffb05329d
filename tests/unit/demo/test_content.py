"""The demonstration's texts and dates, on whatever day it is made."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from engage.demo import content
from engage.demo.content import EARLIER, OPEN
from engage.plan_export.rules import Outcome, problem_with_reason
from engage.questionnaires.shipped import FRAMEWORK, INSTRUMENTS, read_json
from engage.timetable import details, rules
from engage.timetable.rules import EntryState, Level

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(0, 4 * 366, 3)]


def test_no_day_makes_an_entry_that_contradicts_itself() -> None:
    wrong = {
        (day, line.slug): problems
        for day in DAYS
        for line in content.timetable(day)
        if (problems := details.problems(line.details))
    }
    assert wrong == {}


@pytest.mark.parametrize("slug", [OPEN, EARLIER])
def test_groups_have_their_three_months_before_either_consultation_on_priorities(slug: str) -> None:
    for day in DAYS:
        [line] = [line for line in content.timetable(day) if line.slug == slug]
        assert rules.notice_ok(line.details.notice_given_on, line.details.opens_at)
        assert line.details.urgent_reason == ""


def test_shorter_notice_has_a_reason_and_a_role() -> None:
    for line in content.timetable(FIRST):
        if not rules.notice_ok(line.details.notice_given_on, line.details.opens_at):
            assert line.details.urgent_reason
            assert line.details.urgent_authorised_by


def test_the_year_has_entries_of_every_level_and_in_every_state_that_dates_tell() -> None:
    for day in DAYS:
        now = datetime.combine(day, time(13), UTC)
        lines = [line.details for line in content.timetable(day) if not line.details.run_here]
        states = Counter(
            rules.state(
                rules.Dates(opens_at=line.opens_at, closes_at=line.closes_at, run_here=False),
                now,
            )
            for line in lines
        )
        assert states.keys() == {EntryState.OPEN, EntryState.FORTHCOMING, EntryState.CLOSED}
        assert {line.level for line in lines} == set(Level)
    assert 12 <= len(lines) <= 20


def test_entries_are_of_the_authority_the_police_and_partnerships_some_for_one_borough() -> None:
    lines = [line.details for line in content.timetable(FIRST)]
    assert len({line.organisation for line in lines}) >= 5
    assert len({line.area_code for line in lines if line.area_code}) >= 4
    assert {line.duty for line in lines} == {
        "community_views", "policing_objectives", "community_safety", "local_partnerships", "none",
    }  # fmt: skip


def test_names_are_used_once() -> None:
    slugs = [line.slug for line in content.timetable(FIRST)]
    assert len(slugs) == len(set(slugs))


def test_the_open_one_is_open_and_the_earlier_one_long_closed() -> None:
    for day in DAYS:
        now = datetime.combine(day, time(13), UTC)
        lines = {line.slug: line.details for line in content.timetable(day)}
        assert lines[OPEN].opens_at + timedelta(weeks=5) < now
        assert now + timedelta(weeks=4) < lines[OPEN].closes_at
        assert lines[EARLIER].closes_at + timedelta(weeks=30) < now


def test_every_priority_has_a_verdict_with_a_reason_that_may_be_published() -> None:
    codes = {priority["code"] for priority in read_json(FRAMEWORK)["priorities"]}
    verdicts = content.verdicts()
    assert verdicts.keys() == codes
    assert {verdict.outcome for verdict in verdicts.values()} == set(Outcome)
    assert {code for code, verdict in verdicts.items() if problem_with_reason(verdict.reason)} == set()


def test_every_priority_can_be_read_in_a_text() -> None:
    assert content.reading().keys() == content.verdicts().keys()


def test_the_instruments_offered_are_those_that_ship() -> None:
    assert {offered.code for offered in content.instruments()} == set(INSTRUMENTS)
