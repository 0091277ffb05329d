"""Batches of forms and how far their typing is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Instrument
from engage.groups.models import Group
from engage.responses.models import Channel, PaperBatch, PaperForm
from engage.responses.paper.rules import Serial
from engage.responses.paper.sheets import NOTHING


@dataclass(frozen=True, slots=True)
class Progress:
    """The numbers of a batch's forms by how far they are; the others of its `forms` have not been typed.

    `waiting`: for the second typing. `nothing`: there was nothing on them to count.
    """

    forms: int
    waiting: Sequence[int] = ()
    different: Sequence[int] = ()
    nothing: Sequence[int] = ()
    counted: Sequence[int] = ()

    @property
    def typed(self) -> int:
        """How many were typed at least once."""
        return len(self.waiting) + len(self.different) + len(self.nothing) + len(self.counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch, with its questionnaire's name, its group and its progress."""

    id: int
    code: str
    consultation_id: int
    version_id: int
    title: str
    instrument: str
    group: str | None
    channel: Channel
    first_number: int
    last_number: int
    twice: bool
    made_by: str
    made_at: datetime
    progress: Progress

    def serial(self, number: int) -> Serial:
        """Return the serial of one of its forms."""
        return Serial(self.code, number)

    def has(self, number: int) -> bool:
        """Tell whether a form with this number belongs to it."""
        return self.first_number <= number <= self.last_number

    @property
    def next_number(self) -> int | None:
        """The first number that nobody has typed yet, None where there is none."""
        seen = {*self.progress.waiting, *self.progress.different}
        seen |= {*self.progress.nothing, *self.progress.counted}
        return next((n for n in range(self.first_number, self.last_number + 1) if n not in seen), None)


def batches(session: Session, consultation_id: int) -> list[Batch]:
    """Return the batches of a consultation, the newest first."""
    rows = session.execute(_listed(consultation_id)).all()
    progress = _progress(session, [batch for batch, _instrument, _group in rows])
    return [_batch(batch, instrument, group, progress) for batch, instrument, group in rows]


def get_batch(session: Session, consultation_id: int, code: str) -> Batch:
    """Return one batch of a consultation; raises `NoResultFound`."""
    chosen = _listed(consultation_id).where(PaperBatch.code == code)
    batch, instrument, group = session.execute(chosen).one()
    return _batch(batch, instrument, group, _progress(session, [batch]))


def find_place(session: Session, code: str) -> tuple[int, str, str] | None:
    """Return the id, the slug and the title of the consultation that a batch belongs to, or None."""
    row = session.execute(
        select(Consultation.id, Consultation.slug, Consultation.title)
        .join(PaperBatch, PaperBatch.consultation_id == Consultation.id)
        .where(PaperBatch.code == code)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def find_form(session: Session, batch_id: int, number: int) -> PaperForm | None:
    """Return a form of a batch as it was typed, or None."""
    return session.scalars(
        select(PaperForm).where(PaperForm.batch_id == batch_id, PaperForm.number == number)
    ).one_or_none()


def get_form(session: Session, batch_id: int, number: int) -> PaperForm:
    """Return a form of a batch as it was typed; raises `NoResultFound`."""
    return session.scalars(
        select(PaperForm).where(PaperForm.batch_id == batch_id, PaperForm.number == number)
    ).one()


def groups_to_choose(session: Session) -> list[Group]:
    """Return every active group by name."""
    return list(session.scalars(select(Group).where(Group.active.is_(True)).order_by(Group.name, Group.id)))


def _listed(consultation_id: int) -> Select[PaperBatch, str, str]:
    return (
        select(PaperBatch, Instrument.title, Group.name)
        .join(Instrument, Instrument.id == PaperBatch.instrument_id)
        .outerjoin(Group, Group.id == PaperBatch.group_id)
        .where(PaperBatch.consultation_id == consultation_id)
        .order_by(PaperBatch.made_at.desc(), PaperBatch.id.desc())
    )


def _batch(batch: PaperBatch, instrument: str, group: str | None, progress: dict[int, Progress]) -> Batch:
    return Batch(
        id=batch.id,
        code=batch.code,
        consultation_id=batch.consultation_id,
        version_id=batch.version_id,
        title=batch.title,
        instrument=instrument,
        group=group,
        channel=batch.channel,
        first_number=batch.first_number,
        last_number=batch.last_number,
        twice=batch.twice,
        made_by=batch.made_by,
        made_at=batch.made_at,
        progress=progress[batch.id],
    )


def _progress(session: Session, batches: Sequence[PaperBatch]) -> dict[int, Progress]:
    """Return the progress of each batch, by its id.

    A form that has been typed as often as it must be, and is no response, either has nothing on it to count
    or differs between its two typings; only of those few is what was typed read.
    """
    found: dict[int, dict[str, list[int]]] = {batch.id: defaultdict(list) for batch in batches}
    twice = {batch.id for batch in batches if batch.twice}
    undecided: list[tuple[int, int, int]] = []
    rows = session.execute(
        select(PaperForm.id, PaperForm.batch_id, PaperForm.number, PaperForm.response_id, PaperForm.second_by)
        .where(PaperForm.batch_id.in_(found))
        .order_by(PaperForm.batch_id, PaperForm.number)
    )
    for form_id, batch_id, number, response_id, second_by in rows:
        if response_id is not None:
            found[batch_id]["counted"].append(number)
        elif batch_id in twice and second_by is None:
            found[batch_id]["waiting"].append(number)
        else:
            undecided.append((form_id, batch_id, number))
    empty = _with_nothing(session, [form_id for form_id, _batch_id, _number in undecided])
    for form_id, batch_id, number in undecided:
        found[batch_id]["nothing" if form_id in empty else "different"].append(number)
    return {
        batch.id: Progress(batch.last_number - batch.first_number + 1, **found[batch.id]) for batch in batches
    }


def _with_nothing(session: Session, form_ids: Sequence[int]) -> set[int]:
    if not form_ids:
        return set()
    rows = session.execute(select(PaperForm.id, PaperForm.first).where(PaperForm.id.in_(form_ids)))
    return {form_id for form_id, first in rows if first.get(NOTHING)}
