from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.foundations.tries import KEPT, WINDOW, Try
from engage.people import queries, rules, service, trying
from engage.people.models import Person
from engage.people.rules import Role
from tests.factories.groups import make_group
from tests.factories.people import PASSWORD, make_person

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def test_a_new_officer_can_sign_in_and_both_are_in_the_log(session: Session) -> None:
    made = service.create_person(
        session,
        email=" Ada@Example.test ",
        name="Ada",
        role=Role.PLANNING_OFFICER,
        password=PASSWORD,
        now=NOW,
    )
    assert made.email == "ada@example.test"
    assert PASSWORD not in made.password_hash
    assert service.sign_in(session, email="ADA@example.test ", password=PASSWORD, now=NOW) is made
    logged = session.execute(select(AuditEvent.action, AuditEvent.actor).order_by(AuditEvent.id)).all()
    assert [tuple(row) for row in logged] == [
        ("person.created", "engage"),
        ("person.signed_in", "Ada <ada@example.test>"),
    ]


def test_a_coordinator_has_a_group_and_an_officer_has_none(session: Session) -> None:
    group = make_group(session)
    made = service.create_person(
        session,
        email="c@example.test",
        name="C",
        role=Role.COORDINATOR,
        password=PASSWORD,
        group_id=group.id,
        now=NOW,
    )
    assert made.group_id == group.id
    for role, group_id in ((Role.COORDINATOR, None), (Role.ADMINISTRATOR, group.id)):
        with pytest.raises(Refused) as refusal:
            service.create_person(
                session,
                email="d@example.test",
                name="D",
                role=role,
                password=PASSWORD,
                group_id=group_id,
                now=NOW,
            )
        assert refusal.value.field == "group"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "taken@example.test"}, "email"),
        ({"email": "Taken@Example.test"}, "email"),
        ({"email": "not an address"}, "email"),
        ({"name": "  "}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "new@example.test"}, "password"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_beside_its_field(
    session: Session, changes: dict[str, str], field: str
) -> None:
    make_person(session, email="taken@example.test")
    details = {"email": "new@example.test", "name": "New", "password": PASSWORD} | changes
    with pytest.raises(Refused) as refusal:
        service.create_person(session, role=Role.ADMINISTRATOR, now=NOW, **details)
    assert refusal.value.field == field
    assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_whatever_is_wrong_the_refusal_is_the_same(session: Session) -> None:
    make_person(session, email="known@example.test")
    make_person(session, email="gone@example.test", active=False)
    messages = set()
    for email, password in (
        ("known@example.test", "a wrong long password"),
        ("unknown@example.test", PASSWORD),
        ("gone@example.test", PASSWORD),
        ("", ""),
    ):
        with pytest.raises(Refused) as refusal:
            service.sign_in(session, email=email, password=password, now=NOW)
        messages.add((str(refusal.value.message), refusal.value.field))
    assert len(messages) == 1
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_no_transaction_is_open_while_the_password_is_checked(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person(session, email="known@example.test")
    session.commit()
    seen: list[bool] = []
    check = service.passwords.matches

    def watched(password: str, stored: str | None) -> bool:
        seen.append(session.in_transaction())
        return check(password, stored)

    monkeypatch.setattr(service.passwords, "matches", watched)
    service.sign_in(session, email="known@example.test", password=PASSWORD, now=NOW)
    assert seen == [False]


def test_a_new_password_ends_every_session_and_leaves_others_alone(session: Session) -> None:
    person, other = make_person(session), make_person(session)
    before, others = person.session_key, other.session_key
    service.change_password(
        session, person_id=person.id, password="another long password", now=NOW, actor=person.label
    )
    assert queries.find_by_session_key(session, before) is None
    assert queries.find_by_session_key(session, person.session_key) is person
    assert queries.find_by_session_key(session, others) is other
    assert service.sign_in(session, email=person.email, password="another long password", now=NOW) is person


def test_a_person_who_left_has_no_session(session: Session) -> None:
    person = make_person(session)
    before = person.session_key
    service.deactivate(session, person_id=person.id, now=NOW, actor="engage")
    assert queries.find_by_session_key(session, before) is None
    assert queries.find_by_session_key(session, person.session_key) is None
    with pytest.raises(NoResultFound):
        service.deactivate(session, person_id=999_999, now=NOW, actor="engage")


def tries(session: Session, times: int, *, email: str, address: str, now: datetime = NOW) -> None:
    for _ in range(times):
        trying.count_try(session, email=email, address=address, now=now)


def test_too_many_tries_for_a_name_are_refused_for_a_while(session: Session) -> None:
    most = rules.TRIES_FOR_ONE_NAME
    tries(session, most, email="ada@example.test", address="192.0.2.1")
    with pytest.raises(Refused):
        tries(session, 1, email="Ada@example.test ", address="192.0.2.1")
    later = NOW + WINDOW + timedelta(seconds=1)
    tries(session, 1, email="ada@example.test", address="192.0.2.1", now=later)


def test_a_stranger_elsewhere_cannot_lock_a_person_out(session: Session) -> None:
    tries(session, rules.TRIES_FOR_ONE_NAME, email="ada@example.test", address="192.0.2.1")
    tries(session, 1, email="ada@example.test", address="198.51.100.7")
    tries(session, 1, email="bea@example.test", address="192.0.2.1")


def test_trying_many_names_from_one_address_is_refused_too(session: Session) -> None:
    for number in range(rules.TRIES_FROM_ONE_ADDRESS):
        tries(session, 1, email=f"{number}@example.test", address="192.0.2.1")
    with pytest.raises(Refused):
        tries(session, 1, email="new@example.test", address="192.0.2.1")
    tries(session, 1, email="new@example.test", address="192.0.2.2")


def test_signing_in_forgets_the_tries_for_that_name_only(session: Session) -> None:
    tries(session, 3, email="bea@example.test", address="192.0.2.1")
    tries(session, 2, email="ada@example.test", address="192.0.2.1")
    trying.forget_tries(session, email="ada@example.test", address="192.0.2.1", now=NOW)
    # Bea's three, and all for the address but the last.
    assert session.scalar(select(func.count()).select_from(Try)) == 3 + 4


def test_tries_name_nobody_and_are_gone_within_hours(session: Session) -> None:
    tries(session, 2, email="ada@example.test", address="192.0.2.1")
    for one in session.scalars(select(Try)):
        assert b"ada" not in one.key
        assert b"192" not in one.key
        assert len(one.key) == 32
    later = NOW + KEPT + timedelta(minutes=1)
    tries(session, 1, email="bea@example.test", address="192.0.2.9", now=later)
    assert session.scalars(select(Try.tried_at).distinct()).all() == [later]
