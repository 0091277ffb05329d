"""A shared device at an event: people one after the other, idle hands, lost connections, curious eyes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as BrowserPage
from sqlalchemy import func, select

from engage.bench.stage import SLUG, open_consultation
from engage.consultations.models import Consultation
from engage.distribution.models import Link
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.groups.models import Group
from engage.responses.models import Response, ResponseRevision
from tests.factories.distribution import make_link
from tests.fixtures.browser import PHONE
from tests.journeys.conftest import COORDINATOR, OFFICER, PASSWORD
from tests.journeys.the_device import (
    DEVICE,
    EVENT,
    HEADING,
    READ_ALL,
    STORED,
    answers_with,
    keeps_a_supply,
    person,
    ready_for_the_next,
    starts,
    three_answer_offline,
)
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LINK = "forest-2345"
TABLET = {"width": 768, "height": 1024}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough: what these journeys try is in the browser."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'engage.sqlite')}"


@pytest.fixture
def asked(app: Flask, town: None) -> None:
    """An open consultation, with a link of the coordinator's group."""
    with app.app_context(), transaction(db.session()) as session:
        consultation_id = open_consultation(session, now=clock.now())
        group = session.scalars(select(Group).where(Group.code == "waltham-forest-cpeg")).one()
        link = select(Link).where(Link.consultation_id == consultation_id, Link.group_id == group.id)
        if session.scalars(link).one_or_none() is None:
            make_link(session, code=LINK, consultation_id=consultation_id, group_id=group.id)


@pytest.fixture
def answers(app: Flask) -> Callable[[], list[set[str]]]:
    """Call it for what is stored: the priorities of each response, in the order of arrival."""

    def read() -> list[set[str]]:
        with app.app_context():
            rows = db.session.scalars(
                select(ResponseRevision).join(Response).order_by(Response.id, ResponseRevision.number)
            )
            return [set((row.answers or {})["priorities"]["chosen"]) for row in rows]

    return read


@pytest.mark.usefixtures("asked")
class TestWithAndWithoutScripts:
    """What holds with a connection, with scripts and without."""

    def test_starting_it_signs_the_officer_out(self, visitor: Callable[[], Visitor]) -> None:
        device = starts(visitor)
        device.goes_back()
        device.does_not_read("Olive Officer")
        device.go("/officer/")
        device.sees("Sign in")

    def test_a_coordinator_starts_it_from_their_links(
        self, visitor: Callable[[], Visitor], app: Flask
    ) -> None:
        coordinator = visitor()
        coordinator.signs_in(COORDINATOR, PASSWORD)
        coordinator.go("/coordinator/links/")
        coordinator.follows("Use this device at an event")
        coordinator.sees("Use this device at an event", "coordinator starts")
        coordinator.page.get_by_label("Postcard").check()
        coordinator.presses("Sign me out and start")
        coordinator.sees(HEADING)
        answers_with(coordinator, "Knife crime")
        coordinator.sees("Thank you")
        with app.app_context():
            group = db.session.scalars(select(Group.name).join(Response)).one()
        assert group.startswith("Waltham Forest")

    def test_nothing_of_the_first_person_is_left_for_the_second(
        self, visitor: Callable[[], Visitor], answers: Callable[[], list[set[str]]]
    ) -> None:
        device = starts(visitor)
        answers_with(device, "Knife crime", "Burglary")
        device.sees("Thank you", "event thanks")
        receipt = device.page.locator(".app-receipt__code").inner_text()
        assert len(receipt) == 14
        device.presses("Next person")
        ready_for_the_next(device)
        assert receipt not in device.page.content()
        answers_with(device, "Hate crime")
        device.sees("Thank you")
        for _ in range(4):
            device.goes_back()
            assert device.page.locator("input:checked").count() == 0
            assert receipt not in device.page.content()
        assert sorted(map(sorted, answers())) == [["burglary", "knife_crime"], ["hate_crime"]]
        device.go(f"/take-part/{SLUG}/received")
        assert receipt not in device.page.content()

    def test_a_fourth_priority_is_refused_beside_the_list(
        self, visitor: Callable[[], Visitor], answers: Callable[[], list[set[str]]]
    ) -> None:
        device = starts(visitor)
        answers_with(device, "Knife crime", "Burglary", "Hate crime", "Anti-social behaviour")
        expect(device.page.locator(".govuk-error-summary")).to_contain_text("no more than 3")
        device.page.get_by_label("Burglary", exact=True).uncheck()
        device.presses("Send my answers")
        device.sees("Thank you")
        assert len(answers()) == 1

    def test_signing_in_ends_the_event(self, visitor: Callable[[], Visitor]) -> None:
        device = starts(visitor)
        device.follows("For the organiser")
        device.sees("For the organiser")
        device.follows("Sign in")
        device.page.locator("input[type=email]").fill(OFFICER)
        device.page.locator("input[type=password]").fill(PASSWORD)
        device.presses("Sign in")
        device.sees("Use this device at an event")
        answer = device.page.goto(f"{device.page.url.split('/officer')[0]}{EVENT}")
        assert answer
        assert answer.status == 403


