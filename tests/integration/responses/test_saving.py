"""Saving a form for later: a code leads back to it from any browser, and nothing leads to a person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask, g
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.jobs import JobState
from engage.foundations.tries import MOST
from engage.outbox.models import Mailing, OutboxMessage
from engage.responses import queries
from engage.responses.drafts import forget_stale_drafts
from engage.responses.mails import forget_sent_codes
from engage.responses.models import Draft, Response, ResponseRevision
from engage.responses.tickets import Ticket
from tests.factories.forms import (
    HAPPENED,
    LIVES,
    NOT_SEEN,
    ROUTED,
    SEEN,
    WISH,
    add_form,
    keeping_no_cookie,
    sends,
    writes,
)
from tests.factories.responses import AFTER, CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page
from tests.fixtures.people import page_client

RETURN = "/take-part/return"
TWO_DAYS = timedelta(days=2)


pytestmark = pytest.mark.usefixtures("during")


def code_on(page: Page) -> str:
    return page.find("strong", class_="app-receipt__code").text or ""


def saves(client: PageClient, path: str) -> str:
    """Write two pages, the second of them by half, and return the return code."""
    page = sends(client, writes(client, path, LIVES), go="save", where="Near the river")
    assert page.h1 == "Your form is saved"
    return code_on(page)


def comes_back(client: PageClient, code: str, status: int = 200) -> Page:
    return sends(client, client.get_page(RETURN), status=status, code=code)


def drafts(session: Session) -> list[Draft]:
    session.rollback()
    return list(session.scalars(select(Draft).execution_options(populate_existing=True)))


def test_a_saved_form_goes_on_at_the_first_unfinished_page_in_any_browser(
    client: PageClient, session: Session, path: str
) -> None:
    code = saves(client, path)
    other = page_client(client.application)
    page = comes_back(other, code.lower().replace("-", " "))
    assert page.h1 == "Seeing the police"
    assert page.form_values()["where"].strip() == "Near the river"
    page = sends(other, page, **SEEN)
    for fields in (HAPPENED, WISH, {}):
        page = sends(other, page, **fields)
    assert page.h1 == "Your answers are stored"
    session.rollback()
    answers = session.scalars(select(ResponseRevision.answers)).one()
    assert answers is not None
    assert answers["where"] == {"text": "Near the river"}
    assert drafts(session) == []


def test_the_form_that_goes_on_is_the_very_same(client: PageClient, session: Session, path: str) -> None:
    code = saves(client, path)
    mine = client.get_page(f"{path}/seeing").form_values()["ticket"]
    other = page_client(client.application)
    assert comes_back(other, code).form_values()["ticket"] == mine


def test_a_group_is_still_counted_when_its_link_led_to_the_saved_form(
    client: PageClient, session: Session, exercise: Exercise, path: str
) -> None:
    client.get_page(f"/go/{exercise.link.code}")
    code = saves(client, path)
    other = page_client(client.application)
    page = comes_back(other, code)
    for fields in (NOT_SEEN, WISH, {}):
        page = sends(other, page, **fields)
    session.rollback()
    assert session.scalars(select(Response.group_id)).one() == exercise.group.id


def test_saving_twice_shows_the_same_code_and_keeps_no_code(
    client: PageClient, session: Session, path: str
) -> None:
    code = saves(client, path)
    page = sends(client, client.get_page(f"{path}/seeing"), go="save", where="By the river")
    assert code_on(page) == code
    (draft,) = drafts(session)
    kept = " ".join(str(getattr(draft, column.key)) for column in Draft.__table__.columns)
    assert code.replace("-", "") not in kept
    assert code not in kept


def test_a_form_is_saved_from_checking_too(client: PageClient, path: str) -> None:
    page = sends(client, writes(client, path, LIVES, NOT_SEEN, WISH), go="save")
    other = page_client(client.application)
    assert comes_back(other, code_on(page)).h1 == "Check your answers"


def test_saving_and_coming_back_need_no_cookie(app: Flask, path: str) -> None:
    cookieless = keeping_no_cookie(app)
    page = sends(cookieless, writes(cookieless, path, LIVES), go="save", where="Near the river")
    code = code_on(page)
    sent = cookieless.post_page(
        f"{path}/saved-for-later", {"ticket": page.form_values()["ticket"], "address": "jo@example.org"}
    )
    assert code_on(sent) == code
    page = sends(cookieless, cookieless.get_page(RETURN), code=code)
    assert page.h1 == "Seeing the police"
    assert page.form_values()["where"].strip() == "Near the river"


@pytest.mark.parametrize("code", ["7KQ4-B2XD-9PMH", "x", "'; --"])
def test_a_wrong_code_tells_nothing(client: PageClient, path: str, code: str) -> None:
    saves(client, path)
    page = comes_back(page_client(client.application), code, status=422)
    assert "We have no saved form with this return code." in page.text
    assert page.form_values()["code"] == code


def test_guesses_are_counted_and_then_refused_even_when_right(client: PageClient, path: str) -> None:
    code = saves(client, path)
    other = page_client(client.application)
    for _ in range(MOST):
        comes_back(other, "7KQ4-B2XD-9PMH", status=422)
    assert "Too many tries." in comes_back(other, code, status=422).text
    with clock.stopped_at(DURING + timedelta(hours=1)):
        assert comes_back(other, code).h1 == "Seeing the police"


def test_another_site_cannot_lead_a_browser_into_a_form_it_knows_the_code_of(
    client: PageClient, path: str
) -> None:
    code = saves(client, path)
    other = page_client(client.application)
    page = other.post_page(RETURN, {"code": code}, status=422, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.h1 == "Go on with a form that you saved"
    assert other.get_page(path).h1 == "Do you live in London?"


def test_the_code_is_in_no_address(client: PageClient, path: str) -> None:
    saves(client, path)
    page = sends(client, client.get_page(f"{path}/seeing"), go="save")
    code = code_on(page)
    assert code not in page.url
    assert not [link for link in page.links if code in link.href or code.replace("-", "") in link.href]


def test_forgetting_the_form_here_leaves_it_to_its_code(
    client: PageClient, session: Session, path: str
) -> None:
    code = saves(client, path)
    page = client.post_page(f"{path}/forget-here")
    assert "no longer holds the form" in page.text
    assert "somebody has begun" not in page.text
    assert comes_back(client, code).h1 == "Seeing the police"


def test_starting_afresh_keeps_what_a_code_leads_to(client: PageClient, session: Session, path: str) -> None:
    code = saves(client, path)
    page = sends(client, client.get_page(path))
    assert page.form_values().get("lives") is None
    assert comes_back(client, code).form_values()["where"].strip() == "Near the river"


def purge(session: Session, at: datetime) -> None:
    with transaction(session):
        forget_stale_drafts(session, at)


def test_a_draft_without_a_code_is_gone_after_a_day_and_one_with_it_after_the_grace(
    client: PageClient, session: Session, path: str
) -> None:
    saves(client, path)
    writes(page_client(client.application), path, LIVES)
    assert len(drafts(session)) == 2
    purge(session, DURING + timedelta(hours=23))
    assert len(drafts(session)) == 2
    purge(session, DURING + TWO_DAYS)
    assert [draft.return_hash is not None for draft in drafts(session)] == [True]
    purge(session, CLOSES + timedelta(minutes=29))
    assert len(drafts(session)) == 1
    purge(session, AFTER)
    assert drafts(session) == []


def test_a_consultation_that_is_analysed_keeps_no_draft_though_another_does(
    client: PageClient, session: Session, path: str
) -> None:
    other = add_form(session, make_exercise(session, "another"), ROUTED, code="routed-too")
    saves(client, path)
    saves(page_client(client.application), other)
    with transaction(session):
        consultation = session.scalars(select(Consultation).where(Consultation.slug == "priorities")).one()
        consultation.state, consultation.closed_at = State.ANALYSED, DURING
        consultation.analysed_at = DURING
    purge(session, DURING + timedelta(minutes=1))
    assert len(drafts(session)) == 1


def test_a_saved_form_is_no_response(client: PageClient, session: Session, path: str) -> None:
    saves(client, path)
    session.rollback()
    assert queries.response_counts(session) == {}


def test_a_code_leads_nowhere_once_its_consultation_is_closed(client: PageClient, path: str) -> None:
    code = saves(client, path)
    with clock.stopped_at(AFTER):
        assert "not open for answers" in comes_back(page_client(client.application), code).text


def test_the_code_is_mailed_to_whoever_asks_and_nothing_of_it_stays(
    client: PageClient, session: Session, path: str
) -> None:
    code = saves(client, path)
    saved = client.get_page(f"{path}/saved-for-later")
    page = client.post_page(saved.url, {"ticket": saved.form_values()["ticket"], "address": "Jo@Example.org"})
    assert "We have sent the code." in page.text
    session.rollback()
    message = session.scalars(select(OutboxMessage)).one()
    assert (message.recipient, message.personal) == ("jo@example.org", {"code": code})
    assert "example.org" not in page.html.lower()
    (draft,) = drafts(session)
    assert "example.org" not in str(draft.answers)
    with transaction(session):
        forget_sent_codes(session, DURING)
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
    with transaction(session):
        sent = session.get_one(OutboxMessage, message.id)
        sent.state, sent.done_at = JobState.DONE, DURING
    with transaction(session):
        forget_sent_codes(session, DURING)
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_officers_read_mail_but_not_what_leads_to_somebodys_answers(
    app: Flask, session: Session, officer_client: PageClient, path: str
) -> None:
    londoner = page_client(app)
    code = saves(londoner, path)
    londoner.post_page(f"{path}/saved-for-later", {"address": "jo@example.org"})
    message = session.scalars(select(OutboxMessage.id)).one()
    # The application context of this test would hand the officer's request the Londoner of the last one.
    g.pop("_login_user", None)
    page = officer_client.get_page("/officer/outbox/")
    assert page.h1 == "Outbox"
    assert "There are no such messages." in page.text
    assert code not in page.text
    officer_client.get_page(f"/officer/outbox/{message}", status=404)


def test_the_mail_says_where_to_type_the_code_and_the_address_has_none(
    client: PageClient, session: Session, path: str
) -> None:
    code = saves(client, path)
    client.post_page(f"{path}/saved-for-later", {"address": "jo@example.org"})
    session.rollback()
    text = session.scalars(select(Mailing.text_body)).one()
    assert "/take-part/return\n" in text
    assert "{{code}}" in text
    assert code not in text


def test_a_wrong_address_is_refused_beside_its_field(client: PageClient, session: Session, path: str) -> None:
    saves(client, path)
    page = client.post_page(f"{path}/saved-for-later", {"address": "jo at example"}, status=422)
    assert page.form_values()["address"] == "jo at example"
    assert code_on(page)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_nobody_is_pestered_with_codes(client: PageClient, session: Session, path: str) -> None:
    saves(client, path)
    statuses = [
        client.post(f"{path}/saved-for-later", data={"address": f"jo{n}@example.org"}).status_code
        for n in range(8)
    ]
    assert statuses == [303] * 6 + [422] * 2


def test_the_page_with_the_code_is_only_shown_to_who_saved_the_form(client: PageClient, path: str) -> None:
    assert client.get_page(f"{path}/saved-for-later").h1 == "Do you live in London?"
    writes(client, path, LIVES)
    assert client.get_page(f"{path}/saved-for-later").h1 == "You have begun this form"


def test_leaving_forgets_in_this_browser_that_anybody_took_part(
    client: PageClient, session: Session, exercise: Exercise, path: str
) -> None:
    client.get_page(f"/go/{exercise.link.code}")
    page = writes(client, path, LIVES)
    (way_out,) = {link.href for link in page.links if link.text.endswith("Exit this page")}
    answer = client.get(way_out)
    assert answer.headers["Location"] == "https://www.bbc.co.uk/weather"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    with client.session_transaction() as held:
        assert not held.keys() & {"drafts", "via", "receipts"}
    assert client.get_page(f"{path}/seeing").h1 == "Do you live in London?"


def test_leaving_keeps_an_officer_signed_in(officer_client: PageClient) -> None:
    officer_client.get("/take-part/leave")
    assert officer_client.get_page("/officer/outbox/").h1 == "Outbox"


def test_a_ticket_alone_opens_no_saved_form_of_another_instrument(
    client: PageClient, session: Session, exercise: Exercise, path: str
) -> None:
    saves(client, path)
    stranger: Ticket = exercise.ticket("full")
    page = page_client(client.application).post_page(
        f"{path}/saved-for-later", {"ticket": stranger.seal(), "address": "jo@example.org"}
    )
    assert page.h1 == "Do you live in London?"
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
