"""How long failed work waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engage.foundations.jobs import Backoff

BACKOFF = Backoff(first=timedelta(seconds=30), longest=timedelta(hours=4))


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (9, 7680), (10, 14400), (500, 14400)]
)
def test_the_wait_doubles_up_to_the_longest(attempts: int, seconds: int) -> None:
    assert BACKOFF.wait(attempts, 0.5) == timedelta(seconds=seconds)


def test_chance_spreads_the_wait_by_a_quarter_either_way() -> None:
    assert BACKOFF.wait(1, 0.0) == timedelta(seconds=22.5)
    assert BACKOFF.wait(1, 1.0) == timedelta(seconds=37.5)
