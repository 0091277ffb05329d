"""The end of a bundle: the feedback and who has it, in totals; and the log of all that officers did."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from engage.analysis.disclosure import protect_alone
from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation, Instrument
from engage.distribution.models import Link
from engage.evidence_file.actors import Actors
from engage.evidence_file.asking import plain
from engage.evidence_file.bundle import Part, document
from engage.feedback import queries
from engage.feedback.filling import facts_of, filled
from engage.feedback.ledger.queries import by_route
from engage.feedback.ledger.showing import shown
from engage.feedback.models import Feedback
from engage.foundations.language import percent
from engage.questionnaires.models import Questionnaire, QuestionnaireVersion

LOG_ROWS = 500
# Details that are words of ours or digests; whatever else an officer wrote there is counted and left out.
SAFE_DETAILS = frozenset(
    {
        *("action", "closes_at", "decided_on", "digest", "from", "gate", "instrument", "kind", "level"),
        *("links", "number", "opens_at", "outcome", "priority", "questionnaire", "read_on", "report"),
        *("route", "snapshot", "standing", "state", "to", "version"),
    }
)
# The totals of the ledger, as `ReachShown` has them.
TOTALS = ("owed", "reached", "waiting", "failed")
WITHHELD = "withheld"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:.+-]{0,79}")


def told(
    session: Session, consultation: Consultation, actors: Actors, folder: Path, threshold: int
) -> Iterator[Part]:
    """Yield the files of what people were told, and the log."""
    feedback = session.scalars(
        select(Feedback).where(Feedback.consultation_id == consultation.id)
    ).one_or_none()
    content = _feedback(session, consultation, feedback, actors, folder, threshold)
    yield document("feedback.json", "The feedback, and how many it reached", content)
    title = "What officers and coordinators did, in order (a line each)"
    yield Part("audit.jsonl", title, _log(session, consultation, feedback, actors))


def _feedback(
    session: Session,
    consultation: Consultation,
    feedback: Feedback | None,
    actors: Actors,
    folder: Path,
    threshold: int,
) -> dict[str, Any] | None:
    """The feedback once everybody can read it."""
    if feedback is None or feedback.published_at is None:
        return None
    text = filled(feedback, facts_of(session, consultation, folder=folder, threshold=threshold))
    return {
        "said": text.said,
        "decided": text.decided,
        "reconciled": text.reconciled,
        "easy_read": text.easy_read,
        "approved_by": actors.of_person(feedback.approved_by),
        "approved_at": plain(feedback.approved_at),
        "published_by": actors.of_person(feedback.published_by),
        "published_at": plain(feedback.published_at),
        "target_percent": feedback.target_percent,
        "signed_off_at": plain(feedback.signed_off_at),
        "signed_off_reason": feedback.signed_off_reason,
        "ledger": _ledger(session, feedback, threshold),
    }


def _ledger(session: Session, feedback: Feedback, threshold: int) -> dict[str, Any]:
    """How many are owed the result and have it, as the public page says, and no more."""
    routes = by_route(session, feedback.id)
    reach = queries.reach(session, feedback, routes)
    if protect_alone(reach.owed, threshold).withheld:
        return dict.fromkeys((*TOTALS, "reached_percent"), WITHHELD) | {"routes": []}
    told = shown(reach, routes, threshold)
    return {
        **{name: _shown(getattr(told, name)) for name in TOTALS},
        "reached_percent": percent(told.share) or None,
        "routes": [
            {
                "route": str(line.name),
                "owed": _shown(line.owed),
                "reached_percent": WITHHELD if line.owed is None else percent(line.share),
            }
            for line in told.routes
        ],
    }


def _shown(count: int | None) -> int | str:
    return WITHHELD if count is None else count


def _log(
    session: Session, consultation: Consultation, feedback: Feedback | None, actors: Actors
) -> Iterator[bytes]:
    """Yield the log of the consultation a line at a time: it is never held whole."""
    slug = consultation.slug
    named = [f"consultation:{slug}", f"entry:{slug}", *([f"feedback:{feedback.id}"] if feedback else [])]
    links = select(literal("link:") + Link.code).where(Link.consultation_id == consultation.id)
    questionnaires = (
        select(literal("questionnaire:") + Questionnaire.code)
        .join(QuestionnaireVersion, QuestionnaireVersion.questionnaire_id == Questionnaire.id)
        .join(Instrument, Instrument.version_id == QuestionnaireVersion.id)
        .where(Instrument.consultation_id == consultation.id)
    )
    subject = AuditEvent.subject
    rows = session.execute(
        select(AuditEvent.happened_at, AuditEvent.actor, AuditEvent.action, subject, AuditEvent.details)
        .where(or_(subject.in_(named), subject.in_(links), subject.in_(questionnaires)))
        .order_by(AuditEvent.id)
        .execution_options(yield_per=LOG_ROWS)
    )
    for number, (at, actor, action, about, details) in enumerate(rows, start=1):
        line = {
            "number": number,
            "at": plain(at),
            "by": actors.of(actor),
            "action": action,
            "subject": "feedback" if about.startswith("feedback:") else about,
            **_details(details),
        }
        yield (json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of an event's details names nobody, with how many others there were."""
    safe = {key: value for key, value in details.items() if key in SAFE_DETAILS and _names_nobody(value)}
    return {"details": safe, "left_out": len(details) - len(safe)}


def _names_nobody(value: Any) -> bool:
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    return value is None or isinstance(value, bool | int | float)
