"""What the planning officer does on the pages, from the entry to the feedback."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from engage.foundations import clock
from tests.journeys.conftest import OFFICER, PASSWORD, SECOND_OFFICER
from tests.journeys.visitor import Visitor

TITLE = "What should the police in London put first?"
SLUG = "what-should-the-police-in-london-put-first"
INSTRUMENTS = (
    ("Postcard: up to three priorities from a list, version 1", "Postcard", "postcard"),
    ("Full form: your three priorities in your own words, version 1", "Full form", "full"),
    ("Business form, version 1", "Business form", "business"),
)
NOTE = "We found no different effect because every borough and every age group named it alike."
STEPS = (
    "Created a consultation",
    "Added a questionnaire to a consultation",
    "Announced a consultation",
    "Made links for groups",
    "Opened a consultation",
    "Closed a consultation",
    "Counted the responses",
    "Coded answers to the priority framework",
    "Marked a consultation as analysed",
    "Made the report for deciding",
    "Recorded who has read the report",
    "Recorded a decision",
    "Signed an exception from a gate",
    "Marked a consultation as decided",
    "Wrote feedback",
    "Submitted feedback for approval",
    "Approved feedback",
    "Published feedback",
    "Marked a consultation as fed back",
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
    # They were told by letter, before there was anything to press here.
    officer.ticks("No groups")
    officer.presses("Publish")
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


def plans_and_opens_it(officer: Visitor, instruments: Sequence[tuple[str, str, str]] = INSTRUMENTS) -> None:
    """Plan the consultation, be told what is missing, attach questionnaires, announce and open it."""
    officer.follows("Its consultation")
    officer.sees("Plan a consultation")
    officer.presses("Plan it")
    officer.sees(TITLE, "consultation planned")
    officer.reads("Missing", "Add at least one questionnaire.")
    for version, title, code in instruments:
        officer.follows("Add a questionnaire")
        officer.sees("Add a questionnaire")
        officer.chooses("Questionnaire and version", version)
        officer.writes("What people see it called", title)
        officer.writes("One sentence about it", f"The {title.lower()} of this exercise.")
        officer.writes("Short name", code)
        officer.presses("Add it")
    officer.reads("Everything is there.")
    officer.presses("Announce it")
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


def closes_it(officer: Visitor) -> None:
    """Close before the last day, having been told what was promised."""
    officer.go(f"/officer/consultations/{SLUG}")
    officer.presses("Close it now")
    officer.sees("Close this consultation")
    officer.presses("Close it now")
    officer.sees(TITLE, "consultation closed")
    officer.reads("The consultation is closed.")


def codes_and_counts(officer: Visitor, text: str, priority: str) -> None:
    """Count the responses, read the answer in own words into the framework, and count again."""
    officer.follows("Results", within="This consultation")
    officer.sees("No figures yet")
    officer.presses("Count the responses")
    officer.sees("Results", "results before coding")
    officer.follows("Code them")
    officer.sees("Answers in people’s own words")
    officer.reads(text)
    officer.chooses(f"Priority: {text}", priority)
    officer.presses("Save these codes")
    officer.reads("1 text is coded.", "Everything is coded.")
    officer.go(f"/officer/consultations/{SLUG}/results")
    officer.presses("Bring the figures up to date")
    officer.sees("Results", "results")
    officer.presses("Mark it as analysed")
    officer.reads("The consultation is analysed.")


def makes_the_report(officer: Visitor) -> None:
    """Make the report of the figures, and record that who decides has read it."""
    officer.go(f"/officer/consultations/{SLUG}/report")
    officer.sees("Report for deciding", "report not made yet")
    officer.presses("Make the report")
    officer.sees("Report for deciding", "report")
    officer.reads("Report 1 is made.", "Nobody yet.")
    officer.writes("Who has read it", "Ada Reader, Chair of the Authority")
    officer.dates("On which day", clock.today())
    officer.presses("Record it")
    officer.reads("It is recorded that the report was read.")


def signs_for_the_short_time(officer: Visitor) -> None:
    """Be told by the gates that it was not open for 12 weeks, and publish why."""
    officer.go(f"/officer/consultations/{SLUG}/gates")
    officer.sees("Gates before it is decided", "gates")
    officer.reads("which is less than 12 weeks")
    officer.follows("Sign an exception: Enough time")
    officer.sees("Sign an exception")
    officer.writes("Why it can be decided all the same", "The plan must be with the Home Office by March.")
    officer.writes("Who signs", "Ada Reader, Chair of the Authority")
    officer.presses("Sign and publish the exception")
    officer.sees("Gates before it is decided", "gates with an exception")
    officer.go(f"/officer/consultations/{SLUG}/decisions")


def decides(officer: Visitor, priority: str, outcome: str, reason: str) -> None:
    """Record a decision; without a reason that says something it is refused."""
    officer.go(f"/officer/consultations/{SLUG}/decisions")
    officer.sees("Decisions")
    officer.follows(f"Record a decision: {priority}")
    officer.sees(f"Decision on “{priority}”")
    officer.ticks(outcome)
    officer.writes("Why", "n/a")
    officer.writes("Who sees to it that it happens", "The borough commanders")
    officer.writes("How it affects different groups of people", NOTE)
    officer.dates("When it was decided", clock.today())
    officer.presses("Record this decision")
    officer.sees(f"Decision on “{priority}”", "decision refused")
    officer.reads("There is a problem")
    officer.writes("Why", reason)
    officer.presses("Record this decision")
    officer.reads(f"The decision on “{priority}” is recorded.")


def exports(officer: Visitor, folder: Path) -> tuple[Path, Path]:
    """Mark it as decided, download the plan's lines as CSV and XLSX, and return the files."""
    officer.presses("Mark it as decided")
    officer.sees("Decisions", "decided")
    officer.reads("The consultation is decided.")
    return (
        officer.downloads("Download as CSV", folder),
        officer.downloads("Download as XLSX", folder),
    )


