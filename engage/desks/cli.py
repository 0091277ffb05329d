"""`engage list-consultations`."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from engage.desks import queries
from engage.foundations.database import db


@click.command("list-consultations")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
@with_appcontext
def list_consultations(as_json: bool) -> None:
    """List every consultation: its slug, its state and how many responses count."""
    rows = queries.count_responses(db.session)
    if as_json:
        click.echo(json.dumps([row._asdict() for row in rows], indent=2))
        return
    for row in rows:
        click.echo(f"{row.slug}\t{row.state}\t{row.responses}")
