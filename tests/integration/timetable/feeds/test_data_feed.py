"""The data: it keeps its schema, and its documentation names every part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.settings import ROOT
from engage.groups.rules import Community
from engage.timetable.marks import Marks, set_marks
from engage.timetable.rules import Method, Repeats, Topic
from tests.factories.boroughs import make_area
from tests.factories.timetable import AFTER, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "/timetable/feed.json"
DOCUMENT = ROOT / "docs" / "timetable-feeds.md"


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def schema(client: PageClient) -> dict[str, Any]:
    answer = client.get("/timetable/schema.json")
    assert answer.mimetype == "application/schema+json"
    found: dict[str, Any] = json.loads(answer.data)
    Draft202012Validator.check_schema(found)
    return found


def read(client: PageClient, address: str = ADDRESS) -> dict[str, Any]:
    """Return the data, having held them against a schema that allows nothing it does not describe."""
    answer = client.get(address)
    assert answer.mimetype == "application/json"
    found: dict[str, Any] = json.loads(answer.data)
    strict = schema(client)
    strict["additionalProperties"] = strict["$defs"]["entry"]["additionalProperties"] = False
    checker = Draft202012Validator(strict, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(found)] == []
    return found


def test_the_data_keep_their_schema_whatever_is_known_of_an_entry(
    session: Session, client: PageClient
) -> None:
    make_area(session)
    full = make_entry(
        session,
        slug="full",
        area_code="E09000007",
        opened_at=OPENS,
        closed_at=DURING,
        fed_back_at=DURING,
        repeats=Repeats.YEARLY,
        number_of_changes=3,
    )
    marks = Marks(
        topics=(Topic.BUDGET, Topic.CUSTODY), methods=(Method.PANEL,), audiences=(Community.VICTIMS,)
    )
    set_marks(session, full.id, marks)
    bare = {"purpose": "", "decision_due_on": None, "feedback_due_on": None, "notice_given_on": None}
    make_entry(session, title="\x7f<b>\u2028é", duty="none", plan_year=None, opens_at=AFTER.replace(day=1),
               closes_at=AFTER, run_here=False, web_address="https://e.example/", **bare)  # fmt: skip
    make_entry(session, opens_at=AFTER, closes_at=AFTER.replace(year=2028), cancelled_at=DURING,
               cancelled_reason="Gone.", **bare)  # fmt: skip
    make_entry(session, title="Draft", published_at=None)
    session.commit()
    found = read(client)
    first, second, third = found["entries"]
    assert (first["state"], second["state"], third["state"]) == ("fed_back", "forthcoming", "cancelled")
    assert first["topics"] == ["custody", "budget"]
    assert first["duty"]["law"].startswith("Police Act 1996")
    assert first["borough"] == {"code": "E09000007", "name": "Camden"}
    assert first["last_day"] == "2027-09-30"
    assert first["page"] == "http://localhost/timetable/full"
    assert (second["duty"], second["borough"], second["web_address"]) == (None, None, "https://e.example/")
    assert second["title"] == "\x7f<b>\u2028é"
    assert third["cancelled_reason"] == "Gone."


def test_the_data_say_which_view_they_are(client: PageClient) -> None:
    found = read(client, f"{ADDRESS}?state=open&topic=custody&topic=budget&nonsense=x")
    assert found["view"] == {"state": "open", "topic": "custody"}
    assert found["page"] == "http://localhost/timetable/?state=open&topic=custody"
    assert found["entries"] == []


def test_the_documentation_names_every_part_of_the_schema(client: PageClient) -> None:
    described, text = schema(client), DOCUMENT.read_text(encoding="utf-8")
    parts = [*described["properties"], *described["$defs"]["entry"]["properties"]]
    assert [part for part in parts if f"`{part}`" not in text] == []
