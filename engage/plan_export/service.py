"""Verbs of deciding: record what became of a priority or a theme, and say that everything is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import framework_labels, get_snapshot, tally
from engage.audit import service as audit
from engage.consultations import service as consultations
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations.clock import in_london
from engage.foundations.language import lazy, plural
from engage.foundations.refusals import Refused
from engage.plan_export.deciding import gates, reports
from engage.plan_export.deciding.phrases import find_empty
from engage.plan_export.models import Decision, DecisionReport
from engage.plan_export.queries import find_plan
from engage.plan_export.rules import (
    EXPLAINED,
    LONGEST_NAME,
    OWNED,
    TOO_LONG,
    Outcome,
    Subject,
    problem_with_day,
    problem_with_equality_note,
    problem_with_reason,
)

THEME = "theme-"


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided on a priority, why, when, who sees to it and whom it affects how.

    For a theme `subject` says so, `label` is its words and `mentions` how many responses carry it; its
    `priority_code` is empty when it is new.
    """

    priority_code: str
    outcome: Outcome
    reason: str
    decided_on: date
    decision_maker: str
    owner: str = ""
    equality_note: str = ""
    subject: Subject = Subject.PRIORITY
    label: str = ""
    mentions: int = 0


def record_decision(
    session: Session,
    *,
    actor: str,
    person_id: int,
    now: datetime,
    consultation: Consultation,
    decided: Decided,
    folder: Path,
) -> Decision:
    """Keep a decision with the figures of the current report; until feedback a later one takes its place.

    Once the consultation is decided, and its figures are public, it is the report that was decided from: of a
    later count everybody could take those figures, and the difference would tell what a few people said.
    `folder` is the instance's evidence folder. Raises `Refused` where the consultation has not been analysed
    or is fed back already, where nobody has read a report of the latest figures, and where something that is
    said will not do.
    """
    consultations.hold(session, consultation.id)
    reports.refuse_wrong_state(consultation)
    report, read_on = _read_report(session, consultation, now)
    snapshot = get_snapshot(session, report.snapshot_id)
    counted = tally(session, snapshot=snapshot, folder=folder)
    _refuse_unknown(session, consultation, decided, counted.base)
    _refuse_incomplete(decided)
    _refuse_day(consultation, report, read_on, decided, now)
    decision = _found_or_new(session, consultation, decided)
    is_theme = decided.subject is Subject.THEME
    decision.label = " ".join(decided.label.split()) if is_theme else ""
    decision.mentions = decided.mentions if is_theme else counted.mentions.get(decided.priority_code, 0)
    decision.base = counted.base
    decision.outcome = decided.outcome
    decision.reason = decided.reason.strip()
    decision.decided_on = decided.decided_on
    decision.decision_maker = decided.decision_maker.strip()
    decision.owner = decided.owner.strip()
    decision.equality_note = decided.equality_note.strip()
    decision.report_id, decision.snapshot_id = report.id, snapshot.id
    decision.recorded_by, decision.recorded_at = person_id, now
    session.flush()
    _note(session, actor, now, consultation, decision, report, snapshot)
    return decision


def finish(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation: Consultation,
    folder: Path,
    threshold: int,
) -> None:
    """Say that the consultation is decided.

    Raises `Refused` while a top priority has no decision, and while a gate is not passed for which nobody has
    signed an exception.
    """
    plan = find_plan(session, consultation=consultation, folder=folder, threshold=threshold)
    if plan is None:
        raise Refused(lazy("Nothing has been counted yet."))
    if plan.undecided:
        raise Refused(
            plural(
                "%(num)d of the top priorities has no decision yet.",
                "%(num)d of the top priorities have no decision yet.",
                len(plan.undecided),
            )
        )
    gates.refuse_unpassed(session, consultation.id)
    consultations.mark_decided(session, actor=actor, now=now, consultation_id=consultation.id)


def _read_report(session: Session, consultation: Consultation, now: datetime) -> tuple[DecisionReport, date]:
    """Return the report to decide on and the first day on which somebody had read it."""
    report = _told_report(session, consultation) or _current_report(session, consultation, now)
    read_on = reports.first_read_on(session, report.id)
    if read_on is None:
        raise Refused(lazy("Nobody has read the report yet: record who has, and on which day."))
    return report, read_on


