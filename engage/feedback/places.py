"""What each borough, and each group, said: figures of its own people, from the count decided on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session

from engage.analysis import dimensions
from engage.analysis.disclosure import Cell
from engage.analysis.queries import framework_labels, get_snapshot, tally
from engage.analysis.results import Line, Value, breakdown, ranking
from engage.analysis.snapshots import EvidenceChanged
from engage.analysis.tallies import Dimension, Summary
from engage.boroughs.models import AreaKind
from engage.boroughs.queries import places
from engage.consultations.models import Consultation
from engage.feedback.figures import Figure
from engage.plan_export.rules import Subject

KEPT = 32
# With the very count that each was made of, so that no other that comes to lie in its place is taken for it.
_kept: OrderedDict[tuple[Any, ...], tuple[Summary, tuple[Line, ...]]] = OrderedDict()
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
    """One borough's or group's part of the feedback: how many answered, what they named most, what followed.

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


def counted(session: Session, figures: Sequence[Figure], folder: Path) -> Summary | None:
    """Return the count that the decisions name, the last where they name several; None where it is lost."""
    ids = [one.snapshot_id for one in figures if one.subject is Subject.PRIORITY and one.snapshot_id]
    if not ids:
        return None
    try:
        return tally(session, snapshot=get_snapshot(session, max(ids)), folder=folder)
    except EvidenceChanged:
        return None


def boroughs_heard(session: Session, summary: Summary) -> int:
    """Return from how many boroughs somebody answered; the City is none."""
    bases = summary.breakdowns[Dimension.AREA].bases
    boroughs = (area.code for area in places(session) if area.kind is AreaKind.BOROUGH)
    return sum(1 for code in boroughs if bases.get(code, 0) > 0)


def ranks(session: Session, consultation: Consultation, summary: Summary, threshold: int) -> dict[str, int]:
    """Return the place of each priority among all that were asked of, where it may be told."""
    ranked = ranking(summary, framework_labels(session, consultation.framework_id), threshold)
    return {line.code: line.rank for line in ranked if line.rank is not None}


def parts(
    session: Session,
    consultation: Consultation,
    figures: Sequence[Figure],
    *,
    dimension: Dimension = Dimension.AREA,
    folder: Path,
    threshold: int,
) -> tuple[Part, ...]:
    """Return a part for each borough (or group) in the order in which they are shown; none without a count.

    All are protected together and with the totals that are published, by the one engine of disclosure.
    """
    summary = counted(session, figures, folder)
    if summary is None or not summary.base:
        return ()
    labels = framework_labels(session, consultation.framework_id)
    values = dimensions.values(session, consultation.id, dimension, summary)
    lines = _kept_breakdown(summary, dimension, values, labels, threshold)
    codes = list(labels)
    return tuple(
        _part(value, line, codes, figures) for value, line in zip(values, lines, strict=True) if value.code
    )


def named(
    session: Session, consultation: Consultation, figures: Sequence[Figure], *, folder: Path
) -> tuple[tuple[str, str], ...]:
    """Return code and name of every area that has a part; none without a count."""
    summary = counted(session, figures, folder)
    if summary is None or not summary.base:
        return ()
    areas = dimensions.values(session, consultation.id, Dimension.AREA, summary)
    return tuple((value.code, str(value.label)) for value in areas if value.code)


def find_part(found: Sequence[Part], code: str) -> Part | None:
    """Return the part with this code, None where there is none."""
    return next((part for part in found if part.code == code), None)


def _kept_breakdown(
    summary: Summary,
    dimension: Dimension,
    values: Sequence[Value],
    labels: Mapping[str, str],
    threshold: int,
) -> tuple[Line, ...]:
    """Return the breakdown, protected once for each count: that is slow, and a count never changes."""
    raw = tuple((value.code, value.raw) for value in values)
    key = (id(summary), dimension, raw, tuple(labels), threshold)
    with _lock:
        found = _kept.get(key)
    if found is None or found[0] is not summary:
        found = summary, breakdown(summary, dimension, values, labels, threshold)
        with _lock:
            _kept[key] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found[1]


def _part(value: Value, line: Line, codes: list[str], figures: Sequence[Figure]) -> Part:
    own = [
        Local(figure, _shown(line, codes, figure.code), line.shares[codes.index(figure.code)])
        for figure in figures
        if figure.code in codes and figure.subject is Subject.PRIORITY
    ]
    own.sort(key=lambda local: -(local.mentions if local.mentions is not None else 1))
    base: Cell = line.base
    return Part(value.code, str(value.label), base.count, tuple(own))


def _shown(line: Line, codes: list[str], code: str) -> int | None:
    return line.cells[codes.index(code)].count
