"""A new version is published and given out while a Londoner is in the middle of the old one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from engage.bench.stage import SLUG, open_consultation
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.questionnaires.models import QuestionnaireVersion
from engage.responses.models import Response
from tests.journeys import the_builder
from tests.journeys.conftest import OFFICER, PASSWORD, Arrive
from tests.journeys.the_londoner import keeps_the_receipt
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODE = "priorities-full"
SEEN = "Did you see a police officer this week?"
ANSWERS = ("Yes", "No", "I do not remember")
MORE = "What did the officer do?"
WHY = "Groups asked whether officers are seen."


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough: what these journeys try is in the browser."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'engage.sqlite')}"


@pytest.fixture
def scripts() -> bool:
    """Scripts run in every browser of this journey."""
    return True


@pytest.fixture
def asked(app: Flask, town: None) -> None:
    """A consultation that is open, with the shipped instruments."""
    with app.app_context(), transaction(db.session()) as session:
        open_consultation(session, now=clock.now())


@pytest.mark.usefixtures("asked")
def test_whoever_began_the_old_version_finishes_on_it(app: Flask, visitor: Arrive) -> None:
    officer, early, late = visitor(), visitor(looks=False), visitor(looks=False)
    begins_to_answer(early, "Night buses")
    writes_the_next_version(officer)
    gives_it_out(officer)

    goes_on(early, "Camden")
    early.does_not_read(SEEN)
    early.presses("Send my answers")
    keeps_the_receipt(early)
    begins_to_answer(late, "Bicycle theft")
    goes_on(late, "Hackney", "Continue")
    late.sees("Seeing the police")
    late.ticks("Yes")
    late.presses("Continue")
    late.sees("What you saw")
    late.writes(MORE, "She asked how we were.")
    late.presses("Continue")
    late.sees("Check your answers", "check the new version")
    late.reads("Bicycle theft", "Hackney", SEEN, "She asked how we were.")
    late.presses("Send my answers")
    keeps_the_receipt(late)
    assert versions_answered(app) == [1, 2]


def begins_to_answer(londoner: Visitor, priority: str) -> None:
    londoner.go(f"/take-part/{SLUG}/full")
    first = londoner.group("Your first priority")
    first.get_by_label("What should the police put first?").fill(priority)
    londoner.presses("Continue")
    londoner.sees("Where you live")


def goes_on(londoner: Visitor, borough: str, *more: str) -> None:
    londoner.chooses("Borough", borough)
    londoner.presses("Continue")
    if not more:
        londoner.sees("Check your answers")
        londoner.reads("Night buses", borough)


def writes_the_next_version(officer: Visitor) -> None:
    """Write two pages more, one of them only for those who have seen an officer, and publish."""
    officer.signs_in(OFFICER, PASSWORD)
    officer.go(f"{the_builder.HOME}/{CODE}")
    officer.presses("Write the next version")
    officer.reads("This is the draft of the next version. What is published stays as it is.")
    the_builder.adds_a_page(officer, "Seeing the police")
    question = {"kind": "one_choice", "label": SEEN, "options": ANSWERS}
    the_builder.adds_a_question(officer, 3, question)
    the_builder.adds_a_page(officer, "What you saw")
    the_builder.adds_a_question(officer, 4, {"kind": "long_text", "label": MORE})
    the_builder.shows_a_page_if(officer, "page 4,", f"3. {SEEN} – “Yes”")
    officer.reads("Shown only if")
    officer.follows("Ways through it")
    officer.sees("Ways through", "two ways through")
    officer.reads("Answers lead 2 different ways.")
    officer.go(f"{the_builder.HOME}/{CODE}/publish")
    officer.presses("Publish version 2")
    officer.sees("Publish “", "publish without saying why")
    officer.reads("There is a problem", "Say what changed and why.", SEEN)
    the_builder.publishes_it(officer, CODE, WHY, number=2)
    officer.presses("Compare")
    officer.sees("What is different")


def gives_it_out(officer: Visitor) -> None:
    officer.go(f"/officer/consultations/{SLUG}")
    officer.reads("Version 1 is given out, version 2 is published.")
    officer.follows("Give out version 2")
    officer.sees("Give out a newer version")
    officer.reads(WHY, SEEN)
    officer.presses("Give out version 2")
    officer.reads("Version 2 is given out from now on.")
    officer.sees("Policing priorities, measured", "version 2 is given out")


def versions_answered(app: Flask) -> list[int]:
    """Return the number of the version of each response."""
    with app.app_context():
        found = (
            select(QuestionnaireVersion.number)
            .join(Response, Response.version_id == QuestionnaireVersion.id)
            .order_by(Response.id)
        )
        return list(db.session.scalars(found))
