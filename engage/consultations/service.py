"""What is done to consultations.

Every move says which state it expects, so that two officers who press at once make it once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.consultations import queries, rules
from engage.consultations.labels import STATES
from engage.consultations.models import Consultation, Instrument
from engage.consultations.rules import State
from engage.foundations.clock import in_london
from engage.foundations.language import lazy, moment
from engage.foundations.refusals import Refused
from engage.questionnaires.models import QuestionnaireVersion
from engage.timetable import service as timetable
from engage.timetable.holding import hold_entry
from engage.timetable.models import Entry
from engage.timetable.notices import queries as notices
from engage.timetable.notices.service import give_notice
from engage.timetable.queries import get_entry_by_id


class NotReady(Refused):
    """Opening was refused: `missing` says what for, in the order of the gate list."""

    def __init__(self, missing: tuple[rules.Missing, ...]) -> None:
        sentences = " ".join(str(each.sentence) for each in missing)
        super().__init__(lazy("It cannot open yet. %(sentences)s", sentences=sentences))
        self.missing = missing


def create(
    session: Session,
    *,
    actor: str,
    now: datetime,
    entry_id: int,
    framework_id: int,
    children_may_answer: bool = False,
) -> Consultation:
    """Plan the consultation that runs the entry; it takes the entry's slug, title and closing."""
    entry = hold_entry(session, entry_id)
    if not entry.run_here:
        raise Refused(lazy("This entry is run elsewhere, so it has no consultation here."))
    if session.scalar(select(Consultation.id).where(Consultation.entry_id == entry_id)):
        raise Refused(lazy("This entry has a consultation already."))
    consultation = Consultation(
        entry_id=entry.id,
        slug=entry.slug,
        title=entry.title,
        framework_id=framework_id,
        state=State.PLANNED,
        closes_at=entry.closes_at,
        grace_ends_at=entry.closes_at + rules.GRACE,
        children_may_answer=children_may_answer,
    )
    session.add(consultation)
    session.flush()
    note(session, actor, now, consultation, action="consultation.created")
    return consultation


def add_instrument(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation_id: int,
    code: str,
    title: str,
    summary: str,
    position: int | None,
    version_id: int,
) -> Instrument:
    """Offer a published version as one of the consultation's instruments; without `position`, as the last.

    Raises `Refused` once the consultation is closed, and where code, place or version cannot be used.
    """
    consultation = hold(session, consultation_id)
    if rules.has_reached(consultation.state, State.CLOSED):
        raise Refused(lazy("A questionnaire cannot be added: nobody can answer any more."))
    present = queries.instruments(session, consultation_id)
    position = position or 1 + max((each.position for each in present), default=0)
    _refuse_taken(present, code, position)
    if session.scalar(_published_at(version_id)) is None:
        raise Refused(lazy("Choose a version that has been published."), "version_id")
    instrument = Instrument(
        consultation_id=consultation_id,
        code=code,
        title=title,
        summary=summary,
        position=position,
        version_id=version_id,
    )
    session.add(instrument)
    session.flush()
    added = {"instrument": code, "version_id": version_id}
    note(session, actor, now, consultation, action="consultation.instrument_added", details=added)
    return instrument


def give_out(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation_id: int,
    instrument_id: int,
    version_id: int,
) -> None:
    """Give out a newer published version of an instrument's questionnaire from now on, also while it is open.

    Whoever has a form already goes on with the version of that form: it is written in the form's ticket.
    Raises `Refused` for anything that is no newer version of the same questionnaire, without a privacy
    notice, or once nobody can answer any more, and `NoResultFound` for another consultation's instrument.
    """
    consultation = hold(session, consultation_id)
    if rules.has_reached(consultation.state, State.CLOSED):
        raise Refused(lazy("The version cannot be changed: nobody can answer any more."))
    instrument = queries.get_instrument(session, consultation_id, instrument_id)
    before, after = (
        session.get_one(QuestionnaireVersion, each) for each in (instrument.version_id, version_id)
    )
    if before.id == after.id:
        raise Refused(lazy("Version %(n)s is given out already.", n=after.number))
    newer = (after.questionnaire_id, after.number > before.number) == (before.questionnaire_id, True)
    if not newer or after.published_at is None:
        raise Refused(lazy("Choose a newer published version of the same questionnaire."))
    if not after.privacy_notice.strip():
        raise Refused(lazy("Version %(n)s has no privacy notice, so it is not given out.", n=after.number))
    instrument.version_id = after.id
    session.flush()
    given = {"instrument": instrument.code, "from": before.number, "to": after.number}
    note(session, actor, now, consultation, action="consultation.version_given_out", details=given)


def announce(session: Session, *, actor: str, now: datetime, consultation_id: int) -> None:
    """Tell the groups that the entry asks and that do not know yet.

    The timetable keeps today as the day of notice if it has none. Raises `Refused` for an entry that is not
    published or was cancelled.
    """
    consultation = hold(session, consultation_id)
    _refuse_hidden(hold_entry(session, consultation.entry_id))
    _move(session, actor, now, consultation, State.ANNOUNCED)
    give_notice(session, actor=actor, now=now, entry_id=consultation.entry_id)
    timetable.record_notice(session, entry_id=consultation.entry_id, on=in_london(now).date())
    _follow(session, consultation)


