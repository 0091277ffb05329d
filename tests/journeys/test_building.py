"""The three instruments, rebuilt by an officer from nothing, opened, and answered in three ways."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from engage.foundations.database import db
from engage.questionnaires import history
from engage.questionnaires.shipped import read_json
from tests.journeys import the_builder, the_londoner, the_officer
from tests.journeys.conftest import OFFICER, PASSWORD, Arrive
from tests.journeys.keyboard import Keyboard
from tests.journeys.screen_reader import fields_in, listen, only
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FORM = f"/take-part/{the_officer.SLUG}"
FIRST = "The first version, as the paper form has it."
REBUILT = {
    "full": "Full form, rebuilt",
    "postcard": "Postcard, rebuilt",
    "business": "Business form, rebuilt",
}
OFFERED = tuple((f"{title}, version 1", title.partition(",")[0], code) for code, title in REBUILT.items())
BUSINESSES = "What should the police put first for businesses?"


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough: what these journeys try is in the browser."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'engage.sqlite')}"


@pytest.fixture
def scripts() -> bool:
    """Scripts run unless a journey says otherwise."""
    return True


@pytest.mark.usefixtures("town")
def test_the_three_instruments_are_rebuilt_from_nothing_and_answered(app: Flask, visitor: Arrive) -> None:
    officer = visitor(looks=False)
    the_officer.adds_an_entry(officer)
    for name, title in REBUILT.items():
        code = the_builder.begins(officer, title)
        definition = shipped(name)
        if name == "full":
            the_builder.is_told_what_keeps_it_from_being_published(officer)
        the_builder.writes_it(officer, code, title, definition)
        if name == "business":
            the_builder.looks_at_it(officer, code, definition["pages"][0]["title"])
        the_builder.publishes_it(officer, code, FIRST)
        assert asked_in(app, code) == asked_in(app, f"priorities-{name}")
    officer.go(f"/officer/timetable/{the_officer.SLUG}")
    the_officer.plans_and_opens_it(officer, OFFERED)

    answered_on_the_postcard_without_scripts(visitor(runs=False))
    answered_in_own_words_without_scripts(visitor(runs=False))
    answered_for_a_business_with_the_keyboard(visitor(looks=False))


@pytest.mark.usefixtures("town")
def test_the_postcard_is_built_where_no_scripts_run(app: Flask, visitor: Arrive) -> None:
    officer = visitor(runs=False)
    officer.signs_in(OFFICER, PASSWORD)
    code = the_builder.begins(officer, REBUILT["postcard"])
    the_builder.writes_it(officer, code, REBUILT["postcard"], shipped("postcard"))
    the_builder.looks_at_it(officer, code, shipped("postcard")["pages"][0]["title"])
    the_builder.publishes_it(officer, code, FIRST)
    assert asked_in(app, code) == asked_in(app, "priorities-postcard")


def shipped(name: str) -> Mapping[str, Any]:
    """Return what a shipped instrument asks."""
    definition: Mapping[str, Any] = read_json(f"instrument-{name}.json")["definition"]
    return definition


def asked_in(app: Flask, code: str) -> list[dict[str, Any]]:
    """Return what the newest version asks: all that it says, but for the codes of pages and questions.

    The codes of options stay: by those of the framework, the answers of all instruments are counted together.
    """
    with app.app_context():
        version = history.find_newest(db.session, code)
        assert version is not None
        about = {"title": version.definition.title, "intro": version.definition.intro}
        about["minutes"] = version.definition.minutes
        pages = version.definition.to_json()["pages"]
    for page in pages:
        page.pop("code")
        for question in page["questions"]:
            question.pop("code")
    return [about, *pages]


def answered_on_the_postcard_without_scripts(londoner: Visitor) -> None:
    londoner.go(FORM)
    londoner.follows("Postcard")
    the_londoner.answers_the_postcard(londoner, "Knife crime", "Burglary", borough="Hackney")


def answered_in_own_words_without_scripts(londoner: Visitor) -> None:
    the_londoner.answers_in_own_words(londoner)
    londoner.presses("Send my answers")
    receipt = the_londoner.keeps_the_receipt(londoner)
    the_londoner.reads_the_answers_back(londoner, receipt, "Stop the knife crime", "Hackney")


def answered_for_a_business_with_the_keyboard(londoner: Visitor) -> None:
    """Answer the business form with keys alone, and hear what a screen reader is told of it."""
    keys = Keyboard(londoner)
    londoner.go(FORM)
    keys.follows("Business form")
    londoner.sees("What businesses need from the police", "business form")
    hears_the_list(londoner)
    keys.sends("Continue")
    hears_the_mistake(londoner)
    keys.presses("Tab")
    keys.presses("Enter")
    keys.ticks("Burglary", "Robbery", "Shoplifting and business crime")
    hears_what_is_ticked(londoner, "Burglary", "Robbery", "Shoplifting and business crime")
    keys.writes("What has happened at your business in the last year? (optional)", "Two thefts.")
    keys.sends("Continue")
    londoner.sees("About your business")
    hears_the_organisation(londoner)
    keys.writes("Name of the business or organisation", "Corner Shop")
    keys.writes("How many people do you answer for?", "4")
    keys.field("Borough")
    keys.page.keyboard.type("Cam")
    keys.sends("Continue")
    londoner.sees("Check your answers", "check the business form")
    londoner.reads("Shoplifting and business crime", "Two thefts.", "Corner Shop", "Camden")
    keys.sends("Send my answers")
    the_londoner.keeps_the_receipt(londoner)


def hears_the_list(londoner: Visitor) -> None:
    """The question is a group with its hint; every option is a box with a name, and none is ticked."""
    heard = listen(londoner)
    question = only(heard, "group", BUSINESSES)
    assert question.description == "Choose up to three."
    boxes = [each for each in fields_in(heard, BUSINESSES) if each.role == "checkbox"]
    offered = {option["label"] for option in shipped("business")["pages"][0]["questions"][0]["options"]}
    assert {each.name for each in boxes} == {*offered, "Something else"}
    assert not any(each.checked for each in boxes)


def hears_the_mistake(londoner: Visitor) -> None:
    """What is wrong is an alert that has the focus, with a link; the group says it again."""
    londoner.sees("What businesses need from the police", "business form refused")
    expect(londoner.page.locator(".govuk-error-summary")).to_be_focused()
    heard = listen(londoner)
    assert [each for each in heard if each.role == "alert"], "nothing is announced"
    [mistake] = [each for each in heard if each.role == "link" and each.name.startswith("Choose")]
    assert f"Error: {mistake.name}" in only(heard, "group", BUSINESSES).description


def hears_what_is_ticked(londoner: Visitor, *labels: str) -> None:
    boxes = fields_in(listen(londoner), BUSINESSES)
    assert {each.name for each in boxes if each.checked} == set(labels)


def hears_the_organisation(londoner: Visitor) -> None:
    """Every field of the organisation and of the place has a name, in a group with one."""
    heard = listen(londoner)
    own = "Your business or organisation (optional)"
    assert only(heard, "group", own).description == "You do not have to say which it is."
    assert [each.name for each in fields_in(heard, own)] == [
        "Name of the business or organisation",
        "How many people do you answer for?",
        "How did you agree the answer?",
    ]
    place = fields_in(heard, "Where is your business?")
    assert [(each.role, each.name) for each in place] == [("textbox", "Postcode"), ("combobox", "Borough")]
