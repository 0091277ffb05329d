"""One coordinator cannot read, guess, change or export anything of another's: every route, every id.

Routes are found by whom they admit, so a new one is walked without being named here; one whose address asks
for something this test does not know fails it, with what to do.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engage.foundations import clock
from engage.foundations.database import UNSAFE_METHODS, db, transaction
from engage.foundations.pages import Audience, Pages
from tests.factories.neighbours import Neighbour, all_of, make_neighbour
from tests.factories.responses import DURING, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page
from tests.fixtures.people import let_in_again, page_client

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# What an address may ask for besides something of somebody's: the same for both.
SHARED: dict[str, list[Any]] = {
    "slug": ["priorities"],
    "name": ["poster-a4.pdf", "qr.svg"],
}
# Names under which a form or an address might be told whose something is.
GUESSES = {
    "group": "group_id",
    "group_id": "group_id",
    "groups": "group_id",
    "under": "code",
    "parent": "code",
    "parent_id": "group_id",
    "into": "group_id",
    "code": "code",
    "link": "link_id",
    "link_id": "link_id",
    "person": "person_id",
    "person_id": "person_id",
    "receipt_id": "receipt_id",
    "meeting_id": "meeting_id",
    "contact_id": "contact_id",
    "request_id": "request_id",
}
Walk = tuple[Rule, str, dict[str, Any]]


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


@pytest.fixture
def neighbours(app: Flask) -> tuple[Neighbour, Neighbour]:
    """Two coordinators of two boroughs: who looks, and who is looked at."""
    with app.app_context(), transaction(db.session()) as session:
        exercise = make_exercise(session)
        mine = make_neighbour(session, exercise, "Appleby", figure=4100)
        return mine, make_neighbour(session, exercise, "Quillfeather", figure=7300)


@pytest.fixture
def mine(neighbours: tuple[Neighbour, Neighbour]) -> Neighbour:
    return neighbours[0]


@pytest.fixture
def theirs(neighbours: tuple[Neighbour, Neighbour]) -> Neighbour:
    return neighbours[1]


@pytest.fixture
def client(app: Flask, mine: Neighbour) -> PageClient:
    client = page_client(app)
    client.sign_in_as(mine.person)
    return client


def test_what_is_anothers_is_not_found_by_any_address(
    app: Flask, client: PageClient, mine: Neighbour, theirs: Neighbour
) -> None:
    before, wrong, walked = snapshot(app, theirs), [], 0
    for rule, method, values in walks(app, mine, theirs):
        answer = send(app, client, rule, method, values)
        walked += 1
        # Nothing of theirs exists here; a method the page does not know is not told either.
        if answer.status_code not in (403, 404):
            wrong.append(f"{method} {rule.rule} with {values} answered {answer.status_code}")
        wrong += [f"{method} {rule.rule} with {values} shows {each}" for each in leaks(answer, theirs)]
    assert walked > 50
    assert wrong == []
    assert snapshot(app, theirs) == before


def test_a_coordinators_own_pages_and_files_hold_nothing_of_anothers(
    app: Flask, client: PageClient, mine: Neighbour, theirs: Neighbour
) -> None:
    before, wrong, own = snapshot(app, theirs), [], 0
    asked = {name: first(theirs, argument) for name, argument in GUESSES.items()}
    for rule, values in own_pages(app, mine):
        for query in ({}, asked):
            answer = client.get(address(app, rule, values | query))
            if answer.status_code >= 500:
                wrong.append(f"{rule.rule} answered {answer.status_code}")
            own += mine.marker in everything_in(answer)
            wrong += [f"{rule.rule} with {values} and {query} shows {each}" for each in leaks(answer, theirs)]
    # So that the pages are known to show what belongs there.
    assert own > 20
    assert wrong == []
    assert snapshot(app, theirs) == before


def test_forms_take_nothing_that_is_anothers(
    app: Flask, client: PageClient, mine: Neighbour, theirs: Neighbour
) -> None:
    before, wrong = snapshot(app, theirs), []
    for rule, method, values in own_forms(app, mine):
        fields = fields_of(client, app, rule, values) if "GET" in (rule.methods or ()) else {}
        guesses = {name: first(theirs, argument) for name, argument in GUESSES.items()}
        for argument in ("group_id", "code", "link_id", "person_id"):
            tampered = dict.fromkeys(fields, first(theirs, argument))
            answer = send(app, client, rule, method, values, data=guesses | tampered)
            if answer.status_code >= 500:
                wrong.append(f"{method} {rule.rule} answered {answer.status_code}")
            shown = leaks(answer, theirs, typed=theirs.arguments["code"])
            wrong += [f"{method} {rule.rule} with {argument} shows {each}" for each in shown]
    assert wrong == []
    assert snapshot(app, theirs) == before


def test_a_coordinator_opens_no_page_of_officers(app: Flask, client: PageClient) -> None:
    opened = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/officer")
        and {Audience.COORDINATORS, Audience.SIGNED_IN, Audience.EVERYBODY}
        & {asked_of(app, rule, method) for method in ("GET", "POST")}
    ]
    assert opened == []


def admitted(app: Flask) -> list[Rule]:
    """Return the rules that let a coordinator in as such."""
    ours = {Audience.COORDINATORS, Audience.SIGNED_IN}
    return [
        rule
        for rule in app.url_map.iter_rules()
        if isinstance(app.blueprints.get(rule.endpoint.rpartition(".")[0]), Pages)
        and ours & {asked_of(app, rule, method) for method in methods(rule)}
    ]


def asked_of(app: Flask, rule: Rule, method: str) -> Audience:
    pages = app.blueprints[rule.endpoint.rpartition(".")[0]]
    assert isinstance(pages, Pages)
    return pages.asked_of(rule.endpoint, method)


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def choices(rule: Rule, mine: Neighbour, theirs: Neighbour) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield every way to fill in a rule, and whether anything in it is theirs."""
    names = sorted(rule.arguments)
    unknown = [name for name in names if name not in SHARED and name not in mine.arguments]
    assert not unknown, (
        f"{rule.rule} asks for {unknown}: say in tests/factories/neighbours.py what each neighbour has of it,"
        " or in SHARED here that it is nobody's own"
    )
    options = [
        [(value, False) for value in SHARED[name]]
        if name in SHARED
        else [(value, False) for value in mine.arguments[name]]
        + [(value, True) for value in theirs.arguments[name]]
        for name in names
    ]
    for chosen in product(*options):
        yield (
            {name: value for name, (value, _) in zip(names, chosen, strict=True)},
            any(foreign for _, foreign in chosen),
        )