@pytest.fixture
def device(
    browser: Browser, live_server: str, asked: None, app: Flask, browser_context_args: dict[str, object]
) -> Iterator[BrowserPage]:
    """A tablet at an event, its clock in our hands, with a supply to go on without a connection."""
    context = browser.new_context(**browser_context_args)  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.install()
    page.set_default_timeout(10_000)
    officer = Visitor(page, live_server, None, None)
    starts(lambda: officer)
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    keeps_a_supply(page)
    yield page
    assert [error for error in officer.errors if "Failed to load resource" not in error] == []
    context.close()


def test_a_form_that_nobody_touches_any_more_is_cleared_with_a_warning(device: BrowserPage) -> None:
    device.get_by_label("Knife crime", exact=True).check()
    device.clock.fast_forward(89_000)
    expect(device.locator("#tablet-idle")).to_be_hidden()
    device.clock.fast_forward(3_000)
    expect(device.locator("#tablet-idle")).to_be_visible()
    expect(device.locator("#tablet-idle-seconds")).to_have_text("28")
    device.get_by_role("button", name="I need more time").click()
    expect(device.locator("#tablet-idle")).to_be_hidden()
    expect(device.get_by_label("Knife crime", exact=True)).to_be_checked()
    device.clock.fast_forward(100_000)
    expect(device.locator("#tablet-idle")).to_be_visible()
    device.clock.fast_forward(30_000)
    expect(device.locator("#tablet-idle")).to_be_hidden()
    expect(device.locator("input:checked")).to_have_count(0)


def test_the_receipt_goes_by_itself(device: BrowserPage) -> None:
    device.get_by_label("Knife crime", exact=True).check()
    device.get_by_label("Borough", exact=True).select_option(label="Hackney")
    device.get_by_role("button", name="Send my answers").click()
    expect(device.locator("h1")).to_have_text("Thank you")
    receipt = device.locator("[data-receipt]").inner_text()
    device.clock.fast_forward(21_000)
    expect(device.locator("h1")).to_have_text(HEADING)
    assert receipt not in device.content()


def test_answers_without_a_connection_wait_unreadable_and_are_sent_once(
    device: BrowserPage, answers: Callable[[], list[set[str]]]
) -> None:
    three_answer_offline(device)
    assert answers() == []
    kept = device.evaluate(READ_ALL)
    assert len(kept["stores"]["forms"]) == 3
    written = repr([kept["stores"]["forms"], kept["stores"]["tickets"], kept["local"], kept["session"]])
    assert not [word for word in ("knife", "hate_crime", "E09000012", "ticket'") if word in written]
    keys = [value for value in kept["stores"]["facts"] if isinstance(value, list)]
    assert [extractable for _, _, extractable in keys] == [False]
    device.context.set_offline(False)
    expect(device.locator("#tablet-state")).to_be_empty()
    assert sorted(map(sorted, answers())) == STORED
    assert device.evaluate(READ_ALL)["stores"]["forms"] == []


def test_the_page_opens_again_without_a_connection(
    device: BrowserPage, answers: Callable[[], list[set[str]]]
) -> None:
    three_answer_offline(device)
    device.reload()
    expect(device.locator("#tablet-state")).to_contain_text("3 forms wait")
    person(device, "Knife crime")
    expect(device.locator("#tablet-state")).to_contain_text("4 forms wait")
    device.context.set_offline(False)
    expect(device.locator("#tablet-state")).to_be_empty()
    assert len(answers()) == 4


def test_a_connection_lost_before_the_answer_came_stores_nothing_twice(
    device: BrowserPage, answers: Callable[[], list[set[str]]]
) -> None:
    three_answer_offline(device)
    lost = []

    def lose_the_answer(route: Route) -> None:
        # The server has it, and the device never learns.
        lost.append(route.fetch().status)
        route.abort()

    device.context.route("**/at-event/send", lose_the_answer, times=2)
    device.context.set_offline(False)
    expect(device.locator("#tablet-state")).to_contain_text("3 forms wait")
    device.wait_for_timeout(500)
    for _ in range(4):
        device.clock.fast_forward(60_000)
        device.wait_for_timeout(300)
    expect(device.locator("#tablet-state")).to_be_empty()
    assert lost == [200, 200]
    assert sorted(map(sorted, answers())) == STORED


