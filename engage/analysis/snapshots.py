"""Growing a snapshot from the database, and making its files again where they are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from engage.analysis import evidence
from engage.analysis.evidence import Range
from engage.analysis.manifests import (
    SEGMENT_ROWS,
    Asked,
    Content,
    Hole,
    Manifest,
    Segment,
    Span,
    from_json,
    without,
)
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.parquet import CODINGS, PICKS, REVISIONS, Lines, connect, locked, read_files


class EvidenceChanged(Exception):
    """A snapshot's files are gone, and the database no longer has the rows that its digests name."""


def grow(session: Session, consultation_id: int, manifest: Manifest, now: datetime, place: Path) -> Manifest:
    """Return `manifest` with all that has become visible since, its files written under `place`."""
    manifest = replace(manifest, codings=_codings(session, consultation_id, place))
    young = manifest.young_holes(now)
    through = max(evidence.last_revision(session), manifest.watched_through)
    if through == manifest.watched_through and not young:
        return manifest
    kept, tail = _parted(manifest.segments)
    after = tail.after if tail else manifest.through
    # First what is missing, then which holes are filled, then the rows: what commits in between stays
    # missing and is found the next time, and nothing is counted twice.
    missing = evidence.missing_ids(session, after, through)
    filled = evidence.present_ids(session, [hole.span for hole in young])
    missing = without(missing, filled)
    holes = _still_open(young, filled, missing, manifest.watched_through, now)
    fresh = Range(manifest.watched_through, through, late=filled)
    manifest = replace(manifest, watched_through=through, holes=holes)
    if not evidence.any_in(session, consultation_id, fresh):
        return manifest
    late = {*(tail.late if tail else ()), *(id for id in filled if id <= after)}
    chosen = Range(after, through, absent=missing, late=tuple(sorted(late)))
    segment, asked = _segment(session, consultation_id, chosen, manifest.asked, place)
    return replace(manifest, segments=(*kept, segment), asked=asked)


def restore(session: Session, consultation_id: int, manifest: Manifest, place: Path) -> bool:
    """Make the files of `manifest` that are missing; False where the database tells another story now."""
    for segment in manifest.segments:
        if all((place / name).exists() for name in segment.files):
            continue
        chosen = Range(segment.after, segment.through, segment.absent, segment.late)
        again, _ = _segment(session, consultation_id, chosen, manifest.asked, place)
        if again != segment:
            return False
    if (place / manifest.codings.file("codings")).exists():
        return True
    return _codings(session, consultation_id, place) == manifest.codings


def ensure_files(session: Session, *, snapshot: EvidenceSnapshot, folder: Path) -> tuple[Manifest, Path]:
    """Return the snapshot's manifest and the folder of its files, made again where they are missing here.

    Raises `EvidenceChanged` where the database no longer has what the digests name.
    """
    manifest = from_json(snapshot.manifest)
    place = folder / str(snapshot.consultation_id)
    if not all((place / name).exists() for name in manifest.files):
        with locked(place):
            if not restore(session, snapshot.consultation_id, manifest, place):
                raise EvidenceChanged(snapshot.digest)
    return manifest, place


def count_responses(manifest: Manifest, place: Path) -> int:
    """Return how many responses count: those whose last revision is not a withdrawal."""
    if not manifest.segments:
        return 0
    source = read_files(place, [segment.revisions.file("revisions") for segment in manifest.segments])
    last = f"SELECT arg_max(kind, number) AS last FROM {source} GROUP BY response"  # noqa: S608
    with connect() as connection:
        row = connection.execute(f"SELECT count(*) FROM ({last}) WHERE last <> 'withdrawn'").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _parted(segments: tuple[Segment, ...]) -> tuple[tuple[Segment, ...], Segment | None]:
    """Return the segments that stay, and the last one where it is small enough to be written anew."""
    if segments and segments[-1].revisions.rows < SEGMENT_ROWS:
        return segments[:-1], segments[-1]
    return segments, None


def _still_open(
    young: Sequence[Hole], filled: Sequence[int], missing: Sequence[Span], known: int, now: datetime
) -> tuple[Hole, ...]:
    """Return the holes to look at again: young ones not filled, and what is missing above `known`."""
    old = [Hole(span, hole.since) for hole in young for span in without((hole.span,), filled)]
    new = [Hole((max(first, known + 1), last), now) for first, last in missing if last > known]
    return (*old, *new)


def _segment(
    session: Session, consultation_id: int, chosen: Range, asked: Sequence[Asked], place: Path
) -> tuple[Segment, tuple[Asked, ...]]:
    """Write a segment's files; return it with all questions known by then, by version."""
    known: dict[int, tuple[Asked, ...]] = {}
    for question in asked:
        known[question.version_id] = (*known.get(question.version_id, ()), question)
    with Lines(place, "revisions", REVISIONS) as revisions, Lines(place, "picks", PICKS) as picks:
        for row in evidence.revisions(session, consultation_id, chosen):
            if row.version_id not in known:
                known[row.version_id] = evidence.questions_asked(session, row.version_id)
            revisions.add(evidence.revision_line(row))
            for line in evidence.pick_lines(row, known[row.version_id]):
                picks.add(line)
        segment = Segment(
            chosen.after, chosen.through, chosen.absent, chosen.late, revisions.keep(), picks.keep()
        )
    return segment, tuple(question for version in sorted(known) for question in known[version])


def _codings(session: Session, consultation_id: int, place: Path) -> Content:
    with Lines(place, "codings", CODINGS) as lines:
        for coding in evidence.codings(session, consultation_id):
            lines.add(coding)
        return lines.keep()
