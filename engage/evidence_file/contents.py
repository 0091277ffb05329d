"""Everything that a bundle holds, in order. It reads only, and names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.evidence_file.actors import Actors
from engage.evidence_file.asking import asked
from engage.evidence_file.bundle import Part
from engage.evidence_file.deciding import decided
from engage.evidence_file.telling import told


def parts(session: Session, consultation: Consultation, *, folder: Path, threshold: int) -> Iterator[Part]:
    """Yield the files of a consultation's bundle. `folder` is the instance's evidence folder.

    Each is read when it is written; the log in pieces, so that memory does not grow with it.
    """
    actors = Actors(session)
    yield from asked(session, consultation, actors, threshold)
    yield from decided(session, consultation, actors, folder, threshold)
    yield from told(session, consultation, actors, folder, threshold)
