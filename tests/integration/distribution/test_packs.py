"""Packs of links: for whom, of what, and why there is none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from flask import Flask

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.distribution.models import Link
from engage.distribution.packs import showing
from engage.distribution.rules import LinkKind
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.groups.rules import GroupKind
from engage.timetable.models import Entry
from tests.factories.consultations import make_consultation
from tests.factories.distribution import make_link
from tests.factories.groups import make_group
from tests.factories.timetable import AFTER, BEFORE, DURING
from tests.fixtures.client import PageClient
from tests.fixtures.pictures import codes_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Counting = Callable[[], AbstractContextManager[list[str]]]
PAGES = ("/pack", "/pack.zip", "/pack/poster-a4.pdf", "/pack/qr.svg", "/pack/slide.png")


@dataclass(frozen=True)
class Ground:
    """An open consultation, with the link of the coordinator's own group to it."""

    slug: str
    consultation_id: int
    link_id: int


@pytest.fixture
def ground(app: Flask, coordinator_client: PageClient) -> Ground:
    assert coordinator_client.person is not None
    group_id = coordinator_client.person.group_id
    with app.app_context(), transaction(db.session):
        consultation = make_consultation(db.session, State.OPEN, title="Streets <b>&</b> #stations")
        link = make_link(
            db.session, consultation_id=consultation.id, group_id=group_id, code="waltham-forest-7KQ4"
        )
        return Ground(consultation.slug, consultation.id, link.id)


def add_link(app: Flask, ground: Ground, group_id: int | None, **overrides: object) -> int:
    with app.app_context(), transaction(db.session):
        made = make_link(db.session, consultation_id=ground.consultation_id, group_id=group_id, **overrides)
        return made.id


def test_a_coordinator_has_everything_on_one_page(ground: Ground, coordinator_client: PageClient) -> None:
    with clock.stopped_at(DURING):
        page = coordinator_client.get_page(f"/coordinator/links/{ground.link_id}/pack")
    assert "Streets <b>&</b> #stations" in page.text
    assert "localhost/go/waltham-forest-7KQ4" in page.text
    texts = [area.get("id") for area in page.all("textarea")]
    assert texts[:4] == ["email", "email-easy", "message", "message-easy"]
    assert len(texts) == 8


def test_every_file_of_the_page_is_there(ground: Ground, coordinator_client: PageClient) -> None:
    url = f"/coordinator/links/{ground.link_id}/pack"
    with clock.stopped_at(DURING):
        found = {link.href for link in coordinator_client.get_page(url).links if "/pack/" in link.href}
        assert len(found) == 7
        for address in found:
            answer = coordinator_client.get(address)
            assert answer.status_code == 200, address
            assert "attachment" in answer.headers["Content-Disposition"]
            assert "waltham-forest-7KQ4-" in answer.headers["Content-Disposition"]
        assert coordinator_client.get(f"{url}/etc-passwd").status_code == 404
        code = coordinator_client.get(f"{url}/qr.png").data
    assert code.startswith(b"\x89PNG")


