"""`engage demo`: from an empty folder to a running platform that shows every page alive."""

from __future__ import annotations

import logging
import os
import threading
import time
from functools import partial
from pathlib import Path

import click
import flask_migrate
from flask import Flask

from engage import create_app
from engage.analysis.queries import evidence_folder
from engage.demo import people
from engage.demo.content import EARLIER, OPEN
from engage.demo.earlier import Tools
from engage.demo.loader import Wanted, load
from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.refusals import Refused
from engage.foundations.settings import Mode, Settings, read_settings
from engage.outbox.rendering import read_sender
from engage.outbox.rules import Pace
from engage.outbox.transports import transport_for
from engage.outbox.worker import Worker
from engage.people.rules import ROLES
from engage.server.processes import THREADS, WORKERS, Serving, serve

PLACES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("The front page", "home.index", {}),
    ("The timetable", "timetable.index", {}),
    ("Answer the open consultation", "take_part.start", {"slug": OPEN}),
    ("What came of the earlier one", "feedback.show", {"slug": EARLIER}),
)


@click.command("demo")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where to listen."
)
@click.option("--no-serve", is_flag=True, help="Make the demonstration and end.")
@click.option(
    "--responses",
    type=click.IntRange(0),
    default=3000,
    show_default=True,
    help="How many made-up responses the open consultation has.",
)
@click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of its database and files [default: instance].",
)
def demo(port: int, no_serve: bool, responses: int, instance: Path | None) -> None:
    """Make the demonstration, or keep the one that is there, and serve it with a worker beside it."""
    settings = _settings(port, instance)
    app = create_app(settings)
    with app.app_context():
        _make(app, responses)
        _say_where()
        db.engine.dispose()
    if not no_serve:
        click.echo("Stop it with Ctrl+C.")
        serve(Serving("127.0.0.1", port, WORKERS, THREADS), with_worker=True)


def _settings(port: int, instance: Path | None) -> Settings:
    """Return the demonstration's settings, and leave them in the environment for the processes it starts."""
    os.environ["ENGAGE_MODE"] = Mode.DEMO
    os.environ.setdefault("ENGAGE_BASE_URL", f"http://127.0.0.1:{port}")
    if instance is not None:
        os.environ["ENGAGE_INSTANCE"] = str(instance.resolve())
    return read_settings()


def _make(app: Flask, responses: int) -> None:
    began = time.perf_counter()
    settings: Settings = app.config["SETTINGS"]
    # What migrations and the worker have to say is for operators, and nobody here is one yet.
    for name in ("alembic", "engage.worker"):
        logging.getLogger(name).setLevel(logging.WARNING)
    flask_migrate.upgrade()
    wanted = Wanted(
        now=clock.now(),
        responses=responses,
        tools=Tools(evidence_folder(settings), settings.disclosure_threshold, partial(work, app)),
    )
    try:
        load(db.session, wanted)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"The demonstration is in {settings.instance} ({time.perf_counter() - began:.1f} seconds).")


def work(app: Flask) -> None:
    """Let a worker do what is due by the stopped clock; its mail becomes files, whatever server is set."""
    settings: Settings = app.config["SETTINGS"]
    Worker(
        db.session,
        app.extensions["engage_tasks"],
        transport_for(None, settings.instance),
        sender=read_sender(settings.mail_from),
        pace=Pace(),
        stopping=threading.Event(),
    ).run_until_idle()


def _say_where() -> None:
    """Print the addresses to look at, and how each kind of person signs in."""
    click.echo("\nWithout signing in:")
    for what, endpoint, values in PLACES:
        click.echo(f"  {what:<34} {address_of(endpoint, **values)}")
    click.echo(f"\nSign in at {address_of('sign_in.show')} as:")
    for member in people.EVERYBODY:
        click.echo(f"  {ROLES[member.role]!s:<24} {member.email:<26} {people.password_of(member)}")
    click.echo(f"\nMail is in {address_of('outbox.index')} (sign in as an officer).\n")
