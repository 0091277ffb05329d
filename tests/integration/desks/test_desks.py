"""The start pages of officers and coordinators."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy.orm import Session

from engage.consultations.rules import State
from engage.foundations import clock
from engage.groups.rules import GroupKind
from tests.factories.boroughs import make_area
from tests.factories.consultations import make_consultation
from tests.factories.distribution import make_link
from tests.factories.groups import make_group
from tests.factories.timetable import AFTER, BEFORE, CLOSES, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of

Counting = Callable[[], AbstractContextManager[list[str]]]


def test_an_officer_sees_what_is_due_and_what_is_overdue(
    officer_client: PageClient, session: Session
) -> None:
    make_entry(session, title="Dogs", opened_at=OPENS, closed_at=CLOSES, decision_due_on=None)
    make_entry(session, title="Told already", opened_at=OPENS, closed_at=CLOSES, fed_back_at=AFTER)
    session.commit()
    with clock.stopped_at(AFTER):
        in_time = officer_client.get_page("/officer/")
    assert "16 Dec 2027 Dogs Feedback due" in in_time.main
    assert "Overdue" not in in_time.main
    assert "Told already" not in in_time.main
    with clock.stopped_at(AFTER.replace(year=2028)):
        assert "Feedback due Overdue" in officer_client.get_page("/officer/").main


def test_a_decided_consultation_is_due_no_decision(officer_client: PageClient, session: Session) -> None:
    make_consultation(session, State.DECIDED, title="Dogs")
    session.commit()
    with clock.stopped_at(AFTER):
        page = officer_client.get_page("/officer/")
    assert "Feedback due" in page.main
    assert "Decision due" not in page.main
    assert "Decided" in page.main


def test_an_officers_desk_asks_the_database_as_often_for_many_as_for_one(
    officer_client: PageClient, session: Session, query_count: Counting
) -> None:
    asked = []
    for more in (1, 5):
        for _ in range(more):
            make_consultation(session, State.OPEN)
        session.commit()
        with clock.stopped_at(DURING), query_count() as statements:
            officer_client.get_page("/officer/")
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_a_coordinator_sees_how_many_came_by_their_link_and_nobody_elses(
    coordinator_client: PageClient, session: Session
) -> None:
    consultation = make_consultation(session, State.OPEN, title="Policing priorities")
    other = make_group(session, name="Another CPEG")
    group_id = coordinator_client.person.group_id  # type: ignore[union-attr]
    for owner, submitted in ((group_id, 37), (other.id, 411)):
        make_link(session, consultation_id=consultation.id, group_id=owner, submitted=submitted)
    session.commit()
    with clock.stopped_at(DURING):
        page = coordinator_client.get_page("/coordinator/")
    assert page.h1 == "Waltham Forest CPEG"
    assert "37 responses came by your group’s link" in page.main
    assert "411" not in page.main
    assert "Another CPEG" not in page.main


def test_a_count_too_small_to_tell_is_not_told_to_its_own_group(
    coordinator_client: PageClient, session: Session
) -> None:
    consultation = make_consultation(session, State.OPEN)
    group_id = coordinator_client.person.group_id  # type: ignore[union-attr]
    make_link(session, consultation_id=consultation.id, group_id=group_id, submitted=3)
    session.commit()
    with clock.stopped_at(DURING):
        page = coordinator_client.get_page("/coordinator/")
    assert "fewer than 5 responses came by your group’s link" in page.main
    assert "3 response" not in page.main


def test_a_coordinator_sees_what_is_coming_and_the_days_of_notice_left(
    coordinator_client: PageClient, session: Session
) -> None:
    make_area(session)
    make_entry(session, title="All of London", notice_given_on=date(2027, 6, 1))
    make_entry(session, title="Only in Camden", area_code="E09000007")
    session.commit()
    with clock.stopped_at(BEFORE):
        page = coordinator_client.get_page("/coordinator/")
    assert "34 days left All of London" in page.main
    assert "Less than three months" in page.main
    assert "Only in Camden" not in page.main


def test_a_coordinator_sees_the_members_of_their_own_group(
    coordinator_client: PageClient, session: Session
) -> None:
    group_id = coordinator_client.person.group_id  # type: ignore[union-attr]
    make_group(session, name="Our tenants", kind=GroupKind.MEMBER_GROUP, parent_id=group_id)
    make_group(session, name="Tenants no more", kind=GroupKind.MEMBER_GROUP, parent_id=group_id, active=False)
    make_group(session, name="Strangers", kind=GroupKind.MEMBER_GROUP, parent_id=make_group(session).id)
    session.commit()
    main = coordinator_client.get_page("/coordinator/").main
    assert "Our tenants" in main
    assert "no more" not in main
    assert "Strangers" not in main


def test_the_second_row_of_links_marks_the_room_one_is_in(
    officer_client: PageClient, session: Session
) -> None:
    slug = make_consultation(session, State.OPEN).slug
    session.commit()
    for address, room in (("/officer/", "Desk"), (f"/officer/consultations/{slug}", "Consultations")):
        row = officer_client.get_page(address).find("nav", class_="app-desk-nav")
        assert [text_of(link) for link in row.iter("a") if link.get("aria-current")] == [room]
