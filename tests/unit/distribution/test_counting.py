from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.distribution.counting import MOST_MARKS, Mark, Met, Stage, marks, met, written


def test_a_browser_keeps_for_which_links_it_was_counted() -> None:
    several = [Mark(7, "camden-7KQ4"), Mark(12, "tower-hamlets-9XYZ"), Mark(7, "camden-7KQ4")]
    cookies = {Stage.OPENED.cookie: written(several), Stage.STARTED.cookie: written(several[:1])}
    assert marks(cookies, Stage.OPENED) == (several[0], several[1])
    assert met(cookies, 7) == Met(opened=True, started=True)
    assert met(cookies, 12) == Met(opened=True, started=False)
    assert met(cookies, 1) == met({}, 7) == Met()


def test_only_the_last_links_are_kept() -> None:
    several = [Mark(number, f"place-{number:04d}") for number in range(MOST_MARKS + 3)]
    kept = marks({Stage.OPENED.cookie: written(several)}, Stage.OPENED)
    assert kept == tuple(several[3:])


@pytest.mark.parametrize("said", ["", "~", "7", "7.", "x.camden", "-7.camden", "٧.camden", f"{'9' * 30}.a"])
def test_what_is_no_mark_of_ours_is_none(said: str) -> None:
    assert marks({Stage.OPENED.cookie: said}, Stage.OPENED) == ()


@given(st.text())
def test_no_cookie_makes_it_fail(said: str) -> None:
    cookies = {Stage.OPENED.cookie: said, Stage.STARTED.cookie: said}
    assert met(cookies, 7).opened is met(cookies, 7).started
