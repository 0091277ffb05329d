"""Making a bundle: read outside the transaction that writes it down, and kept as a file of the instance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.consultations.models import Consultation
from engage.consultations.service import hold
from engage.evidence_file.bundle import Part, write
from engage.evidence_file.chain import File, Head
from engage.evidence_file.contents import parts
from engage.evidence_file.index import SHOWN, page
from engage.evidence_file.models import EvidenceBundle
from engage.evidence_file.queries import find_last
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused

FOLDER = "bundles"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A bundle that is written and not yet in the books."""

    head: Head
    digest: str
    file: Path


def bundle_file(instance: Path, consultation_id: int, digest: str) -> Path:
    """Return where a bundle lies in an instance."""
    return instance / FOLDER / str(consultation_id) / f"{digest}.zip"


def prepare(
    session: Session,
    *,
    now: datetime,
    consultation: Consultation,
    instance: Path,
    folder: Path,
    threshold: int,
) -> Prepared:
    """Write the next bundle of a consultation as everything stands; it only reads the database.

    `folder` is the instance's evidence folder.
    """
    last = find_last(session, consultation.id)
    head = Head(
        slug=consultation.slug,
        title=consultation.title,
        number=last.number + 1 if last else 1,
        as_of=now.astimezone(UTC).isoformat(timespec="seconds"),
        previous_digest=last.digest if last else "",
    )
    place = bundle_file(instance, consultation.id, "").parent
    place.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place, suffix=".part", delete=False) as half:
        written = Path(half.name)
    try:
        seen: dict[str, Any] = {}
        content = _noting(parts(session, consultation, folder=folder, threshold=threshold), seen)
        digest = write(written, head, content, lambda files: _index(head, files, seen))
        kept = bundle_file(instance, consultation.id, digest)
        written.replace(kept)
    finally:
        written.unlink(missing_ok=True)
    return Prepared(head, digest, kept)


def record(
    session: Session, *, actor: str, now: datetime, consultation_id: int, prepared: Prepared
) -> EvidenceBundle:
    """Write a prepared bundle down, after the one that it names.

    Raises `Refused` where another was made meanwhile; its file is then of no use.
    """
    hold(session, consultation_id)
    last = find_last(session, consultation_id)
    if (last.digest if last else "") != prepared.head.previous_digest:
        if last is None or last.digest != prepared.digest:
            prepared.file.unlink(missing_ok=True)
        raise Refused(lazy("Somebody else made a bundle at the same moment. Look at that one first."))
    bundle = EvidenceBundle(
        consultation_id=consultation_id,
        number=prepared.head.number,
        digest=prepared.digest,
        previous_digest=prepared.head.previous_digest,
        made_by=actor,
        made_at=now,
    )
    session.add(bundle)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="bundle.made",
        subject=f"consultation:{prepared.head.slug}",
        at=now,
        details={"number": bundle.number, "digest": bundle.digest},
    )
    return bundle


def make(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation: Consultation,
    instance: Path,
    folder: Path,
    threshold: int,
) -> EvidenceBundle:
    """Prepare a bundle and write it down at once: where nobody waits for the write lock."""
    prepared = prepare(
        session, now=now, consultation=consultation, instance=instance, folder=folder, threshold=threshold
    )
    return record(session, actor=actor, now=now, consultation_id=consultation.id, prepared=prepared)


def _noting(content: Iterable[Part], seen: dict[str, Any]) -> Iterator[Part]:
    """Pass parts on, and keep what the page shows of them."""
    for part in content:
        if part.path in SHOWN:
            seen[part.path] = part.content
        yield part


def _index(head: Head, files: tuple[File, ...], seen: dict[str, Any]) -> Iterator[bytes]:
    return page(head, files, seen)
