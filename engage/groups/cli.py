"""`engage load-london`, `engage create-user` and `engage set-password`.

They are here because this is the first room that knows people and their groups.
"""

from __future__ import annotations

import sys

import click
from click import Command
from flask.cli import with_appcontext

from engage.boroughs import service as boroughs
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.groups import queries, service
from engage.people import queries as people_queries
from engage.people import service as people
from engage.people.rules import Role


@click.command("load-london")
@with_appcontext
def load_london() -> None:
    """Load boroughs, census figures and groups, and check the postcodes. Safe to run again."""
    try:
        with transaction(db.session):
            places = boroughs.load_london(db.session)
            groups = service.load_groups(db.session)
    except boroughs.DamagedDataError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{places.areas} areas, {places.census_counts} census figures")
    click.echo(f"{places.postcodes:,} postcodes")
    click.echo(f"{groups.cpegs} CPEGs, {groups.others} other groups")


@click.command("create-user")
@click.argument("email")
@click.option("--name", required=True, help="As the audit log shall write it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--group", "group_code", help="The code of a coordinator's group, like camden-cpeg.")
@with_appcontext
def create_user(email: str, name: str, role: str, group_code: str | None) -> None:
    """Make an account. The password is asked for, or read from standard input."""
    group = queries.find_by_code(db.session, group_code) if group_code else None
    if group_code and group is None:
        raise click.ClickException(f"There is no group with the code {group_code}")
    group_id = group.id if group else None
    db.session.rollback()
    password = _password()
    try:
        with transaction(db.session):
            made = people.create_person(
                db.session,
                email=email,
                name=name,
                role=Role(role),
                password=password,
                group_id=group_id,
                now=clock.now(),
            )
    except Refused as refusal:
        raise click.ClickException(str(refusal.message)) from None
    click.echo(f"{made.label} can sign in as {made.role.value.replace('_', ' ')}.")


@click.command("set-password")
@click.argument("email")
@with_appcontext
def set_password(email: str) -> None:
    """Give somebody a new password and end their sessions. It is asked for, or read from standard input."""
    password = _password()
    try:
        with transaction(db.session):
            person = people_queries.find_by_email(db.session, email.strip().lower())
            if person is None:
                raise click.ClickException(f"Nobody has an account with the address {email}")
            people.change_password(
                db.session, person_id=person.id, password=password, now=clock.now(), actor=people.SYSTEM
            )
    except Refused as refusal:
        raise click.ClickException(str(refusal.message)) from None
    click.echo(f"{person.label} has a new password.")


def _password() -> str:
    """Return the password: never from the command line, where other people on the machine can read it."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


commands: tuple[Command, ...] = (load_london, create_user, set_password)
