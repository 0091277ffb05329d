"""Opened, started, sent: each person is counted once in each, and a scanner of mail in none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.distribution import counting, service
from engage.distribution.counting import Stage
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind
from engage.distribution.service import Wish
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.responses.models import Response
from tests.factories.forms import add_form
from tests.factories.groups import make_group
from tests.factories.responses import DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

# The pages are the same on both; what the database does with them is at the end.
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SENT = {"priorities": ["asb"], "area": "outside"}
PICTURE = re.compile(r'src="(/go/\w+\.svg\?of=\d+)"')


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def counts(session: Session, link_id: int) -> tuple[int, int, int]:
    session.rollback()
    chosen = select(Link.opened, Link.started, Link.submitted).where(Link.id == link_id)
    return tuple(session.execute(chosen).one())  # type: ignore[return-value]


def look(client: PageClient, url: str, *, pictures: bool = True) -> str:
    """Open a page as a browser does, with the pictures on it; return the page."""
    html = client.get(url, follow_redirects=True).get_data(as_text=True)
    for address in PICTURE.findall(html) if pictures else ():
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert answer.headers["Cache-Control"] == "no-store"
    return html


def send(client: PageClient, exercise: Exercise, html: str) -> None:
    ticket = re.search(r'name="ticket" value="([^"]+)"', html)
    assert ticket
    form = SENT | {"ticket": ticket[1]}
    assert client.post(f"{exercise.path}/postcard/send", data=form).status_code == 303


@sqlite_only
@pytest.mark.parametrize("opens", [True, False])
@pytest.mark.parametrize("starts", [True, False])
def test_each_stage_is_counted_once_with_pictures_or_without(
    client: PageClient, session: Session, exercise: Exercise, opens: bool, starts: bool
) -> None:
    for _ in range(2):
        look(client, f"/go/{exercise.link.code}", pictures=opens)
        form = look(client, f"{exercise.path}/postcard", pictures=starts)
    # Whoever has started has opened.
    assert counts(session, exercise.link.id) == (int(opens or starts), int(starts), 0)
    send(client, exercise, form)
    assert counts(session, exercise.link.id) == (1, 1, 1)


@sqlite_only
def test_nobody_is_counted_for_looking_twice_pressing_twice_or_going_back(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    first = look(client, f"/go/{exercise.link.code}")
    assert "/go/opened.svg" in first
    assert "/go/opened.svg" not in look(client, f"/go/{exercise.link.code}")
    form = look(client, f"{exercise.path}/postcard")
    for stage in ("opened", "started", "opened"):
        client.get(f"/go/{stage}.svg?of={exercise.consultation.id}")
    send(client, exercise, form)
    send(client, exercise, form)
    assert counts(session, exercise.link.id) == (1, 1, 1)


@sqlite_only
def test_a_scanner_of_mail_is_nobody(client: PageClient, session: Session, exercise: Exercise) -> None:
    of = f"of={exercise.consultation.id}"
    # Whoever keeps no cookie has come by no link, even if it asks for the picture.
    client.get(f"/go/opened.svg?{of}")
    look(client, f"/go/{exercise.link.code}", pictures=False)
    client.head(f"/go/opened.svg?{of}", buffered=True)
    for name, value in (
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Moz", "prefetch"),
    ):
        client.get(f"/go/opened.svg?{of}", headers={name: value})
    for wrong in ("of=999", "of=x", ""):
        client.get(f"/go/started.svg?{wrong}")
    assert client.get(f"/go/sent.svg?{of}").status_code == 404
    assert counts(session, exercise.link.id) == (0, 0, 0)


@sqlite_only
def test_a_picture_leaves_the_session_alone(client: PageClient, exercise: Exercise) -> None:
    look(client, f"/go/{exercise.link.code}", pictures=False)
    answer = client.get(f"/go/opened.svg?of={exercise.consultation.id}")
    names = {said.partition("=")[0] for said in answer.headers.getlist("Set-Cookie")}
    assert names == {Stage.OPENED.cookie}


@sqlite_only
def test_whoever_takes_the_device_next_is_counted_too(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    for number in (1, 2):
        look(client, f"/go/{exercise.link.code}")
        send(client, exercise, look(client, f"{exercise.path}/postcard"))
        assert counts(session, exercise.link.id) == (number, number, number)
    look(client, f"/go/{exercise.link.code}")
    client.get("/take-part/leave")
    look(client, f"/go/{exercise.link.code}")
    assert counts(session, exercise.link.id) == (4, 2, 2)


@sqlite_only
def test_a_form_of_several_pages_is_started_on_its_first(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = add_form(session, exercise)
    look(client, f"/go/{exercise.link.code}")
    assert look(client, path, pictures=False).count("/go/started.svg") == 1
    look(client, path)
    assert counts(session, exercise.link.id) == (1, 1, 0)
    assert "/go/started.svg" not in look(client, path)


@sqlite_only
def test_who_came_by_no_link_asks_for_no_picture(client: PageClient, exercise: Exercise) -> None:
    assert "/go/" not in look(client, exercise.path)
    assert "/go/" not in look(client, f"{exercise.path}/postcard")


@sqlite_only
def test_counting_adds_no_statement_to_sending(
    client: PageClient,
    session: Session,
    exercise: Exercise,
    query_count: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    asked, sent = [], []
    for pictures in (True, False):
        look(client, f"/go/{exercise.link.code}", pictures=pictures)
        with query_count() as statements:
            look(client, f"{exercise.path}/postcard", pictures=False)
        asked.append(statements)
        form = look(client, f"{exercise.path}/postcard", pictures=pictures)
        with query_count() as statements:
            send(client, exercise, form)
        sent.append(statements)
    assert asked[0] == asked[1]
    assert sent[0] == sent[1]
    assert not any(" link " in statement for statement in sent[0])


@sqlite_only
def test_a_form_begun_by_a_link_that_is_then_revoked_counts_for_it_as_was_said(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    look(client, f"/go/{exercise.link.code}", pictures=False)
    form = look(client, f"{exercise.path}/postcard", pictures=False)
    with transaction(session):
        service.revoke_link(session, link_id=exercise.link.id, now=DURING, actor="Ada")
    client.get(f"/go/started.svg?of={exercise.consultation.id}")
    assert counts(session, exercise.link.id) == (0, 0, 0)
    assert "You came by the link of" not in look(client, exercise.path)
    send(client, exercise, form)
    assert counts(session, exercise.link.id) == (1, 1, 1)
    # A form begun afterwards is stored without the group, and counted for no link.
    look(client, f"/go/{exercise.link.code}")
    send(client, exercise, look(client, f"{exercise.path}/postcard"))
    assert counts(session, exercise.link.id) == (1, 1, 1)
    groups = session.scalars(select(Response.group_id).order_by(Response.id)).all()
    assert groups == [exercise.group.id, None]


@sqlite_only
def test_an_ended_groups_link_still_counts_for_it(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    exercise.group.active = False
    session.commit()
    assert "You came by the link of Camden CPEG" in look(client, f"/go/{exercise.link.code}")
    send(client, exercise, look(client, f"{exercise.path}/postcard"))
    assert counts(session, exercise.link.id) == (1, 1, 1)
    assert session.scalars(select(Response.group_id)).all() == [exercise.group.id]


@sqlite_only
def test_an_events_link_counts_for_itself_and_its_group(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    wish = Wish(LinkKind.EVENT, "Summer fair", word="Summer fair")
    with transaction(session):
        event = service.make_link(session, parent_id=exercise.link.id, wish=wish, now=DURING, actor="Ada")
    assert event.code.startswith("summer-fair-")
    assert "You came by the link of Camden CPEG" in look(client, f"/go/{event.code.upper()}")
    send(client, exercise, look(client, f"{exercise.path}/postcard"))
    assert counts(session, event.id) == (1, 1, 1)
    assert counts(session, exercise.link.id) == (0, 0, 0)
    assert session.scalars(select(Response.group_id)).all() == [exercise.group.id]


@sqlite_only
def test_the_authoritys_link_is_counted_and_names_no_group(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    with transaction(session):
        service.make_links(session, consultation_id=exercise.consultation.id, now=DURING)
    own = session.scalars(select(Link).where(Link.kind == LinkKind.AUTHORITY)).one()
    assert "You came by" not in look(client, f"/go/{own.code}")
    send(client, exercise, look(client, f"{exercise.path}/postcard"))
    assert counts(session, own.id) == (1, 1, 1)
    assert session.scalars(select(Response.group_id)).all() == [None]


@sqlite_only
def test_somebody_is_told_the_name_that_a_merged_group_has_now(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    into = make_group(session, name="Barnet CPEG")
    exercise.group.active, exercise.group.merged_into_id = False, into.id
    session.commit()
    assert "You came by the link of Barnet CPEG" in look(client, f"/go/{exercise.link.code}")


def test_a_stage_is_counted_of_the_link_that_is_meant(session: Session, exercise: Exercise) -> None:
    other = exercise.consultation.id + 1
    known = {"consultation_id": exercise.consultation.id, "code": exercise.link.code}
    assert counting.count_stage(session, **known, stage=Stage.OPENED) == exercise.link.id
    assert counting.count_stage(session, **known, stage=Stage.STARTED, opened_before=True)
    assert counting.count_stage(session, **known, stage=Stage.STARTED)
    assert counting.count_stage(session, **(known | {"consultation_id": other}), stage=Stage.OPENED) is None
    assert counting.count_stage(session, **(known | {"code": "camden-0000"}), stage=Stage.OPENED) is None
    session.commit()
    assert counts(session, exercise.link.id) == (2, 2, 0)
