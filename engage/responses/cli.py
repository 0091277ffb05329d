"""`engage simulate`."""

from __future__ import annotations

import time
from datetime import datetime

import click
from flask.cli import with_appcontext

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.refusals import Refused
from engage.responses.simulation import Simulated
from engage.responses.simulation import simulate as run


@click.command("simulate")
@click.argument("slug")
@click.option("--responses", type=click.IntRange(0), default=3000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, the same responses.")
@click.option("--contacts", type=click.IntRange(0), default=0, help="How many leave an address.")
@click.option("--at", type=click.DateTime(), help="Do it as if it were this moment, by London's clock.")
@with_appcontext
def simulate(slug: str, responses: int, seed: int, contacts: int, at: datetime | None) -> None:
    """Let made-up respondents answer the open consultation SLUG, in the proportions of the census."""
    moment = clock.london_moment(at.date(), at.time()) if at else clock.now()
    began = time.perf_counter()
    try:
        with clock.stopped_at(moment):
            done = run(
                db.session,
                slug=slug,
                responses=responses,
                seed=seed,
                now=clock.now(),
                contacts=contacts,
            )
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(_sentence(done, time.perf_counter() - began))


def _sentence(done: Simulated, seconds: float) -> str:
    pace = f"{done.responses / seconds:,.0f} a second" if done.responses else "all were there already"
    return (
        f"Stored {done.responses:,} made-up responses in {seconds:.1f} seconds ({pace}), "
        f"and {done.contacts:,} addresses."
    )
