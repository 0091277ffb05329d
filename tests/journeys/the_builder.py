"""What an officer does in the builder: from an empty page to a published version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

HOME = "/officer/questionnaires"
KINDS = {
    "area": "Postcode or borough",
    "long_text": "Long text",
    "one_choice": "One choice",
    "organisation": "Details of an organisation",
    "priorities_list": "Priorities from a list",
    "priorities_own_words": "Priorities in people’s own words",
}
# What the form of a question calls the settings that are lines or numbers.
LINES = {
    "at_most": {
        "priorities_list": "How many people may choose",
        "priorities_own_words": "How many people may write",
    },
    "name_label": {"organisation": "What to call the name"},
    "speaks_for_label": {"organisation": "How to ask how many it speaks for"},
    "agreed_label": {"organisation": "How to ask how the answer was agreed"},
}


def begins(officer: Visitor, title: str) -> str:
    """Begin a questionnaire from nothing, and return its short name."""
    officer.follows("Questionnaires", within="Officers")
    officer.sees("Questionnaires")
    officer.presses("Begin a questionnaire")
    officer.sees("Begin a questionnaire")
    officer.writes("Title", title)
    officer.ticks("Nothing: an empty page")
    officer.presses("Begin")
    officer.sees(title, "empty draft")
    officer.reads("This is the draft. Nobody sees it until you publish it.", "No questions yet.")
    return officer.page.url.rpartition("/")[2]


def is_told_what_keeps_it_from_being_published(officer: Visitor) -> None:
    """An empty draft cannot be published, and the page says why and leads to where it is put right."""
    officer.page.get_by_role("button", name="Publish", exact=True).click()
    officer.sees("Publish “", "empty draft to publish")
    officer.reads("What keeps it from being published")
    expect(officer.page.get_by_role("button", name="Publish version 1")).to_have_count(0)
    officer.follows("Go on with the draft")


def writes_it(officer: Visitor, code: str, title: str, definition: Mapping[str, Any]) -> None:
    """Write everything that a definition says, page by page and question by question."""
    officer.go(f"{HOME}/{code}")
    does(officer, "link", "Change", "What people read first")
    officer.sees("What people read first")
    officer.writes("Title", definition["title"])
    officer.writes("Introduction", definition["intro"])
    officer.writes("How many minutes it takes", str(definition["minutes"]))
    officer.presses("Save")
    for number, page in enumerate(definition["pages"], start=1):
        does(officer, "link", "Change", "page 1,") if number == 1 else officer.presses("Add a page")
        officer.sees("Change the page" if number == 1 else "Add a page")
        officer.writes("Title of the page", page["title"])
        officer.writes("What to say before its questions", page["intro"])
        officer.presses("Save")
        for question in page["questions"]:
            adds_a_question(officer, number, question)
    officer.sees(title, f"draft of {title}")
    officer.reads("Nothing keeps it from being published.")


def does(officer: Visitor, role: str, what: str, of: str) -> None:
    """Follow one of the links or buttons of a name, by what is said of it out of sight."""
    named = re.compile(rf"^{re.escape(what)}\s*:\s*{re.escape(of)}")
    officer.page.get_by_role(role, name=named).click()  # type: ignore[arg-type]


def adds_a_question(officer: Visitor, page: int, question: Mapping[str, Any]) -> None:
    """Add a question to the page with this number."""
    kind = question["kind"]
    does(officer, "button", "Add a question", f"page {page},")
    officer.sees("What kind of question?")
    officer.page.get_by_role("link", name=KINDS[kind], exact=True).click()
    officer.sees("Add a question", f"new question: {kind}")
    officer.writes("Question", question["label"])
    officer.page.get_by_label("Hint", exact=True).first.fill(question.get("hint", ""))
    for setting, names in LINES.items():
        if setting in question and kind in names:
            officer.writes(names[kind], str(question[setting]))
    if kind == "priorities_list":
        keeps_of_the_framework(officer, [option["label"] for option in question["options"]])
    elif kind == "one_choice":
        officer.page.get_by_text("Add many at once").first.click()
        officer.writes("Add many at once", "\n".join(question["options"]))
    required = officer.page.get_by_label("People must answer it", exact=True)
    required.set_checked(question.get("required", True))
    officer.presses("Save")
    officer.reads("The question is added.", question["label"])


def adds_a_page(officer: Visitor, title: str) -> None:
    """Add a page at the end."""
    officer.presses("Add a page")
    officer.sees("Add a page")
    officer.writes("Title of the page", title)
    officer.presses("Save")
    officer.reads("The page is added.", title)


def shows_a_page_if(officer: Visitor, page: str, fact: str) -> None:
    """Show a page only where an earlier answer is this."""
    does(officer, "link", "When it is shown", page)
    officer.sees("When this page is shown")
    officer.page.get_by_label("Earlier answer", exact=True).first.select_option(label=fact)
    officer.presses("Save")


def keeps_of_the_framework(officer: Visitor, labels: Sequence[str]) -> None:
    """Of the framework's priorities, which fill the rows of a new list, keep these and put them in order."""
    rows = officer.page.locator(".app-options__row")
    for number in range(rows.count()):
        row = rows.nth(number)
        label = row.get_by_label("Label", exact=True).input_value()
        if label in labels:
            row.get_by_label("Place", exact=True).fill(str(labels.index(label) + 1))
        elif label:
            row.get_by_label(f"Remove {label}", exact=True).check()


def looks_at_it(officer: Visitor, code: str, *headings: str) -> None:
    """Read the checks and the ways through the draft, and try it at two widths."""
    officer.go(f"{HOME}/{code}")
    officer.follows("Check words and length")
    officer.sees("Checks of")
    officer.follows("The ways through it")
    officer.sees("Ways through")
    officer.go(f"{HOME}/{code}")
    officer.page.get_by_role("link", name="Preview", exact=True).click()
    officer.sees("Preview of")
    frames = officer.page.locator("iframe")
    expect(frames).to_have_count(2)
    for number, width in enumerate((375, 1280)):
        shown = frames.nth(number)
        expect(shown).to_have_attribute("width", str(width))
        expect(shown.content_frame.locator("h1")).to_have_text(headings[0])


def publishes_it(officer: Visitor, code: str, note: str, number: int = 1) -> None:
    """Publish the draft with a note."""
    officer.go(f"{HOME}/{code}")
    officer.page.get_by_role("button", name="Publish", exact=True).click()
    officer.sees("Publish “", f"publish version {number}")
    officer.writes("What changed and why", note)
    officer.presses(f"Publish version {number}")
    officer.reads(note)
    officer.sees("Versions of", "versions")
