"""The views of the timetable: list, month, day and year, narrowed by one address and carried between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.groups.rules import Community
from engage.timetable.marks import Marks, groups_of, marks_of, set_groups, set_marks
from engage.timetable.models import Entry
from engage.timetable.news import tell
from engage.timetable.rules import Method, NewsKind, Repeats, Topic
from engage.timetable.service import free_slug
from tests.factories.boroughs import make_area
from tests.factories.groups import make_group
from tests.factories.timetable import AFTER, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page, text_of

VIEWS = ("/timetable/", "/timetable/month/2027/09", "/timetable/day/2027/09/30", "/timetable/year/2027")
FEEDS = ("/timetable/feed.ics", "/timetable/feed.atom", "/timetable/feed.json", "/timetable/embed")
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> & <b>more</b> \"quoted' {{ 7*7 }}"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def add(session: Session, marks: Marks | None = None, **overrides: Any) -> Entry:
    """Return a stored entry that is open, with its announcement and these marks."""
    entry = make_entry(session, **({"opened_at": OPENS} | overrides))
    tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=DURING)
    if marks is not None:
        set_marks(session, entry.id, marks)
    return entry


def shown(client: PageClient, address: str) -> str:
    """Return all that an address shows, as one text."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("\r\n ", "")


ASKED = (
    "audience=young_people",
    "topic=custody",
    "method=panel",
    "organisation=Safer+Camden",
    "level=consultation&topic=custody",
    "words=wanted",
    "words=WANTED+camden",
    "topic=custody&method=panel&audience=young_people&organisation=Safer+Camden&state=open&words=one",
)


def test_filters_hold_together_in_every_view_and_every_feed(session: Session, client: PageClient) -> None:
    wanted = Marks(
        topics=(Topic.CUSTODY, Topic.BUDGET), methods=(Method.PANEL,), audiences=(Community.YOUNG_PEOPLE,)
    )
    add(session, wanted, title="Wanted one", organisation="Safer Camden")
    add(session, Marks(topics=(Topic.BUDGET,)), title="Other one", organisation="Safer Barnet")
    # A code of another kind must not count as this one.
    add(session, Marks(topics=(Topic.YOUNG_PEOPLE,), methods=(Method.POST,)), title="Third one")
    session.commit()
    everywhere = [f"{view}?{ASKED[-1]}" for view in (*VIEWS, *FEEDS)]
    for address in [*everywhere, *(f"/timetable/feed.json?{asked}" for asked in ASKED)]:
        found = shown(client, address)
        assert "Wanted one" in found, address
        assert "Other one" not in found, address
        assert "Third one" not in found, address


@ON_SQLITE
def test_what_is_not_published_is_nowhere(session: Session, client: PageClient) -> None:
    known = add(session, title="Known", slug="known")
    draft = add(session, title="Secret", slug="secret", published_at=None, repeated_from_id=known.id)
    add(session, title="Later", repeated_from_id=draft.id)
    session.commit()
    for address in (*VIEWS, *FEEDS, "/timetable/known", "/timetable/follow", "/timetable/?words=secret"):
        assert "Secret" not in shown(client, address), address
    for address in ("/timetable/secret", "/timetable/secret/calendar.ics"):
        assert client.get(address).status_code == 404


@ON_SQLITE
def test_what_is_cancelled_stays_in_every_view_and_says_so(session: Session, client: PageClient) -> None:
    add(session, title="Off", slug="off", cancelled_at=DURING, cancelled_reason="The money is gone.")
    session.commit()
    for address in (*VIEWS, "/timetable/feed.ics", "/timetable/feed.json", "/timetable/off"):
        found = shown(client, address)
        assert "Off" in found
        assert "cancelled" in found.lower(), address
    for address in ("/timetable/", "/timetable/off", "/timetable/feed.json", "/timetable/feed.ics"):
        assert "The money is gone." in shown(client, address)
    assert not [link for link in client.get_page("/timetable/off").links if "/take-part/off" in link.href]
    # A borough's site lists what can be answered.
    assert "Off" not in shown(client, "/timetable/embed")


@ON_SQLITE
def test_a_view_is_carried_to_the_other_views_and_to_every_feed(session: Session, client: PageClient) -> None:
    make_area(session)
    add(session, Marks(topics=(Topic.CUSTODY,)), title="One", area_code="E09000007")
    session.commit()
    asked = "state=open&borough=E09000007&topic=custody&words=one"
    page = client.get_page(f"/timetable/?{asked}")
    reached = {link.text: link.href for link in page.links}
    for text in ("List", "Month", "Year", "calendar (iCalendar)", "news (Atom)", "data (JSON)"):
        assert urlsplit(reached[text]).query == asked
        assert "One" in shown(client, client.get(reached[text], follow_redirects=True).request.full_path)
    found = [link.get("href", "") for link in page.all("link", rel="alternate")]
    assert [urlsplit(href).query for href in found] == [asked] * 3
    assert "Everything that fits Open now, Camden, People in police custody, “one”" in page.main


