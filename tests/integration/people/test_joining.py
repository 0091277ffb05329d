from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.outbox.models import OutboxMessage
from engage.outbox.queries import list_messages
from engage.people import accounts, joining, keys, mails, queries, service
from engage.people.models import AccountKey, Person
from engage.people.rules import KEY_LASTS, KeyPurpose, Role
from tests.factories.accounts import mailed, mailed_secret
from tests.factories.groups import make_group
from tests.factories.people import PASSWORD, make_person

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NEW = "new@example.test"


def invite(session: Session, **overrides: object) -> Person:
    by = make_person(session, role=Role.ADMINISTRATOR)
    details = {"email": NEW, "name": "New", "role": Role.ANALYST, "group_id": None, "group": ""}
    person = joining.invite(session, by=by, now=NOW, **(details | overrides))  # type: ignore[arg-type]
    session.commit()
    return person


def accept(session: Session, email: str = NEW, now: datetime = NOW) -> Person:
    secret = mailed_secret(session, email)
    return joining.accept(session, token_hash=keys.hash_of(secret), password=PASSWORD, now=now)


def test_an_invited_person_joins_by_the_mailed_link_and_can_sign_in(session: Session) -> None:
    invited = invite(session)
    with pytest.raises(Refused):
        service.check_password(session, email=NEW, password=PASSWORD)
    joined = accept(session)
    session.commit()
    assert joined.id == invited.id
    assert service.check_password(session, email=NEW, password=PASSWORD).id == joined.id


def test_only_what_a_key_hashes_to_is_kept_and_its_message_goes_once_it_left(session: Session) -> None:
    invite(session)
    secret = mailed_secret(session, NEW)
    held = session.scalars(select(AccountKey)).one()
    assert held.token_hash == keys.hash_of(secret)
    assert secret.encode() not in held.token_hash
    assert list_messages(session, page=1).total == 0
    session.scalars(select(OutboxMessage)).one().state = "done"  # type: ignore[assignment]
    session.scalars(select(OutboxMessage)).one().done_at = NOW
    session.commit()
    mails.forget_sent_keys(session, NOW)
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_an_invitation_is_good_once_and_for_seven_days(session: Session) -> None:
    invite(session)
    with pytest.raises(Refused):
        accept(session, now=NOW + KEY_LASTS[KeyPurpose.JOIN])
    accept(session, now=NOW + KEY_LASTS[KeyPurpose.JOIN] - timedelta(seconds=1))
    session.commit()
    with pytest.raises(Refused):
        accept(session)


def test_of_two_who_accept_one_invitation_at_once_one_joins(app: Flask, session: Session) -> None:
    invite(session)
    secret, ready = mailed_secret(session, NEW), Barrier(2)
    session.rollback()

    def try_to_join(password: str) -> str | None:
        with app.app_context():
            ready.wait()
            try:
                with transaction(db.session):
                    joining.accept(db.session, token_hash=keys.hash_of(secret), password=password, now=NOW)
            except Refused:
                return None
            return password

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(try_to_join, ("the first long password", "the other long password")))
    won = [password for password in results if password]
    assert len(won) == 1
    assert service.check_password(session, email=NEW, password=won[0]).email == NEW


def test_a_weak_password_is_refused_and_the_invitation_stays_good(session: Session) -> None:
    invite(session)
    secret = mailed_secret(session, NEW)
    for weak in ("short", NEW, "x" * 300):
        with pytest.raises(Refused) as refusal:
            joining.accept(session, token_hash=keys.hash_of(secret), password=weak, now=NOW)
        assert refusal.value.field == "password"
    accept(session)


def test_sending_again_makes_the_first_link_useless(session: Session) -> None:
    invited = invite(session)
    first = mailed_secret(session, NEW)
    later = NOW + timedelta(days=30)
    joining.resend(session, person_id=invited.id, group="", by=make_person(session), now=later)
    session.commit()
    with pytest.raises(Refused):
        joining.accept(session, token_hash=keys.hash_of(first), password=PASSWORD, now=later)
    accept(session, now=later)
    session.commit()
    with pytest.raises(Refused):
        joining.resend(session, person_id=invited.id, group="", by=make_person(session), now=later)


def test_a_withdrawn_invitation_opens_nothing_and_frees_the_address(session: Session) -> None:
    invited = invite(session)
    secret = mailed_secret(session, NEW)
    joining.withdraw(session, person_id=invited.id, actor="engage", now=NOW)
    session.commit()
    with pytest.raises(Refused):
        joining.accept(session, token_hash=keys.hash_of(secret), password=PASSWORD, now=NOW)
    invite(session)


def test_when_a_successor_joins_the_predecessor_leaves(session: Session) -> None:
    group, elsewhere = make_group(session), make_group(session)
    cora = make_person(session, role=Role.COORDINATOR, group_id=group.id, email="cora@example.test")
    other = make_person(session, role=Role.COORDINATOR, group_id=elsewhere.id)
    before = cora.session_key
    accounts.name_successor(session, person=cora, email=NEW, name="New", group=group.name, now=NOW)
    session.commit()
    assert queries.find_by_session_key(session, before) is not None
    with pytest.raises(Refused):
        accounts.name_successor(session, person=cora, email="b@example.test", name="B", group="", now=NOW)
    session.rollback()
    assert accept(session).group_id == group.id
    session.commit()
    assert queries.find_by_session_key(session, before) is None
    assert not queries.get_person(session, cora.id).active
    assert queries.get_person(session, other.id).active
    assert mailed(session, "cora@example.test") == ["Your successor has joined"]
    assert queries.addresses_of_coordinators(session, [group.id, elsewhere.id, 999]) == {
        group.id: (NEW,),
        elsewhere.id: (other.email,),
        999: (),
    }


def test_a_successor_still_joins_after_the_predecessor_left_but_not_after_a_closing(session: Session) -> None:
    group = make_group(session)
    for leaves, joins in ((True, True), (False, False)):
        cora = make_person(session, role=Role.COORDINATOR, group_id=group.id)
        email = f"after-{cora.id}@example.test"
        accounts.name_successor(session, person=cora, email=email, name="N", group="", now=NOW)
        session.commit()
        if leaves:
            accounts.leave(session, person_id=cora.id, now=NOW)
        else:
            accounts.close(session, person_id=cora.id, actor="engage", now=NOW)
        session.commit()
        if joins:
            assert accept(session, email).active
        else:
            with pytest.raises(Refused):
                accept(session, email)
        session.commit()
