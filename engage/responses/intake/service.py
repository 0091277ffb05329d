"""Taking a file of responses in: all of it or nothing, and the same content once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.consultations import service as consultations
from engage.consultations.models import Instrument
from engage.foundations.database import is_sqlite
from engage.foundations.language import lazy, moment
from engage.foundations.refusals import Refused
from engage.foundations.tokens import keyed_hash
from engage.responses.intake.queries import find_imported
from engage.responses.intake.rules import refuse_importing
from engage.responses.intake.trying import Read
from engage.responses.models import Channel, ImportedFile, RevisionKind
from engage.responses.paper.rules import received
from engage.responses.rules import received_hour
from engage.responses.storing import revision, store_rows

AT_ONCE = 500


def import_file(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation_id: int,
    instrument_id: int,
    version_id: int,
    channel: Channel,
    name: str,
    digest: str,
    mapping: Mapping[str, Any],
    responses: Sequence[Read],
) -> int:
    """Store every response of a file and return how many they are.

    Raises `Refused`, and stores nothing, where the consultation takes none now and where the same content was
    imported for the same instrument before, also by somebody else at this very moment.
    """
    consultation = consultations.hold(session, consultation_id)
    refuse_importing(consultation.state)
    # One of its own, or a mistake of the caller's.
    session.scalars(
        select(Instrument.id).where(
            Instrument.id == instrument_id, Instrument.consultation_id == consultation_id
        )
    ).one()
    if not responses:
        raise Refused(lazy("There is no response in this file."))
    refuse_again(session, instrument_id=instrument_id, digest=digest)
    _note_file(
        session,
        instrument_id=instrument_id,
        version_id=version_id,
        digest=digest,
        name=name,
        mapping=dict(mapping),
        responses=len(responses),
        imported_by=actor,
        imported_at=now,
    )
    shared = {
        "consultation_id": consultation_id,
        "instrument_id": instrument_id,
        "version_id": version_id,
        "channel": channel,
        "received_at": received_hour(received(now, consultation.closed_at or consultation.closes_at)),
        "synthetic": False,
        "late": False,
    }
    for chunk in _chunks(responses):
        _insert(session, chunk, shared, f"{instrument_id}\0{digest}")
    details = {"file": name, "instrument_id": instrument_id, "version_id": version_id, "digest": digest}
    counted = {"responses": len(responses), "channel": channel.value}
    consultations.note(
        session, actor, now, consultation, action="responses.imported", details=details | counted
    )
    return len(responses)


def refuse_again(session: Session, *, instrument_id: int, digest: str) -> None:
    """Raise `Refused`, saying when it was, where this content was imported for the instrument before."""
    before = find_imported(session, instrument_id, digest)
    if before is not None:
        sentence = lazy(
            "This file was imported on %(when)s by %(who)s (%(responses)s responses). Nothing was changed.",
            when=moment(before.imported_at),
            who=before.imported_by,
            responses=f"{before.responses:,}",
        )
        raise Refused(sentence, "file")


def _note_file(session: Session, **values: Any) -> None:
    """Write the file down; raises `Refused` where somebody else did so at the same moment."""
    kind = sqlite if is_sqlite(session) else postgresql
    statement = (
        kind.insert(ImportedFile)
        .on_conflict_do_nothing(index_elements=["instrument_id", "digest"])
        .returning(ImportedFile.id)
    )
    # Where another transaction has written it down, this waits until that one has ended.
    if session.execute(statement, values).scalar_one_or_none() is None:
        refuse_again(session, instrument_id=values["instrument_id"], digest=values["digest"])


def _chunks(responses: Sequence[Read]) -> Iterator[Sequence[Read]]:
    for start in range(0, len(responses), AT_ONCE):
        yield responses[start : start + AT_ONCE]


def _insert(session: Session, chunk: Sequence[Read], shared: Mapping[str, Any], file: str) -> None:
    rows = []
    for one in chunk:
        key = keyed_hash(f"{file}\0{one.row}", "imported-row")
        response = {
            **shared,
            "area_code": one.area_code,
            "group_id": one.group_id,
            "submission_key": key,
        }
        rows.append((response, [revision(RevisionKind.SUBMITTED, one.answers)]))
    store_rows(session, rows)
