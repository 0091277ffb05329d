"""What Londoners do on the pages: answer, be told what is wrong, keep a receipt, leave an address."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import expect

from tests.journeys.the_officer import SLUG, TITLE
from tests.journeys.visitor import Visitor

POSTCARD = "Choose your priorities"
BOXES = "input[type=checkbox]"
RECEIPT = re.compile(r"[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}")


def answers_the_postcard(visitor: Visitor, *priorities: str, borough: str) -> str:
    """Choose from the list, on the page that is open, and return the receipt code."""
    visitor.ticks(*priorities)
    visitor.chooses("Borough", borough)
    visitor.presses("Send my answers")
    return keeps_the_receipt(visitor)


def keeps_the_receipt(visitor: Visitor) -> str:
    """Return the receipt code on the page that follows sending."""
    visitor.sees("Your answers are stored")
    found = RECEIPT.search(visitor.page.locator(".app-receipt__code").inner_text())
    assert found, "no receipt code on the page"
    return found.group()


def asks_for_too_much_first(visitor: Visitor) -> None:
    """Try four priorities: refused beside the question, with everything that was typed still there."""
    visitor.sees(POSTCARD, "postcard")
    four = visitor.page.locator(BOXES)
    labels = [four.nth(place).get_attribute("id") or "" for place in range(4)]
    for label in labels:
        # Where scripts run, a fourth box may warn, but nothing keeps anybody from pressing Send.
        visitor.page.locator(f"#{label}").check(force=True)
    visitor.writes("Postcode", "E17 4QH")
    visitor.presses("Send my answers")
    visitor.sees(POSTCARD, "postcard refused")
    expect(visitor.page).to_have_title(re.compile("^Error: "))
    expect(visitor.page.locator("#priorities-error")).to_be_visible()
    expect(visitor.page.locator(f"{BOXES}:checked")).to_have_count(4)
    expect(visitor.page.get_by_label("Postcode")).to_have_value("E17 4QH")
    visitor.page.locator(f"#{labels[3]}").uncheck()


def tells_about_themself(visitor: Visitor) -> None:
    """Answer the optional questions once the answers are stored."""
    visitor.presses("Answer questions about you")
    visitor.sees("Questions about you")
    visitor.ticks("25 to 34", "Female")
    visitor.presses("Save these answers")
    visitor.reads("Your answers about yourself are stored.")


def leaves_an_address(visitor: Visitor, address: str) -> None:
    """Ask to be told what came of it; a half address is refused first."""
    visitor.page.locator("input[type=email]").fill("nobody")
    visitor.presses("Tell me what came of it")
    visitor.reads("There is a problem")
    expect(visitor.page.locator("#address-error")).to_be_visible()
    expect(visitor.page.locator("input[type=email]")).to_have_value("nobody")
    visitor.page.locator("input[type=email]").fill(address)
    visitor.presses("Tell me what came of it")
    visitor.reads("We will write to you when there is a result.")


def answers_in_own_words(visitor: Visitor) -> None:
    """Write the full form page by page, check it, change it, and come to the last button."""
    visitor.go(f"/take-part/{SLUG}")
    visitor.follows("Full form")
    visitor.sees("What should the police put first?", "full form")
    first = visitor.group("Your first priority")
    first.get_by_label("What should the police put first?").fill("Stop the knife crime")
    first.get_by_label("Why does it matter to you?").fill("I have two boys.\nThey walk home alone.")
    visitor.presses("Continue")
    visitor.sees("Where you live")
    visitor.chooses("Borough", "Hackney")
    visitor.presses("Continue")
    visitor.sees("Check your answers")
    visitor.reads("Stop the knife crime", "They walk home alone.", "Hackney")


def changes_the_borough(visitor: Visitor, borough: str) -> None:
    """Change one page from checking, and come back to it."""
    visitor.page.get_by_role("link", name="Change Where you live").click()
    visitor.sees("Where you live")
    expect(visitor.page.get_by_label("Borough").locator("option:checked")).to_have_text("Hackney")
    visitor.chooses("Borough", borough)
    visitor.presses("Continue")
    visitor.sees("Check your answers")
    visitor.reads(borough, "Stop the knife crime")


def reads_the_answers_back(visitor: Visitor, receipt: str, *texts: str) -> None:
    """Type the receipt code in small letters without hyphens, and read the answers."""
    visitor.go("/take-part/receipt")
    visitor.sees("Read, change or withdraw your answers")
    visitor.writes("Your receipt code", receipt.lower().replace("-", ""))
    visitor.presses("Show my answers")
    visitor.sees("Your answers", "answers by receipt")
    visitor.reads(TITLE, *texts)


def reads_what_became_of_it(visitor: Visitor, receipt: str, *texts: str) -> None:
    """Follow the feedback to the page that a receipt code opens, and read what became of one's own."""
    visitor.go(f"/consultations/{SLUG}/feedback")
    visitor.follows("What became of your own priorities")
    visitor.sees("What became of your priorities", "asked for a code")
    visitor.writes("Your receipt code", receipt)
    visitor.presses("Show what became of them")
    visitor.sees("What became of your priorities", "what became of my priorities")
    visitor.reads(TITLE, *texts)


def changes_the_postcard(visitor: Visitor, borough: str, priority: str) -> None:
    """From the answers read back: name one priority and another borough on the same form."""
    visitor.presses("Change my answers")
    visitor.sees(POSTCARD, "postcard to change")
    ticked = visitor.page.locator(f"{BOXES}:checked")
    while ticked.count():
        ticked.first.uncheck(force=True)
    visitor.ticks(priority)
    visitor.chooses("Borough", borough)
    visitor.presses("Send my changes")
    visitor.sees("Your answers are changed", "changed answers")


def neighbours_answer(app: Flask, how_many: int, *codes: str) -> None:
    """Let others send the postcard and leave an address each, as any program that speaks HTTP could."""
    form = f"/take-part/{SLUG}/postcard"
    for number in range(how_many):
        client = app.test_client()
        ticket = re.search(r'name="ticket" value="([^"]+)"', client.get(form).get_data(as_text=True))
        assert ticket
        answers = {"ticket": ticket.group(1), "priorities": list(codes), "area": "E09000012"}
        assert client.post(f"{form}/send", data=answers).status_code == 303
        address = {"address": f"neighbour-{number}@example.org"}
        assert client.post(f"/take-part/{SLUG}/keep-me-informed", data=address).status_code == 303
