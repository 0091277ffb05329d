"""100,000 people open links and 10,000 send, all at once; each is counted exactly once."""

from __future__ import annotations

import http.client
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from engage.distribution import counting
from engage.distribution.models import Link
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.settings import Settings
from engage.responses.bulk import Arrival, submit_many
from engage.responses.models import Response
from engage.responses.service import Submission
from engage.responses.tickets import new_ticket
from tests.factories.distribution import make_link
from tests.factories.groups import make_group
from tests.factories.responses import DURING, Exercise, make_exercise
from tests.fixtures.serving import free_port, served

OPENS, SENDS, LINKS, AT_ONCE = 100_000, 10_000, 20, 4
BATCH = 500
VISITORS = 40
PICTURE = re.compile(r'src="(/go/\w+\.svg\?of=\d+)"')
TICKET = re.compile(r'name="ticket" value="([^"]+)"')


def in_threads(app: Flask, jobs: list[Callable[[], None]]) -> None:
    def do(job: Callable[[], None]) -> None:
        with app.app_context(), transaction(db.session):
            job()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(do, jobs))


def people(exercise: Exercise, link: Link, number: int) -> list[Arrival]:
    postcard = exercise.instruments["postcard"]
    return [
        Arrival(
            Submission(
                exercise.consultation.id,
                new_ticket(
                    instrument_id=postcard.id,
                    version_id=postcard.version_id,
                    link_id=link.id,
                    group_id=link.group_id or 0,
                    rotations=1,
                    now=DURING,
                ),
                {"priorities": {"chosen": ["asb"], "rotation": 0}, "area": {"area": "outside"}},
                "outside",
            ),
            DURING,
        )
        for _ in range(number)
    ]


def test_100_000_opens_and_10_000_sends_are_counted_exactly(app: Flask) -> None:
    with app.app_context():
        exercise = make_exercise(db.session())
        of = exercise.consultation.id
        links = [
            make_link(db.session(), consultation_id=of, group_id=make_group(db.session()).id)
            for _ in range(LINKS)
        ]
        db.session.commit()
    chance = random.Random(4)
    expected: Counter[int] = Counter()
    sent: Counter[int] = Counter()
    jobs: list[Callable[[], None]] = []
    for _ in range(OPENS // BATCH):
        some = Counter(chance.choices([link.id for link in links], k=BATCH))
        expected += some
        jobs.append(lambda some=some: counting.count_opens(db.session(), some))  # type: ignore[misc]
    for number in range(SENDS // BATCH):
        link = links[number % LINKS]
        sent[link.id] += BATCH
        arrivals = people(exercise, link, BATCH)
        jobs.append(
            lambda arrivals=arrivals: submit_many(db.session(), consultation_id=of, arrivals=arrivals)  # type: ignore[misc]
        )
    chance.shuffle(jobs)
    in_threads(app, jobs)
    with app.app_context():
        rows = db.session.execute(
            select(Link.id, Link.opened, Link.started, Link.submitted).where(
                Link.id.in_([link.id for link in links])
            )
        )
        found = {link_id: counts for link_id, *counts in rows}
        assert found == {
            link.id: [expected[link.id] + sent[link.id], sent[link.id], sent[link.id]] for link in links
        }
        assert sum(opened for opened, _, _ in found.values()) == OPENS + SENDS
        assert db.session.scalar(select(func.count()).select_from(Response)) == SENDS


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            Visitor(port).get("/timetable/")
        except OSError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)
        else:
            return


class Visitor:
    """A browser of its own: cookies, and the pictures on a page where it shows them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for said in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text

    def look(self, path: str, pictures: bool) -> str:
        _status, html = self.get(path)
        for address in PICTURE.findall(html) if pictures else ():
            assert self.get(address)[0] == 200
        return html


# Several processes that write to one file: the harder of the two.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_browsers_at_once_are_counted_exactly_by_the_server(app: Flask, settings: Settings) -> None:
    now = clock.now()
    with app.app_context():
        exercise = make_exercise(db.session(), "counted")
        exercise.consultation.closes_at = now.replace(year=now.year + 1)
        db.session.commit()
        code, path, link_id = exercise.link.code, exercise.path, exercise.link.id
        db.session.remove()

    def visit(port: int, number: int) -> None:
        visitor, pictures = Visitor(port), number % 4 != 0
        assert visitor.get(f"/go/{code}")[0] == 303
        visitor.look(path, pictures)
        visitor.look(path, pictures)
        if number % 2:
            return
        html = visitor.look(f"{path}/postcard", pictures)
        ticket = TICKET.search(html)
        assert ticket
        form = urlencode({"ticket": ticket[1], "priorities": "asb", "area": "outside"})
        if number % 10 != 2:
            assert visitor.get(f"{path}/postcard/send", form)[0] == 303
            assert visitor.get(f"{path}/postcard/send", form)[0] == 303

    port = free_port()
    with served(settings, port), ThreadPoolExecutor(8) as pool:
        wait_for(port)
        list(pool.map(lambda number: visit(port, number), range(VISITORS)))
    with app.app_context():
        row = db.session.execute(
            select(Link.opened, Link.started, Link.submitted).where(Link.id == link_id)
        ).one()
        # Half only open. Of the others one in five does not send; some of those show no pictures either.
        sends = sum(number % 2 == 0 and number % 10 != 2 for number in range(VISITORS))
        kept = [number for number in range(VISITORS) if number % 10 == 2 and number % 4]
        assert tuple(row) == (VISITORS // 2 + sends + len(kept), sends + len(kept), sends)
        assert db.session.scalar(select(func.count()).select_from(Response)) == sends
