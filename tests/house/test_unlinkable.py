"""Nobody who holds the whole database, and the logs, can tell which response is whose address.

Dozens of people answer and leave an address through the pages themselves, one after the other; then the
feedback is mailed. After that everything with an address in it is put in every order that a dump has, by the
way rows lie, by the transaction that wrote them, by each column, and compared with the order of responses.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from engage.consultations.rules import State
from engage.feedback.ledger import service as ledger
from engage.feedback.models import Feedback
from engage.feedback.scattering import EVERY_MINUTES, scatter_when_due
from engage.foundations import clock
from engage.foundations.database import db, is_sqlite, transaction
from engage.outbox.rendering import read_sender
from engage.outbox.rules import Pace
from engage.outbox.transports import transport_for
from engage.outbox.worker import Worker
from engage.responses.models import Contact, Response
from tests.factories.responses import AFTER, DURING, make_exercise
from tests.fixtures.people import page_client

PEOPLE = 30
APART = timedelta(minutes=3)
# Thirty in random order come this near to another order less than once in a million times.
CHANCE = 0.8
ANSWERS = ("response", "response_revision", "draft", "link", "coding", "evidence_snapshot")
Rows: TypeAlias = list[dict[str, Any]]


def address(person: int) -> str:
    # Said so that no order of addresses is the order of people.
    return f"{(person * 7919) % 1000:03d}.person{person:02d}@example.test"


def answer(app: Flask, path: str, person: int) -> None:
    """Send a response and leave an address, as a browser does."""
    client = page_client(app)
    with clock.stopped_at(DURING + person * APART):
        ticket = client.get_page(f"{path}/postcard").form_values()["ticket"]
        form = {"ticket": ticket, "priorities": ["asb"], "area": "outside"}
        assert client.post_page(f"{path}/postcard/send", form).h1 == "Your answers are stored"
    with clock.stopped_at(DURING + person * APART + timedelta(seconds=20)):
        received = path + "/keep-me-informed"
        token = client.get_page(path + "/received").form_values().get("csrf_token", "")
        assert (
            "We will write to you"
            in client.post_page(received, {"address": address(person), "csrf_token": token}).text
        )


@pytest.fixture
def answered(
    app: Flask, session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    """A consultation that people answered one after the other, and what was logged meanwhile."""
    exercise = make_exercise(session)
    for person in range(PEOPLE):
        answer(app, exercise.path, person)
    session.rollback()
    before = sorted_as_they_lie(session)
    last = DURING + PEOPLE * APART + timedelta(hours=1)
    with transaction(session):
        scatter_when_due(session, last.replace(minute=EVERY_MINUTES))
    return {"exercise": exercise, "before": before, "logged": capsys.readouterr(), "folder": tmp_path}


def mail_out(app: Flask, session: Session, answered: Mapping[str, Any]) -> None:
    """Let a worker send the feedback to everybody."""
    consultation = answered["exercise"].consultation
    with transaction(session):
        consultation.state = State.DECIDED
        consultation.closed_at = consultation.closes_at
        consultation.analysed_at = consultation.decided_at = AFTER
        feedback = Feedback(consultation_id=consultation.id, said="A", decided="B", reconciled="C")
        feedback.published_at = AFTER
        session.add(feedback)
        session.flush()
        ledger.ask_for_everybody(session, feedback.id, now=AFTER, reason="published")
    with clock.stopped_at(AFTER), Session(db.engine, expire_on_commit=False) as own:
        Worker(
            own,
            app.extensions["engage_tasks"],
            transport_for(None, answered["folder"]),
            sender=read_sender("Engage <engage@example.org>"),
            pace=Pace(),
            stopping=threading.Event(),
        ).run_until_idle()
    session.rollback()


def test_no_order_and_no_value_of_a_dump_joins_an_address_to_a_response(
    app: Flask, session: Session, answered: Mapping[str, Any]
) -> None:
    assert session.scalar(select(func.count()).select_from(Response)) == PEOPLE
    assert session.scalar(select(func.count()).select_from(Contact)) == PEOPLE
    if not is_sqlite(session):
        # What the test looks for is there before the addresses are laid out anew, so it can be seen.
        assert abs(likeness(answered["before"])) > CHANCE
    mail_out(app, session, answered)
    tables = {name: dump(session, name) for name in inspect(session.connection()).get_table_names()}
    found = owners(tables)
    assert {"contact", "outbox_message", "feedback_delivery"} <= found.keys()
    near = {
        f"{name} by {how}": round(likeness(order), 2)
        for name, owned in found.items()
        for how, order in orders(tables[name], owned).items()
        if abs(likeness(order)) > CHANCE
    }
    assert near == {}
    answers = {str(value) for name in ANSWERS for row in tables[name] for value in flat(row)}
    theirs = {
        str(value)
        for name, owned in found.items()
        for place in owned
        for column, value in tables[name][place].items()
        if column != "ctid_" and is_own(tables[name], column)
    }
    assert theirs & answers - SMALL == set()
    # Neither the log of deeds, nor the work that waits, nor the server's log knows an address or its key.
    logged = answered["logged"].out + answered["logged"].err + str(tables["audit_event"]) + str(tables["job"])
    marks = [word for row in tables["contact"] for word in (row["address"], plain(row["id"]))]
    assert [mark for mark in marks if mark in logged.replace("-", "")] == []


# Numbers that any table counts with: they point nowhere.
SMALL = {str(number) for number in range(PEOPLE * 10)}


def dump(session: Session, table: str) -> Rows:
    """Return a table's rows as they lie, with what the database itself says of each."""
    if is_sqlite(session):
        return [dict(row) for row in session.execute(text(f'SELECT * FROM "{table}"')).mappings()]
    own = "ctid::text AS ctid_, xmin::text::bigint AS xmin_"
    rows = session.execute(text(f'SELECT *, {own} FROM "{table}" ORDER BY ctid')).mappings()
    return [dict(row) for row in rows]


