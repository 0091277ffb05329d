"""What an entry may not say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engage.timetable.details import problems
from tests.factories.timetable import OPENS, entry_details


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"purpose": "", "audience": "", "decision_maker": "", "notice_given_on": None},
        {"decision_due_on": None, "feedback_due_on": None, "plan_year": None},
        {"feedback_due_on": date(2027, 12, 23)},
        {"feedback_due_on": date(2027, 12, 24), "feedback_late_reason": "The Authority meets in January."},
        {"urgent_reason": "A court ruling.", "urgent_authorised_by": "The Chief Executive"},
    ],
)
def test_an_entry_may_be_incomplete_but_agrees_with_itself(said: dict[str, Any]) -> None:
    assert problems(entry_details(**said)) == ()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"organisation": ""}, "organisation"),
        ({"organisation": "x" * 161}, "organisation"),
        ({"decision_maker": "x" * 201}, "decision_maker"),
        ({"closes_at": OPENS}, "closes_at"),
        ({"notice_given_on": date(2027, 7, 6)}, "notice_given_on"),
        ({"urgent_reason": "A court ruling."}, "urgent_authorised_by"),
        ({"consultation_year": 27}, "consultation_year"),
        ({"plan_year": 2027}, "plan_year"),
        ({"decision_due_on": date(2027, 9, 30)}, "decision_due_on"),
        ({"feedback_due_on": date(2027, 9, 30), "decision_due_on": None}, "feedback_due_on"),
        ({"feedback_due_on": date(2027, 11, 17)}, "feedback_due_on"),
        ({"feedback_due_on": date(2027, 12, 24)}, "feedback_late_reason"),
    ],
)
def test_a_contradiction_is_named_once_beside_its_field(said: dict[str, Any], field: str) -> None:
    assert [problem.field for problem in problems(entry_details(**said))] == [field]


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("", True),
        ("https://www.example.org/survey?a=1", True),
        ("http://example.org", True),
        ("HTTPS://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("ftp://example.org", False),
        ("www.example.org", False),
        ("//example.org", False),
        ("https://", False),
        ("https://[", False),
        ("https://example.org/a b", False),
        ("https://example.org/\n", False),
        ("https://example.org/" + "x" * 500, False),
    ],
)
def test_people_are_sent_to_web_addresses_only(typed: str, good: bool) -> None:
    found = [problem.field for problem in problems(entry_details(web_address=typed))]
    assert found == ([] if good else ["web_address"])
