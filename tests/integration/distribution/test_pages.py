from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from engage.audit.models import AuditEvent
from engage.consultations.rules import State
from engage.distribution.models import Link
from engage.foundations.database import db, transaction
from engage.groups.rules import GroupKind
from tests.factories.consultations import make_consultation
from tests.factories.distribution import make_link
from tests.factories.groups import make_group
from tests.factories.timetable import BEFORE
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]


@dataclass(frozen=True)
class Ground:
    """An open consultation with a link of a group that nobody in the test looks after."""

    slug: str
    consultation_id: int
    link_id: int
    code: str


@pytest.fixture
def ground(app: Flask) -> Ground:
    with app.app_context(), transaction(db.session):
        consultation = make_consultation(db.session, State.OPEN)
        group = make_group(db.session, name="Camden CPEG")
        link = make_link(
            db.session,
            consultation_id=consultation.id,
            group_id=group.id,
            code="camden-7KQ4",
            submitted=3,
        )
        return Ground(consultation.slug, consultation.id, link.id, link.code)


def add_link(app: Flask, ground: Ground, group_id: int, submitted: int = 0) -> int:
    with app.app_context(), transaction(db.session):
        link = make_link(
            db.session, consultation_id=ground.consultation_id, group_id=group_id, submitted=submitted
        )
        return link.id


def own_group(client: PageClient) -> int:
    assert client.person is not None
    assert client.person.group_id is not None
    return client.person.group_id


def submitted(app: Flask, link_id: int) -> int:
    with app.app_context():
        return db.session.get_one(Link, link_id).submitted


def test_following_a_link_leads_to_taking_part_and_is_remembered(ground: Ground, client: PageClient) -> None:
    answer = client.get("/go/Camden-7kq4")
    assert (answer.status_code, answer.location) == (303, f"/take-part/{ground.slug}")
    with client.session_transaction() as held:
        assert held["via"] == {str(ground.consultation_id): "camden-7KQ4"}


def test_looking_at_a_link_counts_nothing(app: Flask, ground: Ground, client: PageClient) -> None:
    assert client.get(f"/go/{ground.code}").status_code == 303
    # A bare client: the other looks for a page in every answer, and this one has none.
    assert FlaskClient(app).head(f"/go/{ground.code}").status_code == 303
    assert submitted(app, ground.link_id) == 3


def test_the_last_link_followed_is_the_one_that_counts(
    app: Flask, ground: Ground, client: PageClient
) -> None:
    with app.app_context(), transaction(db.session):
        second = make_link(
            db.session,
            consultation_id=ground.consultation_id,
            group_id=make_group(db.session).id,
            code="barnet-9XYZ",
        ).code
    client.get(f"/go/{ground.code}")
    client.get(f"/go/{second}")
    with client.session_transaction() as held:
        assert held["via"] == {str(ground.consultation_id): "barnet-9XYZ"}


def test_an_unknown_link_is_a_page_with_a_way_on(ground: Ground, client: PageClient) -> None:
    page = client.get_page("/go/camden-0000", 404)
    assert "We do not know this link" in page.text
    assert 'href="/timetable/"' in client.get("/go/nothing").get_data(as_text=True)


def test_a_revoked_link_still_leads_on_but_for_no_group(
    app: Flask, ground: Ground, client: PageClient
) -> None:
    client.get(f"/go/{ground.code}")
    with app.app_context(), transaction(db.session):
        db.session.get_one(Link, ground.link_id).revoked_at = BEFORE
    assert client.get(f"/go/{ground.code}").location == f"/take-part/{ground.slug}"
    with client.session_transaction() as held:
        assert held["via"] == {}


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (1234, "1,234")]
)
def test_a_coordinator_sees_the_address_and_how_many_came(
    app: Flask, ground: Ground, coordinator_client: PageClient, count: int, said: str
) -> None:
    link_id = add_link(app, ground, own_group(coordinator_client), count)
    text = coordinator_client.get_page("/coordinator/links/").text
    with app.app_context():
        code = db.session.get_one(Link, link_id).code
    assert f"http://localhost/go/{code}" in text
    assert f"{said} response" in text
    assert "Camden CPEG" not in text


