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
from engage.consultations.models import Consultation
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.responses.models import Response, ResponseRevision, RevisionKind
from tests.factories.forms import give_out
from tests.journeys.the_londoner import keeps_the_receipt
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

POSTCARD = f"/take-part/{SLUG}/postcard"
FULL = f"/take-part/{SLUG}/full"
ROUTED = f"/take-part/{SLUG}/routed"


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


@pytest.fixture
def routed(app: Flask, asked: Callable[[], int]) -> None:
    """One more form of the consultation, whose pages depend on answers."""
    with app.app_context():
        give_out(db.session(), db.session.scalars(select(Consultation)).one(), position=9)


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


def writes_the_first_pages(londoner: Visitor) -> None:
    """Come to the page of what was wished for, by way of what happened."""
    londoner.go(ROUTED)
    londoner.sees("Do you live in London?")
    londoner.ticks("Yes")
    londoner.presses("Continue")
    londoner.sees("Seeing the police")
    londoner.group("Did you see a police officer").get_by_label("Yes").check()
    londoner.presses("Continue")
    londoner.sees("What happened")
    londoner.page.locator("#happened").fill("They said hello.")
    londoner.presses("Continue")
    londoner.sees("What you wish for")


def test_pages_follow_the_answers_and_back_loses_nothing(
    asked: Callable[[], int], routed: None, visitor: Callable[[], Visitor]
) -> None:
    londoner = visitor()
    writes_the_first_pages(londoner)
    londoner.page.locator("#wish").fill("More of it")
    londoner.presses("Back")
    londoner.sees("What happened")
    expect(londoner.page.locator("#happened")).to_have_value("They said hello.")
    londoner.presses("Continue")
    expect(londoner.page.locator("#wish")).to_have_value("More of it")
    londoner.presses("Continue")
    londoner.sees("Check your answers", "check the routed form")
    londoner.page.get_by_role("link", name="Change Seeing the police").click()
    londoner.group("Did you see a police officer").get_by_label("No").check()
    londoner.presses("Continue")
    londoner.sees("Check your answers")
    londoner.does_not_read("They said hello.")
    londoner.presses("Send my answers")
    keeps_the_receipt(londoner)
    assert asked() == 1


def test_the_enter_key_in_a_field_goes_on(
    asked: Callable[[], int], routed: None, visitor: Callable[[], Visitor]
) -> None:
    londoner = visitor()
    londoner.go(ROUTED)
    londoner.sees("Do you live in London?")
    londoner.ticks("Yes")
    londoner.page.get_by_label("Yes").press("Enter")
    londoner.sees("Seeing the police")


def test_a_saved_form_goes_on_in_another_browser(
    asked: Callable[[], int], routed: None, visitor: Callable[[], Visitor]
) -> None:
    londoner = visitor()
    writes_the_first_pages(londoner)
    londoner.page.locator("#wish").fill("More of")
    londoner.presses("Save and come back later")
    londoner.sees("Your form is saved")
    code = londoner.page.locator(".app-receipt__code").inner_text()
    elsewhere = visitor()
    elsewhere.go(f"/take-part/{SLUG}")
    elsewhere.follows("Go on with your return code")
    elsewhere.sees("Go on with a form that you saved")
    elsewhere.writes("Your return code", code.lower())
    elsewhere.presses("Go on with my form")
    elsewhere.sees("What you wish for")
    expect(elsewhere.page.locator("#wish")).to_have_value("More of")
    elsewhere.presses("Continue")
    elsewhere.presses("Send my answers")
    keeps_the_receipt(elsewhere)
    assert asked() == 1


def test_a_form_is_begun_again_only_when_somebody_says_so(
    asked: Callable[[], int], routed: None, visitor: Callable[[], Visitor]
) -> None:
    londoner = visitor()
    writes_the_first_pages(londoner)
    londoner.go(ROUTED)
    londoner.sees("You have begun this form")
    londoner.presses("Go on with what you began")
    londoner.sees("What you wish for")
    londoner.go(ROUTED)
    londoner.presses("Start afresh")
    londoner.sees("Do you live in London?")
    expect(londoner.page.locator("input:checked")).to_have_count(0)


def shows_the_weather(londoner: Visitor) -> None:
    """Answer for the page that "Exit this page" leads to, which is somebody else's."""
    londoner.page.context.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(content_type="text/html", body=WEATHER)
    )


WEATHER = "<!doctype html><html lang=en><title>Weather</title><h1>Weather</h1>"


@pytest.mark.parametrize("how", ["button", "keys"])
def test_leaving_in_a_hurry_shows_the_weather_and_back_shows_no_answers(
    asked: Callable[[], int], routed: None, visitor: Callable[[], Visitor], scripts: bool, how: str
) -> None:
    if how == "keys" and not scripts:
        pytest.skip("keys need scripts")
    londoner = visitor()
    shows_the_weather(londoner)
    writes_the_first_pages(londoner)
    londoner.page.locator("#wish").fill("Nobody must see this")
    if how == "keys":
        expect(londoner.page.locator(".govuk-exit-this-page__indicator")).to_have_count(1)
        for _ in range(3):
            londoner.page.keyboard.press("Shift")
    else:
        londoner.page.locator(".govuk-exit-this-page__button").click()
    expect(londoner.page.locator("h1")).to_have_text("Weather")
    for _ in range(4):
        londoner.goes_back()
        assert "They said hello." not in londoner.page.content()
        fields = londoner.page.locator("textarea").all()
        assert not any(field.input_value() for field in fields)
    londoner.go(f"{ROUTED}/wishes")
    londoner.sees("Do you live in London?")


def test_ticks_on_the_postcard_are_gone_after_leaving_in_a_hurry(
    asked: Callable[[], int], visitor: Callable[[], Visitor]
) -> None:
    londoner = visitor()
    shows_the_weather(londoner)
    londoner.go(f"/take-part/{SLUG}")
    londoner.follows("Postcard")
    londoner.ticks("Knife crime")
    londoner.page.locator(".govuk-exit-this-page__button").click()
    expect(londoner.page.locator("h1")).to_have_text("Weather")
    londoner.goes_back()
    expect(londoner.page.locator("input:checked")).to_have_count(0)


def tab_to(visitor: Visitor, wanted: str) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    target = visitor.page.locator(wanted).first
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        visitor.page.keyboard.press("Tab")
    pytest.fail(f"{wanted} cannot be reached with the keyboard")
