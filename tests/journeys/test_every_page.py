"""Every page of building, asking and answering: axe finds nothing on it, and it fits a phone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from engage.bench.stage import SLUG, open_consultation
from engage.consultations.models import Consultation
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.questionnaires import drafts, saved
from tests.factories.exchange import surveyjs
from tests.factories.forms import ROUTED, give_out
from tests.factories.paper import EVERY_KIND
from tests.journeys import the_londoner
from tests.journeys.conftest import OFFICER, PASSWORD, Arrive
from tests.journeys.keyboard import Keyboard
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAFT = "/officer/questionnaires/streets"
ROOM = f"/officer/consultations/{SLUG}"
BUILDER = (
    "/officer/questionnaires/",
    "/officer/questionnaires/new",
    "/officer/questionnaires/import",
    "/officer/questionnaires/bank",
    "/officer/questionnaires/bank/1/remove",
    "/officer/questionnaires/priorities-full",
    "/officer/questionnaires/priorities-full/versions",
    DRAFT,
    f"{DRAFT}/about",
    f"{DRAFT}/privacy",
    f"{DRAFT}/arrange",
    f"{DRAFT}/discard",
    f"{DRAFT}/pages/new",
    f"{DRAFT}/pages/travel",
    f"{DRAFT}/pages/views/conditions",
    f"{DRAFT}/pages/leave/conditions",
    f"{DRAFT}/pages/travel/remove",
    f"{DRAFT}/pages/travel/questions/new",
    f"{DRAFT}/questions/wait/conditions",
    f"{DRAFT}/questions/how/remove",
    f"{DRAFT}/from-bank",
    f"{DRAFT}/save-question",
    f"{DRAFT}/checks",
    f"{DRAFT}/routes",
    f"{DRAFT}/preview",
    f"{DRAFT}/versions",
    f"{DRAFT}/differences?before=0&after=0",
    f"{DRAFT}/publish",
)
ROOMS = (
    "/officer/",
    "/officer/consultations/",
    "/officer/consultations/emerging",
    ROOM,
    f"{ROOM}/extend",
    f"{ROOM}/children",
    f"{ROOM}/close",
    f"{ROOM}/questionnaires/new",
    f"{ROOM}/questionnaires/full/give-out",
    f"{ROOM}/meetings/",
    f"{ROOM}/meetings/new/postcard/priorities",
    f"{ROOM}/paper/",
    f"{ROOM}/paper/new",
)


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough: the pages are the same on the other."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'engage.sqlite')}"


@pytest.fixture
def scripts() -> bool:
    """Scripts run, as looking closely needs them."""
    return True


@pytest.fixture
def asked(app: Flask, town: None) -> None:
    """An open consultation with forms of every kind, a draft that asks everything, and a question saved."""
    with app.app_context(), transaction(db.session()) as session:
        now = clock.now()
        open_consultation(session, now=now)
        drafts.start(
            session,
            actor="Test",
            now=now,
            code="streets",
            title="Streets and stations",
            framework_id=None,
            definition=EVERY_KIND,
        )
        question = EVERY_KIND["pages"][0]["questions"][1]
        saved.save(session, actor="Test", now=now, title="How people travel", question=question)
    with app.app_context():
        consultation = db.session.scalars(select(Consultation)).one()
        give_out(db.session(), consultation, EVERY_KIND, "streets", position=8)
        give_out(db.session(), consultation, ROUTED, "routed", position=9)


@pytest.fixture
def officer(visitor: Arrive, asked: None) -> Visitor:
    someone = visitor()
    someone.signs_in(OFFICER, PASSWORD)
    someone.sees("Desk", "desk of an officer")
    return someone


def test_the_pages_of_the_builder_are_sound(officer: Visitor) -> None:
    for address in BUILDER:
        officer.visits(address)
    officer.visits("/preview/streets/0")
    for kind in ("area", "date", "information", "matrix", "several_choices"):
        # Between them they have every shape of setting; each page is made from those.
        officer.visits(f"{DRAFT}/pages/travel/questions/new/{kind}")
    for question in ("how", "first", "stops", "trips"):
        officer.visits(f"{DRAFT}/questions/{question}")


def test_what_the_builder_refuses_is_said_on_sound_pages(officer: Visitor, tmp_path: Path) -> None:
    officer.go(f"{DRAFT}/pages/travel/questions/new/one_choice")
    officer.presses("Save")
    officer.sees("Add a question", "question refused")
    officer.reads("There is a problem", "Write the question.", "Write at least one.")
    officer.go("/officer/questionnaires/import")
    officer.presses("Read the file")
    officer.sees("Import a questionnaire", "import without a file")
    survey = tmp_path / "noise.json"
    survey.write_bytes(surveyjs({"type": "text", "name": "street"}, {"type": "file", "name": "photo"}))
    officer.page.locator("input[type=file]").set_input_files(survey)
    officer.presses("Read the file")
    officer.sees("What is in the file")
    officer.reads("What has no place here", "photo")
    officer.presses("Start the draft")
    officer.sees("Noise", "draft from a file")


def test_the_rooms_of_a_consultation_are_sound(officer: Visitor) -> None:
    for address in ROOMS:
        officer.visits(address)


def test_every_kind_of_question_is_sound_asked_and_refused(visitor: Arrive, asked: None) -> None:
    londoner = visitor()
    londoner.go(f"/take-part/{SLUG}/streets")
    londoner.sees("About your journeys")
    londoner.presses("Continue")
    londoner.sees("About your journeys", "about your journeys refused")
    londoner.group("How do you mostly travel?").get_by_label("By bus").check()
    londoner.presses("Continue")
    londoner.sees("What you think")
    londoner.presses("Continue")
    londoner.sees("What you think", "what you think refused")
    londoner.presses("Save and come back later")
    londoner.sees("Your form is saved")
    for address in ("/take-part/return", "/take-part/receipt", f"/take-part/{SLUG}"):
        londoner.visits(address)


def test_the_focus_is_in_sight_on_the_whole_of_a_form(visitor: Arrive, asked: None) -> None:
    londoner = visitor(looks=False)
    londoner.go(f"/take-part/{SLUG}/postcard")
    keys = Keyboard(londoner)
    keys.ticks(londoner.page.locator(".govuk-checkboxes__label").first.inner_text())
    keys.field("Borough")


def test_changing_and_withdrawing_are_sound(visitor: Arrive, asked: None) -> None:
    londoner = visitor()
    londoner.go(f"/take-part/{SLUG}/postcard")
    receipt = the_londoner.answers_the_postcard(londoner, "Burglary", borough="Hackney")
    londoner.visits(f"/take-part/{SLUG}/about-you")
    reads_back(londoner, receipt, "Burglary")
    londoner.presses("Change my answers")
    londoner.sees("Choose your priorities", "change the postcard")
    londoner.ticks("Robbery")
    londoner.presses("Send my changes")
    londoner.sees("Your answers are changed")
    reads_back(londoner, receipt, "Burglary", "Robbery")
    londoner.presses("Withdraw my answers")
    londoner.sees("Withdraw your answers")
    londoner.presses("Withdraw my answers")
    londoner.reads("withdrawn")


def reads_back(londoner: Visitor, receipt: str, *texts: str) -> None:
    londoner.go("/take-part/receipt")
    londoner.writes("Your receipt code", receipt)
    londoner.presses("Show my answers")
    londoner.sees("Your answers", "answers by receipt")
    londoner.reads(*texts)


def test_children_are_asked_for_an_age_on_sound_pages(app: Flask, visitor: Arrive, asked: None) -> None:
    with app.app_context(), transaction(db.session()) as session:
        session.scalars(select(Consultation)).one().children_may_answer = True
    child = visitor()
    child.go(f"/take-part/{SLUG}/postcard")
    child.sees("How old are you?")
    child.presses("Continue")
    child.sees("How old are you?", "age refused")
    child.ticks("Under 13")
    child.presses("Continue")
    child.sees("Before you start")
    child.presses("Start")
    child.sees("Choose your priorities")


def test_paper_and_results_are_sound(officer: Visitor, visitor: Arrive) -> None:
    londoner = visitor()
    londoner.go(f"/take-part/{SLUG}/postcard")
    the_londoner.answers_the_postcard(londoner, "Burglary", borough="Hackney")
    officer.go(f"{ROOM}/paper/new")
    officer.presses("Make the batch")
    officer.sees("Make a batch of forms", "batch refused")
    officer.writes("What to call this batch", "Libraries")
    officer.chooses("Questionnaire", "The streets form")
    officer.ticks("Twice, by two people, before it counts")
    officer.writes("How many forms", "20")
    officer.presses("Make the batch")
    officer.sees("Libraries", "batch of forms")
    batch = officer.page.url.partition("/officer")[2].partition("?")[0]
    for address in ("", "/print", "/1"):
        officer.visits(f"/officer{batch}{address}")
    officer.go(f"{ROOM}/results")
    officer.presses("Count the responses")
    officer.sees("Results", "results")
    for address in (f"{ROOM}/results/answers", f"{ROOM}/results/coding"):
        officer.visits(address)
