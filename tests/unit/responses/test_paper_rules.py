"""Serial numbers and their check, and when forms may be typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.consultations.rules import State
from engage.foundations.refusals import Refused
from engage.responses.paper.rules import (
    CHARACTERS,
    LETTERS,
    MOST_FORMS,
    Serial,
    check_character,
    read_serial,
    received,
    refuse_preparing,
    refuse_typing,
)

CODES = st.text(st.sampled_from(LETTERS), min_size=4, max_size=4)
SERIALS = st.builds(Serial, CODES, st.integers(1, MOST_FORMS))
CLOSING = datetime(2027, 11, 28, tzinfo=UTC)


@given(SERIALS)
def test_a_serial_reads_as_it_was_printed(serial: Serial) -> None:
    assert read_serial(str(serial)) == serial
    assert read_serial(f" {str(serial).lower().replace('-', ' ')} ") == serial


@given(SERIALS, st.integers(0, 7), st.sampled_from(CHARACTERS))
def test_one_wrong_character_is_always_found(serial: Serial, place: int, other: str) -> None:
    whole = str(serial).replace("-", "")
    wrong = whole[:place] + other + whole[place + 1 :]
    if wrong != whole:
        assert check_character(wrong[:-1]) != wrong[-1]


@given(SERIALS, st.integers(0, 7))
def test_two_neighbours_that_changed_places_are_always_found(serial: Serial, place: int) -> None:
    whole = str(serial).replace("-", "")
    wrong = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    if wrong != whole:
        assert check_character(wrong[:-1]) != wrong[-1]


def test_letters_that_look_like_figures_are_taken_for_them() -> None:
    serial = str(Serial("KQWD", 101))
    assert read_serial(serial.replace("0", "O").replace("1", "l")) == Serial("KQWD", 101)


@pytest.mark.parametrize(
    "typed", ["", "KQWD", "KQWD-0042", "AQWD-0042-7", "KQWD-004X-7", "KQWD-00042-77", "ſ" * 9]
)
def test_what_is_no_serial_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match="as it stands on the form, like KQWD-0042-") as refusal:
        read_serial(typed)
    assert refusal.value.field == "serial"


def test_a_wrong_check_character_is_called_one() -> None:
    right = str(Serial("KQWD", 42))
    wrong = right[:-1] + ("2" if right[-1] != "2" else "3")
    with pytest.raises(Refused, match="The last character does not fit"):
        read_serial(wrong)


@pytest.mark.parametrize("state", State)
def test_forms_are_typed_from_the_opening_until_the_analysis(state: State) -> None:
    if state in (State.OPEN, State.CLOSED):
        refuse_typing(state)
        return
    with pytest.raises(Refused):
        refuse_typing(state)


@pytest.mark.parametrize("state", State)
def test_forms_are_printed_before_the_opening_too(state: State) -> None:
    if state in (State.ANALYSED, State.DECIDED, State.FED_BACK):
        with pytest.raises(Refused):
            refuse_preparing(state)
        return
    refuse_preparing(state)


def test_a_form_typed_after_the_closing_was_received_before_it() -> None:
    during, after = datetime(2027, 11, 1, 9, tzinfo=UTC), datetime(2027, 12, 3, 9, tzinfo=UTC)
    assert received(during, CLOSING) == during
    assert received(after, CLOSING) < CLOSING
