"""`engage worker`."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from engage.foundations.database import db
from engage.foundations.jobs import Backoff
from engage.foundations.settings import Settings
from engage.outbox.rendering import read_sender
from engage.outbox.rules import Pace
from engage.outbox.transports import transport_for
from engage.outbox.worker import Worker


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now and end.")
@click.option("--lease", default=120.0, show_default=True, help="Seconds a worker holds what it claimed.")
@click.option("--first-retry", default=30.0, show_default=True, help="Seconds until work is tried again.")
@with_appcontext
def worker(once: bool, lease: float, first_retry: float) -> None:
    """Run jobs, send mail and do what falls due, until stopped by SIGTERM or SIGINT."""
    settings: Settings = current_app.config["SETTINGS"]
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    retry = timedelta(seconds=first_retry)
    pace = Pace(
        lease=timedelta(seconds=lease),
        backoff=Backoff(first=retry),
        unreachable=min(retry, Pace().unreachable),
    )
    running = Worker(
        db.session,
        current_app.extensions["engage_tasks"],
        transport_for(settings.smtp_url, settings.instance),
        sender=read_sender(settings.mail_from),
        pace=pace,
        stopping=stopping,
    )
    if once:
        running.run_until_idle()
    else:
        running.run()
