"""Notices as officers give them and coordinators answer them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.groups.models import Group, GroupContact, GroupMeeting
from engage.groups.rules import GroupKind
from engage.timetable.marks import set_groups
from engage.timetable.models import Entry, EntryGroup, NoticeReceipt
from engage.timetable.notices import service
from engage.timetable.steps.service import cancel
from tests.factories.groups import make_group
from tests.factories.timetable import make_entry
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Counting = Callable[[], AbstractContextManager[list[str]]]
APRIL = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
NOTICES = "/officer/timetable/priorities/notices"
MANY = 1600


@pytest.fixture(autouse=True)
def in_april() -> Iterator[None]:
    with clock.stopped_at(APRIL):
        yield


def asking(session: Session, *group_ids: int) -> Entry:
    entry = make_entry(session, slug="priorities", title="Priorities", notice_given_on=None)
    set_groups(session, entry.id, group_ids)
    return entry


def told(session: Session, *group_ids: int) -> Entry:
    entry = asking(session, *group_ids)
    service.give_notice(session, actor="Test officer", now=APRIL, entry_id=entry.id)
    return entry


def receipt_of(session: Session, group_id: int) -> NoticeReceipt:
    statement = select(NoticeReceipt).where(NoticeReceipt.group_id == group_id)
    found = session.scalars(statement.order_by(NoticeReceipt.id.desc())).first()
    assert found is not None
    return found


def test_an_officer_tells_the_groups_and_sees_how_each_stands(
    session: Session, officer_client: PageClient
) -> None:
    group = make_group(session, name="Barnet CPEG")
    session.add(GroupContact(group_id=group.id, name="Ann", email="ann@a.example"))
    session.add(GroupMeeting(group_id=group.id, starts_at=datetime(2027, 8, 3, 18, 0, tzinfo=UTC)))
    silent = make_group(session, name="Bexley CPEG")
    asking(session, group.id, silent.id)
    session.commit()
    page = officer_client.get_page(NOTICES)
    assert "Tell 2 groups" in page.main
    page = officer_client.post_page(f"{NOTICES}/give", {"said": "Please put it on your agenda."})
    assert "2 groups are told." in page.text
    rows = [text_of(row) for row in page.find("tbody").iter("tr")]
    assert "Barnet CPEG 1 April 2027 – – 95 Only while it is open3 August 2027 1 address" in rows[0]
    assert "Bexley CPEG 1 April 2027 – – 95 Not known No address" in rows[1]
    assert "Please put it on your agenda." in page.main
    page = officer_client.get_page(f"{NOTICES}?which=no_address")
    assert [text_of(row).split(" 1 ")[0] for row in page.find("tbody").iter("tr")] == ["Bexley CPEG"]
    page = officer_client.post_page(f"{NOTICES}/remind")
    assert "1 group is reminded." in page.text
    assert "Nobody is reminded" in officer_client.post_page(f"{NOTICES}/remind").text


def test_who_would_have_too_little_is_named_until_a_reason_is_published(
    session: Session, officer_client: PageClient
) -> None:
    asking(session, make_group(session).id)
    session.commit()
    with clock.stopped_at(datetime(2027, 6, 1, 9, 0, tzinfo=UTC)):
        officer_client.post_page(f"{NOTICES}/give")
        page = officer_client.get_page(NOTICES)
        assert "1 group would have less than three months’ notice." in page.main
        page = officer_client.get_page(f"{NOTICES}?which=too_little")
        assert "Less than three months" in text_of(page.find("tbody"))


def test_a_draft_is_told_to_nobody(session: Session, officer_client: PageClient) -> None:
    entry = asking(session, make_group(session).id)
    entry.published_at = None
    session.commit()
    officer_client.get_page(NOTICES)
    page = officer_client.post_page(f"{NOTICES}/give", status=422)
    assert "Publish the entry first" in page.text


def test_a_coordinator_opens_a_notice_which_is_then_seen_and_acknowledges_it(
    session: Session, coordinator_client: PageClient
) -> None:
    assert coordinator_client.person is not None
    group_id = coordinator_client.person.group_id
    assert group_id is not None
    told(session, group_id)
    session.commit()
    page = coordinator_client.get_page("/coordinator/notices/")
    assert "1 notice waits for your word" in page.main
    assert receipt_of(session, group_id).seen_at is None
    address = f"/coordinator/notices/{receipt_of(session, group_id).id}"
    coordinator_client.get_page(address)
    assert receipt_of(session, group_id).seen_at == APRIL
    page = coordinator_client.post_page(address, {"remark": "We meet in June. <b>"})
    assert "Nothing waits for you." in page.main
    receipt = receipt_of(session, group_id)
    assert (receipt.acknowledged_at, receipt.remark) == (APRIL, "We meet in June. <b>")
    page = coordinator_client.post_page(address, {"remark": "x" * 1001}, status=422)
    assert "1,000 characters" in page.text


def test_a_coordinator_reads_those_of_groups_below_and_of_no_other(
    session: Session, coordinator_client: PageClient
) -> None:
    assert coordinator_client.person is not None
    own = coordinator_client.person.group_id
    below = make_group(session, name="Below", kind=GroupKind.MEMBER_GROUP, parent_id=own)
    other = make_group(session, name="Other")
    told(session, below.id, other.id)
    session.commit()
    page = coordinator_client.get_page("/coordinator/notices/")
    assert "For Below" in page.main
    assert "Other" not in page.main
    coordinator_client.get_page(f"/coordinator/notices/{receipt_of(session, below.id).id}")
    theirs = f"/coordinator/notices/{receipt_of(session, other.id).id}"
    coordinator_client.get_page(theirs, status=404)
    coordinator_client.post_page(theirs, {"remark": "Mine."}, status=404)
    assert receipt_of(session, other.id).seen_at is None


def test_what_was_cancelled_says_why_and_what_was_told_before(
    session: Session, coordinator_client: PageClient
) -> None:
    assert coordinator_client.person is not None
    group_id = coordinator_client.person.group_id
    assert group_id is not None
    entry = told(session, group_id)
    cancel(session, actor="Test officer", now=APRIL, entry_id=entry.id, reason="There is no money.")
    session.commit()
    page = coordinator_client.get_page(f"/coordinator/notices/{receipt_of(session, group_id).id}")
    assert "There is no money." in page.main
    assert "Notice given, 1 April 2027" in page.main


def test_the_groups_of_an_entry_are_found_added_and_taken_out(
    session: Session, officer_client: PageClient
) -> None:
    one = make_group(session, name="Camden Youth Forum", kind=GroupKind.YOUTH)
    make_group(session, name="Camden Traders", kind=GroupKind.BUSINESS_FORUM)
    make_group(session, name="Camden Youth Club", kind=GroupKind.YOUTH, active=False)
    entry = asking(session)
    session.commit()
    address = "/officer/timetable/priorities/groups"
    page = officer_client.get_page(f"{address}?words=camden+youth&kind=youth")
    assert [text_of(row) for row in page.find("tbody").iter("tr")] == [
        "Camden Youth Forum Youth group All of London"
    ]
    page = officer_client.post_page(f"{address}/add", {"group": [str(one.id), "no", "999999"]})
    assert "1 group asked" in page.main
    assert session.scalars(select(EntryGroup.group_id).where(EntryGroup.entry_id == entry.id)).all() == [
        one.id
    ]
    page = officer_client.post_page(f"{address}/remove", {"group": str(one.id)})
    assert "0 groups asked" in page.main


@pytest.mark.parametrize("address", [NOTICES, "/officer/timetable/priorities/groups"])
def test_1600_groups_take_as_many_queries_as_one_and_a_moment(
    session: Session, officer_client: PageClient, query_count: Counting, address: str
) -> None:
    entry = told(session, make_group(session).id)
    session.commit()
    with query_count() as few:
        officer_client.get_page(address)
    _ask_many(session, entry)
    session.commit()
    with query_count() as many:
        officer_client.get_page(address)
    assert len(few) == len(many)
    _answers_soon(officer_client, address)


def test_a_coordinator_of_1600_groups_waits_no_longer(
    session: Session, coordinator_client: PageClient, query_count: Counting
) -> None:
    assert coordinator_client.person is not None
    own = coordinator_client.person.group_id
    assert own is not None
    entry = told(session, own)
    session.commit()
    with query_count() as few:
        coordinator_client.get_page("/coordinator/notices/")
    _ask_many(session, entry, parent_id=own)
    session.commit()
    with query_count() as many:
        coordinator_client.get_page("/coordinator/notices/")
    assert len(few) == len(many)
    _answers_soon(coordinator_client, "/coordinator/notices/")


def _answers_soon(client: PageClient, address: str) -> None:
    """Check that one of three answers is quick: 150 ms are promised, and other tests run beside."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        # The page alone: this client would also check its HTML.
        assert FlaskClient.open(client, address).status_code == 200
        took.append(time.perf_counter() - began)
    assert min(took) < 0.45, took


def _ask_many(session: Session, entry: Entry, parent_id: int | None = None) -> None:
    kind = GroupKind.MEMBER_GROUP if parent_id else GroupKind.CPEG
    rows = [
        {"code": f"many-{n}", "name": f"Many {n:04}", "kind": kind, "parent_id": parent_id, "active": True}
        for n in range(MANY)
    ]
    session.execute(insert(Group), rows)
    ids = list(session.scalars(select(Group.id).where(Group.code.startswith("many-"))))
    session.execute(insert(EntryGroup), [{"entry_id": entry.id, "group_id": each} for each in ids])
    contacts = [{"group_id": each, "name": "Ann", "email": f"ann{each}@a.example"} for each in ids]
    session.execute(insert(GroupContact), contacts)
    service.give_notice(session, actor="Test officer", now=APRIL, entry_id=entry.id)
