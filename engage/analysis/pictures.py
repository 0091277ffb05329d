"""Figures as the macros of bars and tile map want them. Nothing is computed from what is withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engage.analysis.disclosure import Cell
from engage.analysis.results import Line, Ranked
from engage.boroughs.models import Area
from engage.foundations.language import Text, lazy, number, percent

STEPS = 5
WITHHELD = lazy("withheld")


def ranking_bars(ranked: Sequence[Ranked]) -> list[dict[str, Any]]:
    """Return the rows of the ranking's bars; a priority that nobody named has none."""
    return [
        {"label": line.label, "value": line.mentions.count, "share": line.share}
        for line in ranked
        if line.mentions.count != 0
    ]


def line_bars(lines: Sequence[Line], place: int) -> list[dict[str, Any]]:
    """Return a bar for each line of a breakdown, of the priority at `place`."""
    return [
        {"label": line.value.label, "value": line.cells[place].count, "share": line.shares[place]}
        for line in lines
    ]


def tiles(lines: Sequence[Line], place: int, areas: Mapping[str, Area]) -> list[dict[str, Any]]:
    """Return London's tiles, shaded by the share of the priority at `place`."""
    highest = max((line.shares[place] or 0 for line in lines), default=0)
    found = []
    for line in lines:
        area = areas[line.value.code]
        if area.tile_row is not None:
            found.append(
                {
                    "row": area.tile_row,
                    "column": area.tile_column,
                    "name": area.name,
                    "short": area.short_name,
                    "text": said(line.cells[place], line.base),
                    "step": _step(line.shares[place], highest),
                }
            )
    return found


def key(lines: Sequence[Line], place: int) -> list[tuple[int | None, Text]]:
    """Return what the shades of `tiles` mean."""
    highest = max((line.shares[place] or 0 for line in lines), default=0)
    shades: list[tuple[int | None, Text]] = []
    for step in range(STEPS) if highest else ():
        low, high = highest * step / STEPS, highest * (step + 1) / STEPS
        shades.append((step, lazy("%(low)s to %(high)s", low=percent(low), high=percent(high))))
    return [*shades, (None, lazy("withheld, or nobody was asked"))]


def said(cell: Cell, base: Cell) -> str:
    """Return a count with its base in words."""
    if cell.count is None or base.count is None:
        return str(WITHHELD)
    if not base.count:
        return str(lazy("nobody was asked"))
    share = percent(cell.count / base.count)
    counts = {"count": number(cell.count), "base": number(base.count)}
    return str(lazy("%(share)s (%(count)s of %(base)s)", share=share, **counts))


def _step(share: float | None, highest: float) -> int | None:
    """Return the shade of a share; None, and no shade, where it is withheld or of nobody."""
    if share is None:
        return None
    return min(STEPS - 1, int(STEPS * share / highest)) if highest else 0
