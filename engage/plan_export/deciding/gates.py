"""The gates of a consultation before it is decided: how each stands, and exceptions signed by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.queries import latest_snapshot
from engage.consultations.models import Consultation
from engage.consultations.queries import asked, get_consultation_by_id
from engage.consultations.service import hold
from engage.foundations.clock import in_london
from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused
from engage.plan_export.deciding import reports
from engage.plan_export.deciding.gate_rules import UNSIGNABLE, Facts, met, missing
from engage.plan_export.deciding.keeping import keep
from engage.plan_export.deciding.phrases import find_empty
from engage.plan_export.deciding.report_methods import days_open
from engage.plan_export.models import Decision, DecisionReport, GateException
from engage.plan_export.queries import decisions
from engage.plan_export.rules import (
    GATES,
    LONGEST_NAME,
    Gate,
    Subject,
    problem_with_equality_note,
    problem_with_reason,
)
from engage.questionnaires.queries import get_published
from engage.timetable.notices.queries import short_of_notice
from engage.timetable.queries import get_entry_by_id
from engage.timetable.rules import decided_after_close, notice_ok


@dataclass(frozen=True, slots=True)
class GateStanding:
    """How a gate stands: what is there, what is missing, and the exception that was signed for it."""

    gate: Gate
    met: tuple[Text, ...]
    missing: tuple[Text, ...]
    exception: GateException | None

    @property
    def name(self) -> Text:
        """What the gate is called."""
        return GATES[self.gate]

    @property
    def passed(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def signable(self) -> bool:
        """Whether an exception from it can be signed."""
        return self.gate not in UNSIGNABLE

    @property
    def holds_up(self) -> bool:
        """Whether the consultation cannot count as decided because of it."""
        return bool(self.missing) and not (self.exception and self.signable)


def standing(session: Session, consultation_id: int) -> tuple[GateStanding, ...]:
    """Return how every gate of a consultation stands, in their order."""
    consultation = get_consultation_by_id(session, consultation_id)
    signed = {each.gate: each for each in exceptions(session, consultation_id)}
    known = facts(session, consultation)
    return tuple(
        GateStanding(gate, met(gate, known), missing(gate, known), signed.get(gate)) for gate in Gate
    )


def exceptions(session: Session, consultation_id: int) -> list[GateException]:
    """Return the exceptions signed for a consultation, in the order in which they were."""
    return list(
        session.scalars(
            select(GateException)
            .where(GateException.consultation_id == consultation_id)
            .order_by(GateException.signed_at, GateException.id)
        )
    )


def facts(session: Session, consultation: Consultation) -> Facts:
    """Return what the gates of a consultation are judged on."""
    entry = get_entry_by_id(session, consultation.entry_id)
    opening = consultation.opened_at or entry.opens_at
    closed = consultation.closed_at or consultation.closes_at
    report = reports.current(session, consultation.id)
    snapshot = latest_snapshot(session, consultation.id)
    decided = decisions(session, consultation.id).values()
    labels = labels_in(report)
    read = bool(report and reports.first_read_on(session, report.id))
    sound = {each.priority_code for each in decided if problem_with_reason(each.reason) is None}
    return Facts(
        purpose=entry.purpose,
        can_change=entry.can_change,
        cannot_change=entry.cannot_change,
        without_facts=_without_facts(session, consultation),
        opened=consultation.opened_at is not None,
        decided_after_close=entry.decision_due_on is not None
        and decided_after_close(consultation.closes_at, entry.decision_due_on),
        too_early=_of(decided, labels, lambda each: each.decided_on < in_london(closed).date()),
        days_open=days_open(opening, closed) if consultation.closed_at else None,
        noticed=notice_ok(entry.notice_given_on, opening),
        short_of_notice=short_of_notice(session, entry.id, opening),
        urgent=bool(entry.urgent_reason.strip() and entry.urgent_authorised_by.strip()),
        report_made=report is not None,
        report_current=bool(report and snapshot and report.snapshot_id == snapshot.id),
        report_read=read,
        undecided=tuple(label for code, label in top_of(report).items() if code not in sound),
        from_older_report=_of(
            decided, labels, lambda each: report is not None and each.report_id != report.id
        ),
        equality_answered=bool(report and report.content["figures"]["equality"]["answered"]),
        by_group_read=read,
        without_equality_note=_of(
            decided, labels, lambda each: problem_with_equality_note(each.equality_note) is not None
        ),
    )


def top_of(report: DecisionReport | None) -> dict[str, str]:
    """Return the priorities of a report that must be decided, code to label; none without a report."""
    lines: list[dict[str, Any]] = report.content["figures"]["ranking"] if report else []
    return {line["code"]: line["label"] for line in lines if line["top"]}


def labels_in(report: DecisionReport | None) -> dict[str, str]:
    """Return all priorities of a report, code to label."""
    return {line["code"]: line["label"] for line in report.content["figures"]["ranking"]} if report else {}


def sign(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation: Consultation,
    gate: Gate,
    signed_by: str,
    reason: str,
) -> GateException:
    """Keep that a named person lets the consultation be decided though this gate is not passed, and why.

    Raises `Refused` for a gate that is passed or that nobody can sign away, and for a reason that says
    nothing. Signed again, the later takes the place of the earlier; the log keeps both.
    """
    hold(session, consultation.id)
    reports.refuse_wrong_state(consultation)
    _refuse_unsigned(session, consultation, gate, signed_by, reason)
    exception = session.scalars(
        select(GateException).where(
            GateException.consultation_id == consultation.id, GateException.gate == gate
        )
    ).one_or_none()
    if exception is None:
        exception = GateException(consultation_id=consultation.id, gate=gate)
    exception.signed_by, exception.signed_at = " ".join(signed_by.split()), now
    exception.reason = reason.strip()
    keep(
        session,
        exception,
        actor=actor,
        now=now,
        consultation=consultation,
        action="gate.excepted",
        details={"gate": gate.value, "signed_by": exception.signed_by, "reason": exception.reason},
    )
    return exception


def refuse_unpassed(session: Session, consultation_id: int) -> None:
    """Raise `Refused`, saying what is missing, while a gate holds the consultation up."""
    held = [each for each in standing(session, consultation_id) if each.holds_up]
    if held:
        sentences = " ".join(str(sentence) for each in held for sentence in each.missing)
        raise Refused(lazy("It cannot count as decided yet. %(sentences)s", sentences=sentences))


def _refuse_unsigned(
    session: Session, consultation: Consultation, gate: Gate, signed_by: str, reason: str
) -> None:
    if gate in UNSIGNABLE:
        raise Refused(lazy("No exception can be signed here: a report that was read and a reason are owed."))
    if next(each for each in standing(session, consultation.id) if each.gate is gate).passed:
        raise Refused(lazy("Nothing is missing here, so there is nothing to sign."))
    if not signed_by.strip() or len(signed_by) > LONGEST_NAME:
        raise Refused(lazy("Give the name and the role of who signs."), "signed_by")
    if problem := problem_with_reason(reason):
        raise Refused(problem, "reason")
    if found := find_empty(reason):
        raise Refused(found.refusal, "reason")


def _without_facts(session: Session, consultation: Consultation) -> tuple[str, ...]:
    """Return the questionnaires that say nothing of what they are about before they ask."""
    return tuple(
        each.title
        for each in asked(session, consultation.id)
        if not (each.summary.strip() or get_published(session, each.version_id).definition.intro.strip())
    )


def _of(
    decided: Iterable[Decision], labels: dict[str, str], lacks: Callable[[Decision], bool]
) -> tuple[str, ...]:
    return tuple(
        each.label if each.subject is Subject.THEME else labels.get(each.priority_code, each.priority_code)
        for each in decided
        if lacks(each)
    )
