from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from engage.boroughs.models import Area
from engage.foundations.database import db, transaction
from engage.groups.models import Group
from engage.people import passwords, queries
from engage.people.rules import Role
from tests.factories.groups import make_group
from tests.factories.people import PASSWORD, make_person

ADA = ["create-user", "Ada@example.test", "--name", "Ada"]


def test_loading_london_twice_says_and_leaves_the_same(app: Flask) -> None:
    runner = app.test_cli_runner()
    first, second = runner.invoke(args=["load-london"]), runner.invoke(args=["load-london"])
    assert first.exit_code == second.exit_code == 0
    assert first.output == second.output
    for part in ("35 areas", "331,981 postcodes", "32 CPEGs, 127 other groups"):
        assert part in first.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Area)) == 35
        assert db.session.scalar(select(func.count()).select_from(Group)) == 159


def test_a_coordinator_is_made_for_a_group_with_the_password_from_standard_input(app: Flask) -> None:
    with app.app_context(), transaction(db.session):
        group_id = make_group(db.session, code="camden-cpeg").id
    args = [*ADA, "--role", "coordinator", "--group", "camden-cpeg"]
    done = app.test_cli_runner().invoke(args=args, input=PASSWORD + "\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    with app.app_context():
        person = queries.find_by_email(db.session, "ada@example.test")
        assert person is not None
        assert (person.role, person.group_id) == (Role.COORDINATOR, group_id)
        assert passwords.matches(PASSWORD, person.password_hash)


def test_what_cannot_be_made_is_refused_in_one_sentence(app: Flask) -> None:
    runner = app.test_cli_runner()
    for args, password, sentence in (
        ([*ADA, "--role", "planning_officer"], "short", "at least 12 characters"),
        ([*ADA, "--role", "coordinator"], PASSWORD, "A coordinator has a group"),
        (
            [*ADA, "--role", "coordinator", "--group", "nowhere"],
            PASSWORD,
            "There is no group with the code nowhere",
        ),
        (["set-password", "nobody@example.test"], PASSWORD, "Nobody has an account"),
    ):
        done = runner.invoke(args=args, input=password + "\n")
        assert done.exit_code == 1
        assert sentence in done.output
    with app.app_context():
        assert queries.find_by_email(db.session, "ada@example.test") is None


def test_a_new_password_is_set_and_sessions_end(app: Flask) -> None:
    with app.app_context(), transaction(db.session):
        person = make_person(db.session, email="ada@example.test")
        before = person.session_key
    done = app.test_cli_runner().invoke(args=["set-password", "ADA@example.test"], input="a newer password\n")
    assert done.exit_code == 0, done.output
    with app.app_context():
        assert queries.find_by_session_key(db.session, before) is None
        found = queries.find_by_email(db.session, "ada@example.test")
        assert found is not None
        assert passwords.matches("a newer password", found.password_hash)
