"""The limit: what a bare Flask application reaches on the same server, and no application can pass.

One small template, a form parsed by hand, one row through the driver itself, committed as durably as ours.
No session, no translation, no tables beside the one, no check of anything.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import psycopg
from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engage.foundations.database import BUSY_MILLISECONDS
from engage.foundations.settings import Settings, read_settings

PATH = "/form"
OPTIONS = "".join(
    f'<label><input type="checkbox" name="priorities" value="{number}">Priority {number}</label>'
    for number in range(12)
)
PLACES = "".join(f'<option value="{number}">Place {number}</option>' for number in range(35))
FORM = (
    "<!doctype html><title>Form</title><h1>Form</h1>"
    '<form method="post"><input type="hidden" name="ticket" value="{{ ticket }}">'
    f'{OPTIONS}<select name="area">{PLACES}</select><button>Send</button></form>'
)
RECEIVED = (
    "<!doctype html><title>Received</title><h1>Received</h1>"
    '<strong class="app-receipt__code">{{ code }}</strong>'
)
TABLE = "CREATE TABLE IF NOT EXISTS answer (code TEXT PRIMARY KEY, chosen TEXT NOT NULL, area TEXT NOT NULL)"


def application() -> Flask:
    """Return the application for the settings of the environment; its table must be there."""
    app = Flask("limit", static_folder=None)
    store = _writer(read_settings())
    form_page, received_page = (app.jinja_env.from_string(text) for text in (FORM, RECEIVED))

    @app.get(PATH)
    def form() -> str:
        return render_template(form_page, ticket=secrets.token_urlsafe(16))

    @app.post(PATH)
    def send() -> ResponseReturnValue:
        fields = parse_qs(request.get_data(as_text=True))
        code = fields["ticket"][0]
        store((code, ",".join(fields["priorities"]), fields["area"][0]))
        return redirect(f"/received?code={code}", 303)

    @app.get("/received")
    def received() -> str:
        return render_template(received_page, code=request.args["code"])

    return app


def prepare(settings: Settings) -> None:
    """Make the table."""
    if settings.database_url.startswith("sqlite"):
        connection = _open_sqlite(settings)
        connection.execute(TABLE)
        connection.close()
    else:
        with psycopg.connect(_plain(settings), autocommit=True) as server:
            server.execute(TABLE)


def stored_codes(settings: Settings) -> list[str]:
    """Return the code of every row."""
    if settings.database_url.startswith("sqlite"):
        connection = _open_sqlite(settings)
        rows: list[Any] = connection.execute("SELECT code FROM answer ORDER BY code").fetchall()
        connection.close()
    else:
        with psycopg.connect(_plain(settings)) as server:
            rows = server.execute("SELECT code FROM answer ORDER BY code").fetchall()
    return [row[0] for row in rows]


def _writer(settings: Settings) -> Callable[[tuple[str, str, str]], None]:
    """Return what stores one row for good, on a connection of each thread's own."""
    held = threading.local()

    def write_to_sqlite(row: tuple[str, str, str]) -> None:
        if not hasattr(held, "connection"):
            held.connection = _open_sqlite(settings)
        held.connection.execute("INSERT INTO answer VALUES (?, ?, ?)", row)

    def write_to_postgresql(row: tuple[str, str, str]) -> None:
        if not hasattr(held, "connection"):
            held.connection = psycopg.connect(_plain(settings), autocommit=True)
        held.connection.execute("INSERT INTO answer VALUES (%s, %s, %s)", row)

    return write_to_sqlite if settings.database_url.startswith("sqlite") else write_to_postgresql


def _open_sqlite(settings: Settings) -> sqlite3.Connection:
    connection = sqlite3.connect(
        settings.database_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
    )
    for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _plain(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
