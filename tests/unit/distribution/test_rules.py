from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.distribution.rules import Shown, shown_to_group, speakable, tidy_link_code


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
