from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.distribution.rules import Shown
from engage.distribution.showing import tell, withheld_parts
from engage.distribution.tree import Counts, LinkRow, Node, grow
from tests.unit.distribution.test_tree import row

THRESHOLD = 5


def could_be(counts: list[int], hidden: frozenset[int], place: int) -> int:
    """Return the most that a reader must think possible of a withheld count, where the sum is shown."""
    least = 0 if len(hidden) == len(counts) else 1
    rest = sum(counts[other] for other in hidden)
    return rest - least * (len(hidden) - 1) if place in hidden else counts[place]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_no_small_count_can_be_worked_out_from_the_sum(counts: list[int]) -> None:
    if sum(counts) < THRESHOLD:
        return
    hidden = withheld_parts(counts, THRESHOLD)
    for place, count in enumerate(counts):
        if 0 < count < THRESHOLD:
            assert place in hidden
            assert could_be(counts, hidden, place) >= THRESHOLD, (counts, hidden)


@given(st.lists(st.integers(0, 12).filter(lambda count: not 0 < count < THRESHOLD), max_size=8))
def test_nothing_is_withheld_where_nothing_is_small(counts: list[int]) -> None:
    assert withheld_parts(counts, THRESHOLD) == frozenset()


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        # The smallest other hides it; nought is shown.
        ([3, 40, 7, 0], {0, 2}),
        # Two small ones that together tell nothing need no third.
        ([4, 4, 40], {0, 1}),
        ([1, 2, 40], {0, 1, 2}),
        # Only all together hide it: then not even the noughts are told.
        ([1, 1, 1, 1, 1, 0], {0, 1, 2, 3, 4, 5}),
    ],
)
def test_as_little_as_possible_is_withheld(counts: list[int], hidden: set[int]) -> None:
    assert withheld_parts(counts, THRESHOLD) == hidden


def tree_of(*rows: LinkRow) -> list[Node]:
    return grow(rows)


def test_a_sum_does_not_tell_what_its_parts_hide() -> None:
    told = tell(tree_of(row(1, sent=40), row(2, 1, sent=3), row(3, 1, sent=6)), THRESHOLD)
    assert told[1].total.submitted == Shown(49)
    assert told[1].own.submitted == Shown(40)
    assert told[2].total.submitted == Shown(None) == told[3].total.submitted


def test_under_a_withheld_sum_nothing_is_told() -> None:
    told = tell(tree_of(row(1, sent=30), row(2, 1, sent=1), row(3, 2, sent=2), row(4, 2)), THRESHOLD)
    for link_id in (2, 3, 4):
        assert told[link_id].total.submitted == Shown(None)
        assert told[link_id].own.submitted == Shown(None)


def test_a_link_that_stands_alone_says_only_that_few_came() -> None:
    told = tell(tree_of(row(1, sent=2), row(2, sent=0), row(3, sent=9)), THRESHOLD)
    assert told[1].total.submitted == told[1].own.submitted == Shown(None, below=5)
    assert told[2].total.submitted == Shown(0)
    assert told[3].total.submitted == Shown(9)


@st.composite
def trees(draw: st.DrawFn) -> list[LinkRow]:
    size = draw(st.integers(1, 9))
    found = []
    for number in range(1, size + 1):
        parent = draw(st.integers(1, number - 1)) if number > 1 else None
        made = row(number, parent)
        sent = draw(st.integers(0, 8))
        started = sent + draw(st.integers(0, 3))
        counts = Counts(started + draw(st.integers(0, 3)), started, sent)
        found.append(LinkRow(**{name: getattr(made, name) for name in made.__slots__} | {"counts": counts}))
    return found


@given(trees())
def test_no_small_count_is_told_anywhere_in_a_tree(rows: list[LinkRow]) -> None:
    (top,) = grow(rows)
    told = tell([top], THRESHOLD)
    for _depth, node in top.walk():
        parts = [
            (told[node.id].own, node.own),
            *((told[each.id].total, each.total) for each in node.children),
        ]
        for name in ("opened", "started", "submitted"):
            counts = [getattr(count, name) for _, count in parts]
            shown = [getattr(each, name) for each, _ in parts]
            assert all(one.withheld for one, count in zip(shown, counts, strict=True) if 0 < count < 5)
            if getattr(told[node.id].total, name).withheld or not node.children:
                continue
            hidden = frozenset(place for place, one in enumerate(shown) if one.withheld)
            for place, count in enumerate(counts):
                if 0 < count < THRESHOLD:
                    assert could_be(counts, hidden, place) >= THRESHOLD


@given(trees())
def test_a_nought_that_is_withheld_is_not_told_by_a_larger_count(rows: list[LinkRow]) -> None:
    (top,) = grow(rows)
    told = tell([top], THRESHOLD)
    for _depth, node in top.walk():
        if not node.children or told[node.id].total.submitted.withheld:
            continue
        for child in node.children:
            sent = told[child.id].total.submitted
            if sent.withheld and not child.total.submitted:
                # Nobody who opened it would mean that nobody sent it.
                assert told[child.id].total.opened.withheld
                assert told[child.id].total.started.withheld


def test_where_few_have_sent_it_is_told_how_many_opened_each_link() -> None:
    rows = [row(1, sent=1), row(2, 1), row(3, 1)]
    opened = [
        LinkRow(
            **{name: getattr(each, name) for name in each.__slots__}
            | {"counts": Counts(9, 6, each.submitted)}
        )
        for each in rows
    ]
    told = tell(grow(opened), THRESHOLD)
    assert told[1].total.submitted == Shown(None, below=5)
    assert told[2].total.submitted == Shown(None)
    assert told[2].total.opened == Shown(9)
