"""Drafts, steps and bad times, as officers press them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.groups.rules import Community
from engage.people.rules import Role
from engage.timetable.marks import Marks, groups_of, marks_of
from engage.timetable.models import CalendarPeriod, Entry
from engage.timetable.queries import entries, get_entry
from engage.timetable.rules import Method, Repeats, Topic
from tests.factories.groups import make_group
from tests.factories.timetable import BEFORE, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient
from tests.fixtures.people import signed_in
from tests.integration.timetable.test_officer import FILLED, NEW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SLUG = "policing-priorities"
SHOW = f"/officer/timetable/{SLUG}"


@pytest.fixture(autouse=True)
def before() -> Iterator[None]:
    with clock.stopped_at(BEFORE):
        yield


def test_a_draft_is_seen_by_officers_only_until_it_is_published(
    session: Session, officer_client: PageClient, client: PageClient
) -> None:
    page = officer_client.post_page(NEW, FILLED | {"then": "draft"})
    assert "only officers see it" in page.main
    assert entries(session) == []
    client.get_page(f"/timetable/{SLUG}", status=404)
    assert "Draft" in officer_client.get_page("/officer/timetable/").main
    officer_client.post_page(f"{SHOW}/publish")
    client.get_page(f"/timetable/{SLUG}")
    officer_client.post_page(f"{SHOW}/publish", status=422)
    officer_client.post_page(f"{SHOW}/delete", status=422)


def test_members_who_read_see_no_drafts(session: Session, officer_client: PageClient) -> None:
    make_entry(session, slug=SLUG, title="A draft", published_at=None)
    session.commit()
    from_member = signed_in(officer_client.application, Role.MEMBER)
    assert "A draft" not in from_member.get_page("/officer/timetable/").main
    from_member.get_page(SHOW, status=404)


def test_a_draft_is_deleted(session: Session, officer_client: PageClient) -> None:
    officer_client.post_page(NEW, FILLED | {"then": "draft"})
    officer_client.get_page(f"{SHOW}/delete")
    officer_client.post_page(f"{SHOW}/delete")
    assert session.scalars(select(Entry)).all() == []


def test_checking_the_dates_says_what_speaks_against_them_and_keeps_nothing(
    session: Session, officer_client: PageClient
) -> None:
    page = officer_client.post_page(NEW, FILLED | {"then": "check"})
    assert "31 of its days are in August" in page.main
    assert page.form_values()["title"] == "Policing priorities"
    short = {"closes_at": ["28", "7", "2027"], "feedback_due_on": "", "then": "check"}
    assert "It is open for 24 days" in officer_client.post_page(NEW, FILLED | short).main
    page = officer_client.post_page(NEW, FILLED | {"title": "", "then": "check"}, status=422)
    assert "Enter a title." in page.main
    assert session.scalars(select(Entry)).all() == []


def test_what_is_ticked_is_kept_and_what_is_not_asked_stays(
    session: Session, officer_client: PageClient
) -> None:
    group = make_group(session)
    session.commit()
    ticked = {
        "topics": ["", "budget", "violence"],
        "ways": ["", "online"],
        "audiences": ["", "women"],
        "asks": "cpegs",
        "repeats": "yearly",
    }
    officer_client.post_page(NEW, FILLED | ticked)
    entry = get_entry(session, SLUG)
    marks = Marks(
        topics=(Topic.VIOLENCE, Topic.BUDGET), methods=(Method.ONLINE,), audiences=(Community.WOMEN,)
    )
    assert marks_of(session, [entry.id])[entry.id] == marks
    assert ([each.id for each in groups_of(session, entry.id)], entry.repeats) == ([group.id], Repeats.YEARLY)
    officer_client.post_page(f"{SHOW}/edit", FILLED)
    session.expire_all()
    assert marks_of(session, [entry.id])[entry.id] == marks
    page = officer_client.get_page(f"{SHOW}/edit")
    assert page.form_values()["asks"] == "cpegs"
    officer_client.post_page(f"{SHOW}/edit", FILLED | {"topics": "", "ways": "", "audiences": ""})
    assert marks_of(session, [entry.id])[entry.id] == Marks()


def test_choosing_groups_oneself_leads_to_finding_them(officer_client: PageClient) -> None:
    page = officer_client.post_page(NEW, FILLED | {"asks": "chosen"})
    assert page.h1 == "Groups asked"


def test_where_people_take_part_elsewhere_is_a_web_address(
    session: Session, officer_client: PageClient
) -> None:
    elsewhere = FILLED | {"run_here": "elsewhere"}
    page = officer_client.post_page(NEW, elsewhere | {"web_address": "www.example.org"}, status=422)
    assert page.all("p", id="web_address-error")
    officer_client.post_page(NEW, elsewhere | {"web_address": "https://www.example.org/survey"})
    assert get_entry(session, SLUG).web_address == "https://www.example.org/survey"


def test_an_entry_is_postponed_and_cancelled_with_a_reason_that_everybody_reads(
    session: Session, officer_client: PageClient, client: PageClient
) -> None:
    make_entry(session, slug=SLUG)
    session.commit()
    officer_client.get_page(f"{SHOW}/postpone")
    dates = {name: value for name, value in FILLED.items() if name.endswith(("_at", "_on", "_time"))}
    officer_client.post_page(f"{SHOW}/postpone", dates | {"reason": "An election."}, status=422)
    later = dates | {"opens_at": ["19", "7", "2027"], "reason": "An election."}
    page = officer_client.post_page(f"{SHOW}/postpone", later)
    assert "Opens on 19 July 2027" in page.main
    officer_client.post_page(f"{SHOW}/cancel", {"reason": " "}, status=422)
    page = officer_client.post_page(f"{SHOW}/cancel", {"reason": "No <money>."})
    assert "because: No <money>." in page.main
    assert "No <money>." in client.get_page(f"/timetable/{SLUG}").main
    officer_client.post_page(f"{SHOW}/cancel", {"reason": "Again."}, status=422)


def test_what_has_opened_is_neither_postponed_nor_cancelled(
    session: Session, officer_client: PageClient
) -> None:
    make_entry(session, slug=SLUG, opened_at=OPENS)
    session.commit()
    with clock.stopped_at(DURING):
        page = officer_client.get_page(SHOW)
        assert not [link for link in page.links if link.href.endswith(("/postpone", "/cancel"))]
        page = officer_client.post_page(f"{SHOW}/cancel", {"reason": "No money."}, status=422)
        assert "people have been answering" in page.main


def test_the_next_one_is_drafted_by_one_press_and_by_two(
    session: Session, officer_client: PageClient
) -> None:
    make_entry(session, slug=SLUG, repeats=Repeats.QUARTERLY)
    session.commit()
    with clock.stopped_at(DURING):
        assert "To be drafted" in officer_client.get_page("/officer/timetable/").main
        page = officer_client.post_page(f"{SHOW}/next")
        assert "only officers see it" in page.main
        page = officer_client.post_page(f"{SHOW}/next", status=422)
        assert "has been drafted already" in page.main
        assert "To be drafted" not in officer_client.get_page("/officer/timetable/").main
    assert len(session.scalars(select(Entry)).all()) == 2


def test_bad_times_are_entered_once_and_taken_out(session: Session, officer_client: PageClient) -> None:
    typed = {
        "kind": "school_holiday",
        "title": "Half term",
        "starts_on": ["12", "7", "2027"],
        "ends_on": ["16", "7", "2027"],
    }
    make_entry(session, slug=SLUG)
    session.commit()
    for _ in range(2):
        officer_client.post_page("/officer/bad-times/", typed)
    (period,) = session.scalars(select(CalendarPeriod)).all()
    assert "It meets “Half term” (school holidays), 12 July 2027" in officer_client.get_page(SHOW).main
    wrong = {"ends_on": ["11", "7", "2027"]}
    page = officer_client.post_page("/officer/bad-times/", typed | wrong, status=422)
    assert "must not be before the first" in page.main
    for _ in range(2):
        officer_client.post_page(f"/officer/bad-times/{period.id}/remove")
    assert session.scalars(select(CalendarPeriod)).all() == []