def test_a_coordinator_prints_a_poster_and_takes_the_code_in_two_forms(
    app: Flask, ground: Ground, coordinator_client: PageClient
) -> None:
    link_id = add_link(app, ground, own_group(coordinator_client), 3)
    text = coordinator_client.get_page(f"/coordinator/links/{link_id}").text
    assert "30 September 2027" in text
    assert "/go/" in text
    assert "fewer than" not in text
    svg = coordinator_client.get(f"/coordinator/links/{link_id}/qr.svg")
    assert (svg.mimetype, svg.status_code) == ("image/svg+xml", 200)
    assert coordinator_client.get(f"/coordinator/links/{link_id}/qr.png").mimetype == "image/png"


def test_no_number_leads_a_coordinator_to_another_groups_link(
    app: Flask, ground: Ground, coordinator_client: PageClient
) -> None:
    with app.app_context(), transaction(db.session):
        cousin = make_group(db.session, kind=GroupKind.YOUTH, parent_id=make_group(db.session).id).id
        member = make_group(db.session, kind=GroupKind.FAITH, parent_id=own_group(coordinator_client)).id
    own = add_link(app, ground, own_group(coordinator_client))
    ours = {own, add_link(app, ground, member)}
    add_link(app, ground, cousin)
    for link_id in range(0, max(ours) + 5):
        for page in ("", "/qr.svg", "/qr.png"):
            status = coordinator_client.get(f"/coordinator/links/{link_id}{page}").status_code
            assert status == (200 if link_id in ours else 404), (link_id, page)


def test_a_coordinator_without_links_is_told_so(ground: Ground, coordinator_client: PageClient) -> None:
    assert "Your group has no links yet" in coordinator_client.get_page("/coordinator/links/").text


def test_coordinators_and_officers_keep_to_their_own_pages(
    ground: Ground, client: PageClient, officer_client: PageClient, coordinator_client: PageClient
) -> None:
    officers, coordinators = f"/officer/consultations/{ground.slug}/links", "/coordinator/links/"
    assert client.get(officers).status_code == client.get(coordinators).status_code == 303
    assert coordinator_client.get(officers).status_code == 403
    assert coordinator_client.post(officers).status_code == 403
    assert officer_client.get(coordinators).status_code == 403


def test_an_officer_makes_the_links_and_sees_exact_counts(
    app: Flask, ground: Ground, officer_client: PageClient
) -> None:
    with app.app_context(), transaction(db.session):
        make_group(db.session, name="Barnet CPEG")
    url = f"/officer/consultations/{ground.slug}/links"
    before = officer_client.get_page(url).text
    assert "1 group has no link" in before
    assert "Camden CPEG" in before
    assert "3 responses came by" in before
    after = officer_client.post_page(url).text
    assert "2 links were made" in after
    assert "Barnet CPEG" in after
    assert "has no link" not in after
    assert officer_client.post(url).status_code == 303
    with app.app_context():
        made = db.session.scalars(select(AuditEvent.actor).where(AuditEvent.action == "links.made")).all()
    assert officer_client.person is not None
    assert made == [officer_client.person.label]


def test_links_of_a_consultation_that_is_not_there_are_not_found(officer_client: PageClient) -> None:
    assert officer_client.get("/officer/consultations/nothing/links").status_code == 404
    assert officer_client.post("/officer/consultations/nothing/links").status_code == 404


def test_many_groups_take_no_more_queries_than_one(
    app: Flask, ground: Ground, officer_client: PageClient, query_count: Counting
) -> None:
    url = f"/officer/consultations/{ground.slug}/links"
    with query_count() as few:
        officer_client.get_page(url)
    with app.app_context(), transaction(db.session):
        for place in range(40):
            group = make_group(db.session)
            if place < 35:
                make_link(db.session, consultation_id=ground.consultation_id, group_id=group.id)
    with query_count() as many:
        officer_client.get_page(url)
    assert len(few) == len(many)


def test_many_member_groups_take_no_more_queries_than_one(
    app: Flask, ground: Ground, coordinator_client: PageClient, query_count: Counting
) -> None:
    add_link(app, ground, own_group(coordinator_client))
    with query_count() as few:
        coordinator_client.get_page("/coordinator/links/")
    with app.app_context(), transaction(db.session):
        for _ in range(35):
            member = make_group(db.session, kind=GroupKind.FAITH, parent_id=own_group(coordinator_client))
            make_link(db.session, consultation_id=ground.consultation_id, group_id=member.id)
    with query_count() as many:
        coordinator_client.get_page("/coordinator/links/")
    assert len(few) == len(many)
