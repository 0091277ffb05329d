"""What each borough said: figures of its own people, from the count decided on.

Boroughs are the only parts with figures of their own, and no group has any: its people are nearly all of one
borough, so that whoever had both could take one from the other (docs/decisions/figures-of-places.md).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session

from engage.analysis import dimensions, disclosure
from engage.analysis.disclosure import Cell
from engage.analysis.queries import framework_labels, get_snapshot, tally
from engage.analysis.results import Line, Value, breakdown, ranking
from engage.analysis.snapshots import EvidenceChanged
from engage.analysis.tallies import Dimension, Summary
from engage.boroughs.models import AreaKind
from engage.boroughs.queries import places
from engage.consultations.models import Consultation
from engage.feedback.figures import Figure
from engage.plan_export.figures import as_told
from engage.plan_export.rules import Subject

KEPT = 32
# With the very count that each was made of, so that no other that comes to lie in its place is taken for it.
_kept: OrderedDict[tuple[Any, ...], tuple[Summary, tuple[Named, ...]]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Local:
    """A priority that was decided on, as the people of one place named it. None: withheld."""

    figure: Figure
    mentions: int | None
    share: float | None

    @property
    def bar(self) -> dict[str, str | int | float | None]:
        """The figure as a line of a bar chart."""
        return {"label": self.figure.priority, "value": self.mentions, "share": self.share}


@dataclass(frozen=True, slots=True)
class Part:
    """One borough's part of the feedback: how many answered, what they named most, what followed.

    `base` is None where it is withheld; `locals` are in their own order, withheld ones after those shown.
    """

    code: str
    name: str
    base: int | None
    locals: tuple[Local, ...]

    @property
    def heard(self) -> bool:
        """Whether anybody answered, for all that may be told."""
        return self.base is None or self.base > 0


@dataclass(frozen=True, slots=True)
class Named:
    """A line of the table of all areas, with how many there named each priority that was asked."""

    line: Line
    cells: Mapping[str, Cell]


def counted(session: Session, figures: Sequence[Figure], folder: Path) -> Summary | None:
    """Return the count that the decisions name, the last where they name several; None where it is lost."""
    snapshot_id = _snapshot_of(figures)
    if not snapshot_id:
        return None
    try:
        return tally(session, snapshot=get_snapshot(session, snapshot_id), folder=folder)
    except EvidenceChanged:
        return None


def boroughs_heard(session: Session, summary: Summary) -> int:
    """Return from how many boroughs somebody answered; the City is none."""
    bases = summary.breakdowns[Dimension.AREA].bases
    boroughs = (area.code for area in places(session) if area.kind is AreaKind.BOROUGH)
    return sum(1 for code in boroughs if bases.get(code, 0) > 0)


def ranks(
    session: Session,
    consultation: Consultation,
    summary: Summary,
    figures: Sequence[Figure],
    threshold: int,
) -> dict[str, int]:
    """Return the place of each priority among all that were asked of, where it may be told.

    None is where a figure is withheld that has a place: the others' places would tell between which it lies.
    """
    ranked = ranking(summary, framework_labels(session, consultation.framework_id), threshold)
    found = {line.code: line.rank for line in ranked if line.rank is not None}
    return {} if any(figure.code in found and figure.mentions is None for figure in figures) else found


def parts(
    session: Session, consultation: Consultation, figures: Sequence[Figure], *, folder: Path, threshold: int
) -> tuple[Part, ...]:
    """Return a part for each borough and the City by name; none without a count.

    All are protected together, with those who live elsewhere or did not say, and with the totals that are
    published, by the one engine of disclosure.
    """
    summary = counted(session, figures, folder)
    if summary is None or not summary.base:
        return ()
    labels = framework_labels(session, consultation.framework_id)
    values = dimensions.values(session, consultation.id, Dimension.AREA, summary)
    told = _of_count(figures)
    lines = _kept_lines(summary, values, labels, told, threshold)
    shown = {area.code for area in places(session)}
    return tuple(_part(line, told) for line in lines if line.line.value.code in shown)


def named(session: Session, figures: Sequence[Figure], *, folder: Path) -> tuple[tuple[str, str], ...]:
    """Return code and name of every borough, and the City: they have a part; none without a count."""
    summary = counted(session, figures, folder)
    if summary is None or not summary.base:
        return ()
    return tuple((area.code, area.name) for area in places(session))


def find_part(found: Sequence[Part], code: str) -> Part | None:
    """Return the part with this code, None where there is none."""
    return next((part for part in found if part.code == code), None)


def protected(
    summary: Summary,
    values: Sequence[Value],
    labels: Mapping[str, str],
    withheld: Collection[str],
    threshold: int,
) -> tuple[Named, ...]:
    """Return what each of `values` named, as it may be told beside the totals; `withheld` are not told there.

    It is the very table of the results and of the report: of two that withhold differently, each would tell
    what the other does not.
    """
    ranked = ranking(summary, labels, threshold)
    asked = {line.code: line.label for line in ranked if line.mentions.count != 0}
    lines = breakdown(summary, Dimension.AREA, values, asked, threshold, withheld)
    unnamed = [code for code in labels if code not in asked]
    return tuple(
        Named(line, dict(zip(asked, line.cells, strict=True)) | dict.fromkeys(unnamed, _nobody(line.base)))
        for line in lines
    )


def _nobody(base: Cell) -> Cell:
    return Cell(None, base.reason) if base.withheld else Cell(0)


def _snapshot_of(figures: Sequence[Figure]) -> int:
    return max((one.snapshot_id for one in figures if one.subject is Subject.PRIORITY), default=0)


def _of_count(figures: Sequence[Figure]) -> list[Figure]:
    """Return the priorities decided on from the count that parts are of; those of another have no parts."""
    snapshot_id = _snapshot_of(figures)
    return [one for one in figures if one.subject is Subject.PRIORITY and one.snapshot_id == snapshot_id]


def _kept_lines(
    summary: Summary,
    values: Sequence[Value],
    labels: Mapping[str, str],
    told: Sequence[Figure],
    threshold: int,
) -> tuple[Named, ...]:
    """Return the lines of all areas, protected once for each count: it never changes."""
    withheld = frozenset(figure.code for figure in told if figure.mentions is None)
    raw = tuple((value.code, value.raw) for value in values)
    key = (id(summary), raw, tuple(labels), withheld, threshold)
    with _lock:
        found = _kept.get(key)
    if found is None or found[0] is not summary:
        found = summary, protected(summary, values, labels, withheld, threshold)
        with _lock:
            _kept[key] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found[1]


def _part(named: Named, told: Sequence[Figure]) -> Part:
    line = named.line
    own = [
        Local(figure, named.cells[figure.code].count, disclosure.share(named.cells[figure.code], line.base))
        for figure in told
        if figure.code in named.cells
    ]
    own.sort(key=lambda local: as_told(local.mentions))
    return Part(line.value.code, str(line.value.label), line.base.count, tuple(own))
