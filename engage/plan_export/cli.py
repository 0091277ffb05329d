"""`engage export`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import NoResultFound

from engage.analysis import service as analysis
from engage.analysis.queries import evidence_folder, latest_snapshot
from engage.consultations.queries import get_consultation
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.settings import Settings
from engage.plan_export.export import Format, write
from engage.plan_export.queries import find_plan


@click.command("export")
@click.argument("slug")
@click.option(
    "--format",
    "chosen",
    type=click.Choice([known.value for known in Format]),
    default="csv",
    show_default=True,
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write.",
)
@with_appcontext
def export(slug: str, chosen: str, output: Path) -> None:
    """Write the priorities of a consultation, with their decisions and where the figures are from."""
    settings: Settings = current_app.config["SETTINGS"]
    folder = evidence_folder(settings)
    try:
        consultation = get_consultation(db.session, slug)
    except NoResultFound:
        raise click.ClickException(f"there is no consultation called {slug}") from None
    if latest_snapshot(db.session, consultation.id) is None:
        db.session.rollback()
        with transaction(db.session):
            analysis.refresh(db.session, consultation=consultation, now=clock.now(), folder=folder)
    threshold = settings.disclosure_threshold
    plan = find_plan(db.session, consultation=consultation, folder=folder, threshold=threshold)
    if plan is None:
        raise click.ClickException("nothing has been counted")
    output.write_bytes(write(plan, Format(chosen), threshold))
    click.echo(f"{len(plan.lines)} priorities written to {output}")
