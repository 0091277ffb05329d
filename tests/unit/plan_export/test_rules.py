from __future__ import annotations

from datetime import date

import pytest

from engage.plan_export.rules import problem_with_day, problem_with_equality_note, problem_with_reason

CLOSED, COUNTED, READ = date(2027, 11, 27), date(2027, 12, 1), date(2027, 12, 6)
TODAY = date(2028, 1, 20)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "   ",
        "n/a",
        "Agreed.",
        "see above",
        "no no no no no no no no no no",
        "12345 67890 12345 67890",
        "....." * 9,
    ],
)
def test_a_reason_that_says_nothing_is_refused(reason: str) -> None:
    assert problem_with_reason(reason) is not None


@pytest.mark.parametrize(
    "reason",
    ["Two more officers will be posted to each ward.", "The law leaves this to the councils, so we cannot."],
)
def test_a_reason_in_a_sentence_is_taken(reason: str) -> None:
    assert problem_with_reason(reason) is None


def test_a_reason_without_end_is_refused() -> None:
    assert problem_with_reason("Because it is so. " * 300) is not None


@pytest.mark.parametrize(
    ("decided_on", "possible"),
    [
        (date(2027, 11, 26), False),
        (date(2027, 11, 30), False),
        (date(2027, 12, 1), False),
        (date(2027, 12, 5), False),
        (date(2027, 12, 6), True),
        (date(2028, 1, 20), True),
        (date(2028, 1, 21), False),
    ],
)
def test_a_decision_follows_the_close_the_report_and_its_reading_and_is_not_to_come(
    decided_on: date, possible: bool
) -> None:
    problem = problem_with_day(decided_on, closed_on=CLOSED, counted_on=COUNTED, read_on=READ, today=TODAY)
    assert (problem is None) is possible


@pytest.mark.parametrize(
    ("note", "will_do"),
    [
        ("", False),
        ("None.", False),
        ("We found no different effect because", False),
        ("We found no different  effect because ...", False),
        ("We found no different effect because it is so.", False),
        ("We found no different effect because every borough named it alike.", True),
        ("Older people gain most from it, because they are burgled most.", True),
    ],
)
def test_the_sentence_on_equality_must_be_finished(note: str, will_do: bool) -> None:
    assert (problem_with_equality_note(note) is None) is will_do
