"""Which state follows which, and what opening demands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engage.consultations.labels import STATES
from engage.consultations.rules import DEMANDS, Facts, State, has_reached, is_open, may_move, missing_to_open
from engage.timetable.forms import EntryForm

CLOSES = datetime(2027, 9, 30, 23, 0, tzinfo=UTC)
COMPLETE = Facts(
    opening_at=datetime(2027, 7, 5, 8, 0, tzinfo=UTC),
    closes_at=CLOSES,
    purpose="To set what the police put first.",
    can_change="The order.",
    cannot_change="The law.",
    decision_maker="the full Authority",
    audience="Everybody in London",
    how_to_take_part="Answer here.",
    duty="none",
    decision_due_on=date(2027, 11, 18),
    feedback_due_on=date(2027, 12, 16),
    notice_given_on=date(2027, 4, 5),
    instruments=1,
)
STEPS = {
    (State.PLANNED, State.ANNOUNCED),
    (State.ANNOUNCED, State.OPEN),
    (State.OPEN, State.CLOSED),
    (State.CLOSED, State.ANALYSED),
    (State.ANALYSED, State.DECIDED),
    (State.DECIDED, State.FED_BACK),
}


@pytest.mark.parametrize("after", State)
@pytest.mark.parametrize("before", State)
def test_a_consultation_moves_one_step_forward_and_no_other_way(before: State, after: State) -> None:
    assert may_move(before, after) is ((before, after) in STEPS)


@pytest.mark.parametrize("state", State)
def test_people_can_answer_only_while_it_is_open(state: State) -> None:
    assert is_open(state, CLOSES, datetime(2027, 9, 30, 22, 59, tzinfo=UTC)) is (state is State.OPEN)


def test_nobody_can_answer_from_the_closing_on_even_where_nobody_recorded_it() -> None:
    assert not is_open(State.OPEN, CLOSES, CLOSES)


def test_a_state_has_reached_itself_and_what_came_before() -> None:
    assert has_reached(State.CLOSED, State.CLOSED)
    assert has_reached(State.CLOSED, State.OPEN)
    assert not has_reached(State.OPEN, State.CLOSED)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"duty": "community_views"},
        {"feedback_due_on": date(2027, 12, 23)},
        {"feedback_due_on": date(2028, 1, 20), "feedback_late_reason": "The Authority meets in January."},
        {
            "notice_given_on": None,
            "urgent_reason": "A ruling.",
            "urgent_authorised_by": "The Chief Executive",
        },
        {"decision_due_on": date(2027, 10, 1)},
    ],
)
def test_nothing_is_missing_from_a_complete_consultation(facts: dict[str, Any]) -> None:
    assert missing_to_open(replace(COMPLETE, **facts)) == ()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"purpose": " "}, "purpose"),
        ({"can_change": ""}, "can_change"),
        ({"cannot_change": ""}, "cannot_change"),
        ({"audience": ""}, "audience"),
        ({"how_to_take_part": ""}, "how_to_take_part"),
        ({"duty": None}, "duty"),
        ({"notice_given_on": None}, "notice"),
        ({"notice_given_on": date(2027, 4, 6)}, "notice"),
        ({"notice_given_on": None, "urgent_reason": "A ruling."}, "notice"),
        ({"closes_at": COMPLETE.opening_at, "feedback_late_reason": "Late."}, "closing"),
        ({"decision_maker": ""}, "decision_maker"),
        ({"decision_due_on": None}, "decision_date"),
        ({"decision_due_on": date(2027, 9, 30)}, "decision_date"),
        ({"feedback_due_on": None}, "feedback_date"),
        ({"feedback_due_on": date(2027, 9, 30)}, "feedback_date"),
        ({"feedback_due_on": date(2027, 12, 24)}, "feedback_date"),
        ({"instruments": 0}, "instrument"),
        ({"without_notice": ("The postcard",)}, "privacy_notice"),
    ],
)
def test_what_is_missing_is_named_and_nothing_else(facts: dict[str, Any], code: str) -> None:
    assert [missing.code for missing in missing_to_open(replace(COMPLETE, **facts))] == [code]


def test_everything_is_missing_from_an_empty_entry_except_what_its_dates_keep() -> None:
    empty = Facts(opening_at=COMPLETE.opening_at, closes_at=CLOSES)
    # Without a questionnaire there is none that lacks its privacy notice.
    assert [missing.code for missing in missing_to_open(empty)] == [
        demand.code for demand in DEMANDS if demand.code not in ("closing", "privacy_notice")
    ]


def test_every_demand_points_at_a_field_of_the_entry_form_or_at_the_questionnaires() -> None:
    fields = {demand.field for demand in DEMANDS}
    assert {field for field in fields if not hasattr(EntryForm, field)} == {""}


def test_every_state_is_said_in_words() -> None:
    assert set(STATES) == set(State)


URGENT = {"urgent_reason": "A ruling.", "urgent_authorised_by": "The Chief Executive"}


@pytest.mark.parametrize(
    ("facts", "opens"),
    [
        # Where groups are asked, it is theirs that counts, and not the day that the entry names.
        ({"short_of_notice": ()}, True),
        ({"short_of_notice": (), "notice_given_on": None}, True),
        ({"short_of_notice": ("Barnet CPEG",)}, False),
        ({"short_of_notice": ("Barnet CPEG",), "urgent_reason": "A ruling."}, False),
        ({"short_of_notice": ("Barnet CPEG",), **URGENT}, True),
        # Where none is asked, the day decides.
        ({"notice_given_on": date(2027, 4, 6)}, False),
        ({"notice_given_on": date(2027, 4, 6), **URGENT}, True),
    ],
)
def test_each_asked_group_has_its_own_three_months(facts: dict[str, Any], opens: bool) -> None:
    missing = missing_to_open(replace(COMPLETE, **facts))
    assert [each.code for each in missing] == ([] if opens else ["notice"])


def test_the_groups_that_had_too_little_are_named() -> None:
    short = tuple(f"Group {number}" for number in range(1, 8))
    (missing,) = missing_to_open(replace(COMPLETE, short_of_notice=short))
    assert "Group 1, Group 2, Group 3, Group 4, Group 5 and 2 more" in str(missing.sentence)
