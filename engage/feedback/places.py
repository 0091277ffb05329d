"""What each borough, and each group, said: figures of its own people, from the count decided on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from engage.analysis import dimensions
from engage.analysis.disclosure import Cell
from engage.analysis.queries import framework_labels, get_snapshot, tally
from engage.analysis.results import Line, breakdown, ranking
from engage.analysis.snapshots import EvidenceChanged
from engage.analysis.tallies import Dimension, Summary
from engage.boroughs.queries import places
from engage.consultations.models import Consultation
from engage.feedback.figures import Figure
from engage.plan_export.rules import Subject


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
    """Return from how many boroughs, the City among them, somebody answered."""
    bases = summary.breakdowns[Dimension.AREA].bases
    return sum(1 for area in places(session) if bases.get(area.code, 0) > 0)


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
    lines = breakdown(summary, dimension, values, labels, threshold)
    codes = list(labels)
    return tuple(_part(line, codes, figures) for line in lines if line.value.code)


def find_part(found: Sequence[Part], code: str) -> Part | None:
    """Return the part with this code, None where there is none."""
    return next((part for part in found if part.code == code), None)


def _part(line: Line, codes: list[str], figures: Sequence[Figure]) -> Part:
    own = [
        Local(figure, _shown(line, codes, figure.code), line.shares[codes.index(figure.code)])
        for figure in figures
        if figure.code in codes and figure.subject is Subject.PRIORITY
    ]
    own.sort(key=lambda local: -(local.mentions if local.mentions is not None else 1))
    base: Cell = line.base
    return Part(line.value.code, str(line.value.label), base.count, tuple(own))


def _shown(line: Line, codes: list[str], code: str) -> int | None:
    return line.cells[codes.index(code)].count