@ON_SQLITE
@pytest.mark.parametrize("address", VIEWS)
def test_what_we_do_not_know_narrows_nothing(session: Session, client: PageClient, address: str) -> None:
    add(session, title="One")
    session.commit()
    nonsense = "&".join(
        f"{name}=x%01%3Cb%3E" for name in ("state", "borough", "topic", "method", "audience", "organisation")
    )
    said = client.get_page(f"{address}?{nonsense}&duty=x&level=x&page=x&endpoint=x&_external=1&_anchor=x")
    assert "One" in said.main


@ON_SQLITE
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/timetable/", "Nothing is planned yet."),
        ("/timetable/?words=nothing", "Nothing fits all of that."),
        ("/timetable/month/2031/02", "Nothing happens in this month."),
        ("/timetable/day/2031/02/28", "Nothing happens on this day."),
        ("/timetable/year/2031", "Nothing is planned for this year yet."),
        ("/timetable/year/2031?topic=custody", "Nothing fits all of that in this year."),
        ("/timetable/embed", "Nothing is open or planned at the moment."),
    ],
)
def test_an_empty_view_says_so(client: PageClient, address: str, sentence: str) -> None:
    assert sentence in client.get_page(address).text


@ON_SQLITE
@pytest.mark.parametrize(
    "address",
    [
        "month/1999/12",
        "month/2027/13",
        "month/2027/00",
        "month/2027/9",
        "day/2027/02/29",
        "year/2100",
        "year/27",
    ],
)
def test_days_that_are_not_or_are_too_far_are_not_found(client: PageClient, address: str) -> None:
    assert client.get(f"/timetable/{address}").status_code == 404


@ON_SQLITE
def test_a_month_shows_each_happening_on_its_day_and_what_is_open_through_it(
    session: Session, client: PageClient
) -> None:
    undecided = {"decision_due_on": None, "feedback_due_on": None}
    long_ago, then = OPENS - timedelta(days=700), OPENS - timedelta(days=600)
    add(session, title="Closing", slug="closing")
    add(session, title="Running", closes_at=AFTER + timedelta(days=60), **undecided)
    add(session, title="Long past", opens_at=long_ago, opened_at=long_ago, closes_at=then, **undecided)
    session.commit()
    page = client.get_page("/timetable/month/2027/09")
    cells = {text_of(cell) for cell in page.all("td") if "Last day" in text_of(cell)}
    assert cells == {"Thursday 30 September30 Last day to answer Closing"}
    running = [text_of(item) for item in page.all("li", class_="app-running__item")]
    assert [each.split(" Open")[0] for each in running] == ["Closing", "Running"]
    assert "Long past" not in page.main
    assert len(page.find("table").findall(".//th[@scope='col']")) == 7
    assert text_of(page.find("caption")) == "What happens in September 2027, day by day"
    around = {link.text: link.href for link in page.links}
    assert around["← August 2027"] == "/timetable/month/2027/08"
    assert around["October 2027 →"] == "/timetable/month/2027/10"


@ON_SQLITE
def test_a_crowded_day_leads_to_a_page_with_all_of_it(session: Session, client: PageClient) -> None:
    for number in range(9):
        add(session, title=f"Number {number}")
    session.commit()
    page = client.get_page("/timetable/month/2027/09?words=number")
    [more] = [link for link in page.links if link.text.startswith("and 4 more")]
    day = client.get_page(more.href)
    assert all(f"Number {number}" in day.main for number in range(9))


@ON_SQLITE
def test_a_year_is_bars_with_the_same_as_a_table(session: Session, client: PageClient) -> None:
    add(session, title="This year")
    add(session, title="Not opened", opened_at=None, closes_at=AFTER + timedelta(days=300),
        decision_due_on=None, feedback_due_on=None)  # fmt: skip
    session.commit()
    page = client.get_page("/timetable/year/2027")
    bars = [bar for bar in page.all(f"{SVG}rect") if "app-year__bar" in bar.get("class", "") and bar.get("y")]
    assert [(bar.get("x"), bar.get("width")) for bar in bars] == [("185", "88"), ("185", "180")]
    rows = [text_of(row) for row in page.find("tbody").iter("tr")]
    assert rows[0].startswith("This year Metropolitan Police Authority, All of London Open 5 Jul 2027 30 Sep")
    assert "style=" not in page.html
    assert "Not opened" in client.get_page("/timetable/year/2028").main
    assert "This year" not in client.get_page("/timetable/year/2028").main


@ON_SQLITE
def test_a_long_year_is_paged(session: Session, client: PageClient) -> None:
    for number in range(45):
        add(session, title=f"Number {number:02}")
    session.commit()
    first = client.get_page("/timetable/year/2027?words=number")
    [last] = [link for link in first.links if link.text.startswith("Next")]
    assert "Number 44" not in first.main
    assert "Number 44" in client.get_page(last.href).main
    assert "words=number" in last.href


def _thousand(session: Session) -> None:
    one = add(session, title="One of many")
    values = {column.name: getattr(one, column.name) for column in Entry.__table__.columns}
    for name in ("id", "uid"):
        del values[name]
    session.execute(insert(Entry), [values | {"slug": f"many-{number}"} for number in range(999)])
    session.commit()


