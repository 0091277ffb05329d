"""`engage remove-second-factor`: for an only administrator who has lost both the app and the codes."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.people import factors, queries
from engage.people.service import SYSTEM


@click.command("remove-second-factor")
@click.argument("email")
@with_appcontext
def remove_second_factor(email: str) -> None:
    """Take the second factor off an account; its owner is told, and sets up another if the role needs one."""
    try:
        with transaction(db.session):
            person = queries.find_by_email(db.session, email.strip().lower())
            if person is None:
                raise click.ClickException(f"Nobody has an account with the address {email}")
            factors.take_off(db.session, person_id=person.id, actor=SYSTEM, now=clock.now())
    except Refused as refusal:
        raise click.ClickException(str(refusal.message)) from None
    click.echo(f"{person.label} signs in with the password alone next time.")