def test_the_archive_holds_the_whole_pack(ground: Ground, coordinator_client: PageClient) -> None:
    with clock.stopped_at(DURING):
        answer = coordinator_client.get(f"/coordinator/links/{ground.link_id}/pack.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert codes_in(archive.read("qr.png")) == ["http://localhost/go/waltham-forest-7KQ4"]
        assert "Streets <b>&</b> #stations" in archive.read("texts/email.txt").decode("utf-8-sig")
    assert len(names) == len(set(names)) == 16


def test_no_number_leads_a_coordinator_to_a_pack_of_another_group(
    app: Flask, ground: Ground, coordinator_client: PageClient
) -> None:
    assert coordinator_client.person is not None
    own_group = coordinator_client.person.group_id
    with app.app_context(), transaction(db.session):
        member = make_group(db.session, kind=GroupKind.FAITH, parent_id=own_group).id
        below = make_group(db.session, kind=GroupKind.YOUTH, parent_id=member).id
        cousin = make_group(db.session, kind=GroupKind.YOUTH, parent_id=make_group(db.session).id).id
    ours = {ground.link_id, *(add_link(app, ground, group) for group in (member, below))}
    add_link(app, ground, cousin)
    add_link(app, ground, None, kind=LinkKind.AUTHORITY)
    with clock.stopped_at(DURING):
        for link_id in range(max(ours) + 5):
            for page in ("/pack", "/pack/qr.svg"):
                status = coordinator_client.get(f"/coordinator/links/{link_id}{page}").status_code
                assert status == (200 if link_id in ours else 404), (link_id, page)
        assert coordinator_client.get(f"/coordinator/links/{max(ours) + 1}/pack.zip").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("revoked", "This link was taken back"),
        ("cancelled", "This will not take place"),
        ("closed", "Answers are no longer taken"),
    ],
)
def test_what_must_not_be_passed_on_has_no_pack_and_says_why(
    app: Flask,
    ground: Ground,
    coordinator_client: PageClient,
    officer_client: PageClient,
    change: str,
    said: str,
) -> None:
    with app.app_context(), transaction(db.session):
        if change == "revoked":
            db.session.get_one(Link, ground.link_id).revoked_at = BEFORE
        if change == "cancelled":
            entry_id = db.session.get_one(Consultation, ground.consultation_id).entry_id
            entry = db.session.get_one(Entry, entry_id)
            entry.cancelled_at, entry.cancelled_reason = BEFORE, "Not needed."
    officers = f"/officer/consultations/{ground.slug}/links/{ground.link_id}"
    with clock.stopped_at(AFTER if change == "closed" else DURING):
        for page in PAGES:
            assert said in coordinator_client.get_page(f"/coordinator/links/{ground.link_id}{page}", 410).text
            assert said in officer_client.get_page(f"{officers}{page}", 410).text
        assert officer_client.get(f"/officer/consultations/{ground.slug}/packs.zip").status_code == 404


def test_officers_get_the_pack_of_any_link_of_the_consultation(
    app: Flask, ground: Ground, officer_client: PageClient
) -> None:
    with app.app_context(), transaction(db.session):
        other = make_consultation(db.session, State.OPEN).slug
    own = add_link(app, ground, None, kind=LinkKind.AUTHORITY)
    with clock.stopped_at(DURING):
        page = officer_client.get_page(f"/officer/consultations/{ground.slug}/links/{own}/pack")
        assert "Ask the Metropolitan Police Authority" in page.text
        assert "Passed on by" not in page.text
        assert officer_client.get(f"/officer/consultations/{other}/links/{own}/pack").status_code == 404


def test_all_packs_come_in_one_archive_a_folder_each(
    app: Flask, ground: Ground, officer_client: PageClient, query_count: Counting
) -> None:
    url = f"/officer/consultations/{ground.slug}/packs"
    with clock.stopped_at(DURING):
        with query_count() as few:
            officer_client.get_page(url)
        with app.app_context(), transaction(db.session):
            barnet = make_group(db.session, name="Barnet CPEG").id
            gone = make_group(db.session, name="Brent CPEG").id
            faith = make_group(db.session, kind=GroupKind.FAITH).id
        add_link(app, ground, barnet, code="barnet-9XYZ")
        add_link(app, ground, gone, revoked_at=BEFORE)
        add_link(app, ground, faith)
        with query_count() as many:
            page = officer_client.get_page(url)
        answer = officer_client.get(f"{url}.zip")
    assert len(few) == len(many)
    assert "Barnet CPEG" in page.text
    assert "Brent CPEG" not in page.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        folders = {name.partition("/")[0] for name in archive.namelist()}
        assert archive.testzip() is None
    assert folders == {"waltham-forest-7KQ4", "barnet-9XYZ"}


def test_a_second_archive_of_all_waits_its_turn_and_an_abandoned_one_gives_it_up(
    ground: Ground, officer_client: PageClient
) -> None:
    url = f"/officer/consultations/{ground.slug}/packs.zip"
    with clock.stopped_at(DURING):
        first = officer_client.get(url, buffered=False)
        assert first.status_code == 200
        second = officer_client.get_page(url, 503)
        assert "Try again in half a minute" in second.text
        first.close()
        assert officer_client.get(url).status_code == 200
    assert showing._many.acquire(blocking=False)
    showing._many.release()
