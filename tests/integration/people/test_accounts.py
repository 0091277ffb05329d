from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations.jobs import Job
from engage.foundations.refusals import Refused
from engage.groups.service import end_group
from engage.people import accounts, joining, keys, queries, resetting, service
from engage.people.models import AccountKey, Person
from engage.people.rules import MOST_RESETS, KeyPurpose, Role
from engage.people.tasks import TASKS
from tests.factories.accounts import mailed, mailed_secret
from tests.factories.groups import make_group
from tests.factories.people import PASSWORD, make_person

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ADA = "ada@example.test"
OTHER = "another long password"


def invite(session: Session, role: Role, group_id: int | None, *, by: Person) -> Person:
    return joining.invite(
        session, email="i@example.test", name="I", role=role, group_id=group_id, group="", by=by, now=NOW
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda session, id: accounts.change_role(
            session, person_id=id, role=Role.ANALYST, group_id=None, actor="engage", now=NOW
        ),
        lambda session, id: accounts.close(session, person_id=id, actor="engage", now=NOW),
        lambda session, id: accounts.sign_out_everywhere(session, person_id=id, actor="engage", now=NOW),
        lambda session, id: service.change_password(
            session, person_id=id, password=OTHER, now=NOW, actor="engage"
        ),
    ],
    ids=["role", "closed", "signed out", "password"],
)
def test_a_change_of_an_account_ends_its_sessions_and_no_other(
    session: Session, change: Callable[[Session, int], None]
) -> None:
    person, other = make_person(session), make_person(session)
    before, others = person.session_key, other.session_key
    change(session, person.id)
    session.commit()
    assert queries.find_by_session_key(session, before) is None
    assert queries.find_by_session_key(session, others) is other


def test_when_a_group_ends_its_coordinators_are_out_at_once(session: Session) -> None:
    group, other = make_group(session), make_group(session)
    cora = make_person(session, role=Role.COORDINATOR, group_id=group.id)
    stays = make_person(session, role=Role.COORDINATOR, group_id=other.id)
    invited = joining.invite(
        session,
        email="i@example.test",
        name="I",
        role=Role.COORDINATOR,
        group_id=group.id,
        group="",
        by=stays,
        now=NOW,
    )
    before, kept = cora.session_key, stays.session_key
    end_group(session, actor="engage", now=NOW, group_id=group.id)
    session.commit()
    assert queries.find_by_session_key(session, before) is None
    assert queries.find_by_session_key(session, kept) is stays
    assert session.get(Person, invited.id) is None
    assert mailed(session, cora.email) == ["Your account was closed"]


def test_a_merged_group_takes_its_coordinators_along(session: Session) -> None:
    group, into = make_group(session), make_group(session)
    cora = make_person(session, role=Role.COORDINATOR, group_id=group.id)
    before = cora.session_key
    moved = accounts.move_to_group(session, group_ids=[group.id], into_id=into.id, actor="engage", now=NOW)
    assert (moved, cora.group_id, cora.active) == (1, into.id, True)
    assert queries.find_by_session_key(session, before) is None


def test_the_last_administrator_stays(session: Session) -> None:
    grace = make_person(session, role=Role.ADMINISTRATOR)
    make_person(session, role=Role.PLANNING_OFFICER)
    make_person(session, role=Role.ADMINISTRATOR, active=False)
    joining.invite(
        session,
        email="i@example.test",
        name="I",
        role=Role.ADMINISTRATOR,
        group_id=None,
        group="",
        by=grace,
        now=NOW,
    )
    with pytest.raises(Refused):
        accounts.close(session, person_id=grace.id, actor="engage", now=NOW)
    with pytest.raises(Refused):
        accounts.change_role(
            session, person_id=grace.id, role=Role.MEMBER, group_id=None, actor="engage", now=NOW
        )
    second = make_person(session, role=Role.ADMINISTRATOR)
    accounts.close(session, person_id=grace.id, actor="engage", now=NOW)
    with pytest.raises(Refused):
        accounts.close(session, person_id=second.id, actor="engage", now=NOW)


