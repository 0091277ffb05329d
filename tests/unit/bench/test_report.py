"""What the measuring says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from engage.bench.report import kept_its_word, percentile


@pytest.mark.parametrize(("percent", "found"), [(50, 5.0), (95, 10.0), (99, 10.0), (1, 1.0)])
def test_a_percentile_is_the_nearest_rank(percent: int, found: float) -> None:
    assert percentile([float(number) for number in range(1, 11)], percent) == found


def test_nothing_has_no_percentile() -> None:
    assert percentile([], 50) is None


def figures(**given: int) -> dict[str, Any]:
    return {"stored": 10, "acknowledged": 10, "errors": 0, "lost": 0, "stored_twice": 0} | given


def test_every_receipt_with_its_response_is_a_word_kept() -> None:
    assert kept_its_word(figures())


def test_a_response_whose_receipt_was_lost_on_the_way_back_is_allowed() -> None:
    assert kept_its_word(figures(stored=11, errors=1))


@pytest.mark.parametrize(
    "wrong", [{"lost": 1}, {"stored_twice": 1}, {"stored": 9}, {"stored": 11}, {"stored": 13, "errors": 2}]
)
def test_anything_else_is_a_word_broken(wrong: dict[str, int]) -> None:
    assert not kept_its_word(figures(**wrong))
