"""Feedback is approved by a second person, as they read it."""

from __future__ import annotations

import feedparser
import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.feedback import service
from engage.feedback.models import Feedback
from engage.foundations.database import transaction
from engage.foundations.refusals import Refused
from engage.people.models import Person
from engage.people.rules import Role
from tests.factories.feedback import NOW, OFFICER, approve, make_decided, make_published, publish, write
from tests.fixtures.client import PageClient
from tests.fixtures.people import add_person

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def author(session: Session) -> Person:
    return session.query(Person).filter_by(role=Role.ADMINISTRATOR).one()


def path(slug: str, page: str = "") -> str:
    return f"/officer/consultations/{slug}/feedback{page}"


def test_nobody_approves_what_they_submitted_and_the_database_refuses_it_too(session: Session) -> None:
    with transaction(session):
        made = make_decided(session)
        feedback = write(session, made)
        one = author(session)
        asked = {"actor": OFFICER, "now": NOW, "consultation_id": made.id, "person_id": one.id}
        service.submit(session, **asked)
    with pytest.raises(Refused, match="somebody else"), transaction(session):
        service.approve(session, read=service.digest(feedback), **asked)
    same = update(Feedback).values(approved_by=one.id, approved_at=NOW)
    with pytest.raises(IntegrityError):
        session.execute(same)
    session.rollback()


def test_a_changed_word_has_to_be_submitted_and_approved_again(session: Session) -> None:
    with transaction(session):
        made = make_decided(session)
        write(session, made)
        assert approve(session, made).approved_at == NOW
        assert write(session, made).approved_at == NOW, "nothing changed"
        changed = write(session, made, said="Knives second.")
        assert (changed.submitted_at, changed.submitted_by) == (None, None)
        assert (changed.approved_at, changed.approved_by) == (None, None)
        with pytest.raises(Refused, match="Submit it"):
            service.publish(
                session, actor=OFFICER, now=NOW, consultation_id=made.id, person_id=author(session).id
            )


def test_only_what_was_read_is_approved(session: Session) -> None:
    with transaction(session):
        made = make_decided(session)
        write(session, made)
        one, other = author(session), add_person(session, Role.PLANNING_OFFICER)
        asked = {"actor": OFFICER, "now": NOW, "consultation_id": made.id}
        read = service.digest(service.submit(session, person_id=one.id, **asked))
        write(session, made, decided="We will not.")
        with pytest.raises(Refused, match="somebody changed it"):
            service.approve(session, person_id=other.id, read=read, **asked)
        service.submit(session, person_id=one.id, **asked)
        with pytest.raises(Refused, match="has changed"):
            service.approve(session, person_id=other.id, read=read, **asked)


@ONE_DATABASE
def test_an_unknown_placeholder_is_refused_beside_its_part(
    session: Session, officer_client: PageClient
) -> None:
    with transaction(session):
        made = make_decided(session)
    page = officer_client.get_page(path(made.slug))
    refused = officer_client.submit(page, {"decided": "We had {share:knives}."}, status=422)
    assert "There is no placeholder {share:knives}" in refused.text
    assert session.query(Feedback).count() == 0


@ONE_DATABASE
def test_two_people_bring_it_out_and_the_stored_text_keeps_its_placeholders(
    session: Session, officer_client: PageClient
) -> None:
    with transaction(session):
        made = make_decided(session)
        second = author(session)
    page = officer_client.get_page(path(made.slug))
    saved = officer_client.submit(page, {"said": "{count:knife_crime} of you; drones {count:drones}."})
    assert "Submit for approval" in saved.text
    officer_client.post_page(path(made.slug, "/submit"))
    own = officer_client.get_page(path(made.slug, "/approve"))
    assert "somebody else has to approve it" in own.text
    assert "1,140 of you; drones too few to say." in own.text
    officer_client.sign_in_as(second)
    officer_client.submit(officer_client.get_page(path(made.slug, "/approve")))
    officer_client.submit(officer_client.get_page(path(made.slug, "/publish")))
    shown = officer_client.get_page(f"/consultations/{made.slug}/feedback")
    assert "1,140 of you; drones too few to say." in shown.text
    session.expire_all()
    assert "{count:knife_crime}" in session.query(Feedback).one().said


@ONE_DATABASE
def test_the_feed_names_what_was_published_and_nothing_else(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, _ = make_published(session, title="Knives & <b>parks</b>")
        write(session, make_decided(session, title="Still a draft"))
    answer = client.get("/what-happened.atom")
    assert answer.mimetype == "application/atom+xml"
    found = feedparser.parse(answer.data)
    assert not found.bozo
    assert found.feed.id.startswith("urn:uuid:")
    assert found.feed.updated_parsed
    assert found.feed.author
    [entry] = found.entries
    assert entry.id != found.feed.id
    assert entry.title == "What came of “Knives & <b>parks</b>”"
    assert entry.updated_parsed
    assert entry.link == f"http://localhost/consultations/{made.slug}/feedback"
    assert {link.rel for link in found.feed.links} == {"self", "alternate"}


@ONE_DATABASE
def test_easy_read_and_large_print_are_layouts_of_the_same_text(session: Session, client: PageClient) -> None:
    with transaction(session):
        made = make_decided(session)
        write(session, made, easy_read="You told us.\n{count:knife_crime} said knives.")
        publish(session, made)
    url = f"/consultations/{made.slug}/feedback"
    assert "1,140 said knives." in client.get_page(f"{url}?version=easy-read").text
    assert "app-large" in client.get(f"{url}?size=large").text
    assert "app-large" not in client.get(f"{url}?size=huge").text
    client.get_page(f"{url}?borough=nowhere", status=404)
