"""The pages of the register: for officers, for those who only read, for coordinators of their own group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations import clock
from engage.groups import queries
from engage.groups.models import Group, GroupContact, GroupMeeting
from engage.groups.rules import Community, GroupKind
from engage.people.rules import Role
from engage.timetable.models import EntryGroup
from tests.factories.boroughs import make_area
from tests.factories.groups import make_group
from tests.factories.timetable import make_entry
from tests.fixtures.client import PageClient
from tests.fixtures.people import signed_in

# Nothing here asks the database what the others do not ask it too.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
OFFICE = "/officer/groups/"
OWN = "/coordinator/group/"
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def group_of(session: Session, code: str) -> Group:
    session.rollback()
    return queries.get_by_code(session, code)


def people(session: Session, group: Group) -> GroupContact:
    contact = GroupContact(group_id=group.id, name="Ada Chair", role="Chair", email="ada@example.test")
    session.add(contact)
    session.add(GroupMeeting(group_id=group.id, starts_at=NOW + timedelta(days=9), place="Town Hall"))
    session.flush()
    return contact


def test_an_officer_adds_a_group_and_finds_it_in_the_list(
    session: Session, officer_client: PageClient
) -> None:
    make_area(session)
    above = make_group(session, code="camden-cpeg", name="Camden CPEG", area_code="E09000007")
    session.commit()
    said: dict[str, Any] = {
        "name": f"Camden {HOSTILE}",
        "kind": "faith",
        "area_code": "E09000007",
        "parent": str(above.id),
        "website": "https://example.test",
        "members": "1,200",
        "communities": ["faith_communities", "women"],
    }
    page = officer_client.post_page(OFFICE + "new", said)
    assert "The group is in the register." in page.main
    assert HOSTILE in page.h1
    assert "<script>alert" not in page.html
    group = group_of(session, "camden-script-alert-1-script-7-7")
    assert (group.members, group.parent_id) == (1200, above.id)
    assert queries.details_of(session, group).communities == {
        Community.FAITH_COMMUNITIES,
        Community.WOMEN,
    }
    assert HOSTILE in officer_client.get_page(OFFICE + "?community=women&borough=E09000007&kind=faith").main
    again = officer_client.post_page(OFFICE + "new", said, status=422)
    assert "There is a group of this name in this borough already." in again.main


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 10_000),
        ("website", "ftp://example.test"),
        ("members", "many"),
        ("members", "9" * 400),
        ("kind", "tribe"),
        ("area_code", "E99"),
        ("parent", "0"),
        ("communities", "martians"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    session: Session, officer_client: PageClient, field: str, value: str
) -> None:
    make_group(session, code="youth", kind=GroupKind.YOUTH)
    session.commit()
    form = officer_client.get_page(OFFICE + "youth/edit").form_values()
    page = officer_client.post_page(OFFICE + "youth/edit", form | {field: value}, status=422)
    assert page.title.startswith("Error:")
    assert page.all("p", class_="govuk-error-message")
    assert group_of(session, "youth").kind is GroupKind.YOUTH


def test_an_officer_changes_everything_of_a_group_and_each_step_is_logged(
    session: Session, officer_client: PageClient
) -> None:
    make_group(session, code="youth", name="Youth", kind=GroupKind.YOUTH)
    session.commit()
    url = OFFICE + "youth"
    officer_client.post_page(url + "/contacts/new", {"name": "Ada", "email": "ada@example.test"})
    days = {"days": "12 January 2027", "rhythm": "quarterly", "at": "18:30", "open_to_public": "y"}
    page = officer_client.post_page(url + "/meetings/new", days)
    assert "4 meetings were added." in page.main
    assert "Tuesday, 12 January 2027 at 6:30pm" in page.main
    group = group_of(session, "youth")
    contact = queries.contacts(session, [group.id])[group.id][0]
    first, *_rest = queries.meetings(session, [group.id])[group.id]
    moved = {"day": ["13", "1", "2027"], "at": "19:00", "place": "Library"}
    assert "Library" in officer_client.post_page(f"{url}/meetings/{first.id}", moved).main
    officer_client.post_page(f"{url}/meetings/{first.id}/remove")
    officer_client.post_page(f"{url}/contacts/{contact.id}", {"name": "Ada", "telephone": "101"})
    officer_client.post_page(f"{url}/contacts/{contact.id}/remove")
    vacant = {"since": ["1", "11", "2026"], "covered_by": "The office, 020 7946 0000"}
    assert "The office, 020 7946 0000" in officer_client.post_page(url + "/vacancy", vacant).main
    assert "Youth" in officer_client.get_page(OFFICE + "?state=vacant").main
    officer_client.post_page(url + "/fill")
    assert "This group has ended" not in officer_client.get_page(url).main
    officer_client.post_page(url + "/end")
    assert officer_client.get_page(OFFICE).all("a", href=url) == []
    officer_client.post_page(url + "/restore")
    session.rollback()
    done = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert done == [
        "contact.added",
        "group_meetings.added",
        "group_meeting.changed",
        "group_meeting.removed",
        "contact.changed",
        "contact.removed",
        "group.vacant",
        "group.filled",
        "group.ended",
        "group.restored",
    ]


def test_a_vacancy_needs_who_covers_and_a_day_that_has_come(
    session: Session, officer_client: PageClient
) -> None:
    make_group(session, code="youth", kind=GroupKind.YOUTH)
    session.commit()
    for since, covered_by in ((["1", "11", "2026"], " "), (["", "", ""], "A"), (["1", "1", "2027"], "A")):
        said = {"since": since, "covered_by": covered_by}
        officer_client.post_page(OFFICE + "youth/vacancy", said, status=422)
    assert group_of(session, "youth").vacant_since is None


def test_the_page_of_a_group_says_what_it_was_asked_and_how_to_reach_it_to_officers_only(
    app: Flask, session: Session, officer_client: PageClient
) -> None:
    group, other = make_group(session, code="ours"), make_group(session, code="other")
    people(session, group)
    for title, asked in (("Asked of us", group), ("Asked of others", other)):
        entry = make_entry(session, title=title, slug=title.lower().replace(" ", "-"))
        session.add(EntryGroup(entry_id=entry.id, group_id=asked.id))
    session.commit()
    page = officer_client.get_page(OFFICE + "ours")
    assert "Asked of us" in page.main
    assert "Asked of others" not in page.main
    assert "ada@example.test" in page.main
    for role in (Role.MEMBER, Role.ANALYST):
        reader = signed_in(app, role)
        seen = reader.get_page(OFFICE + "ours")
        assert "Ada Chair" in seen.main
        assert "ada@example.test" not in seen.html
        assert seen.all("form", method="post", action=OFFICE + "ours/fill") == []
        assert "Add a contact" not in seen.main
        for address in ("new", "ours/edit", "ours/contacts/new", "ours/vacancy", "import/"):
            assert reader.get(OFFICE + address).status_code == 403
        assert reader.post(OFFICE + "ours/fill").status_code == 403


def test_a_coordinator_keeps_their_own_group(session: Session, coordinator_client: PageClient) -> None:
    own = session.get_one(Group, coordinator_client.person.group_id)  # type: ignore[union-attr]
    url = OWN + own.code
    page = coordinator_client.get_page(OWN)
    assert page.h1 == own.name
    form = coordinator_client.get_page(url + "/edit")
    assert [name for name in ("name", "kind", "area_code", "parent") if name in form.form_values()] == []
    said = {"about": "We meet.", "members": "30", "communities": "everybody", "name": "Hijacked"}
    assert "We meet." in coordinator_client.post_page(url + "/edit", said).main
    coordinator_client.post_page(url + "/meetings/new", {"days": "6/1/2027", "rhythm": "once", "at": "19:00"})
    coordinator_client.post_page(url + "/contacts/new", {"name": "Ada", "email": "ada@example.test"})
    kept = group_of(session, own.code)
    assert (kept.name, kept.kind, kept.members) == (own.name, GroupKind.CPEG, 30)
    assert queries.addresses_of(session, [kept.id]) == {kept.id: ("ada@example.test",)}
    assert queries.next_meetings(session, [kept.id], NOW) == {kept.id: datetime(2027, 1, 6, 19, tzinfo=UTC)}
    # Their own group is not theirs to end.
    assert coordinator_client.get(url + "/end").status_code == 404
    assert coordinator_client.post(url + "/end").status_code == 404
    actors = set(session.scalars(select(AuditEvent.actor)))
    assert actors == {coordinator_client.person.label}  # type: ignore[union-attr]


def test_a_coordinator_adds_and_ends_groups_below_their_own(
    session: Session, coordinator_client: PageClient
) -> None:
    own = session.get_one(Group, coordinator_client.person.group_id)  # type: ignore[union-attr]
    said = {"name": "Leyton Choir", "kind": "faith", "area_code": "", "parent": ""}
    page = coordinator_client.post_page(f"{OWN}{own.code}/members/new", said)
    assert page.h1 == "Leyton Choir"
    choir = group_of(session, "leyton-choir")
    assert (choir.parent_id, choir.area_code, choir.kind) == (own.id, own.area_code, GroupKind.FAITH)
    public_body = {"name": "Leyton Council", "kind": "council"}
    coordinator_client.post_page(f"{OWN}{own.code}/members/new", public_body, status=422)
    deeper = {"name": "Leyton Choir Youth", "kind": "youth"}
    coordinator_client.post_page(f"{OWN}leyton-choir/members/new", deeper)
    assert group_of(session, "leyton-choir-youth").parent_id == choir.id
    coordinator_client.post_page(f"{OWN}leyton-choir/end")
    assert not group_of(session, "leyton-choir").active
    assert group_of(session, "leyton-choir-youth").active


def test_nothing_of_anothers_group_exists_for_a_coordinator(
    session: Session, coordinator_client: PageClient
) -> None:
    own = session.get_one(Group, coordinator_client.person.group_id)  # type: ignore[union-attr]
    theirs = make_group(session, code="theirs", name="Theirs")
    contact = people(session, theirs)
    meeting = session.scalars(select(GroupMeeting).where(GroupMeeting.group_id == theirs.id)).one()
    session.commit()
    parts = ("", "/edit", "/contacts/new", "/meetings/new", "/members/new", "/end")
    guessed = [f"theirs{part}" for part in parts] + ["nobody", "nobody/edit"]
    for code in ("theirs", own.code):
        # Their ids below our own code are no better.
        guessed += [f"{code}/contacts/{contact.id}", f"{code}/meetings/{meeting.id}"]
        guessed += [f"{code}/contacts/{contact.id}/remove", f"{code}/meetings/{meeting.id}/remove"]
    for address in guessed:
        assert coordinator_client.get(OWN + address).status_code in (404, 405), address
        said = {"name": "Hijacked", "days": "6/1/2027", "email": "x@example.test"}
        assert coordinator_client.post(OWN + address, data=said).status_code in (404, 405), address
    kept = group_of(session, "theirs")
    assert (kept.name, kept.active) == ("Theirs", True)
    assert session.get_one(GroupContact, contact.id).email == "ada@example.test"


def test_a_vacancy_leaves_the_coordinators_pages_working_and_says_who_covers(
    session: Session, coordinator_client: PageClient
) -> None:
    own = session.get_one(Group, coordinator_client.person.group_id)  # type: ignore[union-attr]
    own.vacant_since, own.covered_by = NOW.date(), "The office"
    session.commit()
    for url in ("/coordinator/", OWN, "/coordinator/links/", "/coordinator/notices/"):
        coordinator_client.get_page(url)
    for url in ("/coordinator/", OWN):
        assert "Who covers: The office" in " ".join(coordinator_client.get_page(url).main.split())
