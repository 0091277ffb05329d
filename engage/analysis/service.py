"""Verbs of the analysis: bring the evidence snapshot up to date, and code what people said.

Making a snapshot reads for as long as it takes and then writes one row. `prepare` does the reading, so that
on SQLite nobody has to hold the write lock meanwhile; `record` does the writing; `refresh` does both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.manifests import NOTHING, Manifest, from_json
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.parquet import locked
from engage.analysis.queries import latest_snapshot
from engage.analysis.snapshots import count_responses, grow, restore
from engage.consultations.models import Consultation
from engage.foundations.inserts import insert_new


class EvidenceChanged(Exception):
    """A snapshot's files are gone, and the database no longer has the rows that its digest names."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A snapshot whose files are written. `fresh`: it differs from the latest that is recorded."""

    consultation_id: int
    manifest: Manifest
    responses: int
    fresh: bool


def refresh(session: Session, *, consultation: Consultation, now: datetime, folder: Path) -> EvidenceSnapshot:
    """Return the snapshot of the evidence as it is now; the latest one where nothing is new.

    `folder` is the instance's `evidence` folder.
    """
    prepared = prepare(
        session, consultation_id=consultation.id, name=consultation.slug, now=now, folder=folder
    )
    return record(session, prepared=prepared, now=now)


def prepare(session: Session, *, consultation_id: int, name: str, now: datetime, folder: Path) -> Prepared:
    """Write the files of the consultation's evidence as it is now. Reads the database only.

    Two processes take turns; the second finds what the first has written.
    """
    place = folder / str(consultation_id)
    with locked(place):
        latest = latest_snapshot(session, consultation_id)
        manifest = None if latest is None else from_json(latest.manifest)
        if manifest is not None and not restore(session, consultation_id, manifest, place):
            manifest = None
        start = manifest or Manifest(name, (), NOTHING, (), 0, ())
        grown = grow(session, consultation_id, start, now, place)
        if latest is not None and grown.digest == latest.digest:
            return Prepared(consultation_id, grown, latest.responses, fresh=False)
        return Prepared(consultation_id, grown, count_responses(grown, place), fresh=True)


def record(session: Session, *, prepared: Prepared, now: datetime) -> EvidenceSnapshot:
    """Store the snapshot that was prepared, once, and return it."""
    manifest = prepared.manifest
    row = {
        "consultation_id": prepared.consultation_id,
        "digest": manifest.digest,
        "manifest": manifest.as_json(),
        "through": manifest.through,
        "responses": prepared.responses,
        "made_at": now,
    }
    if prepared.fresh:
        insert_new(session, EvidenceSnapshot, [row], conflict=("consultation_id", "digest"))
    snapshot = session.scalars(
        select(EvidenceSnapshot).where(
            EvidenceSnapshot.consultation_id == prepared.consultation_id,
            EvidenceSnapshot.digest == manifest.digest,
        )
    ).one()
    if prepared.fresh:
        # Evidence that stands again as it once stood is the latest again.
        snapshot.made_at = now
    # Where to look next moves on even when nothing new was found; the digest knows nothing of it.
    snapshot.manifest = manifest.as_json()
    session.flush()
    return snapshot


def ensure_files(session: Session, *, snapshot: EvidenceSnapshot, folder: Path) -> None:
    """Make the snapshot's files again where they are missing on this machine.

    Raises `EvidenceChanged` where the database no longer has what the digests name.
    """
    manifest = from_json(snapshot.manifest)
    place = folder / str(snapshot.consultation_id)
    if all((place / name).exists() for name in manifest.files):
        return
    with locked(place):
        if not restore(session, snapshot.consultation_id, manifest, place):
            raise EvidenceChanged(snapshot.digest)
