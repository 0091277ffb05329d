"""An emerging issue, from the officer's desk to an answer, in fewer steps than five minutes have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.journeys.conftest import OFFICER, PASSWORD, Arrive
from tests.journeys.the_londoner import keeps_the_receipt
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Thefts at the new station"
ASKED = "What should be done first?"
LISTED = ("More officers at night", "Better lighting", "A help point")
# What an officer must write. At twenty seconds for a line and ten for a press, it takes about four minutes.
WRITTEN = {
    "Title": TITLE,
    "What it is about": "Forty phones were taken in a week.",
    "What people’s answers can change": "What officers do there first.",
    "What is settled already": "The station stays open.",
    "Question 1": ASKED,
    "List or statements of question 1": "\n".join(LISTED),
    "Why it is urgent": "It happens every night.",
    "Role of the person who allowed it": "Borough Commander",
    "Who decides": "The Borough Commander",
}
MOST_FIELDS, MOST_PAGES = 10, 2


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough: what these journeys try is in the browser."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'engage.sqlite')}"


@pytest.mark.usefixtures("town")
def test_an_emerging_issue_goes_from_the_desk_to_an_answer_in_two_pages(visitor: Arrive) -> None:
    officer = visitor()
    officer.signs_in(OFFICER, PASSWORD)
    officer.sees("Desk", "desk of an officer")
    pages: list[str] = []
    officer.page.on("framenavigated", lambda frame: pages.append(frame.url))
    officer.follows("Ask about an emerging issue")
    officer.sees("Ask about an emerging issue")
    assert len(WRITTEN) <= MOST_FIELDS
    is_told_what_is_missing(officer)
    pages.clear()
    for label, words in WRITTEN.items():
        officer.writes(label, words)
    officer.presses("Open it now")
    officer.sees(TITLE, "emerging issue open")
    officer.reads("The consultation is open.")
    assert len(pages) < MOST_PAGES
    answers_it(visitor())


def is_told_what_is_missing(officer: Visitor) -> None:
    """Sent as it comes, the page asks for all that is missing at once, and for nothing else."""
    officer.presses("Open it now")
    officer.sees("Ask about an emerging issue", "emerging issue refused")
    officer.reads("There is a problem")
    found = officer.page.locator(".govuk-error-summary__list li")
    assert found.count() == len(WRITTEN), found.all_inner_texts()


def answers_it(londoner: Visitor) -> None:
    londoner.go("/timetable/")
    londoner.follows(TITLE)
    londoner.reads("It happens every night.", "Borough Commander")
    londoner.presses("Take part")
    londoner.sees(TITLE, "emerging issue to answer")
    londoner.page.locator(".app-ways__link").click()
    londoner.sees(TITLE, "poll")
    londoner.ticks(LISTED[1])
    londoner.chooses("Borough", "Camden")
    londoner.presses("Send my answers")
    keeps_the_receipt(londoner)
