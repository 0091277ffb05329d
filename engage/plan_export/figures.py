"""The figures of decisions as they may be published: the one place that says so, for every page and file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from engage.analysis import disclosure
from engage.analysis.disclosure import Cell, Reason, Table, protect
from engage.analysis.results import ranking
from engage.analysis.tallies import Summary
from engage.plan_export.models import Decision
from engage.plan_export.rules import Subject

# A respondent names at most three priorities (product rule 6).
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """How many named a priority, of how many, each withheld where it must be."""

    mentions: Cell
    base: Cell

    @property
    def withheld(self) -> list[str]:
        """The names of what is withheld."""
        return [name for name in ("mentions", "base") if getattr(self, name).withheld]

    @property
    def share(self) -> float | None:
        """The share of those counted who named it; None where one is withheld or nobody was counted."""
        return disclosure.share(self.mentions, self.base)


def protected(decisions: Iterable[Decision], threshold: int) -> Mapping[int, Figure]:
    """Return the figures of `decisions` by id; give every decision of a consultation.

    Those of one count are protected together, so that nothing withheld is worked out from the others. What
    is withheld does not depend on the order in which they are given: all pages withhold the same.
    """
    counts: dict[tuple[int, int], list[Decision]] = defaultdict(list)
    found: dict[int, Figure] = {}
    for decision in sorted(decisions, key=lambda each: (-each.mentions, each.id)):
        if decision.subject is Subject.THEME:
            found[decision.id] = _alone(decision, threshold)
        else:
            counts[decision.snapshot_id, decision.base].append(decision)
    for (_snapshot, base), rows in counts.items():
        cells, everybody = _together([decision.mentions for decision in rows], base, threshold)
        found |= {decision.id: Figure(cell, everybody) for decision, cell in zip(rows, cells, strict=True)}
    return found


def beside(
    summary: Summary, labels: Mapping[str, str], decided: Mapping[str, Cell], threshold: int
) -> Mapping[str, Cell]:
    """Return how many named each priority of a count: those `decided` on as their figures are told.

    The others are told where nobody can work out from them what is withheld of those; else none of them is.
    """
    alone = {line.code: line.mentions for line in ranking(summary, labels, threshold)}
    codes = sorted(labels, key=lambda code: -summary.mentions.get(code, 0))
    cells, _base = _together([summary.mentions.get(code, 0) for code in codes], summary.base, threshold)
    told = {code: decided.get(code, alone[code]) for code in labels}
    needed = {code for code, cell in zip(codes, cells, strict=True) if cell.withheld}
    if all(told[code].withheld for code in needed):
        return told
    return {code: decided.get(code, Cell(None, Reason.SECONDARY)) for code in labels}


def as_told(mentions: int | None) -> int:
    """Return what figures are ordered by, the most named first: the order must not tell what is withheld."""
    return -(1 if mentions is None else mentions)


def _alone(decision: Decision, threshold: int) -> Figure:
    """Return the figure of a theme: counted by rules of its own, it adds up with nothing."""
    base = disclosure.protect_alone(decision.base, threshold)
    mentions = disclosure.protect_alone(decision.mentions, threshold)
    return Figure(Cell(None, base.reason) if base.withheld else mentions, base)


def _together(mentions: Collection[int], base: int, threshold: int) -> tuple[tuple[Cell, ...], Cell]:
    safe = protect(
        Table(
            rows=tuple(str(place) for place in range(len(mentions))),
            columns=("all",),
            counts=tuple((count,) for count in mentions),
            bases=(base,),
            most=max(MOST_NAMED, ceil(sum(mentions) / max(base, 1))),
        ),
        threshold,
    )
    [everybody] = safe.bases or ()
    return tuple(cell for (cell,) in safe.cells), everybody