@ON_SQLITE
def test_a_thousand_entries_take_as_many_queries_as_one_in_every_view_and_feed(
    session: Session, client: PageClient, query_count: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def counted() -> dict[str, int]:
        found = {}
        for address in (*VIEWS, *FEEDS):
            with query_count() as statements:
                client.get(address)
            found[address] = len(statements)
        return found

    add(session, Marks(topics=(Topic.CUSTODY,)), title="One")
    session.commit()
    for_one = counted()
    _thousand(session)
    assert counted() == for_one
    assert max(for_one.values()) <= 8


@ON_SQLITE
def test_the_page_of_an_entry_says_what_it_is_about_who_is_asked_and_what_has_happened(
    session: Session, client: PageClient
) -> None:
    before = add(session, title="Last year's", slug="last-year")
    entry = add(
        session,
        Marks(topics=(Topic.HATE_CRIME,), methods=(Method.MEETING,), audiences=(Community.BUSINESSES,)),
        slug="this-year",
        duty="none",
        repeats=Repeats.YEARLY,
        repeated_from_id=before.id,
    )
    group = make_group(session, name="Camden Voices")
    set_groups(session, entry.id, [group.id])
    tell(session, entry_id=entry.id, kind=NewsKind.EXTENDED, at=AFTER, said="More people asked to.")
    session.commit()
    page = client.get_page("/timetable/this-year")
    for words in (
        "Hate crime",
        "At meetings",
        "Businesses",
        "It serves no legal duty",
        "Camden Voices",
        "More time to answer: More people asked to.",
        "Asked every year.",
        "The time before: Last year's (July 2027)",
    ):
        assert words in page.main
    links = {link.text: link.href for link in page.links}
    assert links["Hate crime"] == "/timetable/?topic=hate_crime"
    assert links["Add to my calendar"] == "/timetable/this-year/calendar.ics"
    assert "The next time: Policing priorities" in client.get_page("/timetable/last-year").main


@ON_SQLITE
@pytest.mark.parametrize(
    ("address", "leads"),
    [("https://camden.example/say", True), ("javascript:alert(1)", False), ("https://a@evil.example", False)],
)
def test_only_a_safe_address_of_what_is_run_elsewhere_is_a_link(
    session: Session, client: PageClient, address: str, leads: bool
) -> None:
    add(session, slug="elsewhere", run_here=False, opened_at=None, web_address=address)
    session.commit()
    for page in ("/timetable/elsewhere", "/timetable/"):
        assert (address in {link.href for link in client.get_page(page).links}) is leads


@ON_SQLITE
def test_what_somebody_wrote_is_shown_as_text_in_every_view(session: Session, client: PageClient) -> None:
    texts = (
        "title",
        "purpose",
        "audience",
        "methods",
        "how_to_take_part",
        "decision_maker",
        "cancelled_reason",
    )
    entry = add(
        session, slug="odd", organisation=HOSTILE, cancelled_at=DURING, **dict.fromkeys(texts, HOSTILE)
    )
    add(session, slug="open", organisation=HOSTILE, title=HOSTILE, opens_at=OPENS)
    tell(session, entry_id=entry.id, kind=NewsKind.CANCELLED, at=DURING, said=HOSTILE)
    make_group(session)
    session.commit()
    for address in (*VIEWS, "/timetable/embed", "/timetable/odd", f"/timetable/?words={'%3Cb%3E'}"):
        page: Page = client.get_page(address)
        assert not page.all("b")
        assert not [each for each in page.all("script") if not each.get("src")]
    assert HOSTILE in client.get_page("/timetable/odd").main


def test_marks_and_groups_are_replaced_as_a_whole(session: Session) -> None:
    entry, other = make_entry(session), make_entry(session)
    set_marks(session, other.id, Marks(topics=(Topic.CUSTODY,)))
    set_marks(session, entry.id, Marks(topics=(Topic.OTHER, Topic.CUSTODY), methods=(Method.POST,)))
    set_marks(session, entry.id, Marks(topics=(Topic.BUDGET, Topic.VIOLENCE, Topic.BUDGET)))
    found = marks_of(session, [entry.id, other.id, 99])
    assert found[entry.id] == Marks(topics=(Topic.VIOLENCE, Topic.BUDGET))
    assert found[other.id] == Marks(topics=(Topic.CUSTODY,))
    assert found[99] == Marks()
    first, second = make_group(session, name="B"), make_group(session, name="A")
    set_groups(session, other.id, [first.id])
    set_groups(session, entry.id, [first.id])
    set_groups(session, entry.id, [first.id, second.id, first.id])
    assert [group.name for group in groups_of(session, entry.id)] == ["A", "B"]


@ON_SQLITE
@pytest.mark.parametrize("title", ["Month", "Year", "Day", "Embed", "Follow", "Subscribe", "Plans", "Duties"])
def test_no_entry_takes_the_address_of_a_view(session: Session, title: str) -> None:
    assert free_slug(session, title) == f"{title.lower()}-2"
