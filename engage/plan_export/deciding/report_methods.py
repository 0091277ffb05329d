"""How the figures of a report came about: who was asked what, when, how, and who had been told of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis import disclosure
from engage.analysis.manifests import Manifest
from engage.consultations.models import Consultation
from engage.consultations.queries import asked, find_closing
from engage.foundations.clock import in_london
from engage.foundations.language import _, day
from engage.questionnaires.models import PriorityFramework, Questionnaire, QuestionnaireVersion
from engage.questionnaires.queries import get_published
from engage.responses.queries import late_count
from engage.timetable.models import Entry, EntryGroup
from engage.timetable.notices import queries as notices
from engage.timetable.queries import get_entry_by_id
from engage.timetable.rules import last_day


def methods(
    session: Session, consultation: Consultation, manifest: Manifest, threshold: int
) -> dict[str, Any]:
    """Return what a reader must know to trust the figures, or not to."""
    entry = get_entry_by_id(session, consultation.entry_id)
    framework = session.get_one(PriorityFramework, consultation.framework_id)
    late = disclosure.protect_alone(late_count(session, consultation.id), threshold)
    return {
        "purpose": entry.purpose,
        "can_change": entry.can_change,
        "cannot_change": entry.cannot_change,
        "audience": entry.audience,
        "how": entry.methods,
        "decision_maker": entry.decision_maker,
        "framework": {"code": framework.code, "title": framework.title},
        "questionnaires": _questionnaires(session, consultation, manifest),
        "time": _time(session, consultation, entry),
        "notice": _notice(session, entry, consultation),
        "late": {"count": late.count},
        "coding": _(
            "Officers read what people wrote in their own words, and sorted it into the framework. "
            "A response with a text that nobody had sorted yet is not counted."
        ),
        "duplicates": _(
            "Nobody’s response was refused as a suspected copy of another one. "
            "A response that was withdrawn is not counted."
        ),
    }


def _questionnaires(session: Session, consultation: Consultation, manifest: Manifest) -> list[dict[str, Any]]:
    """Every questionnaire in use, and each question for priorities with the version that put it."""
    found: list[dict[str, Any]] = [
        {
            "title": each.title,
            "questionnaire": each.questionnaire,
            "code": each.questionnaire_code,
            "version": each.version,
            "digest": _digest(session, each.version_id),
        }
        for each in asked(session, consultation.id)
    ]
    in_use = {(each["code"], each["version"]) for each in found}
    # A version that was given out before and has answers is behind the figures, too.
    found += [
        {
            "title": _("Given out before"),
            "questionnaire": _title(session, each.questionnaire),
            "code": each.questionnaire,
            "version": each.number,
            "digest": each.digest,
        }
        for each in manifest.asked
        if (each.questionnaire, each.number) not in in_use
    ]
    for each in found:
        each["questions"] = [
            _wording(session, question.version_id, question.question)
            for question in manifest.asked
            if (question.questionnaire, question.number) == (each["code"], each["version"])
        ]
    return found


def _digest(session: Session, version_id: int) -> str:
    return session.scalars(
        select(QuestionnaireVersion.digest).where(QuestionnaireVersion.id == version_id)
    ).one()


def _title(session: Session, code: str) -> str:
    return (
        session.scalars(select(Questionnaire.title).where(Questionnaire.code == code)).one_or_none() or code
    )


def _wording(session: Session, version_id: int, code: str) -> dict[str, str]:
    question = get_published(session, version_id).definition.question(code)
    return {"code": code, "wording": question.label if question else code}


def _time(session: Session, consultation: Consultation, entry: Entry) -> dict[str, Any]:
    opened = consultation.opened_at or entry.opens_at
    closed = consultation.closed_at or consultation.closes_at
    closing = find_closing(session, consultation.slug)
    return {
        "opened_at": opened.isoformat(),
        "closed_at": closed.isoformat(),
        "days_open": days_open(opened, closed),
        "in_words": _(
            "%(start)s to %(end)s: %(days)s days",
            start=day(opened),
            end=day(last_day(closed)),
            days=days_open(opened, closed),
        ),
        "decision_due_on": _iso(entry.decision_due_on),
        "put_off": [
            {"until": _iso(each.after), "reason": each.reason}
            for each in (closing.extensions if closing else ())
        ],
    }


def days_open(opened_at: datetime, closed_at: datetime) -> int:
    """Return on how many of London's days it could be answered, the first and a begun last one included."""
    first, end = in_london(opened_at), in_london(closed_at)
    begun = end.timetz().replace(tzinfo=None) != datetime.min.time()
    return (end.date() - first.date()).days + begun


def _notice(session: Session, entry: Entry, consultation: Consultation) -> dict[str, Any]:
    short = notices.short_of_notice(session, entry.id, consultation.opened_at or entry.opens_at)
    groups = session.scalar(
        select(func.count()).select_from(EntryGroup).where(EntryGroup.entry_id == entry.id)
    )
    return {
        "given_on": _iso(entry.notice_given_on),
        "in_words": day(entry.notice_given_on),
        "groups": groups or 0,
        "short": list(short or ()),
        "urgent_reason": entry.urgent_reason,
        "urgent_authorised_by": entry.urgent_authorised_by,
    }


def _iso(value: date | datetime | None) -> str | None:
    return None if value is None else value.isoformat()
