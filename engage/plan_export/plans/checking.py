"""A digest that somebody read on paper: which of our documents it is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.models import EvidenceSnapshot
from engage.consultations.models import Consultation
from engage.plan_export.models import Decision, DecisionReport, PlanVersion, PolicingPlan
from engage.plan_export.plans.publishing import is_intact
from engage.plan_export.rules import TOLD, Subject


class Kind(StrEnum):
    """What a digest can be of."""

    PLAN = "plan"
    REPORT = "report"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Found:
    """A document of ours: whether everybody may read it, and the number of a newer one published since."""

    kind: Kind
    title: str
    code: str
    number: int
    digest: str
    made_at: datetime
    snapshot: str = ""
    public: bool = False
    intact: bool = True
    newer: int | None = None


def find(session: Session, beginning: str) -> tuple[Found, ...]:
    """Return every document of ours whose digest begins so: plans, then reports, then snapshots."""
    shown = _decided_from(session)
    return (
        *_plans(session, beginning),
        *_reports(session, beginning, shown),
        *_snapshots(session, beginning, shown),
    )


def _plans(session: Session, beginning: str) -> list[Found]:
    rows = session.execute(
        select(PolicingPlan, PlanVersion)
        .join(PlanVersion, PlanVersion.plan_id == PolicingPlan.id)
        .where(PlanVersion.digest.startswith(beginning, autoescape=True))
        .order_by(PlanVersion.id)
    ).all()
    return [
        Found(
            Kind.PLAN,
            version.content["plan"]["title"],
            plan.code,
            version.number,
            version.digest,
            version.made_at,
            public=version.published_at is not None,
            intact=is_intact(version),
            newer=_newer(session, version),
        )
        for plan, version in rows
    ]


def _newer(session: Session, version: PlanVersion) -> int | None:
    return session.scalar(
        select(PlanVersion.number)
        .where(
            PlanVersion.plan_id == version.plan_id,
            PlanVersion.number > version.number,
            PlanVersion.published_at.is_not(None),
        )
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )


def _reports(session: Session, beginning: str, shown: frozenset[int]) -> list[Found]:
    rows = session.execute(
        select(DecisionReport, Consultation, EvidenceSnapshot)
        .join(Consultation, Consultation.id == DecisionReport.consultation_id)
        .join(EvidenceSnapshot, EvidenceSnapshot.id == DecisionReport.snapshot_id)
        .where(DecisionReport.digest.startswith(beginning, autoescape=True))
        .order_by(DecisionReport.id)
    ).all()
    return [
        Found(
            Kind.REPORT,
            consultation.title,
            consultation.slug,
            report.number,
            report.digest,
            report.made_at,
            snapshot=snapshot.digest,
            public=consultation.state in TOLD and snapshot.id in shown,
        )
        for report, consultation, snapshot in rows
    ]


def _snapshots(session: Session, beginning: str, shown: frozenset[int]) -> list[Found]:
    rows = session.execute(
        select(EvidenceSnapshot, Consultation)
        .join(Consultation, Consultation.id == EvidenceSnapshot.consultation_id)
        .where(EvidenceSnapshot.digest.startswith(beginning, autoescape=True))
        .order_by(EvidenceSnapshot.id)
    ).all()
    return [
        Found(
            Kind.SNAPSHOT,
            consultation.title,
            consultation.slug,
            0,
            snapshot.digest,
            snapshot.made_at,
            snapshot=snapshot.digest,
            public=consultation.state in TOLD and snapshot.id in shown,
        )
        for snapshot, consultation in rows
    ]


def _decided_from(session: Session) -> frozenset[int]:
    """Return the ids of the snapshots that decisions were taken from: those whose counts are shown."""
    statement = select(Decision.snapshot_id).where(Decision.subject == Subject.PRIORITY).distinct()
    return frozenset(session.scalars(statement.order_by(Decision.snapshot_id)))
