"""What goes wrong when people answer: lost sessions, long texts, going back, and no mouse."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import func, select

from engage.bench.stage import SLUG, open_consultation
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.responses.models import Response, ResponseRevision, RevisionKind
from tests.journeys.the_londoner import keeps_the_receipt
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

POSTCARD = f"/take-part/{SLUG}/postcard"
FULL = f"/take-part/{SLUG}/full"


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough: what these journeys try is in the browser."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'engage.sqlite')}"


@pytest.fixture
def asked(app: Flask) -> Callable[[], int]:
    """An open consultation; call it for the number of its responses."""
    with app.app_context(), transaction(db.session()) as session:
        open_consultation(session, now=clock.now())

    def count() -> int:
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(Response)) or 0

    return count


def test_going_back_after_the_receipt_and_sending_again_is_one_response(
    asked: Callable[[], int], visitor: Callable[[], Visitor], app: Flask
) -> None:
    londoner = visitor()
    londoner.go(POSTCARD)
    londoner.ticks("Knife crime", "Burglary")
    londoner.chooses("Borough", "Hackney")
    londoner.presses("Send my answers")
    receipt = keeps_the_receipt(londoner)
    londoner.goes_back()
    londoner.sees("Choose your priorities")
    londoner.page.get_by_label("Burglary", exact=True).uncheck()
    londoner.ticks("Knife crime", "Hate crime")
    londoner.chooses("Borough", "Hackney")
    londoner.presses("Send my answers")
    assert keeps_the_receipt(londoner) == receipt
    assert asked() == 1
    with app.app_context():
        newest = select(ResponseRevision).order_by(ResponseRevision.number.desc()).limit(1)
        revision = db.session.scalars(newest).one()
    assert revision.kind is RevisionKind.CORRECTED
    assert sorted((revision.answers or {})["priorities"]["chosen"]) == ["hate_crime", "knife_crime"]


def test_a_session_lost_between_two_pages_loses_no_words(
    asked: Callable[[], int], visitor: Callable[[], Visitor]
) -> None:
    londoner = visitor()
    londoner.go(FULL)
    priority = londoner.group("Your first priority").get_by_label("What should the police put first?")
    priority.fill("Safer night buses")
    londoner.presses("Continue")
    londoner.sees("Where you live")
    londoner.page.context.clear_cookies()
    londoner.chooses("Borough", "Camden")
    londoner.presses("Continue")
    londoner.sees("Check your answers")
    londoner.reads("Safer night buses", "Camden")
    londoner.presses("Send my answers")
    keeps_the_receipt(londoner)
    assert asked() == 1


def test_a_session_lost_before_checking_is_told_and_sends_nothing_half(
    asked: Callable[[], int], visitor: Callable[[], Visitor]
) -> None:
    londoner = visitor()
    londoner.go(FULL)
    londoner.group("Your first priority").get_by_label("What should the police put first?").fill(
        "Night buses"
    )
    londoner.presses("Continue")
    londoner.page.context.clear_cookies()
    londoner.go(f"{FULL}/check")
    londoner.sees("What should the police put first?")
    assert asked() == 0


def test_ten_thousand_characters_are_refused_beside_the_field_and_kept(
    asked: Callable[[], int], visitor: Callable[[], Visitor]
) -> None:
    pasted = "I have a lot to say. " * 500
    londoner = visitor()
    londoner.go(FULL)
    first = londoner.group("Your first priority")
    first.get_by_label("What should the police put first?").fill("Listen")
    why = first.get_by_label("Why does it matter to you?")
    why.fill(pasted[:10_000])
    londoner.presses("Continue")
    londoner.reads("There is a problem")
    expect(why).to_have_value(pasted[:10_000])
    why.fill("I have a lot to say.")
    londoner.presses("Continue")
    londoner.sees("Where you live")
    assert asked() == 0


def test_the_postcard_is_sent_with_the_keyboard_alone(
    asked: Callable[[], int], visitor: Callable[[], Visitor]
) -> None:
    londoner = visitor()
    londoner.go(POSTCARD)
    keys = londoner.page.keyboard
    tab_to(londoner, "#priorities")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    expect(londoner.page.locator("input[type=checkbox]:checked")).to_have_count(2)
    tab_to(londoner, "[autocomplete=postal-code]")
    keys.type("E17 4QH")
    tab_to(londoner, "button[type=submit]")
    keys.press("Enter")
    keeps_the_receipt(londoner)
    assert asked() == 1


def tab_to(visitor: Visitor, wanted: str) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    target = visitor.page.locator(wanted).first
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        visitor.page.keyboard.press("Tab")
    pytest.fail(f"{wanted} cannot be reached with the keyboard")
