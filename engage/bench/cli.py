"""`engage bench`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from engage.bench import mail as mailing
from engage.bench import mail_kill
from engage.bench.journeys import measure
from engage.bench.report import kept_its_word, line, report
from engage.bench.servers import ServerFailed
from engage.foundations import clock

Command = TypeVar("Command", bound=Callable[..., Any])


_database = click.option(
    "--database-url", help="A PostgreSQL server that allows new databases; without it, SQLite."
)


def _folder(says: str) -> Callable[[Command], Command]:
    return click.option(
        "--folder",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(tempfile.gettempdir()),
        show_default=True,
        help=says,
    )


@click.group("bench")
def bench() -> None:
    """Measure this installation against the least that could do the same."""


@bench.command("journeys")
@click.option("--clients", type=click.IntRange(1), default=8, show_default=True, help="At once.")
@click.option("--seconds", type=click.FloatRange(1), default=10.0, show_default=True, help="For each side.")
@_database
@_folder("Where SQLite's temporary files go: a real disk, or durability costs nothing.")
@click.option("--json", "json_only", is_flag=True, help="Say nothing but the line of JSON.")
def journeys(clients: int, seconds: float, database_url: str | None, folder: Path, json_only: bool) -> None:
    """Time the postcard's journey, from a new connection to the receipt on the screen."""
    database = "postgresql" if database_url else "sqlite"
    if not json_only:
        click.echo(f"{clients} clients, {seconds:g} seconds a side, {database}", err=True)
    try:
        measured = measure(
            clients=clients, seconds=seconds, database_url=database_url, folder=folder, now=clock.now()
        )
    except ServerFailed as failure:
        raise click.ClickException(str(failure)) from None
    figures = report(measured, database=database, clients=clients, seconds=seconds)
    click.echo(line(figures))
    if not kept_its_word(figures):
        raise click.ClickException("what was acknowledged and what is stored are not the same")


@bench.command("mail")
@click.option("--messages", type=click.IntRange(100), default=4000, show_default=True, help="In each turn.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="At once.")
@_database
@_folder("Where temporary files go: a real disk, or durability costs nothing.")
@click.option("--kill", is_flag=True, help="Kill a worker every few seconds; the mail server is rude.")
@click.option("--every", default=4.0, show_default=True, help="Seconds between kills.")
def mail(
    messages: int, workers: int, database_url: str | None, folder: Path, kill: bool, every: float
) -> None:
    """Send mail to a server on this machine, beside plain smtplib in turn, and say the ratio.

    With --kill: feed back to so many addresses whatever happens, and say who was served how often.
    """
    do = partial(mail_kill.survive, every=every) if kill else mailing.measure
    try:
        figures = do(
            messages=messages, workers=workers, database_url=database_url, folder=folder, now=clock.now()
        )
    except ServerFailed as failure:
        raise click.ClickException(str(failure)) from None
    click.echo(json.dumps(figures))
    if kill and not mail_kill.kept_its_word(figures):
        raise click.ClickException("what was sent and what the ledger says are not the same")
