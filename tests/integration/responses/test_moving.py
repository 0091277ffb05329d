"""Moving through a form of several pages: back, without cookies, in two tabs, twice, and past the closing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.database import db
from engage.responses.models import Draft, Response
from tests.factories.forms import (
    HAPPENED,
    LIVES,
    NOT_SEEN,
    SEEN,
    WISH,
    add_form,
    drafts,
    keeping_no_cookie,
    sends,
    stored,
    writes,
)
from tests.factories.responses import AFTER, CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]
JUST_BEFORE = CLOSES - timedelta(minutes=2)
IN_GRACE = CLOSES + timedelta(minutes=10)


pytestmark = pytest.mark.usefixtures("during")


def test_back_keeps_what_was_typed_even_where_it_is_not_finished(client: PageClient, path: str) -> None:
    page = writes(client, path, LIVES)
    page = sends(client, page, go="back", where="Near the river")
    assert page.h1 == "Do you live in London?"
    assert page.form_values()["lives"] == "yes"
    page = sends(client, page)
    assert page.form_values()["where"].strip() == "Near the river"
    assert not page.all("div", class_="govuk-error-summary")


def test_back_from_the_first_page_leads_to_the_start_which_leads_back(client: PageClient, path: str) -> None:
    page = sends(client, client.get_page(path), go="back", **LIVES)
    assert page.h1 == "Policing priorities"
    assert path in {link.href for link in page.links}
    assert "somebody has begun" in page.text


def test_back_from_a_change_gives_up_what_cannot_be_kept(client: PageClient, path: str) -> None:
    writes(client, path, LIVES, NOT_SEEN, WISH)
    page = sends(client, client.get_page(f"{path}/wishes?return=1"), go="back", wish="")
    assert page.h1 == "Check your answers"
    assert "More of it." in page.text
    page = sends(client, client.get_page(f"{path}/wishes?return=1"), go="back", wish="Less of it.")
    assert "Less of it." in page.text


def test_back_from_checking_leads_to_the_last_page_on_the_way(client: PageClient, path: str) -> None:
    check = writes(client, path, LIVES, NOT_SEEN, WISH)
    assert sends(client, check, go="back").h1 == "What you wish for"


def test_the_enter_key_goes_on_and_not_back(client: PageClient, path: str) -> None:
    buttons = [
        (button.get("name"), button.get("value"))
        for button in client.get_page(path).all("button", type="submit")
        if button.get("form") == "answers" or button.get("class", "").startswith("govuk-button")
    ]
    assert buttons[0] == (None, None)
    assert ("go", "back") in buttons


def test_every_problem_leads_to_its_field(client: PageClient, path: str) -> None:
    page = sends(client, writes(client, path, LIVES), status=422)
    assert page.title.startswith("Error: ")
    summary = page.find("div", class_="govuk-error-summary")
    fields = [link.get("href", "").removeprefix("#") for link in summary.iter("a")]
    assert fields == ["seen"]
    assert page.all("input", id="seen")


@pytest.fixture
def cookieless(app: Flask) -> PageClient:
    """A browser that keeps no cookie."""
    return keeping_no_cookie(app)


def test_a_form_of_several_pages_needs_no_cookie(cookieless: PageClient, session: Session, path: str) -> None:
    page = writes(cookieless, path, LIVES, SEEN, HAPPENED, WISH)
    assert page.h1 == "Check your answers"
    assert "They said hello." in page.text
    page = sends(cookieless, page, change="seeing")
    assert page.h1 == "Seeing the police"
    page = sends(cookieless, page, **NOT_SEEN)
    assert page.h1 == "Check your answers"
    assert sends(cookieless, page).h1 == "Your answers are stored"
    answers = stored(session)[0]
    assert answers is not None
    assert answers.keys() == {"lives", "seen", "wish"}


def test_back_without_cookies_loses_nothing(cookieless: PageClient, path: str) -> None:
    page = sends(cookieless, writes(cookieless, path, LIVES), go="back", where="Near the river")
    assert page.form_values()["lives"] == "yes"
    assert sends(cookieless, page).form_values()["where"].strip() == "Near the river"


def test_an_exit_page_without_cookies_ends_the_form(
    cookieless: PageClient, session: Session, path: str
) -> None:
    assert writes(cookieless, path, {"lives": "no"}).h1 == "Thank you"
    assert drafts(session) == 0


def test_a_lost_cookie_between_two_pages_loses_nothing(
    client: PageClient, session: Session, path: str
) -> None:
    client.forges = True
    page = writes(client, path, LIVES, NOT_SEEN)
    client.delete_cookie("engage")
    page = sends(client, page, **WISH)
    assert page.h1 == "Check your answers"
    assert sends(client, page).h1 == "Your answers are stored"


def test_a_lost_ticket_gives_back_what_was_typed_on_the_page_and_goes_on(
    client: PageClient, session: Session, path: str
) -> None:
    page = writes(client, path, LIVES)
    page = client.post_page(f"{path}/seeing", {"ticket": "forged", "where": "By the river"}, status=422)
    assert "still here" in page.text
    assert page.form_values()["where"].strip() == "By the river"
    page = sends(client, page, **NOT_SEEN)
    assert page.h1 == "What you wish for"


def test_two_tabs_of_one_form_write_the_same_answers(client: PageClient, session: Session, path: str) -> None:
    writes(client, path, LIVES)
    tabs = [client.get_page(f"{path}/seeing") for _ in range(2)]
    page = sends(client, tabs[0], **SEEN)
    sends(client, tabs[1], **NOT_SEEN)
    page = sends(client, page, **HAPPENED)
    assert page.h1 == "What you wish for"
    sends(client, sends(client, page, **WISH))
    assert len(stored(session)) == 1
    assert stored(session)[0] == {
        "lives": {"chosen": "yes"},
        "seen": {"chosen": "no"},
        "wish": {"text": "More of it."},
    }


def test_a_second_form_on_the_same_browser_is_a_second_response(
    client: PageClient, session: Session, path: str
) -> None:
    for _ in range(2):
        sends(client, writes(client, path, LIVES, NOT_SEEN, WISH))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Response)) == 2


def test_a_form_that_was_begun_is_offered_again_and_not_forced_on_anybody(
    client: PageClient, session: Session, exercise: Exercise, path: str
) -> None:
    writes(client, path, LIVES, {**NOT_SEEN, "where": "Near the river"})
    client.get_page(f"/go/{exercise.link.code}")
    page = client.get_page(path)
    assert page.h1 == "You have begun this form"
    hrefs = {link.text: link.href for link in page.links}
    assert client.get_page(hrefs["Go on with what you began"]).h1 == "What you wish for"
    page = sends(client, page)
    assert page.h1 == "Do you live in London?"
    assert drafts(session) == 0
    for fields in (LIVES, NOT_SEEN, WISH):
        page = sends(client, page, **fields)
    sends(client, page)
    session.rollback()
    assert list(session.scalars(select(Response.group_id))) == [exercise.group.id]


def test_a_form_begun_before_the_closing_is_finished_in_the_grace_with_a_notice(
    client: PageClient, session: Session, path: str
) -> None:
    with clock.stopped_at(JUST_BEFORE):
        page = writes(client, path, LIVES)
    with clock.stopped_at(IN_GRACE):
        page = sends(client, page, **NOT_SEEN)
        assert "you can still send your answers until 28 November 2027 at 12:30am" in page.text
        page = sends(client, page, **WISH)
        assert "you can still send" in page.text
        assert sends(client, page).h1 == "Your answers are stored"
    session.rollback()
    assert session.scalars(select(Response.late)).one() is True


def test_a_form_is_not_begun_in_the_grace(client: PageClient, path: str) -> None:
    with clock.stopped_at(IN_GRACE):
        assert "not open for answers" in client.get_page(path).text
        assert "not open for answers" in client.get_page(f"{path}/living").text


def test_after_the_grace_what_was_typed_stays_on_the_page(
    client: PageClient, session: Session, path: str
) -> None:
    page = writes(client, path, LIVES)
    with clock.stopped_at(AFTER):
        page = sends(client, page, status=422, where="By the river", **NOT_SEEN)
    assert "closed" in page.text
    assert page.form_values()["where"].strip() == "By the river"


def test_the_start_page_says_the_rule_of_the_grace(client: PageClient, exercise: Exercise) -> None:
    assert "you can still send your answers until 28 November 2027 at 12:30am" in (
        client.get_page(exercise.path).text
    )


def test_long_texts_are_refused_with_both_figures_and_stay_typed(client: PageClient, path: str) -> None:
    page = writes(client, path, LIVES, SEEN)
    page = sends(client, page, status=422, happened="x" * 10_000)
    assert "It has 10,000." in page.text
    assert page.form_values()["happened"].strip() == "x" * 10_000


def test_the_same_first_page_sent_ten_times_at_once_is_one_draft(app: Flask) -> None:
    with app.app_context():
        exercise = make_exercise(db.session())
        path = add_form(db.session(), exercise)
        db.session.remove()
    ticket = keeping_no_cookie(app).get_page(path).form_values()["ticket"]
    form = {"ticket": ticket, "lives": "yes"}
    together = Barrier(10)

    def press(_: int) -> int:
        client = keeping_no_cookie(app)
        together.wait(timeout=30)
        with clock.stopped_at(DURING):
            return client.post(f"{path}/living", data=form).status_code

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(press, range(10))) == {200}
    with app.app_context():
        assert [draft.answers for draft in db.session.scalars(select(Draft))] == [
            {"living": {"lives": ["yes"]}}
        ]


def test_pages_sent_at_once_in_two_tabs_are_both_kept(app: Flask) -> None:
    with app.app_context():
        exercise = make_exercise(db.session())
        path = add_form(db.session(), exercise)
        db.session.remove()
    ticket = keeping_no_cookie(app).get_page(path).form_values()["ticket"]
    pages = {"living": {"lives": "yes"}, "seeing": {"seen": "no"}, "wishes": {"wish": "More."}}
    together = Barrier(len(pages))

    def press(page: str) -> int:
        client = keeping_no_cookie(app)
        together.wait(timeout=30)
        with clock.stopped_at(DURING):
            return client.post(f"{path}/{page}", data={"ticket": ticket} | pages[page]).status_code

    with ThreadPoolExecutor(len(pages)) as pool:
        assert set(pool.map(press, pages)) == {200}
    with app.app_context():
        (draft,) = db.session.scalars(select(Draft))
        assert draft.answers.keys() == pages.keys()


def test_only_a_few_forms_are_held_by_one_browser(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    for number in range(8):
        client.get_page(add_form(session, exercise, code=f"form-{number}"))
        exercise.instruments[f"form-{number}"] = exercise.instruments["full"]
    with client.session_transaction() as held:
        assert len(held["drafts"]) == 5


@pytest.mark.parametrize("hostile", ["a\x00b", "\ud7ff\uffff", "{{ 7*7 }}<script>", "x" * 60_000, "\u202e"])
def test_whatever_is_typed_comes_back_or_is_refused_in_words(
    client: PageClient, session: Session, path: str, hostile: str
) -> None:
    page = writes(client, path, LIVES)
    answer = client.post(
        f"{path}/seeing",
        data={"ticket": page.form_values()["ticket"], "seen": "no", "where": hostile, "where-\x00": hostile},
        follow_redirects=True,
    )
    assert answer.status_code in (200, 422)
    assert "<script>" not in answer.get_data(as_text=True).partition("<main")[2]


@pytest.mark.parametrize(
    "fields", [{"go": "nowhere"}, {"change": "nothing"}, {"go": "back", "change": "living"}]
)
def test_buttons_that_no_page_has_lead_nowhere_else(
    client: PageClient, session: Session, path: str, fields: dict[str, str]
) -> None:
    check = writes(client, path, LIVES, NOT_SEEN, WISH)
    page = sends(client, check, **fields)
    assert page.h1 in {"Your answers are stored", "What you wish for"}