def open_consultation(
    session: Session, *, actor: str, now: datetime, consultation_id: int, early: bool = False
) -> None:
    """Let people answer from `now` on.

    Raises `NotReady` with everything that is missing, and `Refused` before the planned opening unless an
    officer opens it `early` on purpose.
    """
    consultation = hold(session, consultation_id)
    _refuse_wrong_move(consultation.state, State.OPEN)
    entry = hold_entry(session, consultation.entry_id)
    _refuse_hidden(entry)
    if now < entry.opens_at and not early:
        raise Refused(lazy("It is planned to open on %(when)s.", when=moment(entry.opens_at)))
    asked = queries.asked(session, consultation_id)
    short = notices.short_of_notice(session, entry.id, now)
    missing = rules.missing_to_open(queries.facts(entry, asked=asked, opening_at=now, short=short))
    if missing:
        raise NotReady(missing)
    _follow(session, consultation)
    _move(session, actor, now, consultation, State.OPEN, opened_at=now)
    timetable.record_opened(session, entry_id=entry.id, at=now)


def close(session: Session, *, actor: str, now: datetime, consultation_id: int) -> None:
    """Let nobody begin any more. Its closing is the planned one where that has already passed.

    Whoever has begun by then may still send within the grace.
    """
    consultation = hold(session, consultation_id)
    closed_at = min(now, consultation.closes_at)
    grace_ends_at = closed_at + rules.GRACE
    _move(session, actor, now, consultation, State.CLOSED, closed_at=closed_at, grace_ends_at=grace_ends_at)
    timetable.record_closed(session, entry_id=consultation.entry_id, at=closed_at, now=now)


def mark_analysed(session: Session, *, actor: str, now: datetime, consultation_id: int) -> None:
    """Say that the answers have been counted and read; raises `Refused` while some may still arrive."""
    consultation = hold(session, consultation_id)
    _refuse_wrong_move(consultation.state, State.ANALYSED)
    if now < consultation.grace_ends_at:
        until = moment(consultation.grace_ends_at)
        raise Refused(
            lazy("People who began in time can still send their answers until %(when)s.", when=until)
        )
    _move(session, actor, now, consultation, State.ANALYSED, analysed_at=now)


def mark_decided(session: Session, *, actor: str, now: datetime, consultation_id: int) -> None:
    """Say that each top priority has its decision and reason."""
    consultation = hold(session, consultation_id)
    _move(session, actor, now, consultation, State.DECIDED, decided_at=now)
    timetable.record_decided(session, entry_id=consultation.entry_id, at=now)


def mark_fed_back(session: Session, *, actor: str, now: datetime, consultation_id: int) -> None:
    """Say that everybody who took part can read what came of it."""
    consultation = hold(session, consultation_id)
    _move(session, actor, now, consultation, State.FED_BACK, fed_back_at=now)
    timetable.record_fed_back(session, entry_id=consultation.entry_id, at=now)


def hold(session: Session, consultation_id: int) -> Consultation:
    """Return the consultation as it is now, and keep others from changing it until the transaction ends."""
    statement = select(Consultation).where(Consultation.id == consultation_id).with_for_update(key_share=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def mark_synthetic(session: Session, *, consultation_id: int) -> None:
    """Say, for good, that made-up responses are among the answers. One statement; nothing is read first."""
    session.execute(
        update(Consultation).where(Consultation.id == consultation_id).values(synthetic=True),
        execution_options={"synchronize_session": "evaluate"},
    )


def _move(
    session: Session, actor: str, now: datetime, consultation: Consultation, after: State, **moments: datetime
) -> None:
    before = consultation.state
    _refuse_wrong_move(before, after)
    moved = session.scalar(
        update(Consultation)
        .where(Consultation.id == consultation.id, Consultation.state == before)
        .values(state=after, **moments)
        .returning(Consultation.id),
        execution_options={"synchronize_session": "evaluate"},
    )
    if moved is None:
        raise Refused(lazy("Somebody else has just changed this consultation: look at it again."))
    details = {"from": before.value}
    note(session, actor, now, consultation, action=f"consultation.{after.value}", details=details)


def _refuse_wrong_move(before: State, after: State) -> None:
    if before is after:
        raise Refused(lazy("This consultation is “%(state)s” already.", state=STATES[before].name))
    if not rules.may_move(before, after):
        names = {"before": STATES[before].name, "after": STATES[after].name}
        raise Refused(lazy("This consultation is “%(before)s”: it cannot become “%(after)s”.", **names))


def _follow(session: Session, consultation: Consultation) -> None:
    """Take over what may have changed in the entry since the consultation was planned."""
    entry = get_entry_by_id(session, consultation.entry_id)
    consultation.title = entry.title
    consultation.closes_at = entry.closes_at
    consultation.grace_ends_at = entry.closes_at + rules.GRACE
    session.flush()


def _refuse_hidden(entry: Entry) -> None:
    if entry.published_at is None:
        raise Refused(lazy("Publish the entry in the timetable first."))
    if entry.cancelled_at is not None:
        raise Refused(lazy("The entry was cancelled, so nobody is asked."))


def _refuse_taken(present: list[Instrument], code: str, position: int) -> None:
    if code in rules.TAKEN_CODES:
        raise Refused(lazy("Choose another short name: this one is a page of its own."), "code")
    if any(each.code == code for each in present):
        raise Refused(lazy("There is a questionnaire with this short name already."), "code")
    if any(each.position == position for each in present):
        raise Refused(lazy("There is a questionnaire in this place already."), "position")


def _published_at(version_id: int) -> Select[datetime | None]:
    return select(QuestionnaireVersion.published_at).where(QuestionnaireVersion.id == version_id)


def note(
    session: Session,
    actor: str,
    now: datetime,
    consultation: Consultation,
    *,
    action: str,
    details: dict[str, Any] | None = None,
) -> None:
    """Write in the log what somebody did to a consultation, or to what belongs to it."""
    subject = f"consultation:{consultation.slug}"
    audit.record(session, actor=actor, action=action, subject=subject, at=now, details=details or {})
