"""Everybody who saw a receipt is stored once, whatever happens to the server while they send."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from engage.distribution.models import Link
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.settings import Settings
from engage.foundations.tokens import tidy_code
from engage.responses.models import Response, ResponseRevision
from engage.responses.service import receipt_hash
from tests.factories.responses import make_exercise
from tests.fixtures.serving import free_port, served

pytestmark = pytest.mark.slow

PEOPLE = 120
AT_ONCE = 8
KILLS = 3
PATIENCE = 90
RECEIPT = re.compile(r'class="app-receipt__code">([^<]+)<')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def answer_once(port: int, path: str, body: str) -> str:
    """Send the form and follow to the receipt; return the code on the screen."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", path, body, FORM)
        sent = connection.getresponse()
        sent.read()
        assert sent.status == 303, sent.status
        cookie = (sent.headers["Set-Cookie"] or "").partition(";")[0]
        connection.request("GET", sent.headers["Location"], headers={"Cookie": cookie})
        shown = connection.getresponse().read().decode()
    finally:
        connection.close()
    found = RECEIPT.search(shown)
    assert found, shown
    return found[1]


def keep_pressing(port: int, path: str, body: str, until: float) -> str | None:
    """Send the same form until a receipt is on the screen, as a person does whose connection fails."""
    while time.monotonic() < until:
        try:
            return answer_once(port, path, body)
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    return None


def test_whoever_saw_a_receipt_is_stored_once_though_the_server_is_killed_while_they_send(
    app: Flask, settings: Settings
) -> None:
    now = clock.now()
    with app.app_context():
        exercise = make_exercise(db.session(), "killed")
        exercise.consultation.closes_at = now.replace(year=now.year + 1)
        db.session.commit()
        path = f"{exercise.path}/postcard/send"
        bodies = [
            urlencode(
                {"ticket": exercise.ticket(by_link=True).seal(), "priorities": "asb", "area": "outside"}
            )
            for _ in range(PEOPLE)
        ]
        db.session.remove()
    port = free_port()
    until = time.monotonic() + PATIENCE
    receipts: list[str | None] = []
    waiting = list(bodies)

    def person() -> None:
        while waiting:
            receipts.append(keep_pressing(port, path, waiting.pop(), until))

    people = [threading.Thread(target=person) for _ in range(AT_ONCE)]
    for thread in people:
        thread.start()
    for kill in range(KILLS + 1):
        with served(settings, port):
            enough = PEOPLE * (kill + 1) // (KILLS + 1)
            while len(receipts) < enough - AT_ONCE and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.05))
            if kill == KILLS:
                for thread in people:
                    thread.join()
    codes = [tidy_code(code) for code in receipts if code is not None]
    assert len(codes) == len(set(codes)) == PEOPLE
    with app.app_context():
        stored = db.session.scalars(select(Response.submission_key)).all()
        assert sorted(stored) == sorted(receipt_hash(code) for code in codes)
        assert db.session.scalar(select(func.count()).select_from(ResponseRevision)) == PEOPLE
        assert db.session.scalars(select(Link.submitted)).one() == PEOPLE
