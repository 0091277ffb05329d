"""Measuring the postcard's journey: ours and the limit in turn, and whether every receipt was kept."""

from __future__ import annotations

import random
import resource
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from engage.bench import limit
from engage.bench.driver import Script, Travelled, travel
from engage.bench.servers import HOST, LIMIT, OURS, Server, serving, temporary_settings
from engage.bench.stage import SLUG, make_ready
from engage.boroughs.queries import places
from engage.foundations.database import db
from engage.foundations.settings import Settings
from engage.foundations.tokens import tidy_code
from engage.questionnaires.shipped import read_json
from engage.responses.models import Response
from engage.responses.service import receipt_hash

ROUNDS = 3
LONGEST_WARM_UP = 2.0
VARIANTS = 64
THREE = 3


@dataclass(slots=True)
class Side:
    """One of the two that are measured, and what its clients saw.

    `counted` is what the figures are made from; `warming` came before the clock ran. The processor seconds
    are those of its server, during the counted journeys.
    """

    script: Script
    server: Server
    counted: Travelled = field(default_factory=Travelled)
    warming: Travelled = field(default_factory=Travelled)
    cpu_seconds: float | None = 0.0

    @property
    def receipts(self) -> Sequence[str]:
        """Every receipt that was shown on a screen."""
        return [*self.warming.receipts, *self.counted.receipts]

    @property
    def errors(self) -> Sequence[str]:
        """Everything that went wrong."""
        return [*self.warming.errors, *self.counted.errors]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database held afterwards: rows, receipts shown that have none, and receipts with two."""

    stored: int
    lost: int
    twice: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Both sides of one run, with what each database held afterwards."""

    ours: Side
    limit: Side
    kept: Kept
    kept_by_limit: Kept
    client_cpu_seconds: float


def measure(
    *, clients: int, seconds: float, database_url: str | None, folder: Path, now: datetime
) -> Measured:
    """Measure both sides for `seconds` each, in short turns so that what else the machine does hits both."""
    with ExitStack() as stack:
        ours, app = stack.enter_context(_ours(database_url, folder, now))
        bare, bare_settings = stack.enter_context(_limit(database_url, folder))
        for side in (ours, bare):
            side.warming.add(travel(side.script, clients=clients, seconds=min(LONGEST_WARM_UP, seconds / 2)))
        cpu = _own_cpu()
        for turn in range(ROUNDS):
            for side in (ours, bare) if turn % 2 == 0 else (bare, ours):
                _count(side, clients, seconds / ROUNDS)
        cpu = _own_cpu() - cpu
        return Measured(ours, bare, _kept(app, ours), _kept_by_limit(bare_settings, bare), cpu)


@contextmanager
def _ours(database_url: str | None, folder: Path, now: datetime) -> Iterator[tuple[Side, Flask]]:
    with temporary_settings(database_url, folder) as settings:
        app = make_ready(settings, now)
        bodies = _postcards(app)
        with app.app_context():
            db.engine.dispose()
        with serving(OURS, settings) as server:
            form = f"/take-part/{SLUG}/postcard"
            yield Side(Script(HOST, server.port, form, f"{form}/send", bodies), server), app
        with app.app_context():
            db.engine.dispose()


@contextmanager
def _limit(database_url: str | None, folder: Path) -> Iterator[tuple[Side, Settings]]:
    bodies = _bodies([str(number) for number in range(12)], [str(number) for number in range(35)])
    with temporary_settings(database_url, folder) as settings:
        limit.prepare(settings)
        with serving(LIMIT, settings) as server:
            yield Side(Script(HOST, server.port, limit.PATH, limit.PATH, bodies), server), settings


def _postcards(app: Flask) -> list[bytes]:
    """Return answers to the shipped postcard, as a browser sends them."""
    questions = read_json("instrument-postcard.json")["definition"]["pages"][0]["questions"]
    options = [
        option["code"] for one in questions if one["code"] == "priorities" for option in one["options"]
    ]
    with app.app_context():
        codes = [area.code for area in places(db.session)]
        db.session.rollback()
    return _bodies(options, codes)


def _bodies(choices: Sequence[str], areas: Sequence[str]) -> list[bytes]:
    chance = random.Random(1)
    chosen = [chance.sample(choices, THREE) for _ in range(VARIANTS)]
    return [
        ("&".join(f"priorities={choice}" for choice in three) + f"&area={chance.choice(areas)}").encode()
        for three in chosen
    ]


def _count(side: Side, clients: int, seconds: float) -> None:
    before = side.server.cpu_seconds()
    side.counted.add(travel(side.script, clients=clients, seconds=seconds))
    after = side.server.cpu_seconds()
    if side.cpu_seconds is not None:
        used = None if before is None or after is None else after - before
        side.cpu_seconds = None if used is None else side.cpu_seconds + used


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _kept(app: Flask, side: Side) -> Kept:
    """Return whether each receipt shown leads to one response."""
    with app.app_context():
        hashes = list(db.session.scalars(select(Response.submission_key)))
        shown = [receipt_hash(tidy_code(receipt)) for receipt in side.receipts]
        db.session.rollback()
    return _compared(shown, hashes)


def _kept_by_limit(settings: Settings, side: Side) -> Kept:
    return _compared(side.receipts, limit.stored_codes(settings))


def _compared(shown: Sequence[str | bytes], held: Sequence[str | bytes]) -> Kept:
    return Kept(
        stored=len(held),
        lost=len(set(shown) - set(held)),
        twice=len(shown) - len(set(shown)) + len(held) - len(set(held)),
    )
