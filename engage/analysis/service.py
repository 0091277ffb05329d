"""Verbs of the analysis: bring the evidence snapshot up to date, and code what people said.

Making a snapshot reads for as long as it takes and then writes one row. `prepare` does the reading, so that
on SQLite nobody has to hold the write lock meanwhile; `record` does the writing; `refresh` does both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.manifests import NOTHING, Manifest, from_json
from engage.analysis.models import Coding, EvidenceSnapshot
from engage.analysis.parquet import locked
from engage.analysis.queries import framework_labels, latest_snapshot, own_words
from engage.analysis.snapshots import count_responses, grow, restore
from engage.audit import service as audit
from engage.consultations.models import Consultation
from engage.foundations.inserts import insert_new
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.responses.models import Response


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


@dataclass(frozen=True, slots=True)
class Code:
    """What an officer read in a text they saw: a priority's code, or None for none of the framework.

    `text_digest` is of the text that was on their screen.
    """

    response_id: int
    question: str
    slot: int
    text_digest: str
    priority_code: str | None


def code_texts(
    session: Session,
    *,
    actor: str,
    person_id: int,
    consultation: Consultation,
    codes: Sequence[Code],
    now: datetime,
) -> int:
    """Keep the codes of own-words texts, in place of earlier ones, and return how many were kept.

    A text that its author has changed or withdrawn since it was shown is left uncoded. Raises `Refused`
    where a code is not of the consultation's framework or a response not of the consultation.
    """
    known = framework_labels(session, consultation.framework_id)
    if any(code.priority_code is not None and code.priority_code not in known for code in codes):
        raise Refused(lazy("Choose from the priorities of this consultation."))
    _refuse_strangers(session, consultation.id, {code.response_id for code in codes})
    read = {
        (text.response_id, text.question, text.slot): text.text_digest
        for text in own_words(session, [(code.response_id, code.question, code.slot) for code in codes])
    }
    kept = [
        code for code in codes if read.get((code.response_id, code.question, code.slot)) == code.text_digest
    ]
    for code in kept:
        _keep_code(session, code, person_id, now)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="texts.coded",
        subject=f"consultation:{consultation.slug}",
        at=now,
        details={"texts": len(kept), "none": sum(code.priority_code is None for code in kept)},
    )
    return len(kept)


def _keep_code(session: Session, code: Code, person_id: int, now: datetime) -> None:
    coding = session.scalars(
        select(Coding).where(
            Coding.response_id == code.response_id,
            Coding.question_code == code.question,
            Coding.slot == code.slot,
        )
    ).one_or_none()
    if coding is None:
        coding = Coding(response_id=code.response_id, question_code=code.question, slot=code.slot)
        session.add(coding)
    coding.priority_code = code.priority_code
    coding.text_digest = code.text_digest
    coding.coded_by = person_id
    coding.coded_at = now


def _refuse_strangers(session: Session, consultation_id: int, ids: set[int]) -> None:
    mine = session.scalars(
        select(Response.id).where(Response.consultation_id == consultation_id, Response.id.in_(ids))
    )
    if set(mine) != ids:
        raise Refused(lazy("These answers belong to another consultation."))
