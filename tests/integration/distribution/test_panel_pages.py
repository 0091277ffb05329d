"""Panels as officers keep them: counts that tell of nobody, and nothing sent before it was looked at."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engage.distribution.models import PanelInvitation, Panellist, PanelRound
from engage.foundations import clock
from engage.foundations.database import transaction
from tests.factories.panels import day_after, make_panel, make_round, panellist_named
from tests.factories.responses import DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PANEL = "/officer/panels/london-voices"
DETAILS = {
    "name": "London voices",
    "about": "A few times a year.",
    "consent_text": "I want to be asked.",
    "rest_days": "60",
    "most_a_year": "4",
}


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


def answer(session: Session, count: int) -> None:
    """Let so many of the invited have answered."""
    ids = list(session.scalars(select(PanelInvitation.id).order_by(PanelInvitation.id).limit(count)))
    with transaction(session):
        session.execute(update(PanelInvitation).where(PanelInvitation.id.in_(ids)).values(answered=True))


def value_of(page, label: str) -> str:
    rows = page.all("div", class_="govuk-summary-list__row")
    said = {
        " ".join(r.find("dt").itertext()).strip(): " ".join("".join(r.find("dd").itertext()).split())
        for r in rows
    }
    return said[label]


def test_an_officer_makes_a_panel_changes_and_ends_it(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    assert officer_client.post_page("/officer/panels/new", DETAILS).h1 == "London voices"
    assert officer_client.post_page("/officer/panels/new", DETAILS).url == f"{PANEL}-2"
    page = officer_client.get_page(f"{PANEL}/change")
    assert "in figures" in officer_client.submit(page, {"rest_days": "many"}, status=422).text
    changed = officer_client.submit(page, {"rest_days": "30"})
    assert value_of(changed, "Days of rest between invitations") == "30"
    assert officer_client.post_page(f"{PANEL}/end").h1 == "Panels"
    assert "Ended" in officer_client.get_page("/officer/panels/").text


def test_addresses_come_one_by_one_or_by_a_file_that_is_taken_whole(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    make_panel(session, people=1)
    session.commit()
    one = {"one-address": "ann@example.test", "one-area_code": "E09000007"}
    assert "1 person is asked." in officer_client.post_page(f"{PANEL}/people/add", one).text
    assert (
        "not" in officer_client.post_page(f"{PANEL}/people/add", one | {"one-address": "x"}, status=422).text
    )
    bad = {"file": (BytesIO(b"address,borough\nben@example.test,Camden\ncy@example.test,Paris\n"), "a.csv")}
    refused = officer_client.post_page(f"{PANEL}/people/import", bad, status=422)
    assert "Row 3, column “borough”: “Paris” is not a borough of London." in refused.text
    assert session.scalar(select(func.count()).select_from(Panellist)) == 2
    good = {"file": (BytesIO(b"address\nben@example.test\np0@example.test\nann@example.test\n"), "a.csv")}
    page = officer_client.post_page(f"{PANEL}/people/import", good)
    assert "1 person is asked." in page.text
    assert page.text.count("Not yet; asked on") == 2


def test_nothing_is_sent_before_the_round_was_looked_at(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    make_panel(session, people=30, area_code="E09000007")
    session.commit()
    wanted = {"instrument_id": str(exercise.instruments["postcard"].id), "size": "20", "spread": "y"}
    with clock.stopped_at(DURING):
        few = officer_client.post_page(f"{PANEL}/draw", wanted | {"size": "9"}, status=422)
        assert "Ask at least 10" in few.text
        seen = officer_client.post_page(f"{PANEL}/draw", wanted)
        assert value_of(seen, "People who would be invited") == "20"
        assert session.scalar(select(func.count()).select_from(PanelRound)) == 0
        for _ in range(2):
            sent = officer_client.post_page(f"{PANEL}/send", seen.form_values())
            assert value_of(sent, "Invited") == "20"
        assert officer_client.post_page(f"{PANEL}/send", {"plan": "forged"}).h1 == "Invite people to answer"
    assert session.scalar(select(func.count()).select_from(PanelInvitation)) == 20


@pytest.mark.parametrize(
    ("answered", "said"), [(0, "fewer than 5"), (4, "fewer than 5"), (6, "6"), (20, "nearly all or all")]
)
def test_how_many_answered_is_withheld_where_it_would_tell_who(
    session: Session, officer_client: PageClient, exercise: Exercise, answered: int, said: str
) -> None:
    round_id = make_round(session, exercise, people=20, size=20)
    answer(session, answered)
    with clock.stopped_at(day_after(2)):
        page = officer_client.get_page(f"{PANEL}/rounds/{round_id}")
    assert value_of(page, "Answered") == said
    assert said in officer_client.get_page(PANEL).text


def test_a_round_is_reminded_once_from_its_page(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    round_id = make_round(session, exercise, people=20, size=20)
    answer(session, 6)
    url = f"{PANEL}/rounds/{round_id}"
    with clock.stopped_at(DURING):
        assert "A reminder goes once" in officer_client.post_page(f"{url}/remind", status=422).text
    with clock.stopped_at(day_after(3)):
        page = officer_client.post_page(f"{url}/remind")
        assert value_of(page, "Reminded") == "14, 4 October 2027"
        officer_client.post_page(f"{url}/remind", status=422)


def test_the_list_of_people_says_how_often_each_was_asked_and_never_who_answered(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    make_round(session, exercise, people=60, size=30)
    with clock.stopped_at(DURING):
        before = officer_client.get_page(f"{PANEL}/people").main
        answer(session, 30)
        assert officer_client.get_page(f"{PANEL}/people").main == before
        assert "p9@example.test" in officer_client.get_page(f"{PANEL}/people?page=9").text
    who = panellist_named(session, "p9@example.test")
    page = officer_client.post_page(f"{PANEL}/people/{who}/remove")
    assert "The address is deleted." in page.text
    assert "59 addresses" in page.text


def test_a_list_of_people_asks_as_much_of_the_database_for_one_as_for_fifty(
    session: Session, officer_client: PageClient, exercise: Exercise, query_count
) -> None:
    make_panel(session, people=1)
    make_panel(session, people=50, code="many")
    session.commit()
    counts = []
    for code in ("london-voices", "many"):
        with query_count() as statements:
            officer_client.get_page(f"/officer/panels/{code}/people")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_round_of_another_panel_is_not_found(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    round_id = make_round(session, exercise)
    make_panel(session, code="another")
    session.commit()
    officer_client.get_page(f"/officer/panels/another/rounds/{round_id}", 404)
    officer_client.get_page("/officer/panels/nothing", 404)
    who = panellist_named(session, "p0@example.test")
    officer_client.post_page(f"/officer/panels/another/people/{who}/remove")
    assert panellist_named(session, "p0@example.test") == who
