"""The timetable as everybody sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.timetable.rules import Level
from tests.factories.boroughs import make_area
from tests.factories.timetable import AFTER, BEFORE, CLOSES, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page, text_of

LONG_AFTER = AFTER + timedelta(days=200)


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def stored(session: Session, *entries: dict[str, Any]) -> None:
    for entry in entries:
        make_entry(session, **entry)
    session.commit()


def titles(page: Page) -> list[str]:
    return [text_of(heading) for heading in page.all("h3")]


def test_entries_stand_under_their_state_what_can_be_answered_first(
    session: Session, client: PageClient
) -> None:
    stored(
        session,
        {"title": "Was", "opened_at": OPENS, "closed_at": DURING - timedelta(days=1)},
        {"title": "Will be", "opens_at": DURING + timedelta(days=9)},
        {"title": "Is", "opened_at": OPENS},
    )
    page = client.get_page("/timetable/")
    states = [text_of(heading) for heading in page.all("h2", class_="app-timetable__heading")]
    assert states == ["Open now", "Coming up", "Closed"]
    assert titles(page) == ["Is", "Will be", "Was"]


def test_an_entry_says_what_it_is_for_of_whom_how_and_when(session: Session, client: PageClient) -> None:
    stored(session, {"opened_at": OPENS})
    said = client.get_page("/timetable/").main
    for words in (
        "To set what the police put first.",
        "We ask what you think about something that is not decided yet.",
        "Police Act 1996, section 6ZB",
        "Everybody who lives in London.",
        "Online and on paper.",
        "Groups were told on 1 April 2027.",
        "Opened 5 July 2027 at 9am. Last day to answer: 30 September 2027.",
        "18 November 2027, by the full Authority",
        "By 16 December 2027",
        "Answer here, or ask for a paper form.",
    ):
        assert words in said


def test_only_an_open_entry_run_here_leads_to_taking_part(session: Session, client: PageClient) -> None:
    stored(
        session,
        {"slug": "open-here", "opened_at": OPENS},
        {"slug": "open-elsewhere", "run_here": False},
        {"slug": "not-yet", "opens_at": DURING + timedelta(days=9)},
        {"slug": "over", "opened_at": OPENS, "closed_at": DURING},
    )
    page = client.get_page("/timetable/")
    assert [link.href for link in page.links if "take-part" in link.href] == ["/take-part/open-here"]


def test_what_has_been_fed_back_leads_to_the_feedback(session: Session, client: PageClient) -> None:
    stored(session, {"slug": "over", "opened_at": OPENS, "closed_at": DURING, "fed_back_at": DURING})
    hrefs = [link.href for link in client.get_page("/timetable/").links]
    assert "/consultations/over/feedback" in hrefs


def test_overdue_feedback_is_said_openly(session: Session, client: PageClient) -> None:
    stored(session, {"slug": "over", "opened_at": OPENS, "closed_at": CLOSES})
    with clock.stopped_at(LONG_AFTER):
        for address in ("/timetable/", "/timetable/over"):
            assert "Overdue Feedback was due by 16 December 2027" in client.get_page(address).main


def test_a_day_of_opening_that_passed_is_said_openly(session: Session, client: PageClient) -> None:
    stored(session, {})
    assert "Was to open on 5 July 2027, and has not yet" in client.get_page("/timetable/").main


def test_shorter_notice_is_shown_with_its_reason_and_who_allowed_it(
    session: Session, client: PageClient
) -> None:
    stored(
        session,
        {
            "slug": "urgent",
            "notice_given_on": BEFORE.date(),
            "urgent_reason": "A court has ruled.",
            "urgent_authorised_by": "the Chief Executive",
        },
    )
    said = client.get_page("/timetable/urgent").main
    assert "less than three months before the opening" in said
    assert "It was urgent: A court has ruled. (Allowed by: the Chief Executive)" in said


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ["All", "Camden", "Barnet"]),
        ("?borough=E09000007", ["All", "Camden"]),
        ("?duty=community_safety", ["Camden"]),
        ("?level=engagement", ["Barnet"]),
        ("?words=YOUNG+people", ["Barnet"]),
        ("?words=young&duty=community_safety", []),
        ("?words=100%25", []),
        ("?state=open", ["All"]),
        ("?state=closed", []),
        ("?state=nonsense&duty=nonsense&level=nonsense&page=nonsense", ["All", "Camden", "Barnet"]),
    ],
)
def test_the_timetable_is_narrowed_by_its_address(
    session: Session, client: PageClient, asked: str, shown: list[str]
) -> None:
    make_area(session)
    make_area(session, code="E09000003", name="Barnet", short_name="Bnt", tile_row=2, tile_column=4)
    stored(
        session,
        {"title": "All", "opened_at": OPENS},
        {"title": "Camden", "area_code": "E09000007", "duty": "community_safety"},
        {
            "title": "Barnet",
            "area_code": "E09000003",
            "level": Level.ENGAGEMENT,
            "audience": "Young people in Barnet",
        },
    )
    assert titles(client.get_page(f"/timetable/{asked}")) == shown


def test_a_long_past_is_shown_from_its_end_and_can_be_paged_through(
    session: Session, client: PageClient
) -> None:
    long_ago = [CLOSES - timedelta(days=400 + number) for number in range(30)]
    stored(
        session,
        *(
            {
                "title": f"Number {number}",
                "opens_at": OPENS - timedelta(days=900),
                "opened_at": OPENS - timedelta(days=900),
                "closes_at": closed,
                "closed_at": closed,
                "feedback_late_reason": "Long ago.",
            }
            for number, closed in enumerate(long_ago)
        ),
    )
    first = client.get_page("/timetable/")
    assert titles(first) == [f"Number {number}" for number in range(10)]
    everything = next(link for link in first.links if link.text == "See all 30: Closed")
    paged = client.get_page(everything.href)
    assert len(titles(paged)) == 25
    last = next(link for link in paged.links if link.text.startswith("Next"))
    assert titles(client.get_page(last.href)) == [f"Number {number}" for number in range(25, 30)]


def test_a_thousand_entries_take_as_many_queries_as_one(
    session: Session, client: PageClient, query_count: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    stored(session, {"opened_at": OPENS})
    with query_count() as for_one:
        client.get_page("/timetable/")
    stored(session, *({} for _ in range(999)))
    with query_count() as for_a_thousand:
        client.get_page("/timetable/")
    assert len(for_a_thousand) == len(for_one)


def test_the_page_of_an_entry_says_what_can_and_cannot_change_and_shows_its_dates(
    session: Session, client: PageClient
) -> None:
    stored(session, {"slug": "priorities", "opened_at": OPENS})
    page = client.get_page("/timetable/priorities")
    assert page.h1 == "Policing priorities"
    assert "The order of the priorities." in page.main
    assert "The law." in page.main
    steps = [text_of(step) for step in page.find("ol", class_="app-timeline").iter("li")]
    assert steps == [
        "Groups are told (done) 1 April 2027",
        "Opened (done) 5 July 2027 at 9am",
        "Last day to answer 30 September 2027",
        "Decision 18 November 2027 By the full Authority",
        "Feedback due by 16 December 2027",
    ]


def test_what_somebody_wrote_is_shown_as_text(session: Session, client: PageClient) -> None:
    written = "<script>alert(1)</script> & <b>more</b>"
    stored(session, {"slug": "odd", "title": written, "purpose": written, "decision_maker": written})
    for address in ("/timetable/", "/timetable/odd"):
        page = client.get_page(address)
        assert written in page.main
        assert not page.all("b")


def test_an_entry_that_is_not_there_is_not_found(client: PageClient) -> None:
    client.get_page("/timetable/nothing", status=404)