def feeds_back(officer: Visitor, second: Visitor) -> None:
    """Write the feedback from what is proposed, have a second officer approve it, and publish it."""
    officer.go(f"/officer/consultations/{SLUG}/feedback")
    officer.sees("Feedback: ", "feedback")
    officer.writes("What people said", "{responses} of you answered, most naming knives.")
    officer.presses("Save and preview")
    officer.sees("What came of", "feedback preview")
    officer.reads("This is a preview.", "of you answered, most naming knives.")
    officer.follows("Back to writing")
    officer.presses("Submit for approval")
    officer.reads("somebody else has to approve it")
    _approves(second)
    officer.go(f"/officer/consultations/{SLUG}/feedback")
    officer.presses("Publish")
    officer.sees("Publish this feedback?")
    officer.presses("Publish and send")
    officer.sees("Who has the feedback", "ledger before the worker")


def _approves(second: Visitor) -> None:
    """Read what the first officer submitted, and approve it."""
    second.signs_in(SECOND_OFFICER, PASSWORD)
    second.go(f"/officer/consultations/{SLUG}/feedback/approve")
    second.sees("Approve this feedback?", "approving feedback")
    second.reads("of you answered, most naming knives.")
    second.presses("Approve")
    second.reads("Approved. It can be published now.")


def reads_the_ledger(officer: Visitor, *addresses: str) -> None:
    """See that everybody who left an address has the feedback."""
    officer.go(f"/officer/consultations/{SLUG}/feedback/ledger")
    officer.sees("Who has the feedback", "ledger")
    officer.reads(*addresses, "(100%)")


def reads_the_audit_log(officer: Visitor) -> None:
    """Find every step of the consultation in the log, with who did it."""
    officer.go(f"/officer/audit/?subject=consultation:{SLUG}")
    officer.sees("Audit log")
    officer.reads("Olive Officer", "Engage (by itself)", *STEPS)