def walks(app: Flask, mine: Neighbour, theirs: Neighbour) -> Iterator[Walk]:
    for rule in admitted(app):
        for values, foreign in choices(rule, mine, theirs):
            if foreign:
                yield from ((rule, method, values) for method in methods(rule))


def own_pages(app: Flask, mine: Neighbour) -> Iterator[tuple[Rule, dict[str, Any]]]:
    for rule in admitted(app):
        if "GET" in methods(rule):
            yield from ((rule, values) for values, foreign in choices(rule, mine, mine) if not foreign)


def own_forms(app: Flask, mine: Neighbour) -> Iterator[Walk]:
    """Yield everything that takes a form, with what is mine in its address."""
    for rule in admitted(app):
        for method in set(methods(rule)) & UNSAFE_METHODS:
            values = next(values for values, foreign in choices(rule, mine, mine) if not foreign)
            yield rule, method, values


def first(neighbour: Neighbour, argument: str) -> Any:
    return neighbour.group_ids[0] if argument == "group_id" else neighbour.arguments[argument][0]


def address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def send(
    app: Flask,
    client: PageClient,
    rule: Rule,
    method: str,
    values: dict[str, Any],
    data: dict[str, Any] | None = None,
) -> TestResponse:
    answer = client.open(address(app, rule, values), method=method, data=data or {})
    # Leaving is a route too.
    assert client.person
    let_in_again(app, client.person)
    client.sign_in_as(client.person)
    return answer


def fields_of(client: PageClient, app: Flask, rule: Rule, values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields in which a form offers a choice, which a stranger would write something else into."""
    answer = client.get(address(app, rule, values))
    if answer.mimetype != "text/html":
        return {}
    page = Page(answer.get_data(as_text=True), answer.status_code, rule.rule)
    kinds = [*page.all("select"), *page.all("input", type="radio"), *page.all("input", type="checkbox")]
    return {field.get("name", ""): "" for field in kinds if field.get("name")}


def leaks(answer: TestResponse, theirs: Neighbour, typed: Sequence[str] = ()) -> list[str]:
    """Return what of theirs an answer holds: their marker, however written, and their figures.

    What somebody has typed themselves is shown to them again, and tells them nothing.
    """
    text = everything_in(answer) + json.dumps(dict(answer.headers))
    for known in typed:
        text = text.replace(known, "")
    said = [theirs.marker] if theirs.marker.lower() in text.lower() else []
    numbers = [each for number in theirs.figures for each in (str(number), f"{number:,}")]
    return said + [number for number in numbers if number in text]


def everything_in(answer: TestResponse) -> str:
    """Return all text of an answer: of files in an archive and on the pages of a PDF, too."""
    return "\n".join(_texts(answer.get_data()))


def _texts(content: bytes) -> Iterator[str]:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from _texts(archive.read(name))
    elif content.startswith(b"%PDF"):
        yield from (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        yield content.decode("utf-8", "replace")


def snapshot(app: Flask, theirs: Neighbour) -> dict[str, list[Any]]:
    with app.app_context():
        session: Session = db.session()
        return all_of(session, theirs)
