"""The front page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from sqlalchemy.orm import Session

from engage.foundations import clock
from tests.factories.boroughs import make_area
from tests.factories.timetable import AFTER, CLOSES, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]


def test_an_empty_front_page_says_that_nothing_is_open(client: PageClient) -> None:
    page = client.get_page("/")
    assert "Nothing is open for answers today." in page.main
    assert page.title.startswith("Have your say")


def test_what_is_open_here_comes_first_with_its_last_day_and_the_way_in(
    client: PageClient, session: Session
) -> None:
    make_entry(session, title="Asked elsewhere", run_here=False, closes_at=CLOSES - timedelta(days=20))
    make_entry(session, slug="ours", title="Asked here", opened_at=OPENS)
    make_entry(session, title="Not opened yet", slug="later")
    session.commit()
    with clock.stopped_at(DURING):
        page = client.get_page("/")
    assert page.main.index("Asked here") < page.main.index("Asked elsewhere")
    assert "Last day to answer: 30 September 2027" in page.main
    ways_in = [link.href for link in page.links if link.text.startswith("Have your say")]
    assert ways_in == ["/take-part/ours"]


def test_what_is_closed_names_the_day_of_its_feedback(client: PageClient, session: Session) -> None:
    make_entry(session, title="Dogs", opened_at=OPENS, closed_at=CLOSES)
    make_entry(
        session, title="Cats", opened_at=OPENS, closes_at=AFTER + timedelta(days=30), feedback_due_on=None
    )
    session.commit()
    with clock.stopped_at(AFTER):
        page = client.get_page("/")
    assert "You will be told what came of it by 16 December 2027" in page.main
    assert page.main.count("You will be told") == 1
    with clock.stopped_at(AFTER.replace(year=2028)):
        assert "Overdue Feedback was due by 16 December 2027" in client.get_page("/").main


def test_each_borough_on_the_map_leads_to_its_page(client: PageClient, session: Session) -> None:
    make_area(session)
    make_area(session, code="E09000033", name="Westminster", short_name="Wst", tile_row=4, tile_column=4)
    make_entry(session, area_code="E09000007", opened_at=OPENS, title="Only in Camden")
    session.commit()
    with clock.stopped_at(DURING):
        page = client.get_page("/")
    assert 'href="/boroughs/camden" aria-label="Camden: 1 of its own open now"' in page.html
    assert 'aria-label="Westminster: asked together with all of London"' in page.html


def test_the_front_page_asks_the_database_as_often_for_many_entries_as_for_one(
    client: PageClient, session: Session, query_count: Counting
) -> None:
    asked = []
    for more in (1, 30):
        for number in range(more):
            make_entry(session, title=f"Entry {number}", opened_at=OPENS if number % 2 else None)
            make_entry(session, opened_at=OPENS, closed_at=CLOSES, fed_back_at=AFTER)
        session.commit()
        with clock.stopped_at(DURING), query_count() as statements:
            client.get_page("/")
        asked.append(len(statements))
    assert asked[0] == asked[1]