def _told_report(session: Session, consultation: Consultation) -> DecisionReport | None:
    """Return the report whose figures everybody knows, None while nobody does."""
    if consultation.state is not State.DECIDED:
        return None
    return reports.decided_from(session, consultation.id)


def _current_report(session: Session, consultation: Consultation, now: datetime) -> DecisionReport:
    report = reports.current(session, consultation.id)
    if report is None:
        raise Refused(lazy("Make the report first: decisions are taken from it."))
    if not reports.is_current(session, report, now):
        raise Refused(
            lazy(
                "There are newer responses or figures than the report’s: bring the results up to date and "
                "make a new report."
            )
        )
    return report


def _refuse_unknown(session: Session, consultation: Consultation, decided: Decided, base: int) -> None:
    if decided.subject is Subject.PRIORITY:
        if decided.priority_code not in framework_labels(session, consultation.framework_id):
            raise Refused(lazy("Choose from the priorities of this consultation."))
        return
    label = " ".join(decided.label.split())
    if not label or len(label) > LONGEST_NAME:
        raise Refused(lazy("Name the theme in a few words."), "label")
    if not 1 <= decided.mentions <= base:
        raise Refused(
            lazy(
                "Enter how many responses carry it: between 1 and the %(base)s that were counted.", base=base
            ),
            "mentions",
        )
    same = select(Decision.id).where(
        Decision.consultation_id == consultation.id,
        func.lower(Decision.label) == label.lower(),
        Decision.priority_code != decided.priority_code,
    )
    if session.scalars(same).first() is not None:
        raise Refused(lazy("There is a decision on a theme of this name already."), "label")


def _refuse_incomplete(decided: Decided) -> None:
    if problem := problem_with_reason(decided.reason):
        raise Refused(problem, "reason")
    if decided.outcome in EXPLAINED and (found := find_empty(decided.reason)):
        raise Refused(found.refusal, "reason")
    if decided.outcome in OWNED and not decided.owner.strip():
        raise Refused(lazy("Say who sees to it that it happens."), "owner")
    if problem := problem_with_equality_note(decided.equality_note):
        raise Refused(problem, "equality_note")
    if not decided.decision_maker.strip():
        raise Refused(lazy("Say who decided."), "decision_maker")
    for field in ("owner", "decision_maker"):
        if len(getattr(decided, field).strip()) > LONGEST_NAME:
            raise Refused(TOO_LONG, field)


def _refuse_day(
    consultation: Consultation, report: DecisionReport, read_on: date, decided: Decided, now: datetime
) -> None:
    problem = problem_with_day(
        decided.decided_on,
        closed_on=in_london(consultation.closed_at or consultation.closes_at).date(),
        counted_on=in_london(report.made_at).date(),
        read_on=read_on,
        today=in_london(now).date(),
    )
    if problem:
        raise Refused(problem, "decided_on")


def _found_or_new(session: Session, consultation: Consultation, decided: Decided) -> Decision:
    decision = session.scalars(
        select(Decision).where(
            Decision.consultation_id == consultation.id,
            Decision.priority_code == decided.priority_code,
            Decision.subject == decided.subject,
        )
    ).one_or_none()
    if decision is None:
        code = decided.priority_code
        if decided.subject is Subject.THEME:
            code = _code_for(session, consultation, decided.label)
        decision = Decision(consultation_id=consultation.id, priority_code=code, subject=decided.subject)
        session.add(decision)
    return decision


def _code_for(session: Session, consultation: Consultation, label: str) -> str:
    """Return a code for a new theme that no decision of the consultation has."""
    taken = set(
        session.scalars(select(Decision.priority_code).where(Decision.consultation_id == consultation.id))
    )
    stem = THEME + (re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")[:28].strip("-") or "words")
    turns = (stem if turn == 1 else f"{stem}-{turn}" for turn in range(1, len(taken) + 2))
    return next(code for code in turns if code not in taken)


def _note(
    session: Session,
    actor: str,
    now: datetime,
    consultation: Consultation,
    decision: Decision,
    report: DecisionReport,
    snapshot: EvidenceSnapshot,
) -> None:
    audit.record(
        session,
        actor=actor,
        action="decision.recorded",
        subject=f"consultation:{consultation.slug}",
        at=now,
        details={
            "priority": decision.priority_code,
            "outcome": decision.outcome.value,
            "decided_on": decision.decided_on.isoformat(),
            "snapshot": snapshot.digest,
            "report": report.digest,
        },
    )
