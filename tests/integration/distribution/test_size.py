"""32 CPEGs of 50 member groups in 3 consultations: every list is quick, and as many queries as for one."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from engage.distribution import queries, tree
from engage.foundations.database import db, transaction
from engage.people.models import Person
from tests.factories.consultations import make_consultation
from tests.factories.network import make_network
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]
# Processor time, the least of a few: what else the machine does is no part of it.
QUICK = 0.150
TRIES = 4


@pytest.fixture
def slugs(session: Session) -> list[tuple[int, str]]:
    made = [make_consultation(session) for _ in range(3)]
    session.commit()
    return [(each.id, each.slug) for each in made]


def look_after(session: Session, client: PageClient, group_id: int) -> None:
    assert client.person
    session.execute(update(Person).where(Person.id == client.person.id).values(group_id=group_id))
    session.commit()


def lists(session: Session, slugs: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    consultation_id, slug = slugs[0]
    (top,) = tree.grow(queries.links_of(session, consultation_id))
    branch = top.children[0].id
    session.rollback()
    officers = f"/officer/consultations/{slug}/links"
    return (
        [
            officers,
            f"{officers}?q=member",
            f"{officers}?show=below&page=2",
            f"{officers}/{branch}",
            f"{officers}.csv",
            f"{officers}/groups",
        ],
        ["/coordinator/links/", f"/coordinator/links/for/{slug}", f"/coordinator/links/for/{slug}?page=2"],
    )


def time_and_count(
    session: Session, client: PageClient, url: str, query_count: Counting
) -> tuple[float, int]:
    best = float("inf")
    for _ in range(TRIES):
        with query_count() as statements:
            # Who is signed in is kept in `g`, which both clients share inside a test's own context.
            g.pop("_login_user", None)
            begun = time.process_time()
            # Without the checks of the page, which take longer than making it.
            status = FlaskClient.open(client, url).status_code
            best = min(best, time.process_time() - begun)
        session.rollback()
        assert status == 200, url
    return best, len(statements)


def test_every_list_of_links_is_quick_and_asks_no_more_for_1600_groups_than_for_one(
    session: Session,
    slugs: list[tuple[int, str]],
    officer_client: PageClient,
    coordinator_client: PageClient,
    query_count: Counting,
) -> None:
    ids = [consultation_id for consultation_id, _slug in slugs]
    small = make_network(session, ids, cpegs=1, members=1)
    look_after(session, coordinator_client, small.cpegs[0])
    before: dict[str, int] = {}
    for client, urls in zip((officer_client, coordinator_client), lists(session, slugs), strict=True):
        before |= {kind_of(url): time_and_count(session, client, url, query_count)[1] for url in urls}
    with transaction(session):
        session.execute(text("DELETE FROM link"))
    large = make_network(session, ids)
    assert large.groups == 32 * 51
    look_after(session, coordinator_client, large.cpegs[5])
    slow, more = {}, {}
    for client, urls in zip((officer_client, coordinator_client), lists(session, slugs), strict=True):
        for url in urls:
            seconds, asked = time_and_count(session, client, url, query_count)
            print(f"{seconds * 1000:6.1f} ms  {asked} queries  {url}")
            if seconds > QUICK:
                slow[url] = seconds
            if asked != before[kind_of(url)]:
                more[url] = (before[kind_of(url)], asked)
    assert (slow, more) == ({}, {})


def kind_of(url: str) -> str:
    """Return the address without the number of a link, which differs."""
    return "/".join("link" if part.isdecimal() else part for part in url.split("/"))


def test_the_sums_of_a_large_tree_are_those_of_its_links(app: Flask) -> None:
    with app.app_context():
        consultation = make_consultation(db.session())
        network = make_network(db.session(), [consultation.id])
        (top,) = tree.grow(queries.links_of(db.session(), consultation.id))
        assert top.total.submitted == network.sent
        assert len(top.children) == 32
        assert sum(1 for _ in top.walk()) == network.groups + 1
