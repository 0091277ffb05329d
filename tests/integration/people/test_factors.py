from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.people import factors, queries, rules, second_factor, trying
from engage.people.models import Person, RecoveryCode
from tests.factories.accounts import NONCE, code_of, give_second_factor, mailed
from tests.factories.people import make_person

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(session, email="ada@example.test")


def test_the_secret_is_not_in_the_database(session: Session, person: Person) -> None:
    give_second_factor(session, person, NOW)
    secret = second_factor.secret_of(NONCE)
    assert len(secret) == 32
    row = session.execute(select(Person.__table__)).one()  # type: ignore[arg-type]
    assert not [value for value in row if secret in str(value)]
    assert second_factor.secret_of("another") != secret


def test_a_code_is_accepted_once(session: Session, person: Person) -> None:
    give_second_factor(session, person, NOW)
    code = code_of(person, LATER)
    factors.use_code(session, person_id=person.id, code=code, now=LATER)
    for again in (code, code_of(person, LATER - timedelta(seconds=30))):
        with pytest.raises(Refused):
            factors.use_code(session, person_id=person.id, code=again, now=LATER)
    soon = LATER + timedelta(seconds=30)
    factors.use_code(session, person_id=person.id, code=code_of(person, soon), now=soon)


def test_the_code_of_the_setting_up_is_used_by_it(session: Session, person: Person) -> None:
    give_second_factor(session, person, NOW)
    with pytest.raises(Refused):
        factors.use_code(session, person_id=person.id, code=code_of(person, NOW), now=NOW)


def test_of_two_with_one_code_at_once_one_is_let_in(session: Session, person: Person) -> None:
    give_second_factor(session, person, NOW)
    session.commit()
    code = code_of(person, LATER)
    # This session read the account before the other used the code, and does not know of it.
    assert person.totp_last_step == int(NOW.timestamp()) // 30
    other = Session(session.get_bind(), expire_on_commit=False)
    factors.use_code(other, person_id=person.id, code=code, now=LATER)
    other.commit()
    other.close()
    assert person.totp_last_step == int(NOW.timestamp()) // 30
    with pytest.raises(Refused):
        factors.use_code(session, person_id=person.id, code=code, now=LATER)


def test_setting_up_takes_a_right_code_and_ends_every_session(session: Session, person: Person) -> None:
    before = person.session_key
    with pytest.raises(Refused) as refusal:
        factors.set_up(session, person_id=person.id, nonce=NONCE, code="000000", now=NOW)
    assert refusal.value.field == "code"
    assert person.totp_confirmed_at is None
    codes = give_second_factor(session, person, NOW)
    assert queries.find_by_session_key(session, before) is None
    assert len(set(codes)) == rules.RECOVERY_CODES
    assert mailed(session, person.email) == ["Your account asks for a code now"]


def test_a_recovery_code_lets_in_once_and_is_not_kept_as_it_is(session: Session, person: Person) -> None:
    codes, other = give_second_factor(session, person, NOW), make_person(session)
    kept = b"".join(session.scalars(select(RecoveryCode.code_hash)))
    assert not [code for code in codes if code.replace("-", "").encode() in kept]
    typed = codes[0].lower().replace("-", " ")
    assert factors.use_recovery_code(session, person_id=person.id, code=typed, now=LATER) == 9
    for person_id, code in ((person.id, codes[0]), (other.id, codes[1]), (person.id, "BBBB-BBBB-BBBB")):
        with pytest.raises(Refused):
            factors.use_recovery_code(session, person_id=person_id, code=code, now=LATER)


def test_new_recovery_codes_replace_the_old_ones(session: Session, person: Person) -> None:
    old = give_second_factor(session, person, NOW)
    new = factors.renew_codes(session, person_id=person.id, now=LATER)
    with pytest.raises(Refused):
        factors.use_recovery_code(session, person_id=person.id, code=old[0], now=LATER)
    assert factors.use_recovery_code(session, person_id=person.id, code=new[0], now=LATER) == 9
    with pytest.raises(Refused):
        factors.renew_codes(session, person_id=make_person(session).id, now=LATER)


def test_taking_it_off_ends_sessions_and_codes_is_logged_and_told(session: Session, person: Person) -> None:
    codes = give_second_factor(session, person, NOW)
    before = person.session_key
    factors.take_off(session, person_id=person.id, actor="Grace <grace@example.test>", now=LATER)
    assert queries.find_by_session_key(session, before) is None
    assert (person.totp_nonce, person.totp_confirmed_at) == (None, None)
    with pytest.raises(Refused):
        factors.use_recovery_code(session, person_id=person.id, code=codes[0], now=LATER)
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (last.action, last.actor) == ("person.second_factor_off", "Grace <grace@example.test>")
    assert mailed(session, person.email)[-1] == "Your account asks for no code any more"


def test_codes_are_counted_for_the_person_too_and_recovery_codes_are_not(
    session: Session, person: Person
) -> None:
    for number in range(rules.CODES_FOR_ONE_PERSON):
        trying.count_code(session, person_id=person.id, address=f"192.0.2.{number}", now=NOW)
    with pytest.raises(Refused):
        trying.count_code(session, person_id=person.id, address="198.51.100.7", now=NOW)
    trying.count_code(session, person_id=person.id + 1, address="198.51.100.7", now=NOW)
    trying.count_key(session, purpose=trying.RECOVERY, address="198.51.100.7", now=NOW, field="code")
