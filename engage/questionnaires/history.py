"""The versions of a questionnaire, to read back and to compare. None of them ever changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.models import Questionnaire, QuestionnaireVersion


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a questionnaire."""

    id: int
    questionnaire_id: int
    code: str
    title: str
    number: int
    definition: Definition
    privacy_notice: str
    digest: str
    note: str
    published_at: datetime


def versions(session: Session, code: str) -> list[Version]:
    """Return the published versions of a questionnaire, the newest first."""
    rows = session.execute(
        _published().where(Questionnaire.code == code).order_by(QuestionnaireVersion.number.desc())
    )
    return [_version(row) for row in rows]


def get_version(session: Session, code: str, number: int) -> Version:
    """Return one published version; raises NoResultFound."""
    statement = _published().where(Questionnaire.code == code, QuestionnaireVersion.number == number)
    return _version(session.execute(statement).one())


def get_version_by_id(session: Session, version_id: int) -> Version:
    """Return one published version; raises NoResultFound."""
    return _version(session.execute(_published().where(QuestionnaireVersion.id == version_id)).one())


def find_newest(session: Session, code: str) -> Version | None:
    """Return the newest published version, None where nothing has been published."""
    return next(iter(versions(session, code)), None)


def _published() -> Select[Questionnaire, QuestionnaireVersion]:
    return (
        select(Questionnaire, QuestionnaireVersion)
        .join(QuestionnaireVersion, QuestionnaireVersion.questionnaire_id == Questionnaire.id)
        .where(QuestionnaireVersion.published_at.is_not(None))
    )


def _version(row: Row[Questionnaire, QuestionnaireVersion]) -> Version:
    questionnaire, version = row[0], row[1]
    assert version.published_at is not None
    return Version(
        version.id,
        questionnaire.id,
        questionnaire.code,
        questionnaire.title,
        version.number,
        parse(version.definition),
        version.privacy_notice,
        version.digest,
        version.note,
        version.published_at,
    )
