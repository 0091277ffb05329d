"""The list that other sites frame, and the page that says how."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from engage.foundations import clock
from tests.factories.boroughs import make_area
from tests.factories.timetable import AFTER, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "/timetable/embed?borough=E09000007"


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def test_anybody_may_frame_the_list_and_no_other_page(client: PageClient) -> None:
    framed = client.get(ADDRESS).headers
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "script-src" not in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    for address in ("/timetable/", "/timetable/follow", "/timetable/feed.json", "/sign-in"):
        kept = client.get(address).headers
        assert "frame-ancestors 'none'" in kept["Content-Security-Policy"]
        assert kept["X-Frame-Options"] == "DENY"


def test_the_list_knows_nobody_and_leads_out_of_the_frame(
    officer_client: PageClient, session: Session
) -> None:
    make_entry(session, slug="one", opened_at=OPENS)
    session.commit()
    answer = officer_client.get(ADDRESS)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    page = officer_client.get_page(ADDRESS)
    assert page.find("base").get("target") == "_top"
    assert page.all("script") == page.all("form") == page.all("iframe") == []
    assert all(link.href.startswith("http://localhost/") for link in page.links)
    assert "Sign" not in page.text


def test_the_list_says_what_is_open_and_coming_in_the_borough(session: Session, client: PageClient) -> None:
    make_area(session)
    make_area(session, code="E09000003", name="Barnet", short_name="Bnt", tile_row=2, tile_column=4)
    make_entry(session, title="Coming", opens_at=AFTER, closes_at=AFTER.replace(year=2028),
               decision_due_on=None, feedback_due_on=None)  # fmt: skip
    make_entry(session, title="Camden", area_code="E09000007", opened_at=OPENS)
    make_entry(session, title="Barnet", area_code="E09000003", opened_at=OPENS)
    make_entry(session, title="Closed", opened_at=OPENS, closed_at=DURING)
    session.commit()
    page = client.get_page(ADDRESS)
    assert page.h1 == "Have your say on policing in Camden"
    assert [link.text for link in page.links] == ["Camden", "Coming", "The whole timetable"]


def test_the_snippet_to_copy_frames_the_view_that_was_chosen(session: Session, client: PageClient) -> None:
    make_area(session)
    session.commit()
    page = client.get_page("/timetable/follow?borough=E09000007&words=%22%3E%3Cb%3E")
    snippet = page.find("textarea").text or ""
    assert snippet.strip() == (
        '<iframe src="http://localhost/timetable/embed?borough=E09000007&amp;words=%22%3E%3Cb%3E" '
        'title="Have your say on policing" width="100%" height="480" loading="lazy"></iframe>'
    )
    links = [link.href for link in page.links]
    assert "webcal://localhost/timetable/feed.ics?borough=E09000007&words=%22%3E%3Cb%3E" in links
