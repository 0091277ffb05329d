"""Reads of the decisions and of the plan's lines, with the trace of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis import disclosure
from engage.analysis.disclosure import Cell
from engage.analysis.manifests import Manifest, from_json
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import framework_labels, latest_snapshot, tally
from engage.analysis.results import ranking, top
from engage.consultations.models import Consultation
from engage.plan_export.deciding import progress
from engage.plan_export.figures import Figure, as_told, protected
from engage.plan_export.models import Decision, DecisionProgress, DecisionReport
from engage.plan_export.rules import TOP, Subject

SHORT = 12


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A priority as it goes into the plan: its figures, what was decided, and where the figures are from.

    `top` says that it must have a decision. Without one, `decision` is None and the figures are the latest.
    A theme of people's own words has no rank. `report` is the digest of the report it was decided from.
    """

    rank: int | None
    code: str
    label: str
    mentions: Cell
    base: Cell
    share: float | None
    top: bool
    decision: Decision | None
    questions: str
    digest: str
    subject: Subject = Subject.PRIORITY
    report: str = ""
    progress: tuple[DecisionProgress, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines of a consultation, most named first and themes last, from its latest snapshot."""

    consultation: Consultation
    snapshot: EvidenceSnapshot
    lines: tuple[PlanLine, ...]

    @property
    def undecided(self) -> tuple[PlanLine, ...]:
        """The lines that still need a decision."""
        return tuple(line for line in self.lines if line.top and line.decision is None)

    def line(self, code: str) -> PlanLine | None:
        """Return the line of a priority, or None."""
        return next((line for line in self.lines if line.code == code), None)


def decisions(session: Session, consultation_id: int) -> dict[str, Decision]:
    """Return the decisions of a consultation by priority code."""
    rows = session.scalars(
        select(Decision).where(Decision.consultation_id == consultation_id).order_by(Decision.id)
    )
    return {decision.priority_code: decision for decision in rows}


def get_decision(session: Session, consultation_id: int, code: str) -> Decision:
    """Return the decision on a priority or theme of this consultation; raises `NoResultFound`."""
    return session.scalars(
        select(Decision).where(Decision.consultation_id == consultation_id, Decision.priority_code == code)
    ).one()


def label_of(session: Session, consultation: Consultation, decision: Decision) -> str:
    """Return the words of what a decision is about."""
    if decision.subject is Subject.THEME:
        return decision.label
    labels = framework_labels(session, consultation.framework_id)
    return labels.get(decision.priority_code, decision.priority_code)


def find_plan(session: Session, *, consultation: Consultation, folder: Path, threshold: int) -> Plan | None:
    """Return the plan's lines, None where nothing has been counted yet.

    A decided priority keeps the figures that it was decided from, and names their snapshot. Where one is
    withheld, neither the order of the lines nor a rank tells what it is.
    """
    latest = latest_snapshot(session, consultation.id)
    if latest is None:
        return None
    counted = tally(session, snapshot=latest, folder=folder)
    labels = framework_labels(session, consultation.framework_id)
    ranked = ranking(counted, labels, threshold)
    named = {line.code for line in top(ranked, TOP)}
    decided = decisions(session, consultation.id)
    trace = _trace(session, latest, list(decided.values()))
    figures = protected(decided.values(), threshold)
    base = disclosure.protect_alone(counted.base, threshold)
    lines = []
    for line in sorted(ranked, key=lambda line: list(labels).index(line.code)):
        decision = decided.get(line.code)
        figure = Figure(line.mentions, base) if decision is None else figures[decision.id]
        rank = None if figure.mentions.withheld else line.rank
        lines.append(_line(rank, line.code, line.label, line.code in named, decision, figure, trace))
    lines.sort(key=lambda line: as_told(line.mentions.count))
    for code, decision in decided.items():
        if decision.subject is Subject.THEME:
            lines.append(_line(None, code, decision.label, False, decision, figures[decision.id], trace))
    return Plan(consultation, latest, tuple(lines))


@dataclass(frozen=True, slots=True)
class _Trace:
    """Where the figures of lines are from, and what became of their decisions, read for all at once."""

    latest: EvidenceSnapshot
    snapshots: Mapping[int, EvidenceSnapshot]
    reports: Mapping[int, str]
    progress: Mapping[int, tuple[DecisionProgress, ...]]


def _trace(session: Session, latest: EvidenceSnapshot, decided: list[Decision]) -> _Trace:
    ids = {decision.snapshot_id for decision in decided}
    snapshots = session.scalars(select(EvidenceSnapshot).where(EvidenceSnapshot.id.in_(ids)))
    reports = session.execute(
        select(DecisionReport.id, DecisionReport.digest).where(
            DecisionReport.id.in_({decision.report_id for decision in decided if decision.report_id})
        )
    )
    return _Trace(
        latest,
        {snapshot.id: snapshot for snapshot in snapshots},
        dict(iter(reports)),
        progress.of(session, [decision.id for decision in decided]),
    )


def _line(
    rank: int | None,
    code: str,
    label: str,
    named: bool,
    decision: Decision | None,
    figure: Figure,
    trace: _Trace,
) -> PlanLine:
    snapshot = trace.latest if decision is None else trace.snapshots[decision.snapshot_id]
    return PlanLine(
        rank=rank,
        code=code,
        label=label,
        mentions=figure.mentions,
        base=figure.base,
        share=figure.share,
        top=named,
        decision=decision,
        questions=_questions(from_json(snapshot.manifest)),
        digest=snapshot.digest,
        subject=decision.subject if decision else Subject.PRIORITY,
        report=trace.reports.get(decision.report_id or 0, "") if decision else "",
        progress=trace.progress.get(decision.id, ()) if decision else (),
    )


def _questions(manifest: Manifest) -> str:
    """Return every question behind the figures: questionnaire, question, version and its digest's start."""
    return "; ".join(
        f"{asked.questionnaire}/{asked.question} version {asked.number} {asked.digest[:SHORT]}"
        for asked in manifest.asked
    )
