"""`engage worker` and `engage bounce`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import timedelta

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.jobs import Backoff
from engage.foundations.settings import Settings
from engage.outbox import bounces
from engage.outbox.rendering import read_sender
from engage.outbox.reports import Report, addresses_in, is_complaint, read_report, recipients_of
from engage.outbox.rules import Pace
from engage.outbox.way_out import way_out
from engage.outbox.worker import Worker

log = structlog.get_logger("engage.bounce")

# Reports repeat the message they are about, and ours are short. The rest is read and dropped, so that the
# mail server can finish.
MOST_READ = 1024 * 1024


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
        way_out(settings),
        sender=read_sender(settings.mail_from),
        pace=pace,
        stopping=stopping,
        returns_to=bounces.read_bounce_address(settings.bounce_address),
    )
    if once:
        running.run_until_idle()
    else:
        running.run()


@click.command("bounce")
@click.argument("recipient", default="")
@with_appcontext
def bounce(recipient: str) -> None:
    """Read one delivery report or complaint from standard input, as the mail server hands it over.

    RECIPIENT is the address it came to; without it, the report's own headers are looked at. Whatever it is,
    the command ends well, so that the mail server never answers a report with another; only where the
    database or the settings are at fault does it ask (exit code 75) for the report to be kept for later.
    """
    data = sys.stdin.buffer.read(MOST_READ)
    while sys.stdin.buffer.read(MOST_READ):
        pass
    address = bounces.read_bounce_address(current_app.config["SETTINGS"].bounce_address)
    if address is None:
        log.error("bounce.not_set", setting="ENGAGE_BOUNCE_ADDRESS")
        sys.exit(os.EX_TEMPFAIL)
    complaint = is_complaint(data)
    places = (
        [recipient, *addresses_in(data)] if complaint else [recipient] if recipient else recipients_of(data)
    )
    returned = next(filter(None, (bounces.read_return_address(address, place) for place in places)), None)
    report = None if complaint else read_report(data)
    if returned is None or (report is None and not complaint):
        log.info("bounce.ignored", ours=returned is not None)
        return
    try:
        with transaction(db.session):
            known = _noted(returned, report)
    except Exception as error:
        # Whatever it is, it is ours: the report may be right.
        log.error("bounce.failed", error=type(error).__name__)
        sys.exit(os.EX_TEMPFAIL)
    log.info("bounce.noted" if known else "bounce.unknown", status=report.status if report else "complaint")


def _noted(returned: bounces.Returned, report: Report | None) -> bool:
    """Write down what came: a report, or without one a complaint."""
    if report is None:
        return bounces.complain(db.session, returned=returned, now=clock.now())
    return bounces.note(db.session, returned=returned, report=report, now=clock.now())
