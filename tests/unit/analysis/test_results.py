from __future__ import annotations

from typing import Any

from engage.analysis.results import Value, breakdown, headline, ranking, top
from engage.analysis.tallies import Breakdown, Dimension, Summary

LABELS = {"a": "Alpha", "b": "Beta", "c": "Gamma", "d": "Delta", "e": "Epsilon"}


def tally(mentions: dict[str, int], base: int = 100, **changed: Any) -> Summary:
    given: dict[str, Any] = {
        "respondents": base,
        "withdrawn": 0,
        "asked": base,
        "base": base,
        "at_most": 3,
        "mentions": mentions,
        "others": 3,
        "coded": 9,
        "none": 1,
        "uncoded": 2,
        "breakdowns": {},
    }
    return Summary(**(given | changed))


def test_priorities_rank_by_mentions_and_equals_share_a_rank() -> None:
    ranked = ranking(tally({"c": 30, "a": 20, "b": 20, "d": 10}), LABELS, 5)
    assert [(line.rank, line.code) for line in ranked] == [
        (1, "c"),
        (2, "a"),
        (2, "b"),
        (4, "d"),
        (None, "e"),
    ]
    assert ranked[0].share == 0.3
    assert [line.code for line in top(ranked, 2)] == ["c", "a", "b"]


def test_withheld_priorities_stand_in_published_order_between_shown_ones_and_those_nobody_named() -> None:
    ranked = ranking(tally({"e": 4, "c": 1, "a": 2, "d": 50}), LABELS, 5)
    assert [line.code for line in ranked] == ["d", "a", "c", "e", "b"]
    assert [line.mentions.count for line in ranked] == [50, None, None, None, 0]
    assert [line.rank for line in ranked] == [1, None, None, None, None]
    assert ranked[1].share is None


def test_where_few_were_asked_nothing_is_shown() -> None:
    ranked = ranking(tally({"a": 3}, base=4), LABELS, 5)
    assert all(line.mentions.withheld for line in ranked)
    assert headline(tally({}, base=4), 5).base.withheld


def test_the_headline_withholds_counts_of_people_and_tells_our_own_work() -> None:
    shown = headline(tally({}), 5)
    assert (shown.others.count, shown.none.count) == (None, None)
    assert (shown.texts, shown.uncoded) == (12, 2)


def test_a_breakdown_gathers_raw_values_and_shows_shares_of_its_own_base() -> None:
    found = Breakdown(
        {1: 30, 2: 20, None: 50},
        {(1, "a"): 12, (2, "a"): 8, (None, "a"): 25, (None, "b"): 10},
    )
    values = [Value("Camden", frozenset({1, 2})), Value("None", frozenset({None}))]
    tallied = tally({"a": 45, "b": 10}, breakdowns={Dimension.GROUP: found})
    lines = breakdown(tallied, Dimension.GROUP, values, {"a": "Alpha", "b": "Beta"}, 5)
    assert [line.base.count for line in lines] == [50, 50]
    assert [[cell.count for cell in line.cells] for line in lines] == [[20, 0], [25, 10]]
    assert lines[0].shares == (0.4, 0.0)


def test_no_line_of_a_breakdown_is_shown_where_few_were_asked() -> None:
    found = Breakdown({1: 4}, {(1, "a"): 4})
    tallied = tally({"a": 4}, base=4, breakdowns={Dimension.AREA: found})
    lines = breakdown(tallied, Dimension.AREA, [Value("Camden", frozenset({1}))], {"a": "Alpha"}, 5)
    assert lines[0].base.withheld
    assert lines[0].cells[0].withheld
