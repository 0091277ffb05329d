from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engage.distribution.labels import name_of
from engage.distribution.rules import LinkKind
from engage.distribution.tree import (
    Counts,
    LinkRow,
    by_id,
    grow,
    homes,
    matching,
    per_ten_thousand,
    progress,
    rolled_up,
)

Lines = dict[int, tuple[int | None, int | None]]


def row(link_id: int, parent_id: int | None = None, *, sent: int = 0, group: str | None = None) -> LinkRow:
    return LinkRow(
        id=link_id,
        code=f"place-{link_id:04d}",
        kind=LinkKind.GROUP,
        parent_id=parent_id,
        label="",
        group_id=link_id,
        group=group or f"Group {link_id}",
        area=None,
        counts=Counts(sent * 3, sent * 2, sent),
        target=None,
        revoked=False,
    )


@st.composite
def forests(draw: st.DrawFn) -> list[LinkRow]:
    """Rows whose parents are anything at all: another row, itself, one that is not there, a ring."""
    size = draw(st.integers(0, 12))
    anything = st.none() | st.integers(0, size + 1)
    return [row(number, draw(anything), sent=draw(st.integers(0, 9))) for number in range(1, size + 1)]


@st.composite
def group_lines(draw: st.DrawFn) -> Lines:
    """Groups with a parent and a group they became, both earlier ones, or none."""
    size = draw(st.integers(1, 12))
    return {
        number: (
            draw(st.none() | st.integers(1, number - 1)) if number > 1 else None,
            draw(st.none() | st.integers(1, number - 1)) if number > 1 else None,
        )
        for number in range(1, size + 1)
    }


def test_a_link_has_the_sum_of_all_that_is_under_it() -> None:
    (top,) = grow([row(1, sent=1), row(2, 1, sent=10), row(3, 2, sent=100), row(4, 1, sent=1000)])
    assert top.total == Counts(3333, 2222, 1111)
    found = by_id([top])
    assert found[2].total.submitted == 110
    assert [above.id for above in found[3].path] == [1, 2]
    assert [(depth, node.id) for depth, node in top.walk()] == [(0, 1), (1, 2), (2, 3), (1, 4)]


@given(forests())
def test_every_link_is_in_one_tree_and_none_is_counted_twice_or_lost(rows: list[LinkRow]) -> None:
    tops = grow(rows)
    walked = [node.id for top in tops for _depth, node in top.walk()]
    assert sorted(walked) == [each.id for each in rows]
    assert sum((top.total for top in tops), Counts()) == sum((each.counts for each in rows), Counts())


def test_a_groups_link_belongs_under_the_nearest_group_above_that_has_one() -> None:
    lines: Lines = {1: (None, None), 2: (1, None), 3: (2, None), 4: (None, None), 5: (4, 2)}
    assert homes(lines, {1: 11, 3: 13, 4: 14}, 10) == {1: 10, 3: 11, 4: 10}
    # A group that became another belongs under that, not under its former parent.
    assert homes(lines, {1: 11, 2: 12, 4: 14, 5: 15}, 10)[5] == 12
    assert homes(lines, {5: 15}, None) == {5: None}


@given(group_lines(), st.data())
def test_links_put_where_they_belong_make_one_tree(lines: Lines, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(lines))))
    found = homes(lines, {group_id: 100 + group_id for group_id in chosen}, 100)
    rows = [row(100), *(row(100 + group_id, parent) for group_id, parent in found.items())]
    assert len(grow(rows)) == 1


@given(group_lines(), st.data())
def test_merging_changes_where_results_are_counted_and_no_total(lines: Lines, data: st.DataObject) -> None:
    responses = {group_id: data.draw(st.integers(0, 50)) for group_id in lines}
    gone = data.draw(st.sampled_from(sorted(lines)))
    before = rolled_up(lines)
    others = [
        each for each in lines if before[each] != before[gone] and lines[gone][1] is None and each != gone
    ]
    if not others:
        return
    into = data.draw(st.sampled_from(others))
    after = rolled_up({**lines, gone: (lines[gone][0], into)})
    assert after[gone] == before[into]

    def totals(counted_with: dict[int, int]) -> dict[int, int]:
        found = dict.fromkeys(lines, 0)
        for group_id, number in responses.items():
            found[counted_with[group_id]] += number
        return found

    assert sum(totals(after).values()) == sum(totals(before).values())
    moved = sum(responses[each] for each in lines if before[each] != after[each])
    assert totals(after)[before[into]] == totals(before)[before[into]] + moved


def test_a_ring_of_groups_ends() -> None:
    ring: Lines = {1: (2, None), 2: (1, None)}
    assert homes(ring, {1: 11}, 10) == {1: 10}
    assert set(rolled_up(ring)) == {1, 2}


def test_a_search_finds_all_the_words_wherever_they_stand() -> None:
    nodes = grow([row(1, group="Camden Youth"), row(2, group="Barnet Youth"), row(3, group="Camden Faith")])
    assert [node.id for node in matching(nodes, "youth CAMDEN")] == [1]
    assert [node.id for node in matching(nodes, "place-0002")] == [2]
    assert len(matching(nodes, "  ")) == 3


def test_shares_are_known_only_where_both_numbers_are() -> None:
    assert progress(45, 90) == 0.5
    assert progress(None, 90) is progress(45, None) is None
    assert per_ten_thousand(26, 260_000) == 1.0
    assert per_ten_thousand(None, 260_000) is per_ten_thousand(5, None) is None


def test_a_link_is_called_by_its_group_unless_it_has_a_name() -> None:
    assert name_of(row(1, group="Camden Youth")) == "Camden Youth"
