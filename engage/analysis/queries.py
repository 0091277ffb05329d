"""Reads of the analysis: snapshots, tallies over them, what is new since, and own-words texts to code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis import evidence
from engage.analysis.evidence import Range
from engage.analysis.manifests import from_json
from engage.analysis.models import Coding, EvidenceSnapshot
from engage.analysis.parquet import connect
from engage.analysis.snapshots import ensure_files
from engage.analysis.tallies import Summary, open_evidence, summary
from engage.foundations.settings import Settings
from engage.questionnaires.queries import priorities
from engage.responses.models import Response, ResponseRevision

TOP = 5
PAGE = 20
TextKey: TypeAlias = tuple[int, str, int]
"""A place of an own-words text: response, question, slot."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A priority in somebody's own words as it reads now. Nothing tells where its author lives."""

    response_id: int
    question: str
    slot: int
    text: str
    why: str
    what: str
    text_digest: str
    coded: bool
    priority_code: str | None


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


def is_behind(session: Session, snapshot: EvidenceSnapshot, now: datetime) -> bool:
    """Tell whether responses have come or changed, or texts been coded, since the snapshot."""
    manifest = from_json(snapshot.manifest)
    known = manifest.watched_through
    filled = evidence.present_ids(session, [hole.span for hole in manifest.young_holes(now)])
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


def tally(session: Session, *, snapshot: EvidenceSnapshot, folder: Path) -> Summary:
    """Return the tally of the consultation's question for priorities as it stood in the snapshot.

    Files of the snapshot that are missing on this machine are made again first.
    """
    manifest, place = ensure_files(session, snapshot=snapshot, folder=folder)
    return summary(manifest, place, manifest.question)


def framework_labels(session: Session, framework_id: int) -> dict[str, str]:
    """Return the labels of a framework's priorities by code, in their published order."""
    return {priority.code: priority.label for priority in priorities(session, framework_id)}


def own_words(session: Session, keys: Sequence[TextKey]) -> list[OwnWords]:
    """Return the texts at these places (response, question, slot) as they read now, in the order asked.

    A place where nothing is to be read any more is left out.
    """
    ids = {response_id for response_id, _, _ in keys}
    answers = _answers(session, ids)
    codings = {
        (coding.response_id, coding.question_code, coding.slot): coding
        for coding in session.scalars(select(Coding).where(Coding.response_id.in_(ids)))
    }
    found = (_own_words(key, answers.get(key[0], {}), codings.get(key)) for key in keys)
    return [text for text in found if text is not None]


def texts_to_code(
    session: Session, *, snapshot: EvidenceSnapshot, folder: Path, page: int
) -> tuple[list[OwnWords], int]:
    """Return a page of own-words texts not yet coded, and how many there are.

    Their order is as good as random and always the same, so that nobody codes by who answered when.
    """
    manifest, place = ensure_files(session, snapshot=snapshot, folder=folder)
    if not manifest.segments:
        return [], 0
    values: dict[str, Any] = {"skipped": _coded_since(session, snapshot)}
    with connect() as connection:
        open_evidence(connection, manifest, place)
        total = connection.execute(f"SELECT count(*) {_WAITING}", values).fetchone()
        keys = connection.execute(
            f"SELECT response, question, slot {_WAITING} "
            f"ORDER BY md5({_KEY}), response, slot LIMIT $size OFFSET $start",
            values | {"size": PAGE, "start": PAGE * (page - 1)},
        ).fetchall()
    return own_words(session, keys), int(total[0]) if total else 0


def texts_coded(session: Session, *, consultation_id: int, page: int) -> tuple[list[OwnWords], int]:
    """Return a page of own-words texts that have been coded, the last first, and how many there are."""
    mine = (
        select(Coding.response_id, Coding.question_code, Coding.slot)
        .join(Response, Response.id == Coding.response_id)
        .where(Response.consultation_id == consultation_id)
    )
    total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    ordered = mine.order_by(Coding.coded_at.desc(), Coding.id.desc())
    keys = session.execute(ordered.limit(PAGE).offset(PAGE * (page - 1))).all()
    return own_words(session, [(row[0], row[1], row[2]) for row in keys]), total


_KEY = "(response || ':' || question || ':' || slot || ':' || text_digest)"
# A text coded after the snapshot waits no more, though the snapshot does not know it yet.
_WAITING = f"FROM texts WHERE NOT is_coded AND NOT list_contains($skipped::VARCHAR[], {_KEY})"


def _coded_since(session: Session, snapshot: EvidenceSnapshot) -> list[str]:
    rows = session.execute(
        select(Coding.response_id, Coding.question_code, Coding.slot, Coding.text_digest)
        .join(Response, Response.id == Coding.response_id)
        .where(Response.consultation_id == snapshot.consultation_id, Coding.coded_at >= snapshot.made_at)
        .order_by(Coding.id)
    )
    return [":".join(map(str, row)) for row in rows]


def _own_words(key: TextKey, answers: dict[str, Any], coding: Coding | None) -> OwnWords | None:
    response_id, question, slot = key
    items = answers.get(question, {}).get("items", ())
    if len(items) < slot:
        return None
    item = items[slot - 1]
    digest = evidence.text_digest(item["priority"])
    coded = coding is not None and coding.text_digest == digest
    return OwnWords(
        response_id,
        question,
        slot,
        text=item["priority"],
        why=item.get("why", ""),
        what=item.get("what", ""),
        text_digest=digest,
        coded=coded,
        priority_code=coding.priority_code if coding is not None and coded else None,
    )


def _answers(session: Session, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the answers of the last revision of each response; none for a withdrawn one."""
    last = (
        select(ResponseRevision.response_id, func.max(ResponseRevision.number).label("number"))
        .where(ResponseRevision.response_id.in_(ids))
        .group_by(ResponseRevision.response_id)
        .subquery()
    )
    same = (ResponseRevision.response_id == last.c.response_id) & (ResponseRevision.number == last.c.number)
    rows = session.execute(select(ResponseRevision.response_id, ResponseRevision.answers).join(last, same))
    return {response_id: answers or {} for response_id, answers in rows}
