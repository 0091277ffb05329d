"""Reads of questionnaires, versions and frameworks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.models import (
    Priority,
    PriorityFramework,
    Questionnaire,
    QuestionnaireDraft,
    QuestionnaireVersion,
)


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


@dataclass(frozen=True, slots=True)
class QuestionnaireRow:
    """A questionnaire in the officers' list: what is published of it, and what is being written."""

    code: str
    title: str
    framework: str | None
    live: int | None
    published_at: datetime | None
    draft_edited_by: str | None
    draft_edited_at: datetime | None


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


def questionnaires(session: Session) -> list[QuestionnaireRow]:
    """Return every questionnaire by title."""
    newest = (
        select(QuestionnaireVersion.questionnaire_id, func.max(QuestionnaireVersion.number).label("number"))
        .where(QuestionnaireVersion.published_at.is_not(None))
        .group_by(QuestionnaireVersion.questionnaire_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Questionnaire.code,
            Questionnaire.title,
            PriorityFramework.title,
            QuestionnaireVersion.number,
            QuestionnaireVersion.published_at,
            QuestionnaireDraft.edited_by,
            QuestionnaireDraft.edited_at,
        )
        .outerjoin(PriorityFramework, PriorityFramework.id == Questionnaire.framework_id)
        .outerjoin(newest, newest.c.questionnaire_id == Questionnaire.id)
        .outerjoin(
            QuestionnaireVersion,
            (QuestionnaireVersion.questionnaire_id == Questionnaire.id)
            & (QuestionnaireVersion.number == newest.c.number),
        )
        .outerjoin(QuestionnaireDraft, QuestionnaireDraft.questionnaire_id == Questionnaire.id)
        .order_by(Questionnaire.title, Questionnaire.id)
    )
    return [QuestionnaireRow(*row) for row in rows]


def frameworks(session: Session) -> list[PriorityFramework]:
    """Return every priority framework, the latest year first."""
    return list(
        session.execute(
            select(PriorityFramework).order_by(PriorityFramework.plan_year.desc(), PriorityFramework.title)
        ).scalars()
    )


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
