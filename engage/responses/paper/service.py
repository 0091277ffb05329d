"""Verbs of paper and telephone: make a batch, type a form, and settle what two typings differ in.

A form counts once it has been typed as often as its batch says. Where two typings agree the first is what
counts; where they differ somebody settles it. Whatever is done holds the batch, so that two people who type
the same form at once are two typings, one after the other.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.boroughs.rules import UNDISCLOSED
from engage.consultations import service as consultations
from engage.consultations.models import Consultation, Instrument
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tokens import keyed_hash
from engage.questionnaires.definitions import Definition
from engage.questionnaires.queries import get_published
from engage.responses.models import Channel, PaperBatch, PaperForm
from engage.responses.paper import rules
from engage.responses.paper.queries import find_form, get_form
from engage.responses.paper.rules import Serial
from engage.responses.paper.sheets import NOTHING, Sheet, differing, merged, sheet_from
from engage.responses.receiving import Received, receive


class Outcome(StrEnum):
    """What became of a form by being typed."""

    WAITING = "waiting"
    DIFFERENT = "different"
    NOTHING = "nothing"
    COUNTED = "counted"


def make_batch(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation_id: int,
    instrument_id: int,
    channel: Channel,
    title: str,
    forms: int,
    group_id: int | None,
    twice: bool,
) -> PaperBatch:
    """Make a batch of numbered forms of the version that the instrument gives out now, and return it."""
    consultation = consultations.hold(session, consultation_id)
    rules.refuse_preparing(consultation.state)
    if not 1 <= forms <= rules.MOST_FORMS:
        raise Refused(lazy("Make 1 to %(n)s forms at a time.", n=f"{rules.MOST_FORMS:,}"), "forms")
    version_id = session.scalars(
        select(Instrument.version_id).where(
            Instrument.id == instrument_id, Instrument.consultation_id == consultation_id
        )
    ).one()
    batch = PaperBatch(
        code=_new_code(session),
        consultation_id=consultation_id,
        instrument_id=instrument_id,
        version_id=version_id,
        group_id=group_id,
        channel=channel,
        title=title,
        first_number=1,
        last_number=forms,
        twice=twice,
        made_by=actor,
        made_at=now,
    )
    session.add(batch)
    session.flush()
    details = {"batch": batch.code, "forms": forms, "channel": channel.value, "twice": twice}
    details |= {"version_id": version_id}
    consultations.note(session, actor, now, consultation, action="paper.batch_made", details=details)
    return batch


def note_printing(
    session: Session, *, actor: str, now: datetime, batch_id: int, first: int, last: int, large: bool
) -> None:
    """Write down that forms of a batch were printed."""
    batch = session.get_one(PaperBatch, batch_id)
    consultation = session.get_one(Consultation, batch.consultation_id)
    details = {"batch": batch.code, "first": first, "last": last, "large": large}
    consultations.note(session, actor, now, consultation, action="paper.printed", details=details)


def type_form(
    session: Session, *, actor: str, now: datetime, batch_id: int, number: int, sheet: Sheet
) -> Outcome:
    """Take a form as `actor` typed it. Raises `Refused` beside `serial` where it cannot be typed again."""
    batch, consultation = _hold(session, batch_id)
    form = find_form(session, batch.id, number)
    refuse_again(batch_twice=batch.twice, form=form, actor=actor)
    if form is None:
        form = PaperForm(
            batch_id=batch.id, number=number, first=sheet.to_json(), first_by=actor, typed_at=now
        )
        session.add(form)
    else:
        form.second, form.second_by, form.typed_at = sheet.to_json(), actor, now
    session.flush()
    outcome = _after_typing(session, now, batch, consultation, form)
    details = {"serial": str(Serial(batch.code, number)), "outcome": outcome.value}
    consultations.note(session, actor, now, consultation, action="paper.typed", details=details)
    return outcome


def refuse_again(*, batch_twice: bool, form: PaperForm | None, actor: str) -> None:
    """Raise `Refused` unless `actor` may type this form (None: nobody has yet)."""
    if form is None:
        return
    if not batch_twice or form.response_id is not None or form.first.get(NOTHING):
        raise Refused(lazy("This form has been typed already, so it is not typed again."), "serial")
    if form.second is not None:
        raise Refused(
            lazy("This form has been typed twice already. Its differences wait to be settled."), "serial"
        )
    if form.first_by == actor:
        raise Refused(lazy("You typed this form the first time. Somebody else types it again."), "serial")


def settle(
    session: Session,
    *,
    actor: str,
    now: datetime,
    batch_id: int,
    number: int,
    second_is_right: frozenset[str],
) -> Outcome:
    """Settle a form: the questions named as typed the second time, the rest as the first time.

    Raises `Refused` where that does not make a whole form.
    """
    batch, consultation = _hold(session, batch_id)
    form = _different(session, batch, number)
    assert form.second is not None
    definition = _definition(session, batch)
    first, second = sheet_from(form.first), sheet_from(form.second)
    sheet, problems = merged(definition, first, second, second_is_right, number - 1)
    if problems:
        raise Refused(
            lazy(
                "This makes no whole form: %(sentence)s Choose otherwise, or type it from the paper.",
                sentence=problems[0].message,
            )
        )
    return _settled(session, actor, now, batch, consultation, form, sheet, by="choice")


def settle_by_typing(
    session: Session, *, actor: str, now: datetime, batch_id: int, number: int, sheet: Sheet
) -> Outcome:
    """Settle the differences of a form by a third typing, which is what counts."""
    batch, consultation = _hold(session, batch_id)
    form = _different(session, batch, number)
    return _settled(session, actor, now, batch, consultation, form, sheet, by="typing")


def _after_typing(
    session: Session, now: datetime, batch: PaperBatch, consultation: Consultation, form: PaperForm
) -> Outcome:
    if batch.twice and form.second is None:
        return Outcome.WAITING
    first = sheet_from(form.first)
    if form.second is not None and differing(_definition(session, batch), first, sheet_from(form.second)):
        return Outcome.DIFFERENT
    return _count(session, now, batch, consultation, form, first)


def _settled(
    session: Session,
    actor: str,
    now: datetime,
    batch: PaperBatch,
    consultation: Consultation,
    form: PaperForm,
    sheet: Sheet,
    *,
    by: str,
) -> Outcome:
    outcome = _count(session, now, batch, consultation, form, sheet)
    serial = str(Serial(batch.code, form.number))
    details = {"serial": serial, "outcome": outcome.value, "by": by}
    consultations.note(session, actor, now, consultation, action="paper.settled", details=details)
    return outcome


def _count(
    session: Session,
    now: datetime,
    batch: PaperBatch,
    consultation: Consultation,
    form: PaperForm,
    sheet: Sheet,
) -> Outcome:
    """Make a response of a form that is settled, or write down that there is nothing on it to count."""
    if not sheet.counts:
        form.first = {**form.first, NOTHING: True}
        session.flush()
        return Outcome.NOTHING
    serial = str(Serial(batch.code, form.number))
    area = next((answer["area"] for answer in sheet.kept.values() if "area" in answer), UNDISCLOSED)
    form.response_id = receive(
        session,
        Received(
            consultation_id=batch.consultation_id,
            instrument_id=batch.instrument_id,
            version_id=batch.version_id,
            channel=batch.channel,
            area_code=area,
            group_id=batch.group_id,
            submission_key=keyed_hash(serial, "paper-form"),
            received_at=rules.received(now, consultation.closed_at or consultation.closes_at),
            answers=sheet.kept,
        ),
    )
    session.flush()
    return Outcome.COUNTED


def _hold(session: Session, batch_id: int) -> tuple[PaperBatch, Consultation]:
    """Return the batch and its consultation, holding both until the transaction ends."""
    batch = session.scalars(select(PaperBatch).where(PaperBatch.id == batch_id).with_for_update()).one()
    consultation = consultations.hold(session, batch.consultation_id)
    rules.refuse_typing(consultation.state)
    return batch, consultation


def _different(session: Session, batch: PaperBatch, number: int) -> PaperForm:
    form = get_form(session, batch.id, number)
    if form.second is None or form.response_id is not None or form.first.get(NOTHING):
        raise Refused(lazy("There is nothing to settle: somebody has done it, or it was typed once only."))
    return form


def _definition(session: Session, batch: PaperBatch) -> Definition:
    return get_published(session, batch.version_id).definition


def _new_code(session: Session) -> str:
    while True:
        code = "".join(secrets.choice(rules.LETTERS) for _ in range(rules.CODE_LENGTH))
        if session.scalar(select(PaperBatch.id).where(PaperBatch.code == code)) is None:
            return code
