"""The trace, for everybody: from a priority to what became of it, and from a figure to what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.analysis import disclosure
from engage.analysis.disclosure import Cell
from engage.analysis.manifests import Asked, from_json
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import framework_labels, latest_snapshot, tally
from engage.analysis.results import Ranked, headline
from engage.analysis.tallies import Summary
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.plan_export.figures import as_told, beside
from engage.plan_export.models import Decision, DecisionProgress, DecisionReport, PlanVersion, PolicingPlan
from engage.plan_export.plans import content, queries
from engage.plan_export.plans.queries import Named
from engage.plan_export.rules import TOLD
from engage.questionnaires.models import QuestionnaireVersion


@dataclass(frozen=True, slots=True)
class Place:
    """Where the evidence lies, and the smallest count that may be shown."""

    folder: Path
    threshold: int


@dataclass(frozen=True, slots=True)
class InPlan:
    """An objective of a published plan that takes up a priority."""

    plan: PolicingPlan
    version: PlanVersion
    objective: Mapping[str, Any]
    line: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a priority. Without `line` nothing was decided on it; `named` is how many named it."""

    code: str
    label: str
    line: Mapping[str, Any] | None
    mentions: Cell
    base: Cell
    snapshot: EvidenceSnapshot
    plans: tuple[InPlan, ...]
    progress: tuple[DecisionProgress, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A snapshot as it may be shown: every priority's count, who was counted, what was asked."""

    consultation: Consultation
    snapshot: EvidenceSnapshot
    ranked: tuple[Ranked, ...]
    base: Cell
    responses: Cell
    asked: tuple[tuple[Asked, str], ...]
    reports: tuple[DecisionReport, ...]
    decided: Mapping[str, Mapping[str, Any]]


def get_told(session: Session, slug: str) -> Consultation:
    """Return a consultation whose decisions are public; raises `NoResultFound`."""
    consultation = get_consultation(session, slug)
    if consultation.state not in TOLD:
        raise NoResultFound
    return consultation


def all_became(session: Session, consultation: Consultation, place: Place) -> tuple[Became, ...]:
    """Return what became of every priority asked, and of each theme decided on, the most named first."""
    decided = _decided(session, consultation, place)
    return tuple(sorted([*decided, *_undecided(session, consultation, decided, place)], key=_order))


def became(session: Session, consultation: Consultation, code: str, place: Place) -> Became:
    """Return what became of one priority; raises `NoResultFound`. Nothing is counted for one decided on."""
    decided = _decided(session, consultation, place)
    found = next((each for each in decided if each.code == code), None)
    if found is not None:
        return found
    for each in _undecided(session, consultation, decided, place):
        if each.code == code:
            return each
    raise NoResultFound


def _decided(session: Session, consultation: Consultation, place: Place) -> list[Became]:
    named = queries.named_decisions(session, consultation_ids=[consultation.id])
    sources = content.sources_of(session, named, place.threshold)
    plans, progress = in_plans(session, consultation.slug), _progress(session, consultation.id)
    return [
        Became(
            code=each.decision.priority_code,
            label=each.label,
            line=content.line_of(each, sources),
            mentions=sources.figures[each.decision.id].mentions,
            base=sources.figures[each.decision.id].base,
            snapshot=sources.snapshots[each.decision.snapshot_id],
            plans=plans.get(each.decision.priority_code, ()),
            progress=progress.get(each.decision.id, ()),
        )
        for each in named
    ]


def _undecided(
    session: Session, consultation: Consultation, decided: Sequence[Became], place: Place
) -> list[Became]:
    """Return every other priority asked, with the figures of the count that was decided from.

    A later count would differ from it by a few responses, and the difference would tell what they said.
    """
    named = {each.snapshot.id: each.snapshot for each in decided}
    snapshot = named[max(named)] if named else latest_snapshot(session, consultation.id)
    if snapshot is None:
        return []
    labels = framework_labels(session, consultation.framework_id)
    counted = tally(session, snapshot=snapshot, folder=place.folder)
    base = disclosure.protect_alone(counted.base, place.threshold)
    own = {each.code: each.mentions for each in decided if each.snapshot.id == snapshot.id}
    cells = beside(counted, labels, own, place.threshold)
    known = {each.code for each in decided}
    return [
        Became(code, label, None, cells[code], base, snapshot, (), ())
        for code, label in labels.items()
        if code not in known
    ]


def counted_in(session: Session, consultation: Consultation, digest: str, place: Place) -> Counted:
    """Return what a snapshot counted, by its digest; raises `NoResultFound`.

    Only what decisions or their reports name is shown: others differ from those by a few responses, and
    the difference of two counts would tell what they said.
    """
    snapshot = session.scalars(
        select(EvidenceSnapshot).where(
            EvidenceSnapshot.consultation_id == consultation.id, EvidenceSnapshot.digest == digest
        )
    ).one()
    reports = tuple(
        session.scalars(
            select(DecisionReport)
            .where(DecisionReport.snapshot_id == snapshot.id)
            .order_by(DecisionReport.number)
        )
    )
    named = queries.named_decisions(session, consultation_ids=[consultation.id])
    own = [each for each in named if each.decision.snapshot_id == snapshot.id]
    if not own:
        raise NoResultFound
    labels = framework_labels(session, consultation.framework_id)
    summary = tally(session, snapshot=snapshot, folder=place.folder)
    sources = content.sources_of(session, named, place.threshold)
    decided = {each.decision.priority_code: content.line_of(each, sources) for each in own}
    asked = from_json(snapshot.manifest).asked
    words = content.wordings(session, asked)
    return Counted(
        consultation,
        snapshot,
        _as_told(summary, labels, own, sources, place.threshold),
        disclosure.protect_alone(summary.base, place.threshold),
        _responses(summary, place.threshold),
        tuple((one, words.get((one.version_id, one.question), one.question)) for one in asked),
        reports,
        decided,
    )


def question_asked(
    session: Session, consultation: Consultation, questionnaire: str, number: int, code: str
) -> tuple[Asked, QuestionnaireVersion, Mapping[str, Any]]:
    """Return a question behind the figures as that version put it, word for word; raises `NoResultFound`."""
    rows = session.scalars(
        select(EvidenceSnapshot)
        .join(Decision, Decision.snapshot_id == EvidenceSnapshot.id)
        .where(Decision.consultation_id == consultation.id)
        .order_by(EvidenceSnapshot.id)
    ).unique()
    found = next(
        (
            one
            for snapshot in rows
            for one in from_json(snapshot.manifest).asked
            if (one.questionnaire, one.number, one.question) == (questionnaire, number, code)
        ),
        None,
    )
    version = session.get(QuestionnaireVersion, found.version_id) if found else None
    if found is None or version is None:
        raise NoResultFound
    for page in version.definition["pages"]:
        for question in page.get("questions", ()):
            if question["code"] == code:
                return found, version, question
    raise NoResultFound


def _as_told(
    summary: Summary,
    labels: Mapping[str, str],
    own: list[Named],
    sources: content.Sources,
    threshold: int,
) -> tuple[Ranked, ...]:
    """Return the ranking with the figures of decisions as they are shown everywhere else."""
    decided = {each.decision.priority_code: sources.figures[each.decision.id].mentions for each in own}
    cells = beside(summary, labels, decided, threshold)
    base = disclosure.protect_alone(summary.base, threshold)
    lines = [
        Ranked(None, code, label, cells[code], disclosure.share(cells[code], base))
        for code, label in labels.items()
    ]
    return tuple(sorted(lines, key=lambda line: as_told(line.mentions.count)))


def _responses(summary: Summary, threshold: int) -> Cell:
    return headline(summary, threshold).respondents


def _order(each: Became) -> tuple[int, str]:
    return as_told(each.mentions.count), each.label


def in_plans(session: Session, slug: str) -> dict[str, tuple[InPlan, ...]]:
    """Return the objectives of published plans that take up what was decided, by priority."""
    found: dict[str, tuple[InPlan, ...]] = {}
    for plan, version in queries.published_now(session):
        for objective in version.content["objectives"]:
            for line in objective["priorities"]:
                if line["consultation"]["slug"] == slug:
                    one = InPlan(plan, version, objective, line)
                    found[line["code"]] = (*found.get(line["code"], ()), one)
    return found


def _progress(session: Session, consultation_id: int) -> dict[int, tuple[DecisionProgress, ...]]:
    found: dict[int, tuple[DecisionProgress, ...]] = {}
    for row in session.scalars(
        select(DecisionProgress)
        .join(Decision, Decision.id == DecisionProgress.decision_id)
        .where(Decision.consultation_id == consultation_id)
        .order_by(DecisionProgress.said_at.desc(), DecisionProgress.id.desc())
    ):
        found[row.decision_id] = (*found.get(row.decision_id, ()), row)
    return found
