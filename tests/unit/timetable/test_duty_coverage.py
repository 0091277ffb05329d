"""Which years a duty was served in, which were left out, and by when it is due again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engage.timetable.duties import coverage
from engage.timetable.duties.coverage import Asked, Duty, Standing
from engage.timetable.duties.rules import NO_DUTY, code_for, in_force
from engage.timetable.rules import Level

NOW = datetime(2027, 6, 15, 12, 0, tzinfo=UTC)


def moment(year: int, month: int, day: int = 1) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


def duty(**overrides: Any) -> Duty:
    values: dict[str, Any] = {
        "code": "views", "name": "Asking", "law": "An Act", "requires": "",
        "every_months": 12, "ended_on": None,
    }  # fmt: skip
    return Duty(**(values | overrides))


def asked(year: int, month: int = 2, **overrides: Any) -> Asked:
    """Return a published entry of two months that was run elsewhere, so that its dates say all."""
    values: dict[str, Any] = {
        "slug": f"asked-{year}-{month}",
        "title": "Asked",
        "organisation": "A council",
        "area_name": None,
        "duty": "views",
        "level": Level.CONSULTATION,
        "consultation_year": year,
        "run_here": False,
        "opens_at": moment(year, month),
        "closes_at": moment(year, month + 2),
        "published_at": moment(year - 1, 1),
    }
    return Asked(**(values | overrides))


@pytest.mark.parametrize(
    ("entries", "of_duty", "standing"),
    [
        ([], {}, Standing.NOTHING),
        ([asked(2027)], {}, Standing.SERVED),
        ([asked(2027, 8)], {}, Standing.PLANNED),
        ([asked(2027, 2), asked(2027, 8)], {}, Standing.SERVED),
        # A draft asks nobody, even where its days have begun.
        ([asked(2027, 5, published_at=None)], {}, Standing.PLANNED),
        ([asked(2027, 1, published_at=None)], {}, Standing.NOTHING),
        # Run here, it is served by being opened and not by its day.
        ([asked(2027, run_here=True)], {}, Standing.NOTHING),
        ([asked(2027, run_here=True, opened_at=moment(2027, 2))], {}, Standing.SERVED),
        # What does not count: cancelled, only telling, another duty's, another year's.
        ([asked(2027, cancelled_at=moment(2027, 3))], {}, Standing.NOTHING),
        ([asked(2027, level=Level.COMMUNICATION)], {}, Standing.NOTHING),
        ([asked(2027, level=Level.ENGAGEMENT)], {}, Standing.SERVED),
        ([asked(2027, duty="other")], {}, Standing.NOTHING),
        ([asked(2027, consultation_year=2026)], {}, Standing.NOTHING),
        # A year is a gap only of a duty that was one when it began.
        ([], {"ended_on": date(2027, 1, 1)}, Standing.ENDED),
        ([], {"ended_on": date(2027, 1, 2)}, Standing.NOTHING),
        ([asked(2027)], {"ended_on": date(2026, 1, 1)}, Standing.SERVED),
        ([], {"code": NO_DUTY}, Standing.ENDED),
    ],
)
def test_a_year_is_served_planned_left_out_or_beyond_the_duty(
    entries: list[Asked], of_duty: dict[str, Any], standing: Standing
) -> None:
    [covered] = coverage.coverage([duty(**of_duty)], entries, NOW)
    assert covered.years[0].year == 2027
    assert covered.years[0].standing is standing


def test_no_year_between_the_first_entry_and_now_is_passed_over_in_silence() -> None:
    [covered] = coverage.coverage([duty()], [asked(2023), asked(2025), asked(2028)], NOW)
    said = [(year.year, year.standing.value, len(year.entries)) for year in covered.years]
    assert said == [
        (2028, "planned", 1), (2027, "nothing", 0), (2026, "nothing", 0),
        (2025, "served", 1), (2024, "nothing", 0), (2023, "served", 1),
    ]  # fmt: skip
    assert covered.gaps == (2027, 2026, 2024)


@pytest.mark.parametrize(
    ("entries", "by", "planned", "late"),
    [
        ([], None, None, True),
        ([asked(2027, 8)], None, "asked-2027-8", False),
        ([asked(2027, 2)], date(2028, 2, 1), None, False),
        ([asked(2026, 8)], date(2027, 8, 1), None, False),
        ([asked(2026, 6)], date(2027, 6, 1), None, True),
        # Planned in time, and planned too late.
        ([asked(2026, 8), asked(2027, 8)], date(2027, 8, 1), "asked-2027-8", False),
        ([asked(2026, 8), asked(2027, 9)], date(2027, 8, 1), "asked-2027-9", True),
        # What tells, was cancelled or is a draft did not serve it.
        ([asked(2026, 8), asked(2027, 2, level=Level.COMMUNICATION)], date(2027, 8, 1), None, False),
        ([asked(2026, 8), asked(2027, 2, cancelled_at=NOW)], date(2027, 8, 1), None, False),
    ],
)
def test_a_duty_with_a_rhythm_is_due_again_so_many_months_after_it_was_last_served(
    entries: list[Asked], by: date | None, planned: str | None, late: bool
) -> None:
    due = coverage.next_due(duty(), entries, NOW)
    assert due is not None
    assert (due.by, due.planned and due.planned.slug, due.late) == (by, planned, late)


@pytest.mark.parametrize("of_duty", [{"every_months": None}, {"ended_on": date(2027, 6, 15)}])
def test_nothing_is_due_of_a_duty_without_a_rhythm_or_that_has_ended(of_duty: dict[str, Any]) -> None:
    assert coverage.next_due(duty(**of_duty), [asked(2020)], NOW) is None


def test_a_duty_binds_until_the_day_before_it_ended() -> None:
    assert in_force(None, date(2027, 6, 15))
    assert in_force(date(2027, 6, 16), date(2027, 6, 15))
    assert not in_force(date(2027, 6, 15), date(2027, 6, 15))


def test_a_code_is_made_of_the_name_and_is_never_used_twice() -> None:
    assert code_for("Young people’s views: café", ()) == "young_peoples_views_cafe"
    assert code_for("Views", ("views", "views_2")) == "views_3"
    assert code_for("???", ()) == "duty"
    assert len(code_for("x" * 200, ("x" * 37,))) <= 40
