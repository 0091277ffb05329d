"""What has been imported, and what a file may name: places and groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.models import Instrument
from engage.groups.models import Group
from engage.responses.intake.matching import plain
from engage.responses.models import ImportedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A file that was taken in."""

    name: str
    instrument: str
    responses: int
    imported_by: str
    imported_at: datetime


def imported_files(session: Session, consultation_id: int) -> list[Imported]:
    """Return the files imported into a consultation, the last first."""
    statement = (
        select(ImportedFile, Instrument.title)
        .join(Instrument, Instrument.id == ImportedFile.instrument_id)
        .where(Instrument.consultation_id == consultation_id)
        .order_by(ImportedFile.imported_at.desc(), ImportedFile.id.desc())
    )
    return [
        Imported(
            name=file.name,
            instrument=title,
            responses=file.responses,
            imported_by=file.imported_by,
            imported_at=file.imported_at,
        )
        for file, title in session.execute(statement)
    ]


def find_imported(session: Session, instrument_id: int, digest: str) -> ImportedFile | None:
    """Return the file with this content that was imported for the instrument, or None."""
    return session.scalars(
        select(ImportedFile).where(ImportedFile.instrument_id == instrument_id, ImportedFile.digest == digest)
    ).one_or_none()


def groups_by_name(session: Session) -> dict[str, int]:
    """Return the id of each group by its code and by its name, in small letters.

    A name that several groups have stands for none of them.
    """
    groups = session.execute(select(Group.id, Group.code, Group.name).order_by(Group.id)).all()
    times = Counter(plain(name) for _id, _code, name in groups)
    named = {plain(name): group_id for group_id, _code, name in groups if times[plain(name)] == 1}
    return named | {plain(code): group_id for group_id, code, _name in groups}
