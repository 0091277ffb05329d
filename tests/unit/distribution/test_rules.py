from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.distribution.rules import (
    Shown,
    check_target,
    chosen_word,
    may_become,
    shown_to_group,
    speakable,
    tidy_link_code,
)
from engage.foundations.refusals import Refused
from engage.groups.rules import GroupKind


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Camden", "camden"),
        ("Kingston upon Thames", "kingston"),
        ("Hammersmith and Fulham", "hammersmith"),
        ("Tower Hamlets", "tower-hamlets"),
        ("A place whose name never ends", "a-place-whose-name-n"),
        ("???", "link"),
    ],
)
def test_a_place_is_said_in_a_word_or_two(place: str, said: str) -> None:
    assert speakable(place) == said


@pytest.mark.parametrize(
    "typed", ["camden-7KQ4", "CAMDEN-7kq4", " Camden 7KQ4 ", "camden_7kq4", "Camden--7KQ4-"]
)
def test_how_a_code_is_typed_does_not_matter(typed: str) -> None:
    assert tidy_link_code(typed) == "camden-7KQ4"


def test_a_code_of_several_words_keeps_them() -> None:
    assert tidy_link_code("Tower Hamlets 7kq4") == "tower-hamlets-7KQ4"


@given(st.text())
def test_no_typed_code_makes_it_fail(typed: str) -> None:
    assert "-" in tidy_link_code(typed)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_small_count_is_only_said_to_be_small(count: int) -> None:
    assert shown_to_group(count, 5) == Shown(number=None, below=5)


@pytest.mark.parametrize("count", [0, 5, 6, 3000])
def test_nought_and_larger_counts_are_shown(count: int) -> None:
    assert shown_to_group(count, 5) == Shown(number=count)


def test_small_counts_cannot_be_told_apart() -> None:
    assert len({shown_to_group(count, 10) for count in range(1, 10)}) == 1


@pytest.mark.parametrize(
    ("typed", "word"),
    [("Summer Fair", "summer-fair"), ("Café Nights 2", "cafe-nights"), ("  ROCK & roll ", "rock-roll")],
)
def test_a_word_that_somebody_asks_for_is_made_easy_to_say(typed: str, word: str) -> None:
    assert chosen_word(typed) == word


@pytest.mark.parametrize("typed", ["", "12", "a1b", "???", "é", "\x00"])
def test_a_word_that_leaves_too_little_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        chosen_word(typed)


@given(st.text())
def test_a_chosen_word_is_letters_and_hyphens_only(typed: str) -> None:
    try:
        word = chosen_word(typed)
    except Refused:
        return
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", word)
    assert 3 <= len(word) <= 20


@pytest.mark.parametrize("target", [0, -1, 1_000_001])
def test_a_target_that_is_none_is_refused(target: int) -> None:
    with pytest.raises(Refused):
        check_target(target)
    assert check_target(None) is None
    assert check_target(1_000_000) == 1_000_000


@pytest.mark.parametrize(
    ("kind", "into", "may"),
    [
        (GroupKind.CPEG, GroupKind.CPEG, True),
        (GroupKind.CPEG, GroupKind.YOUTH, False),
        (GroupKind.YOUTH, GroupKind.CPEG, False),
        (GroupKind.YOUTH, GroupKind.FAITH, True),
        (GroupKind.RESIDENTS, GroupKind.POLICE, False),
        (GroupKind.POLICE, GroupKind.POLICE, True),
        (GroupKind.COUNCIL, GroupKind.MEDIA, False),
    ],
)
def test_a_group_becomes_part_of_its_like(kind: GroupKind, into: GroupKind, may: bool) -> None:
    assert may_become(kind, into) is may
