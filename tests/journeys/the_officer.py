"""What the planning officer does on the pages, from the entry to the feedback."""

from __future__ import annotations

from datetime import timedelta

from engage.foundations import clock
from tests.journeys.conftest import OFFICER, PASSWORD
from tests.journeys.visitor import Visitor

TITLE = "What should the police in London put first?"
SLUG = "what-should-the-police-in-london-put-first"
INSTRUMENTS = (
    ("Postcard: up to three priorities from a list, version 1", "Postcard", "postcard"),
    ("Full form: your three priorities in your own words, version 1", "Full form", "full"),
    ("Business form, version 1", "Business form", "business"),
)


def adds_an_entry(officer: Visitor) -> None:
    """Sign in and put the entry in the timetable; the groups were told four months ago."""
    officer.signs_in(OFFICER, PASSWORD)
    officer.sees("Desk", "desk of an officer")
    officer.follows("Add an entry to the timetable")
    officer.sees("Add an entry")
    officer.writes("Title", TITLE)
    officer.ticks("On this site", "Consultation")
    officer.ticks("Asking what the police’s objectives for the year should be")
    officer.writes("What it is for", "To set the objectives of the policing plan.")
    officer.writes("What can change", "Which priorities become objectives.")
    officer.writes("What cannot change", "Emergencies are always answered.")
    officer.writes("Who is asked", "Everybody who lives, works or studies in London")
    officer.writes("How people are asked", "On this site, on postcards and at meetings")
    officer.writes("How to take part", "On this site, or on a postcard at a meeting of your group.")
    officer.writes("Who decides", "The full Authority")
    _fills_in_the_dates(officer)
    officer.presses("Save")
    officer.sees(TITLE, "entry for officers")
    officer.reads("The entry is in the timetable.")


def _fills_in_the_dates(officer: Visitor) -> None:
    today = clock.today()
    for question, days in (
        ("Day on which groups are told", -130),
        ("Opens on", -1),
        ("Last day to answer", 30),
        ("Day of the decision", 50),
        ("Feedback due by", 80),
    ):
        officer.dates(question, today + timedelta(days=days))
    officer.writes("First year of the plan it feeds", str(today.year + 2))


def plans_and_opens_it(officer: Visitor) -> None:
    """Plan the consultation, be told what is missing, attach three questionnaires, announce and open it."""
    officer.follows("Its consultation")
    officer.sees("Plan a consultation")
    officer.presses("Plan it")
    officer.sees(TITLE, "consultation planned")
    officer.reads("Missing", "Add at least one questionnaire.")
    for version, title, code in INSTRUMENTS:
        officer.follows("Add a questionnaire")
        officer.sees("Add a questionnaire")
        officer.chooses("Questionnaire and version", version)
        officer.writes("What people see it called", title)
        officer.writes("One sentence about it", f"The {title.lower()} of this exercise.")
        officer.writes("Short name", code)
        officer.presses("Add it")
    officer.reads("Everything is there.")
    officer.presses("Say that groups have been told")
    officer.sees(TITLE, "consultation announced")
    officer.follows("Links and groups")
    officer.sees("Links and groups")
    officer.presses("Make the links")
    officer.sees("Links and groups", "links made")
    officer.reads("Waltham Forest")
    officer.go(f"/officer/consultations/{SLUG}")
    officer.presses("Open it")
    officer.sees("Open this consultation")
    officer.presses("Open it now")
    officer.sees(TITLE, "consultation open")
    officer.reads("The consultation is open.")
