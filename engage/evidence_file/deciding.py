"""The middle of a bundle: what the answers came to, what was decided on them, and the plan that followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.disclosure import protect_alone
from engage.analysis.manifests import canonical
from engage.analysis.models import EvidenceSnapshot
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.evidence_file.actors import Actors
from engage.evidence_file.asking import plain
from engage.evidence_file.bundle import Part, document
from engage.foundations.clock import in_london
from engage.plan_export.deciding import gates, progress, reports
from engage.plan_export.deciding.report_content import compose
from engage.plan_export.models import Decision, DecisionReport, PlanVersion, PolicingPlan
from engage.plan_export.queries import label_of

# Before the answers have been read, figures are the officers' own.
TOLD = frozenset({State.ANALYSED, State.DECIDED, State.FED_BACK})


def decided(
    session: Session, consultation: Consultation, actors: Actors, folder: Path, threshold: int
) -> Iterator[Part]:
    """Yield the files of what was counted and decided."""
    snapshots = list(
        session.scalars(
            select(EvidenceSnapshot)
            .where(EvidenceSnapshot.consultation_id == consultation.id)
            .order_by(EvidenceSnapshot.id)
        )
    )
    made = reports.all_of(session, consultation.id)[::-1]
    digests = {each.id: each.digest for each in snapshots}
    counted = [_snapshot(each, threshold) for each in snapshots]
    yield document("snapshots.json", "The evidence as it was counted, with its digests", counted)
    for report in made:
        # The very text that the report's own digest is of.
        title = f"Report {report.number}: results and methods, as it was read"
        yield Part(f"reports/report-{report.number}.json", title, (reports.text_of(report),))
    readings = _reports(session, made, digests, actors)
    yield document("reports.json", "Reports, their digests, and when they were read", readings)
    if (
        snapshots
        and consultation.state in TOLD
        and snapshots[-1].id not in {each.snapshot_id for each in made}
    ):
        latest = compose(session, consultation=consultation, folder=folder, threshold=threshold)
        yield document("results.json", "The latest results", latest)
    decisions = list(
        session.scalars(
            select(Decision).where(Decision.consultation_id == consultation.id).order_by(Decision.id)
        )
    )
    lines = _decisions(session, consultation, decisions, digests, {each.id: each for each in made}, threshold)
    yield document("decisions.json", "Decisions, with their figures and reasons", lines)
    yield document("gates.json", "What deciding asks first, and exceptions", _gates(session, consultation))
    yield document("progress.json", "What became of the decisions", _progress(session, decisions, actors))
    yield from _plans(session, consultation.slug)


def _snapshot(snapshot: EvidenceSnapshot, threshold: int) -> dict[str, Any]:
    """A snapshot with what its digest is made of.

    Where a digest is of so few rows that trying every possible answer would find them, it is left out.
    """
    evidence = snapshot.manifest["evidence"]
    rows = [evidence["codings"]["rows"], *(each["revisions"]["rows"] for each in evidence["segments"])]
    few = any(0 < count < threshold for count in rows)
    return {
        "digest": snapshot.digest,
        "made_at": plain(snapshot.made_at),
        "responses": protect_alone(snapshot.responses, threshold).count,
        "evidence": None if few else evidence,
    }


def _reports(
    session: Session, made: Sequence[DecisionReport], digests: dict[int, str], actors: Actors
) -> list[dict[str, Any]]:
    read = reports.readings(session, [each.id for each in made])
    return [
        {
            "number": report.number,
            "digest": report.digest,
            "snapshot": digests[report.snapshot_id],
            "made_at": plain(report.made_at),
            "made_on": in_london(report.made_at).date().isoformat(),
            "by": actors.of(report.made_by),
            "readings": [
                {"reader": actors.of_reader(each.reader), "read_on": plain(each.read_on)}
                for each in read
                if each.report_id == report.id
            ],
        }
        for report in made
    ]


def _decisions(
    session: Session,
    consultation: Consultation,
    decisions: Sequence[Decision],
    digests: dict[int, str],
    made: dict[int, DecisionReport],
    threshold: int,
) -> list[dict[str, Any]]:
    found = []
    for each in decisions:
        base = protect_alone(each.base, threshold).count
        report = made.get(each.report_id or 0)
        found.append(
            {
                "code": each.priority_code,
                "subject": each.subject.value,
                "label": label_of(session, consultation, each),
                "outcome": each.outcome.value,
                "reason": each.reason,
                "owner": each.owner,
                "equality_note": each.equality_note,
                "decision_maker": each.decision_maker,
                "decided_on": plain(each.decided_on),
                "mentions": None if base is None else protect_alone(each.mentions, threshold).count,
                "base": base,
                "snapshot": digests[each.snapshot_id],
                "report": report.number if report else None,
            }
        )
    return found


def _gates(session: Session, consultation: Consultation) -> list[dict[str, Any]]:
    """How each gate stands. Who signed an exception is named on the public page of decisions, not here."""
    return [
        {
            "gate": each.gate.value,
            "name": str(each.name),
            "passed": each.passed,
            "met": [str(sentence) for sentence in each.met],
            "missing": [str(sentence) for sentence in each.missing],
            "exception": each.exception
            and {"reason": each.exception.reason, "signed_at": plain(each.exception.signed_at)},
        }
        for each in gates.standing(session, consultation.id)
    ]


def _progress(session: Session, decisions: Sequence[Decision], actors: Actors) -> list[dict[str, Any]]:
    told = progress.of(session, [each.id for each in decisions])
    return [
        {
            "code": decision.priority_code,
            "standing": each.standing.value,
            "said": each.said,
            "at": plain(each.said_at),
            "by": actors.of(each.said_by),
        }
        for decision in decisions
        for each in told.get(decision.id, ())
    ]


def _plans(session: Session, slug: str) -> Iterator[Part]:
    """Yield the published versions of plans that carry a line of this consultation."""
    published = session.execute(
        select(PolicingPlan.code, PlanVersion)
        .join(PlanVersion, PlanVersion.plan_id == PolicingPlan.id)
        .where(PlanVersion.published_at.is_not(None))
        .order_by(PolicingPlan.code, PlanVersion.number)
        .execution_options(yield_per=10)
    )
    carrying = []
    for code, version in published:
        if not _mentions(version.content, slug):
            continue
        path = f"plans/{code}-v{version.number}.json"
        carrying.append(
            {
                "plan": code,
                "number": version.number,
                "digest": version.digest,
                "published_at": plain(version.published_at),
                "file": path,
            }
        )
        yield Part(
            path, f"Policing plan {code}, version {version.number}", (canonical(version.content).encode(),)
        )
    yield document("plans.json", "Published plans that carry these decisions", carrying)


def _mentions(content: Any, slug: str) -> bool:
    """Tell whether some line anywhere in a plan's content is of this consultation."""
    if isinstance(content, dict):
        of = content.get("consultation")
        return (isinstance(of, dict) and of.get("slug") == slug) or any(
            _mentions(each, slug) for each in content.values()
        )
    return isinstance(content, list) and any(_mentions(each, slug) for each in content)
