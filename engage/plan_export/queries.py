"""Reads of the decisions and of the plan's lines, with the trace of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis import disclosure
from engage.analysis.disclosure import Cell
from engage.analysis.manifests import Manifest, from_json
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import framework_labels, get_snapshot, latest_snapshot, tally
from engage.analysis.results import Ranked, ranking, top
from engage.consultations.models import Consultation
from engage.plan_export.models import Decision
from engage.plan_export.rules import TOP

SHORT = 12


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A priority as it goes into the plan: its figures, what was decided, and where the figures are from.

    `top` says that it must have a decision. Without one, `decision` is None and the figures are the latest.
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


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines of a consultation, most named first, from its latest snapshot."""

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


def find_plan(session: Session, *, consultation: Consultation, folder: Path, threshold: int) -> Plan | None:
    """Return the plan's lines, None where nothing has been counted yet.

    A decided priority keeps the figures that it was decided from, and names their snapshot.
    """
    latest = latest_snapshot(session, consultation.id)
    if latest is None:
        return None
    counted = tally(session, snapshot=latest, folder=folder)
    ranked = ranking(counted, framework_labels(session, consultation.framework_id), threshold)
    named = {line.code for line in top(ranked, TOP)}
    decided = decisions(session, consultation.id)
    base = disclosure.protect_alone(counted.base, threshold)
    lines = []
    for line in ranked:
        decision = decided.get(line.code)
        snapshot = latest if decision is None else get_snapshot(session, decision.snapshot_id)
        cells = (line.mentions, base) if decision is None else _decided_from(decision, threshold)
        lines.append(_line(line, line.code in named, decision, cells, snapshot))
    return Plan(consultation, latest, tuple(lines))


def _decided_from(decision: Decision, threshold: int) -> tuple[Cell, Cell]:
    base = disclosure.protect_alone(decision.base, threshold)
    mentions = disclosure.protect_alone(decision.mentions, threshold)
    return (Cell(None, base.reason) if base.withheld else mentions), base


def _line(
    line: Ranked, named: bool, decision: Decision | None, cells: tuple[Cell, Cell], snapshot: EvidenceSnapshot
) -> PlanLine:
    mentions, base = cells
    return PlanLine(
        rank=line.rank,
        code=line.code,
        label=line.label,
        mentions=mentions,
        base=base,
        share=disclosure.share(mentions, base),
        top=named,
        decision=decision,
        questions=_questions(from_json(snapshot.manifest)),
        digest=snapshot.digest,
    )


def _questions(manifest: Manifest) -> str:
    """Return every question behind the figures: questionnaire, question, version and its digest's start."""
    return "; ".join(
        f"{asked.questionnaire}/{asked.question} version {asked.number} {asked.digest[:SHORT]}"
        for asked in manifest.asked
    )
