"""The evidence as the database has it: revisions and codings, streamed as the rows of a snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Result, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from engage.analysis.manifests import Asked, Span, canonical
from engage.analysis.models import Coding
from engage.consultations.models import Instrument
from engage.questionnaires.kinds.priorities_list import PrioritiesList
from engage.questionnaires.kinds.priorities_own_words import PrioritiesOwnWords
from engage.questionnaires.models import Questionnaire, QuestionnaireVersion
from engage.questionnaires.queries import get_published
from engage.responses.models import Response, ResponseRevision

BATCH = 2000
SPANS_AT_ONCE = 100
LIST, OWN_WORDS, OTHER = "list", "own_words", "other"


@dataclass(frozen=True, slots=True)
class Range:
    """Which revisions to read: ids above `after` up to `through` but for `absent`, and `late` ones."""

    after: int
    through: int
    absent: tuple[Span, ...] = ()
    late: tuple[int, ...] = ()


def last_revision(session: Session) -> int:
    """Return the highest revision id that can be seen, 0 where there is none."""
    return session.scalar(select(func.max(ResponseRevision.id))) or 0


def missing_ids(session: Session, after: int, through: int) -> tuple[Span, ...]:
    """Return the ids above `after` up to `through` that no revision (of any consultation) has."""
    before = func.lag(ResponseRevision.id, 1, after).over(order_by=ResponseRevision.id)
    ids = (
        select(ResponseRevision.id.label("id"), before.label("before"))
        .where(ResponseRevision.id > after, ResponseRevision.id <= through)
        .subquery()
    )
    rows = session.execute(
        select(ids.c.before, ids.c.id).where(ids.c.id > ids.c.before + 1).order_by(ids.c.id)
    )
    return tuple((before + 1, id - 1) for before, id in rows)


def present_ids(session: Session, spans: Sequence[Span]) -> tuple[int, ...]:
    """Return the revision ids (of any consultation) that lie in `spans`, ascending."""
    found: list[int] = []
    for start in range(0, len(spans), SPANS_AT_ONCE):
        inside = [ResponseRevision.id.between(*span) for span in spans[start : start + SPANS_AT_ONCE]]
        found.extend(session.scalars(select(ResponseRevision.id).where(or_(*inside))))
    return tuple(sorted(found))


def any_in(session: Session, consultation_id: int, chosen: Range) -> bool:
    """Tell whether the consultation has a revision in the range."""
    statement = (
        select(ResponseRevision.id)
        .join(Response, Response.id == ResponseRevision.response_id)
        .where(Response.consultation_id == consultation_id, _inside(chosen))
        .limit(1)
    )
    return session.scalar(statement) is not None


def revisions(session: Session, consultation_id: int, chosen: Range) -> Iterator[Row[Any]]:
    """Yield the consultation's revisions in the range by id, a batch at a time from the database."""
    statement = (
        select(
            ResponseRevision.id,
            ResponseRevision.response_id,
            ResponseRevision.number,
            ResponseRevision.kind,
            Instrument.code,
            Response.version_id,
            Response.channel,
            Response.area_code,
            Response.group_id,
            Response.received_at,
            Response.synthetic,
            ResponseRevision.answers,
            ResponseRevision.equality,
        )
        .join(Response, Response.id == ResponseRevision.response_id)
        .join(Instrument, Instrument.id == Response.instrument_id)
        .where(Response.consultation_id == consultation_id, _inside(chosen))
        .order_by(ResponseRevision.id)
        .execution_options(yield_per=BATCH)
    )
    rows: Result[Any] = session.execute(statement)
    for row in rows:
        if not any(first <= row.id <= last for first, last in chosen.absent):
            yield row


def revision_line(row: Row[Any]) -> dict[str, Any]:
    """Return a revision as a row of the snapshot."""
    return {
        "revision": row.id,
        "response": row.response_id,
        "number": row.number,
        "kind": row.kind.value,
        "instrument": row.code,
        "version": row.version_id,
        "channel": row.channel.value,
        "area": _area(row),
        "group": row.group_id,
        "received": row.received_at.isoformat(),
        "synthetic": row.synthetic,
        "answers": None if row.answers is None else canonical(row.answers),
        "equality": None if row.equality is None else canonical(row.equality),
    }


def pick_lines(row: Row[Any], asked: Sequence[Asked]) -> Iterator[dict[str, Any]]:
    """Yield what a revision picked: a row for each priority of a list, own-words text or "something else"."""
    for question in asked:
        answer = (row.answers or {}).get(question.question)
        if not answer:
            continue
        for slot, (priority, source, text) in enumerate(_picks(answer, question.kind), start=1):
            yield {
                "revision": row.id,
                "response": row.response_id,
                "question": question.question,
                "slot": slot,
                "priority": priority,
                "source": source,
                "text_digest": None if text is None else text_digest(text),
            }


def text_digest(text: str) -> str:
    """Return what tells one own-words text from another: a coding is of a text, not of a place in a form."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def codings(session: Session, consultation_id: int) -> Iterator[dict[str, Any]]:
    """Yield the consultation's codings as rows of the snapshot."""
    statement = (
        select(
            Coding.response_id, Coding.question_code, Coding.slot, Coding.priority_code, Coding.text_digest
        )
        .join(Response, Response.id == Coding.response_id)
        .where(Response.consultation_id == consultation_id)
        .order_by(Coding.response_id, Coding.question_code, Coding.slot)
        .execution_options(yield_per=BATCH)
    )
    for response_id, question, slot, priority, digest in session.execute(statement):
        yield {
            "response": response_id,
            "question": question,
            "slot": slot,
            "priority": priority,
            "text_digest": digest,
        }


def questions_asked(session: Session, version_id: int) -> tuple[Asked, ...]:
    """Return the questions for priorities of a published version."""
    published = get_published(session, version_id)
    code = session.scalars(
        select(Questionnaire.code)
        .join(QuestionnaireVersion, QuestionnaireVersion.questionnaire_id == Questionnaire.id)
        .where(QuestionnaireVersion.id == version_id)
    ).one()
    return tuple(
        Asked(
            version_id=version_id,
            questionnaire=code,
            number=published.number,
            digest=published.digest,
            question=question.code,
            kind=question.kind,
            at_most=question.at_most,
        )
        for question in published.definition.questions
        if isinstance(question, PrioritiesList | PrioritiesOwnWords)
    )


def _picks(answer: Mapping[str, Any], kind: str) -> Iterator[tuple[str | None, str, str | None]]:
    if kind == PrioritiesOwnWords.kind:
        for item in answer.get("items", ()):
            yield None, OWN_WORDS, item.get("priority", "")
        return
    # A priority counts once in a response, however often a stored list has it.
    for priority in dict.fromkeys(answer.get("chosen", ())):
        yield priority, LIST, None
    if answer.get("other"):
        yield None, OTHER, None


def _area(row: Row[Any]) -> str:
    """Return the area that this revision named: a correction changes the response's own, but not history."""
    named = (row.answers or {}).get("area")
    return str(named["area"]) if isinstance(named, dict) and named.get("area") else str(row.area_code)


def _inside(chosen: Range) -> ColumnElement[bool]:
    inside = and_(ResponseRevision.id > chosen.after, ResponseRevision.id <= chosen.through)
    return or_(inside, ResponseRevision.id.in_(chosen.late)) if chosen.late else inside
