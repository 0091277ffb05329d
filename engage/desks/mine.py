"""What one participant named, and what became of it: read with the receipt code that only they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.evidence import questions_asked
from engage.analysis.queries import framework_labels, own_words
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.feedback import places
from engage.feedback.figures import Figure, figures
from engage.feedback.queries import find_feedback
from engage.plan_export.deciding import progress
from engage.plan_export.models import DecisionProgress
from engage.questionnaires.kinds.priorities_own_words import PrioritiesOwnWords
from engage.responses.models import Response
from engage.responses.queries import StoredResponse
from engage.timetable.queries import get_entry_by_id


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that somebody named. `code` is the priority it was counted as, None where it is none.

    `written` is what they typed, empty for one of a list. `figure` is there once the feedback is out.
    """

    code: str | None
    name: str
    written: str
    figure: Figure | None
    progress: tuple[DecisionProgress, ...]


@dataclass(frozen=True, slots=True)
class Mine:
    """A participant's own choices, their borough's part, and whether the feedback is out.

    `elsewhere`: there are parts, and none is theirs, for they live outside London or did not say where.
    """

    consultation: Consultation
    published: bool
    due_on: date | None
    choices: tuple[Choice, ...]
    part: places.Part | None
    elsewhere: bool


def mine(session: Session, stored: StoredResponse, *, folder: Path, threshold: int) -> Mine:
    """Return what a stored response named and what became of each."""
    consultation = get_consultation(session, stored.slug)
    feedback = find_feedback(session, consultation.id)
    published = feedback is not None and feedback.published_at is not None
    decided = figures(session, consultation.id, threshold=threshold) if published else []
    parts = places.parts(session, consultation, decided, folder=folder, threshold=threshold)
    part = places.find_part(parts, _area_of(session, stored))
    return Mine(
        consultation=consultation,
        published=published,
        due_on=get_entry_by_id(session, consultation.entry_id).feedback_due_on,
        choices=tuple(_choices(session, consultation, stored, decided)),
        part=part,
        elsewhere=bool(parts) and part is None,
    )


def _choices(
    session: Session, consultation: Consultation, stored: StoredResponse, decided: Sequence[Figure]
) -> Iterator[Choice]:
    labels = framework_labels(session, consultation.framework_id)
    by_code = {figure.code: figure for figure in decided}
    told = progress.of(session, [figure.decision_id for figure in decided])
    for code, written in _named(session, stored):
        figure = by_code.get(code or "")
        came = told.get(figure.decision_id, ()) if figure else ()
        yield Choice(code, labels.get(code or "", written), written, figure, came)


def _named(session: Session, stored: StoredResponse) -> Iterator[tuple[str | None, str]]:
    """Yield the code and the own words of each thing named; a text nobody has read yet has no code."""
    answers: Mapping[str, Any] = stored.answers or {}
    for asked in questions_asked(session, stored.version_id):
        answer = answers.get(asked.question) or {}
        if asked.kind == PrioritiesOwnWords.kind:
            slots = range(1, len(answer.get("items", ())) + 1)
            for text in own_words(session, [(stored.id, asked.question, slot) for slot in slots]):
                yield text.priority_code, text.text
            continue
        for code in dict.fromkeys(answer.get("chosen", ())):
            yield code, ""
        if answer.get("other"):
            yield None, str(answer["other"])


def _area_of(session: Session, stored: StoredResponse) -> str:
    """Return the code of the area they live in."""
    return session.scalars(select(Response.area_code).where(Response.id == stored.id)).one()
