"""`engage load-questionnaires`."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from engage.boroughs.queries import areas
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.service import load_framework, publish_shipped
from engage.questionnaires.shipped import FRAMEWORK, read_json

ACTOR = "engage load-questionnaires"


@click.command("load-questionnaires")
@with_appcontext
def load_questionnaires() -> None:
    """Load the priority framework and publish the questionnaires that ship. Safe to run again."""
    with transaction(db.session):
        places = [Option(area.code, area.name) for area in areas(db.session)]
        if not places:
            raise click.ClickException("There are no boroughs to choose from yet. Run: engage load-london")
        framework = load_framework(db.session, read_json(FRAMEWORK))
        versions = publish_shipped(
            db.session, actor=ACTOR, now=clock.now(), framework_id=framework.id, areas=places
        )
    numbers = ", ".join(f"{code} (version {version.number})" for code, version in versions.items())
    click.echo(f"{framework.title}. Questionnaires: {numbers}.")
