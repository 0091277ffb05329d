"""Nobody is offered what is then refused them: every link and button on the way of each role."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.pages import Audience, Pages
from engage.people.rules import Role, audiences
from tests.factories.neighbours import make_neighbour
from tests.factories.responses import DURING, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page
from tests.fixtures.people import page_client, signed_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROLES = (Role.MEMBER, Role.ANALYST, Role.PLANNING_OFFICER, Role.ADMINISTRATOR, Role.COORDINATOR)
# The public's own way through the site is walked elsewhere.
ROOMS = ("/officer", "/coordinator", "/account")


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_nobody_is_offered_what_is_refused_them(app: Flask, role: Role) -> None:
    with app.app_context(), transaction(db.session()) as session:
        exercise = make_exercise(session)
        neighbour = make_neighbour(session, exercise, "Appleby", figure=4100)
    if role is Role.COORDINATOR:
        client = page_client(app)
        client.sign_in_as(neighbour.person)
    else:
        client = signed_in(app, role)
    walked = Walked(app, client, role)
    walked.walk("/coordinator/" if role is Role.COORDINATOR else "/officer/")
    assert len(walked.seen) > 8
    assert walked.wrong == []


class Walked:
    """A walk along every link from a desk, one page of each rule, noting what is offered and refused."""

    def __init__(self, app: Flask, client: PageClient, role: Role) -> None:
        self.app, self.client, self.audiences = app, client, audiences(role)
        self.seen: set[str] = set()
        self.wrong: list[str] = []

    def walk(self, start: str) -> None:
        waiting = [start]
        while waiting:
            path = waiting.pop()
            answer = self.client.get(path)
            if answer.status_code >= 400:
                self.wrong.append(f"{path} answered {answer.status_code}")
            if answer.mimetype != "text/html":
                continue
            page = Page(answer.get_data(as_text=True), answer.status_code, path)
            self._press(page, path)
            follow = [answer.location] if answer.location else [link.href for link in page.links]
            waiting += [each for each in follow if self._is_new(each)]

    def _is_new(self, address: str) -> bool:
        path = urlsplit(address).path
        if not path.startswith(ROOMS):
            return False
        endpoint = self._endpoint(path, "GET")
        if endpoint in self.seen:
            return False
        self.seen.add(endpoint)
        return True

    def _press(self, page: Page, path: str) -> None:
        for form in page.all("form"):
            if form.get("method", "get").lower() != "post":
                continue
            endpoint = self._endpoint(urlsplit(form.get("action") or path).path, "POST")
            pages = self.app.blueprints[endpoint.rpartition(".")[0]]
            assert isinstance(pages, Pages)
            asked = pages.asked_of(endpoint, "POST")
            if asked is not Audience.EVERYBODY and asked not in self.audiences:
                self.wrong.append(f"{path} offers {endpoint}")

    def _endpoint(self, path: str, method: str) -> str:
        try:
            return str(self.app.url_map.bind("localhost").match(path, method=method)[0])
        except RequestRedirect as moved:
            return self._endpoint(urlsplit(moved.new_url).path, method)
        except HTTPException:
            self.wrong.append(f"{method} {path} leads nowhere")
            return "home.index"
