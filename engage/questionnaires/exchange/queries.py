"""What an export reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.questionnaires.drafts import find_draft
from engage.questionnaires.models import Questionnaire, QuestionnaireVersion


@dataclass(frozen=True, slots=True)
class Exported:
    """A questionnaire to be written into a file; `number` is its version, None for a draft."""

    code: str
    title: str
    privacy_notice: str
    definition: dict[str, Any]
    number: int | None


def get_exported(session: Session, code: str, number: int | None = None) -> Exported:
    """Return the version with this number; without one the draft, or what was published last.

    Raises NoResultFound where there is no such thing.
    """
    draft = find_draft(session, code) if number is None else None
    if draft is not None:
        return Exported(code, draft.title, draft.privacy_notice, draft.definition, None)
    statement = (
        select(Questionnaire.title, QuestionnaireVersion)
        .join(QuestionnaireVersion, QuestionnaireVersion.questionnaire_id == Questionnaire.id)
        .where(Questionnaire.code == code, QuestionnaireVersion.published_at.is_not(None))
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    )
    if number is not None:
        statement = statement.where(QuestionnaireVersion.number == number)
    title, version = session.execute(statement).one()
    return Exported(code, title, version.privacy_notice, dict(version.definition), version.number)
