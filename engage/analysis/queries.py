"""Reads of the analysis: snapshots, what is new since, and own-words texts to code."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis import evidence
from engage.analysis.evidence import Range
from engage.analysis.manifests import from_json
from engage.analysis.models import Coding, EvidenceSnapshot
from engage.foundations.settings import Settings
from engage.responses.models import Response


def evidence_folder(settings: Settings) -> Path:
    """Return the folder under which every consultation's evidence lies."""
    return settings.instance / "evidence"


def latest_snapshot(session: Session, consultation_id: int) -> EvidenceSnapshot | None:
    """Return the consultation's last snapshot, None where none has been made."""
    statement = (
        select(EvidenceSnapshot)
        .where(EvidenceSnapshot.consultation_id == consultation_id)
        .order_by(EvidenceSnapshot.made_at.desc(), EvidenceSnapshot.id.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def get_snapshot(session: Session, snapshot_id: int) -> EvidenceSnapshot:
    """Return a snapshot; raises `NoResultFound`."""
    return session.scalars(select(EvidenceSnapshot).where(EvidenceSnapshot.id == snapshot_id)).one()


def is_behind(session: Session, snapshot: EvidenceSnapshot) -> bool:
    """Tell whether responses have come or changed, or texts been coded, since the snapshot."""
    manifest = from_json(snapshot.manifest)
    known = manifest.watched_through
    filled = evidence.present_ids(session, [hole.span for hole in manifest.holes])
    later = Range(known, evidence.last_revision(session), late=filled)
    if (later.through > known or filled) and evidence.any_in(session, snapshot.consultation_id, later):
        return True
    coded = (
        select(func.max(Coding.coded_at))
        .select_from(Coding)
        .join(Response, Response.id == Coding.response_id)
        .where(Response.consultation_id == snapshot.consultation_id)
    )
    last: datetime | None = session.execute(coded).scalar()
    return last is not None and last > snapshot.made_at