def test_an_answer_lost_while_somebody_sends_is_kept_and_stored_once(
    device: BrowserPage, answers: Callable[[], list[set[str]]]
) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    device.context.route("**/at-event/send", lose_the_answer, times=1)
    person(device, "Knife crime")
    expect(device.locator("#tablet-state")).to_be_empty()
    assert answers() == [{"knife_crime"}]


def test_the_simple_rules_hold_without_a_connection(device: BrowserPage) -> None:
    device.context.set_offline(True)
    expect(device.locator("#tablet-state")).to_contain_text("No connection")
    for priority in ("Knife crime", "Burglary", "Hate crime", "Anti-social behaviour"):
        device.get_by_label(priority, exact=True).check()
    device.get_by_label("Postcode", exact=True).fill("E8 1EA")
    device.get_by_role("button", name="Send my answers").click()
    summary = device.locator(".govuk-error-summary")
    expect(summary).to_contain_text("Choose no more than 3.")
    expect(summary).to_contain_text("choose from the list")
    expect(device.locator("#priorities-error")).to_be_visible()
    device.get_by_label("Burglary", exact=True).uncheck()
    device.get_by_label("Borough", exact=True).select_option(label="Hackney")
    device.get_by_role("button", name="Send my answers").click()
    expect(device.locator("h1")).to_have_text("Thank you")


def test_what_is_not_taken_stays_with_the_reason_until_an_organiser_removes_it(
    device: BrowserPage, app: Flask, live_server: str
) -> None:
    three_answer_offline(device)
    with app.app_context(), transaction(db.session()) as session:
        consultation = session.scalars(select(Consultation)).one()
        consultation.closes_at = consultation.opened_at or clock.now()
        consultation.grace_ends_at = consultation.closes_at
    device.context.set_offline(False)
    expect(device.locator("#tablet-state")).to_contain_text("3 forms on this device were not taken")
    device.get_by_role("link", name="For the organiser").click()
    expect(device.locator("#tablet-kept")).to_contain_text("3 forms were not taken:")
    expect(device.locator("#tablet-kept li")).to_have_text(
        "This consultation is closed, so we could not take your answers."
    )
    device.get_by_role("link", name="Sign in").click()
    device.locator("input[type=email]").fill(OFFICER)
    device.locator("input[type=password]").fill(PASSWORD)
    device.get_by_role("button", name="Sign in").click()
    device.get_by_role("button", name="Remove the forms that were not taken").click()
    expect(device.locator("#tablet-kept")).to_contain_text("Nothing waits on this device.")
    kept = device.evaluate(READ_ALL)["stores"]
    assert kept["forms"] == kept["tickets"] == kept["facts"] == []
    assert device.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_without_the_server_nobody_opens_what_the_device_keeps(device: BrowserPage, app: Flask) -> None:
    """The page's own scripts, asked to open a form: offline, and when the event is over, they cannot."""
    three_answer_offline(device)
    opening = f"""async () => {{
      const vault = await import("/static/js/tablet/vault.js");
      const {{ waiting }} = await vault.keptForms();
      const ask = async (lock) => {{
        const body = new URLSearchParams({{ lock }});
        return (await (await fetch("{EVENT}key", {{ method: "POST", body }})).json()).key;
      }};
      try {{ return await vault.openForm(waiting[0], ask); }} catch (error) {{ return "shut"; }}
    }}"""
    assert device.evaluate(opening) == "shut"
    device.context.clear_cookies()
    device.context.set_offline(False)
    expect(device.locator("#tablet-state")).to_contain_text("The event is over on this device")
    assert device.evaluate(opening) == "shut"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Response)) == 0


def test_what_waited_is_sent_when_the_next_event_is_started(
    device: BrowserPage, live_server: str, answers: Callable[[], list[set[str]]]
) -> None:
    three_answer_offline(device)
    device.context.clear_cookies()
    device.context.set_offline(False)
    expect(device.locator("#tablet-state")).to_contain_text("The event is over on this device")
    device.set_viewport_size(PHONE)  # type: ignore[arg-type]
    officer = Visitor(device, live_server, None, None)
    officer.signs_in(OFFICER, PASSWORD)
    officer.go(DEVICE)
    expect(device.locator("#tablet-kept")).to_contain_text("3 forms wait on this device to be sent.")
    device.get_by_label("Postcard").check()
    officer.presses("Sign me out and start")
    keeps_a_supply(device)
    expect(device.locator("#tablet-state")).to_be_empty()
    assert sorted(map(sorted, answers())) == STORED
