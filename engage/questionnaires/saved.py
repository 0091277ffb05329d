"""The bank: questions kept to be asked again, and how one comes into a questionnaire.

A question in the bank knows nothing of the questionnaire it came from: its condition stays behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.service import record
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.questionnaires import edits
from engage.questionnaires.definitions import CODE
from engage.questionnaires.edits import Json
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import DefinitionError, Question
from engage.questionnaires.models import SavedQuestion

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Saved:
    """A question of the bank; `definition` is its JSON, `question` the same as its kind reads it."""

    id: int
    title: str
    definition: Mapping[str, Any]
    question: Question
    saved_by: str
    saved_at: datetime


def list_saved(session: Session) -> list[Saved]:
    """Return the bank, by title."""
    rows = session.scalars(select(SavedQuestion).order_by(SavedQuestion.title, SavedQuestion.id))
    return [_saved(row) for row in rows]


def get_saved(session: Session, saved_id: int) -> Saved:
    """Return one question of the bank; raises NoResultFound."""
    return _saved(session.scalars(select(SavedQuestion).where(SavedQuestion.id == saved_id)).one())


def save(session: Session, *, actor: str, now: datetime, title: str, question: Mapping[str, Any]) -> Saved:
    """Keep a question under a title of its own; raises `Refused` beside a title that cannot be used."""
    title = " ".join(title.split())
    if not title:
        raise Refused(lazy("Enter a title to find the question by."), "title")
    if len(title) > LONGEST_TITLE:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_TITLE), "title")
    if session.scalar(select(SavedQuestion.id).where(SavedQuestion.title == title)):
        raise Refused(lazy("There is a question with this title in the bank already."), "title")
    kept = {name: deepcopy(value) for name, value in question.items() if name != "shown_if"}
    _read(kept)
    row = SavedQuestion(title=title, question=kept, saved_by=actor, saved_at=now)
    session.add(row)
    session.flush()
    details = {"title": title, "kind": kept["kind"]}
    record(
        session, actor=actor, action="question.saved", subject=f"question:{row.id}", at=now, details=details
    )
    return _saved(row)


def remove(session: Session, *, actor: str, now: datetime, saved_id: int) -> None:
    """Take a question out of the bank; where it is asked it stays. Raises NoResultFound."""
    row = session.scalars(select(SavedQuestion).where(SavedQuestion.id == saved_id)).one()
    session.delete(row)
    session.flush()
    details = {"title": row.title}
    record(
        session,
        actor=actor,
        action="question.removed",
        subject=f"question:{saved_id}",
        at=now,
        details=details,
    )


def placed(definition: Json, page: str, question: Mapping[str, Any]) -> tuple[Json, str]:
    """Return the definition with the question last on that page, and the code it has there.

    Where its code is taken it gets a new one: a code means one question for as long as the questionnaire
    lives. Raises `Refused` beside "page" where there is no such page, or it is one that asks nothing.
    """
    if edits.find_page(definition, page) is None:
        raise Refused(lazy("Choose a page of this questionnaire."), "page")
    code, taken = str(question["code"]), edits.question_codes(definition)
    if code in taken:
        code = edits.code_from(code, taken, "question")
    return edits.add_question(definition, page, dict(question) | {"code": code}), code


def _saved(row: SavedQuestion) -> Saved:
    return Saved(row.id, row.title, row.question, _read(row.question), row.saved_by, row.saved_at)


def _read(question: Mapping[str, Any]) -> Question:
    kind = KINDS.get(question.get("kind", ""))
    if kind is None or not CODE.fullmatch(str(question.get("code", ""))):
        raise DefinitionError(f"{question.get('code', '?')} is no question of a known kind")
    return kind.from_json(question)
