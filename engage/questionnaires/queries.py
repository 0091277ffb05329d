"""Reads of questionnaires, versions and frameworks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.models import Priority, Questionnaire, QuestionnaireVersion


@dataclass(frozen=True, slots=True)
class Published:
    """A published version, ready to be given out. It never changes, so it may be kept in memory."""

    version_id: int
    number: int
    digest: str
    definition: Definition
    privacy_notice: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A published version, as an officer picks it from a list."""

    id: int
    title: str
    number: int


def get_published(session: Session, version_id: int) -> Published:
    """Return a published version; raises NoResultFound for one that is not."""
    version = session.execute(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.id == version_id, QuestionnaireVersion.published_at.is_not(None)
        )
    ).scalar_one()
    return Published(
        version.id, version.number, version.digest, parse(version.definition), version.privacy_notice
    )


def published_versions(session: Session) -> list[VersionRow]:
    """Return every published version by title, the newest of each questionnaire first."""
    rows = session.execute(
        select(QuestionnaireVersion.id, Questionnaire.title, QuestionnaireVersion.number)
        .join(Questionnaire, Questionnaire.id == QuestionnaireVersion.questionnaire_id)
        .where(QuestionnaireVersion.published_at.is_not(None))
        .order_by(Questionnaire.title, Questionnaire.id, QuestionnaireVersion.number.desc())
    )
    return [VersionRow(*row) for row in rows]


def find_questionnaire(session: Session, code: str) -> Questionnaire | None:
    """Return the questionnaire with this code, or None."""
    return session.execute(select(Questionnaire).where(Questionnaire.code == code)).scalar_one_or_none()


def newest_version(session: Session, questionnaire_id: int) -> QuestionnaireVersion | None:
    """Return the version with the highest number, None where nothing has been published."""
    latest = (
        select(func.max(QuestionnaireVersion.number))
        .where(QuestionnaireVersion.questionnaire_id == questionnaire_id)
        .scalar_subquery()
    )
    return session.execute(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.questionnaire_id == questionnaire_id, QuestionnaireVersion.number == latest
        )
    ).scalar_one_or_none()


def priorities(session: Session, framework_id: int) -> list[Priority]:
    """Return the priorities of a framework in their published order."""
    return list(
        session.execute(
            select(Priority).where(Priority.framework_id == framework_id).order_by(Priority.position)
        ).scalars()
    )
