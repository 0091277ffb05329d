"""`engage serve` and `engage upgrade`."""

from __future__ import annotations

import click
import flask_migrate
from flask.cli import with_appcontext

from engage.foundations.database import db
from engage.server.migrations import is_current
from engage.server.processes import THREADS, WORKERS, Serving, serve


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, help="The port to listen at.")
@click.option("--workers", default=WORKERS, show_default=True, help="Web processes.")
@click.option("--threads", default=THREADS, show_default=True, help="Requests one process works on at once.")
@click.option("--no-worker", is_flag=True, help="Do not run `engage worker` beside the web processes.")
@with_appcontext
def serve_command(host: str, port: int, workers: int, threads: int, no_worker: bool) -> None:
    """Serve the pages, with a worker beside them, until stopped by SIGTERM or SIGINT."""
    refuse_old_tables()
    serve(Serving(host, port, workers, threads), with_worker=not no_worker)


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Bring the database's tables to this version. Safe to run again; all or nothing."""
    flask_migrate.upgrade()
    click.echo("The database is up to date.")


def refuse_old_tables() -> None:
    """End the command with one sentence where the database waits for `engage upgrade`."""
    with db.engine.connect() as connection:
        current = is_current(connection)
    db.engine.dispose()
    if not current:
        raise click.ClickException("The database is not up to date. Run: engage upgrade")
