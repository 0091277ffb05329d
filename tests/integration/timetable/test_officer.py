"""Entries, as officers write them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.timetable import queries
from tests.factories.timetable import BEFORE, CLOSES, DURING, OPENS, entry_details, make_entry
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of

NEW = "/officer/timetable/new"
FILLED = {
    "title": "Policing priorities",
    "organisation": "Metropolitan Police Authority",
    "run_here": "here",
    "area_code": "",
    "level": "consultation",
    "duty": "policing_objectives",
    "purpose": "To set what the police put first.",
    "can_change": "The order of the priorities.",
    "cannot_change": "The law.",
    "audience": "Everybody who lives in London.",
    "methods": "Online and on paper.",
    "how_to_take_part": "Answer here, or ask for a paper form.",
    "consultation_year": "2027",
    "plan_year": "2028",
    "notice_given_on": ["1", "4", "2027"],
    "opens_at": ["5", "7", "2027"],
    "opens_time": "09:00",
    "closes_at": ["30", "9", "2027"],
    "decision_maker": "the full Authority",
    "decision_due_on": ["18", "11", "2027"],
    "feedback_due_on": ["16", "12", "2027"],
}


@pytest.fixture(autouse=True)
def before() -> Iterator[None]:
    with clock.stopped_at(BEFORE):
        yield


def test_an_officer_adds_an_entry_in_london_time(session: Session, officer_client: PageClient) -> None:
    page = officer_client.post_page(NEW, FILLED)
    assert page.h1 == "Policing priorities"
    entry = queries.get_entry(session, "policing-priorities")
    assert queries.details_of(entry) == entry_details()
    assert (entry.opens_at, entry.closes_at) == (OPENS, CLOSES)


def test_a_new_entry_begins_with_what_is_likely(officer_client: PageClient) -> None:
    page = officer_client.get_page(NEW)
    assert page.field("organisation").get("value") == "Metropolitan Police Authority"
    assert page.field("consultation_year").get("value") == "2027"
    assert page.field("opens_time").get("value") == "09:00"
    assert [box.get("value") for box in page.all("input", name="notice_given_on")] == ["1", "6", "2027"]
    assert "told today, it can open from 1 September 2027" in page.main


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"title": " "}, "title", "Enter a title."),
        ({"level": ""}, "level", "Choose what kind it is."),
        ({"duty": ""}, "duty", "Choose the duty, or that there is none."),
        ({"closes_at": ["31", "9", "2027"]}, "closes_at", "Enter the last day to answer."),
        ({"closes_at": ["4", "7", "2027"]}, "closes_at", "must not be before the opening"),
        ({"decision_due_on": ["31", "", "2027"]}, "decision_due_on", "Enter a real day"),
        ({"decision_due_on": ["", "11", ""]}, "decision_due_on", "Enter a real day"),
        ({"decision_due_on": ["30", "9", "2027"]}, "decision_due_on", "after the last day to answer"),
        ({"feedback_due_on": ["24", "12", "2027"]}, "feedback_late_reason", "within 12 weeks"),
        ({"urgent_reason": "A ruling."}, "urgent_authorised_by", "Say which role"),
        ({"consultation_year": "soon"}, "consultation_year", "four figures"),
        ({"plan_year": "soon"}, "plan_year", "four figures"),
    ],
)
def test_bad_input_gets_one_sentence_beside_its_field_and_keeps_what_was_typed(
    session: Session, officer_client: PageClient, typed: dict[str, object], field: str, sentence: str
) -> None:
    page = officer_client.post_page(NEW, FILLED | typed, status=422)
    assert sentence in text_of(page.find("p", id=f"{field}-error"))
    assert [link.href for link in page.links if link.href.startswith("#") and link.href != "#main"] == [
        f"#{field}"
    ]
    assert page.form_values()["purpose"].strip() == "To set what the police put first."
    assert queries.entries(session) == []


def test_an_officer_changes_an_entry_before_it_opens(session: Session, officer_client: PageClient) -> None:
    make_entry(session, slug="priorities")
    session.commit()
    form = officer_client.get_page("/officer/timetable/priorities/edit")
    assert [box.get("value") for box in form.all("input", name="closes_at")] == ["30", "9", "2027"]
    officer_client.post_page(form.url, FILLED | {"audience": "Young people"})
    assert queries.details_of(queries.get_entry(session, "priorities")) == entry_details(
        audience="Young people"
    )


def test_once_people_answer_only_what_may_still_change_is_asked(
    session: Session, officer_client: PageClient
) -> None:
    make_entry(session, slug="priorities", opened_at=OPENS)
    session.commit()
    with clock.stopped_at(DURING):
        form = officer_client.get_page("/officer/timetable/priorities/edit")
        assert not form.all("textarea", name="purpose")
        changes = {"how_to_take_part": "Or ring us.", "feedback_due_on": ["15", "12", "2027"]}
        officer_client.post_page(form.url, changes)
        officer_client.post_page(form.url, {"can_change": "Nothing."}, status=422)
    entry = queries.get_entry(session, "priorities")
    assert (entry.how_to_take_part, entry.can_change) == ("Or ring us.", "The order of the priorities.")


def test_officers_see_every_entry_with_its_state(session: Session, officer_client: PageClient) -> None:
    make_entry(session, title="Coming")
    make_entry(session, title="Running", opened_at=BEFORE)
    session.commit()
    page = officer_client.get_page("/officer/timetable/")
    rows = [text_of(row) for row in page.find("tbody").iter("tr")]
    assert rows[0].startswith("Running Metropolitan Police Authority, All of London Open")
    assert rows[1].startswith("Coming Metropolitan Police Authority, All of London Coming up")


@pytest.mark.parametrize("address", ["", "new", "priorities", "priorities/edit"])
def test_coordinators_are_not_admitted(coordinator_client: PageClient, address: str) -> None:
    coordinator_client.get_page(f"/officer/timetable/{address}", status=403)