def test_a_reopened_account_has_its_password_and_none_of_its_sessions(session: Session) -> None:
    person = make_person(session)
    before = person.session_key
    accounts.close(session, person_id=person.id, actor="engage", now=NOW)
    accounts.reopen(session, person_id=person.id, actor="engage", now=NOW)
    session.commit()
    assert queries.find_by_session_key(session, before) is None
    assert service.check_password(session, email=person.email, password=PASSWORD).id == person.id
    with pytest.raises(Refused):
        accounts.reopen(session, person_id=person.id, actor="engage", now=NOW)


def test_officers_do_not_leave_by_themselves(session: Session) -> None:
    with pytest.raises(Refused):
        accounts.leave(session, person_id=make_person(session).id, now=NOW)


def test_asking_for_a_new_password_does_the_same_for_everybody(session: Session) -> None:
    make_person(session, email=ADA)
    make_person(session, email="gone@example.test", active=False)
    for email in (ADA, "gone@example.test", "nobody@example.test"):
        resetting.ask(session, email=email, now=NOW)
    session.commit()
    jobs = session.scalars(select(Job).order_by(Job.id)).all()
    assert {(job.name, *job.arguments) for job in jobs} == {(resetting.SEND, "email")}
    for job in jobs:
        TASKS[job.name](session, NOW, job.arguments)
    session.commit()
    assert mailed(session, ADA) == ["Choose a new password"]
    assert session.scalar(select(func.count()).select_from(AccountKey)) == 1


def test_what_was_asked_for_is_forgotten_once_done(session: Session) -> None:
    resetting.ask(session, email=ADA, now=NOW)
    resetting.ask(session, email="waits@example.test", now=NOW)
    session.commit()
    done = session.scalars(select(Job).order_by(Job.id).limit(1)).one()
    done.state, done.done_at = "done", NOW  # type: ignore[assignment]
    session.commit()
    resetting.forget_asked(session, NOW)
    assert [job.arguments["email"] for job in session.scalars(select(Job))] == ["waits@example.test"]


def test_nobody_is_flooded_with_links_and_those_sent_stay_good(session: Session) -> None:
    make_person(session, email=ADA)
    for _ in range(MOST_RESETS + 3):
        resetting.send(session, email=ADA, now=NOW)
    session.commit()
    assert len(mailed(session, ADA)) == MOST_RESETS
    first = session.scalars(select(AccountKey).order_by(AccountKey.id).limit(1)).one()
    assert keys.find_key(session, token_hash=first.token_hash, purpose=KeyPurpose.RESET, now=NOW)
    later = NOW + timedelta(hours=3)
    resetting.send(session, email=ADA, now=later)
    assert len(mailed(session, ADA)) == MOST_RESETS + 1


def test_a_link_gives_a_new_password_once_and_ends_sessions_and_other_links(session: Session) -> None:
    person = make_person(session, email=ADA)
    resetting.send(session, email=ADA, now=NOW)
    first = keys.hash_of(mailed_secret(session, ADA))
    resetting.send(session, email=ADA, now=NOW)
    second = keys.hash_of(mailed_secret(session, ADA))
    before = person.session_key
    session.commit()
    with pytest.raises(Refused):
        joining.accept(session, token_hash=first, password=OTHER, now=NOW)
    resetting.choose(session, token_hash=first, password=OTHER, now=NOW)
    session.commit()
    assert queries.find_by_session_key(session, before) is None
    assert service.check_password(session, email=ADA, password=OTHER).id == person.id
    for token_hash in (first, second):
        with pytest.raises(Refused):
            resetting.choose(session, token_hash=token_hash, password=PASSWORD, now=NOW)
    assert mailed(session, ADA)[-1] == "Your password was changed"
