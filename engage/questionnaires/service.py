"""Verbs on questionnaires: load a framework, publish a version. A published version is only ever followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.service import record
from engage.questionnaires import queries, shipped
from engage.questionnaires.definitions import digest, parse
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.models import Priority, PriorityFramework, Questionnaire, QuestionnaireVersion


def load_framework(session: Session, data: Mapping[str, Any]) -> PriorityFramework:
    """Return the framework that `data` describes, adding it with its priorities if it is new."""
    framework = session.execute(
        select(PriorityFramework).where(PriorityFramework.code == data["code"])
    ).scalar_one_or_none()
    if framework is None:
        framework = PriorityFramework(code=data["code"], title=data["title"], plan_year=data["plan_year"])
        session.add(framework)
        session.flush()
        session.add_all(
            Priority(framework_id=framework.id, position=position, **priority)
            for position, priority in enumerate(data["priorities"], start=1)
        )
        session.flush()
    return framework


def get_or_add_questionnaire(
    session: Session, *, code: str, title: str, framework_id: int | None
) -> Questionnaire:
    """Return the questionnaire with this code, adding it if it is new."""
    questionnaire = queries.find_questionnaire(session, code)
    if questionnaire is None:
        questionnaire = Questionnaire(code=code, title=title, framework_id=framework_id)
        session.add(questionnaire)
        session.flush()
    return questionnaire


def publish(
    session: Session,
    *,
    actor: str,
    now: datetime,
    questionnaire: Questionnaire,
    definition: Mapping[str, Any],
    privacy_notice: str,
    note: str = "",
) -> QuestionnaireVersion:
    """Publish `definition` as the next version, and return it.

    The same definition and notice as the newest version's return that version. Raises `DefinitionError` where
    the definition describes no questionnaire.
    """
    parse(definition)
    newest = queries.newest_version(session, questionnaire.id)
    fingerprint = digest(definition)
    if newest is not None and (newest.digest, newest.privacy_notice) == (fingerprint, privacy_notice):
        return newest
    version = QuestionnaireVersion(
        questionnaire_id=questionnaire.id,
        number=newest.number + 1 if newest else 1,
        definition=dict(definition),
        privacy_notice=privacy_notice,
        digest=fingerprint,
        note=note,
        published_at=now,
    )
    session.add(version)
    session.flush()
    record(
        session,
        actor=actor,
        action="questionnaire.published",
        subject=f"questionnaire:{questionnaire.code}",
        at=now,
        details={"version": version.number, "digest": fingerprint},
    )
    return version


def publish_shipped(
    session: Session, *, actor: str, now: datetime, framework_id: int, areas: Sequence[Option]
) -> dict[str, QuestionnaireVersion]:
    """Publish the questionnaires that come with the platform; return their versions by instrument code."""
    versions = {}
    for instrument in shipped.INSTRUMENTS:
        text = shipped.questionnaire(instrument, areas)
        questionnaire = get_or_add_questionnaire(
            session, code=text.code, title=text.title, framework_id=framework_id
        )
        versions[instrument] = publish(
            session,
            actor=actor,
            now=now,
            questionnaire=questionnaire,
            definition=text.definition,
            privacy_notice=shipped.privacy_notice(),
        )
    return versions
