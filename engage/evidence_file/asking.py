"""The first half of a bundle: what was asked, of whom, when and how it was passed on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Extension, Instrument
from engage.distribution.queries import links_of
from engage.distribution.rules import Shown
from engage.distribution.showing import tell
from engage.distribution.tree import grow
from engage.evidence_file.actors import Actors
from engage.evidence_file.bundle import Part, document
from engage.questionnaires.differences import differences
from engage.questionnaires.history import Version, versions
from engage.questionnaires.models import Questionnaire, QuestionnaireVersion
from engage.responses.models import Response
from engage.timetable.models import Entry, EntryGroup, EntryMark, Notice, NoticeReceipt

# What the timetable tells everybody of an entry.
ENTRY = (
    *("slug", "title", "organisation", "area_code", "level", "duty", "purpose", "can_change"),
    *("cannot_change", "audience", "methods", "how_to_take_part", "web_address", "decision_maker"),
    *("consultation_year", "plan_year", "notice_given_on", "urgent_reason", "urgent_authorised_by"),
    *("opens_at", "closes_at", "decision_due_on", "feedback_due_on", "feedback_late_reason"),
    *("published_at", "cancelled_at", "cancelled_reason"),
)
MOMENTS = ("opened_at", "closed_at", "analysed_at", "decided_at", "fed_back_at", "grace_ends_at")


def plain(value: Any) -> Any:
    """Return a column's value as JSON holds it."""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def asked(session: Session, consultation: Consultation, actors: Actors, threshold: int) -> Iterator[Part]:
    """Yield the files of what was asked."""
    entry = session.get_one(Entry, consultation.entry_id)
    yield document("timetable.json", "The entry of the timetable, and when it ran", _entry(session, entry))
    yield document("consultation.json", "The consultation", _consultation(session, consultation, actors))
    yield document(
        "notices.json", "Notices to groups, and how many received them", _notices(session, entry, actors)
    )
    yield from _questionnaires(session, consultation)
    links = _links(session, consultation, threshold)
    yield document("links.json", "Links that were passed on, with their counts", links)


def _entry(session: Session, entry: Entry) -> dict[str, Any]:
    marks = session.execute(
        select(EntryMark.kind, EntryMark.code)
        .where(EntryMark.entry_id == entry.id)
        .order_by(EntryMark.kind, EntryMark.code)
    )
    groups = session.scalar(
        select(func.count()).select_from(EntryGroup).where(EntryGroup.entry_id == entry.id)
    )
    values = {name: plain(getattr(entry, name)) for name in ENTRY}
    return values | {"marks": [[kind.value, code] for kind, code in marks], "groups_asked": groups}


def _consultation(session: Session, consultation: Consultation, actors: Actors) -> dict[str, Any]:
    extensions = session.scalars(
        select(Extension).where(Extension.consultation_id == consultation.id).order_by(Extension.id)
    )
    instruments = session.execute(
        select(Instrument, Questionnaire.code, QuestionnaireVersion.number, QuestionnaireVersion.digest)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Instrument.version_id)
        .join(Questionnaire, Questionnaire.id == QuestionnaireVersion.questionnaire_id)
        .where(Instrument.consultation_id == consultation.id)
        .order_by(Instrument.position, Instrument.id)
    )
    return {
        "slug": consultation.slug,
        "title": consultation.title,
        "state": consultation.state.value,
        "made_up_responses": consultation.synthetic,
        "closes_at": plain(consultation.closes_at),
        **{name: plain(getattr(consultation, name)) for name in MOMENTS},
        "instruments": [
            {
                "code": each.code,
                "title": each.title,
                "summary": each.summary,
                "questionnaire": code,
                "version": number,
                "digest": digest,
            }
            for each, code, number, digest in instruments
        ],
        "extensions": [
            {
                "closed_before": plain(each.closed_before),
                "closes_after": plain(each.closes_after),
                "reason": each.reason,
                "by": actors.of(each.extended_by),
                "at": plain(each.extended_at),
            }
            for each in extensions
        ],
    }


def _notices(session: Session, entry: Entry, actors: Actors) -> list[dict[str, Any]]:
    counted = session.execute(
        select(
            Notice,
            func.count(NoticeReceipt.id),
            func.count(NoticeReceipt.seen_at),
            func.count(NoticeReceipt.acknowledged_at),
        )
        .outerjoin(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
        .where(Notice.entry_id == entry.id)
        .group_by(Notice.id)
        .order_by(Notice.id)
    )
    return [
        {
            "kind": notice.kind.value,
            "opens_at": plain(notice.opens_at),
            "closes_at": plain(notice.closes_at),
            "said": actors.hide(notice.said),
            "by": actors.of(notice.given_by),
            "at": plain(notice.given_at),
            "groups": groups,
            "seen": seen,
            "acknowledged": acknowledged,
        }
        for notice, groups, seen, acknowledged in counted
    ]


def _questionnaires(session: Session, consultation: Consultation) -> Iterator[Part]:
    """Yield every version that is or was given out, and what changed from each to the next."""
    used = set(
        session.scalars(select(Instrument.version_id).where(Instrument.consultation_id == consultation.id))
    ) | set(
        session.scalars(
            select(Response.version_id).where(Response.consultation_id == consultation.id).distinct()
        )
    )
    codes = session.scalars(
        select(Questionnaire.code)
        .join(QuestionnaireVersion, QuestionnaireVersion.questionnaire_id == Questionnaire.id)
        .where(QuestionnaireVersion.id.in_(used))
        .distinct()
        .order_by(Questionnaire.code)
    )
    changed = []
    for code in list(codes):
        given = [each for each in reversed(versions(session, code)) if each.id in used]
        for version in given:
            yield _version(session, version)
        for before, after in pairwise(given):
            changes = differences(before.definition, after.definition)
            changed.append(
                {
                    "questionnaire": code,
                    "from": before.number,
                    "to": after.number,
                    "in_words": [str(change.sentence) for change in changes],
                }
            )
    yield document("questionnaires/differences.json", "What changed between versions, in words", changed)


def _version(session: Session, version: Version) -> Part:
    """A version as people were asked it. What officers noted on it is their own, and left out."""
    kept = session.get_one(QuestionnaireVersion, version.id)
    return document(
        f"questionnaires/{version.code}-v{version.number}.json",
        f"{version.title}, version {version.number}",
        {
            "questionnaire": version.code,
            "title": version.title,
            "number": version.number,
            "digest": version.digest,
            "published_at": plain(version.published_at),
            "privacy_notice": version.privacy_notice,
            "definition": kept.definition,
        },
    )


def _links(session: Session, consultation: Consultation, threshold: int) -> list[dict[str, Any]]:
    """Every link with those who came by it. The words of events are left out: they may name somebody."""
    tops = grow(links_of(session, consultation.id))
    told = tell(tops, threshold)
    return [
        {
            "code": node.row.code,
            "kind": node.row.kind.value,
            "depth": depth,
            "group": node.row.group,
            "revoked": node.row.revoked,
            "opened": _shown(told[node.id].own.opened),
            "started": _shown(told[node.id].own.started),
            "submitted": _shown(told[node.id].own.submitted),
            "submitted_with_those_below": _shown(told[node.id].total.submitted),
        }
        for top in tops
        for depth, node in top.walk()
    ]


def _shown(count: Shown) -> int | str:
    return "withheld" if count.number is None else count.number
