"""Feedback with its placeholders filled, as pages, mails and packs show it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.feedback import places
from engage.feedback.figures import Figure, figures
from engage.feedback.models import Feedback
from engage.feedback.placeholders import Facts, fill
from engage.foundations.clock import in_london


@dataclass(frozen=True, slots=True)
class Filled:
    """The parts of feedback as people read them."""

    said: str
    decided: str
    reconciled: str
    easy_read: str


def facts_of(
    session: Session,
    consultation: Consultation,
    *,
    folder: Path,
    threshold: int,
    decided: list[Figure] | None = None,
) -> Facts:
    """Return what placeholders may say of a consultation; `decided` are its figures, if at hand."""
    shown = figures(session, consultation.id, threshold=threshold) if decided is None else decided
    summary = places.counted(session, shown, folder)
    closed = consultation.closed_at or consultation.closes_at
    responses = next((figure.base for figure in shown if figure.base is not None), None)
    return Facts(
        figures=shown,
        responses=responses,
        boroughs=places.boroughs_heard(session, summary) if summary and responses else None,
        closed_on=in_london(closed).date(),
        ranks=places.ranks(session, consultation, summary, shown, threshold) if summary else {},
    )


def filled(feedback: Feedback, facts: Facts) -> Filled:
    """Return the parts as they are shown."""
    return Filled(
        said=fill(feedback.said, facts),
        decided=fill(feedback.decided, facts),
        reconciled=fill(feedback.reconciled, facts),
        easy_read=fill(feedback.easy_read, facts),
    )
