"""All that a plan says, as plain data: what a version keeps for good, and what every file is made of.

The shape is described for other systems in `schema.json` and in docs/plan-export.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis import disclosure
from engage.analysis.manifests import Asked, from_json
from engage.analysis.models import EvidenceSnapshot
from engage.foundations.clock import in_london
from engage.plan_export.figures import Figure, as_told, protected
from engage.plan_export.models import DecisionReport, PlanMeasure, PlanPriority
from engage.plan_export.plans.queries import Named, Rows, in_no_objective, named_decisions
from engage.plan_export.rules import Outcome
from engage.questionnaires.models import QuestionnaireVersion

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Sources:
    """What lines are traced to: figures by decision, snapshots, reports and the words of questions by id."""

    figures: Mapping[int, Figure]
    snapshots: Mapping[int, EvidenceSnapshot]
    reports: Mapping[int, DecisionReport]
    wordings: Mapping[tuple[int, str], str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as it is being written, with what it says so far and what it could still take up."""

    rows: Rows
    named: tuple[Named, ...]
    waiting: tuple[Named, ...]
    content: dict[str, Any]


def draft(session: Session, rows: Rows, threshold: int) -> Draft:
    """Return the plan as it stands now. Nothing in its content is below the disclosure threshold."""
    named = named_decisions(session)
    waiting = in_no_objective(named, rows)
    used = {each.consultation.id for each in named if each.decision.id in rows.taken}
    beside = {each.consultation.id for each in waiting} | used
    relevant = [each for each in named if each.consultation.id in beside]
    sources = sources_of(session, relevant, threshold)
    return Draft(rows, named, waiting, _content(rows, relevant, waiting, sources, threshold))


def sources_of(session: Session, named: Sequence[Named], threshold: int) -> Sources:
    """Return what the decisions are traced to, in the same number of queries however many they are."""
    snapshot_ids = {each.decision.snapshot_id for each in named}
    report_ids = {each.decision.report_id for each in named if each.decision.report_id is not None}
    snapshots = {
        each.id: each
        for each in session.scalars(
            select(EvidenceSnapshot)
            .where(EvidenceSnapshot.id.in_(snapshot_ids))
            .order_by(EvidenceSnapshot.id)
        )
    }
    reports = {
        each.id: each
        for each in session.scalars(
            select(DecisionReport).where(DecisionReport.id.in_(report_ids)).order_by(DecisionReport.id)
        )
    }
    asked = [one for each in snapshots.values() for one in from_json(each.manifest).asked]
    decisions = [each.decision for each in named]
    return Sources(protected(decisions, threshold), snapshots, reports, wordings(session, asked))


def wordings(session: Session, asked: Sequence[Asked]) -> dict[tuple[int, str], str]:
    """Return the words of questions by version and code."""
    ids = {one.version_id for one in asked}
    found: dict[tuple[int, str], str] = {}
    for version in session.scalars(
        select(QuestionnaireVersion).where(QuestionnaireVersion.id.in_(ids)).order_by(QuestionnaireVersion.id)
    ):
        for page in version.definition["pages"]:
            for question in page.get("questions", ()):
                found[version.id, question["code"]] = question["label"]
    return found


def line_of(named: Named, sources: Sources, wording: str = "") -> dict[str, Any]:
    """Return a decision as a line: what was decided and why, the figures, and where they come from."""
    decision, figure = named.decision, sources.figures[named.decision.id]
    snapshot = sources.snapshots[decision.snapshot_id]
    report = sources.reports.get(decision.report_id) if decision.report_id is not None else None
    return {
        "wording": wording or named.label,
        "priority": named.label,
        "code": decision.priority_code,
        "subject": decision.subject.value,
        "consultation": {
            "slug": named.consultation.slug,
            "title": named.consultation.title,
            "consultation_year": named.entry.consultation_year,
            "synthetic": named.consultation.synthetic,
        },
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "decision_maker": decision.decision_maker,
        "decided_on": decision.decided_on.isoformat(),
        "owner": decision.owner,
        "equality_note": decision.equality_note,
        "mentions": figure.mentions.count,
        "base": figure.base.count,
        "withheld": figure.withheld,
        "questions": [_question(one, sources) for one in from_json(snapshot.manifest).asked],
        "snapshot": snapshot.digest,
        "counted_on": in_london(snapshot.made_at).date().isoformat(),
        "report": {"number": report.number, "digest": report.digest} if report else None,
    }


def share_of(line: Mapping[str, Any]) -> float | None:
    """Return the share of a line's figures; None where one is withheld or nobody was counted."""
    if line["mentions"] is None or not line["base"]:
        return None
    return float(line["mentions"] / line["base"])


def _content(
    rows: Rows, named: Sequence[Named], waiting: Sequence[Named], sources: Sources, threshold: int
) -> dict[str, Any]:
    plan = rows.plan
    by_id = {each.decision.id: each for each in named}
    missed = {each.decision.id for each in waiting}
    return {
        "format": FORMAT,
        "plan": {
            "code": plan.code,
            "title": plan.title,
            "first_year": plan.first_year,
            "years": plan.years,
            "foreword": plan.foreword,
        },
        "objectives": [
            {
                "key": objective.id,
                "number": number,
                "title": objective.title,
                "text": objective.text,
                "owner": objective.owner,
                "measures": [_measure(row) for row in rows.measures[objective.id]],
                "priorities": [_taken(row, by_id, sources) for row in rows.priorities[objective.id]],
            }
            for number, objective in enumerate(rows.objectives, start=1)
        ],
        "not_adopted": _most_named_first(
            [
                line_of(each, sources)
                for each in named
                if each.decision.outcome is Outcome.NOT_ADOPTED and each.decision.id not in rows.taken
            ]
        ),
        "in_no_objective": _most_named_first(
            [line_of(each, sources) for each in named if each.decision.id in missed]
        ),
        "synthetic": any(each.consultation.synthetic for each in named),
        "disclosure": {"threshold": threshold, "rule": str(disclosure.rule(threshold))},
    }


def _most_named_first(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines in order of what is shown of them: the order must not tell what is withheld."""
    return sorted(lines, key=lambda line: (as_told(line["mentions"]), line["priority"]))


def _measure(row: PlanMeasure) -> dict[str, Any]:
    return {"key": row.id, "text": row.text, "target": row.target}


def _taken(row: PlanPriority, by_id: Mapping[int, Named], sources: Sources) -> dict[str, Any]:
    return line_of(by_id[row.decision_id], sources, row.wording)


def _question(asked: Asked, sources: Sources) -> dict[str, Any]:
    return {
        "questionnaire": asked.questionnaire,
        "version": asked.number,
        "version_digest": asked.digest,
        "question": asked.question,
        "text": sources.wordings.get((asked.version_id, asked.question), ""),
    }
