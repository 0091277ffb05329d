"""The second factor of an account: set up, asked for, taken off; and the codes that stand in for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tokens import keyed_hash, new_code, tidy_code
from engage.people import mails, queries, second_factor, service
from engage.people.mails import News
from engage.people.models import Person, RecoveryCode
from engage.people.rules import RECOVERY_CODE_LENGTH, RECOVERY_CODES

WRONG = lazy("Enter the six digits that your app shows now")


def set_up(
    session: Session, *, person_id: int, nonce: str, code: str, now: datetime
) -> tuple[Person, list[str]]:
    """Turn the second factor on with the secret of `nonce`; return who it is and the recovery codes.

    The codes can be shown this once. Every session ends, and a secret and codes from before are good no more.
    """
    person = queries.get_person(session, person_id)
    step = second_factor.step_of(code, second_factor.secret_of(nonce), now)
    if step is None:
        raise Refused(WRONG, "code")
    if person.totp_nonce == nonce and person.totp_confirmed_at is not None:
        raise Refused(lazy("This is set up already."), "code")
    person.totp_nonce, person.totp_confirmed_at, person.totp_last_step = nonce, now, step
    service.end_sessions(session, person=person)
    service.record(session, person, "person.second_factor_on", now, person.label)
    mails.tell(session, person=person, news=News.SECOND_FACTOR_ON, now=now)
    return person, _new_codes(session, person_id)


def use_code(session: Session, *, person_id: int, code: str, now: datetime) -> None:
    """Accept the code of an app once; refuses a wrong one, and any that was accepted before.

    Of two who bring the same code at once one is refused.
    """
    person = queries.get_person(session, person_id)
    if person.totp_nonce is None or person.totp_confirmed_at is None:
        raise Refused(WRONG, "code")
    step = second_factor.step_of(code, second_factor.secret_of(person.totp_nonce), now)
    if step is None:
        raise Refused(WRONG, "code")
    used = (
        update(Person)
        .where(Person.id == person_id, or_(Person.totp_last_step.is_(None), Person.totp_last_step < step))
        .values(totp_last_step=step)
        .returning(Person.id)
    )
    if session.scalar(used, execution_options={"synchronize_session": False}) is None:
        raise Refused(lazy("This code was used already. Wait for the next one."), "code")


def use_recovery_code(session: Session, *, person_id: int, code: str, now: datetime) -> int:
    """Accept a recovery code once and return how many are left; refuses any other."""
    used = (
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        .where(RecoveryCode.code_hash == _hash(person_id, code))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    if session.scalar(used, execution_options={"synchronize_session": False}) is None:
        raise Refused(lazy("Enter one of your recovery codes that you have not used yet"), "code")
    person = queries.get_person(session, person_id)
    mails.tell(session, person=person, news=News.RECOVERY_CODE, now=now)
    return queries.count_recovery_codes(session, person_id)


def renew_codes(session: Session, *, person_id: int, now: datetime) -> list[str]:
    """Return new recovery codes, to be shown this once; those from before are good no more."""
    person = queries.get_person(session, person_id)
    if person.totp_confirmed_at is None:
        raise Refused(lazy("Your account asks for no code, so it needs no recovery codes."))
    service.record(session, person, "person.recovery_codes_renewed", now, person.label)
    return _new_codes(session, person_id)


def take_off(session: Session, *, person_id: int, actor: str, now: datetime) -> Person:
    """Turn the second factor off, end every session and tell the person. Raises `NoResultFound`."""
    person = queries.get_person(session, person_id)
    if person.totp_confirmed_at is None:
        raise Refused(lazy("This account asks for no code."))
    person.totp_nonce = person.totp_confirmed_at = person.totp_last_step = None
    _forget_codes(session, person_id)
    service.end_sessions(session, person=person)
    service.record(session, person, "person.second_factor_off", now, actor)
    mails.tell(session, person=person, news=News.SECOND_FACTOR_OFF, now=now)
    return person


def _new_codes(session: Session, person_id: int) -> list[str]:
    _forget_codes(session, person_id)
    codes = [new_code(RECOVERY_CODE_LENGTH) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person_id, code_hash=_hash(person_id, code)) for code in codes)
    session.flush()
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def _forget_codes(session: Session, person_id: int) -> None:
    codes = delete(RecoveryCode).where(RecoveryCode.person_id == person_id)
    session.execute(codes, execution_options={"synchronize_session": False})


def _hash(person_id: int, code: str) -> bytes:
    # With the installation's key: whoever reads the database cannot find a code by trying them all.
    return keyed_hash(f"{person_id}\0{tidy_code(code)}", "recovery code")