def sorted_as_they_lie(session: Session) -> list[tuple[Any, int]]:
    return [(place, whose(row["address"])) for place, row in enumerate(dump(session, "contact"))]


def whose(text: str) -> int:
    return int(text.partition("person")[2][:2])


def owners(tables: Mapping[str, Rows]) -> dict[str, dict[int, int]]:
    """Return, for each table with something of a person in it, whose each row is, by place.

    A row is a person's that holds their address, or the key of a row that does.
    """
    marks = {address(person): person for person in range(PEOPLE)}
    for row in tables["contact"]:
        marks[plain(row["id"])] = whose(row["address"])
    found: dict[str, dict[int, int]] = {}
    for name, rows in tables.items():
        for place, row in enumerate(rows):
            said = " ".join(plain(value) for value in flat(row))
            people = {person for mark, person in marks.items() if mark in said}
            if len(people) == 1:
                found.setdefault(name, {})[place] = people.pop()
    return found


def orders(rows: Rows, owned: Mapping[int, int]) -> dict[str, list[tuple[Any, int]]]:
    """Return every order of a table's owned rows: as they lie, and by each column."""
    found: dict[str, list[tuple[Any, int]]] = {"place": list(owned.items())}
    for column in rows[0]:
        values = [(rows[place][column], person) for place, person in owned.items()]
        if len({type(value) for value, _ in values}) == 1 and not isinstance(values[0][0], dict):
            found[column] = [(value, person) for value, person in values if value is not None]
    # The addresses themselves are in the order that the test gave them.
    return {how: order for how, order in found.items() if len(order) > PEOPLE // 2}


def likeness(order: Sequence[tuple[Any, int]]) -> float:
    """Return Spearman's coefficient of an order and that of the responses; 0 where all is equal."""
    first, second = ranks([value for value, _ in order]), ranks([person for _, person in order])
    middle = (len(order) - 1) / 2
    spread = math.sqrt(sum((a - middle) ** 2 for a in first) * sum((b - middle) ** 2 for b in second))
    together = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    return together / spread if spread else 0.0


def ranks(values: Sequence[Any]) -> list[float]:
    """Return the ranks of values, the same for equal ones."""
    ordered = sorted(values)
    first, last = {}, {}
    for place, value in enumerate(ordered):
        first.setdefault(value, place)
        last[value] = place
    return [(first[value] + last[value]) / 2 for value in values]


def is_own(rows: Rows, column: str) -> bool:
    """Tell whether no two rows have the same value there."""
    return len({str(row[column]) for row in rows}) == len(rows)


def flat(value: Any) -> list[Any]:
    """Return every single value in a row."""
    if isinstance(value, Mapping):
        return [each for one in value.values() for each in flat(one)]
    return [each for one in value for each in flat(one)] if isinstance(value, list | tuple) else [value]


def plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value).replace("-", "")
