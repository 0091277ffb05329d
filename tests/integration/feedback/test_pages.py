"""Feedback as an officer writes it and as everybody reads it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.feedback.mails import way_out
from engage.feedback.models import Feedback
from engage.feedback.tasks import mail_out
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.responses.models import Contact
from tests.factories.feedback import NOW, approve, leave_contacts, make_decided, make_published, write
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]


def officer_path(slug: str, page: str = "") -> str:
    return f"/officer/consultations/{slug}/feedback{page}"


def listed(session: Session, feedback: Feedback) -> None:
    with transaction(session):
        mail_out(session, NOW, {"feedback_id": feedback.id, "after": None, "reason": "published"})


def test_an_officer_starts_from_the_figures_saves_previews_and_publishes(
    session: Session, officer_client: PageClient
) -> None:
    with transaction(session):
        made = make_decided(session)
        leave_contacts(session, made, "ada@example.org", "bob@example.org")
    page = officer_client.get_page(officer_path(made.slug))
    assert "{responses} responses told us" in page.text
    assert "{share:knife_crime} Knife crime: share of responses 38%" in " ".join(page.text.split())
    said = "Knives first, by {share:knife_crime} of {responses}."
    preview = officer_client.submit(page, {"said": said, "then": "preview"})
    assert "The boroughs enforce it, not the police." in preview.text
    assert "This is a preview" in preview.text
    assert "Knives first, by 38% of 3,000." in preview.text
    with transaction(session):
        approve(session, made)
    confirm = officer_client.get_page(officer_path(made.slug, "/publish"))
    assert "2 addresses will be sent it" in confirm.text
    officer_client.submit(confirm)
    shown = officer_client.get_page(f"/consultations/{made.slug}/feedback")
    assert "Knives first, by 38% of 3,000." in shown.text


def test_a_draft_is_seen_by_nobody_else(session: Session, client: PageClient) -> None:
    with transaction(session):
        made = make_decided(session)
        write(session, made)
    client.get_page(f"/consultations/{made.slug}/feedback", status=404)
    assert "Knives first." not in client.get_page("/what-happened").text


def test_publishing_too_early_is_refused_in_one_sentence(
    session: Session, officer_client: PageClient
) -> None:
    with transaction(session):
        made = make_decided(session)
        write(session, made, said="")
    page = officer_client.post_page(officer_path(made.slug, "/publish"), status=422)
    assert "Write what people said." in page.text


def test_the_public_page_tells_what_was_said_decided_and_why(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, _ = make_published(session)
    text = client.get_page(f"/consultations/{made.slug}/feedback").text
    for expected in ("You said", "We decided", "Why", "Knife crime", "1,140", "38%", "Adopted in part"):
        assert expected in text


def test_a_small_count_and_its_share_are_withheld(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, _ = make_published(session)
    text = client.get_page(f"/consultations/{made.slug}/feedback").text
    assert "Drones" in text
    assert "withheld" in text
    assert "0.1%" not in text
    assert "Counts of 1 to 4 are withheld" in text


def test_the_public_page_says_how_many_were_owed_the_result(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, feedback = make_published(session, *(f"n{number}@example.org" for number in range(6)))
    listed(session, feedback)
    text = " ".join(client.get_page(f"/consultations/{made.slug}/feedback").text.split())
    assert "Are owed the result 6" in text
    assert "Have been reached 0 (0%)" in text


def test_a_handful_of_addresses_is_not_counted_in_public(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, feedback = make_published(session, "ada@example.org", "bob@example.org")
    listed(session, feedback)
    assert "Fewer than 5 people" in client.get_page(f"/consultations/{made.slug}/feedback").text


def test_late_feedback_says_so(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, feedback = make_published(session)
        feedback.published_at = NOW + timedelta(days=90)
        session.flush()
    assert "days late" in client.get_page(f"/consultations/{made.slug}/feedback").text


def test_made_up_responses_are_called_so(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, _ = make_published(session)
        made.synthetic = True
        session.flush()
    assert "made up by a program" in client.get_page(f"/consultations/{made.slug}/feedback").text


def test_what_people_wrote_is_shown_as_text(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, feedback = make_published(session)
        feedback.said = "<script>alert(1)</script>"
        session.flush()
    assert "<script>alert(1)</script>" in client.get_page(f"/consultations/{made.slug}/feedback").text


def test_everything_fed_back_is_listed_the_latest_first_in_a_fixed_number_of_queries(
    session: Session, client: PageClient, query_count: Counting
) -> None:
    with transaction(session):
        make_published(session, title="The first")
    with query_count() as one:
        client.get_page("/what-happened")
    with transaction(session):
        for title in ("The second", "The third"):
            _, feedback = make_published(session, title=title)
            feedback.published_at = NOW + timedelta(days=1)
        session.flush()
    with query_count() as three:
        text = client.get_page("/what-happened").text
    assert len(one) == len(three)
    assert text.index("The third") < text.index("The second") < text.index("The first")


def test_the_ledger_shows_each_address_in_a_fixed_number_of_queries(
    session: Session, officer_client: PageClient, query_count: Counting
) -> None:
    with transaction(session):
        made, feedback = make_published(session, "ada@example.org")
    officer_client.get_page(officer_path(made.slug, "/ledger"))
    listed(session, feedback)
    with query_count() as one:
        assert "ada@example.org" in officer_client.get_page(officer_path(made.slug, "/ledger")).text
    with transaction(session):
        leave_contacts(session, made, *(f"n{number}@example.org" for number in range(60)))
    listed(session, feedback)
    with query_count() as many:
        text = officer_client.get_page(officer_path(made.slug, "/ledger")).text
    assert len(one) == len(many)
    assert "n0@example.org" in text
    assert "n9@example.org" not in text
    assert "n9@example.org" in officer_client.get_page(officer_path(made.slug, "/ledger?page=2")).text


def way_out_of(app: Flask, session: Session, address: str) -> str:
    contact = session.scalars(select(Contact).where(Contact.address == address)).one()
    return way_out(contact.id).removeprefix("http://localhost")


def unsubscribed(session: Session) -> list[str]:
    gone = select(Contact.address).where(Contact.unsubscribed_on.is_not(None)).order_by(Contact.address)
    return list(session.scalars(gone))


def test_looking_at_the_way_out_changes_nothing_and_its_button_does(
    app: Flask, session: Session, client: PageClient
) -> None:
    with transaction(session):
        make_published(session, "ada@example.org", "bob@example.org")
    url = way_out_of(app, session, "ada@example.org")
    client.get_page(url)
    assert unsubscribed(session) == []
    for _ in range(2):
        assert "not write to you again" in client.post_page(url).text
        assert unsubscribed(session) == ["ada@example.org"]


def test_a_mail_program_leaves_in_one_click_without_cookies_or_token(
    app: Flask, session: Session, client: PageClient
) -> None:
    with transaction(session):
        make_published(session, "ada@example.org")
    client.forges = True
    with clock.stopped_at(NOW):
        response = client.post(
            way_out_of(app, session, "ada@example.org"), data={"List-Unsubscribe": "One-Click"}
        )
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert unsubscribed(session) == ["ada@example.org"]


def test_a_broken_way_out_is_a_kind_page_and_changes_nothing(
    app: Flask, session: Session, client: PageClient
) -> None:
    with transaction(session):
        make_published(session, "ada@example.org")
    url = way_out_of(app, session, "ada@example.org")
    for broken in (url[:-1], "/unsubscribe", "/unsubscribe?token=x"):
        assert "This link does not work" in client.get_page(broken, status=404).text
        client.post_page(broken, status=404)
    assert unsubscribed(session) == []
