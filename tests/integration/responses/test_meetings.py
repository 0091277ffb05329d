"""Votes of meetings: noted with attendance, refused where they cannot be, corrected, and never mixed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.rules import State
from engage.foundations import clock
from engage.questionnaires.queries import get_published
from engage.responses.meetings import queries
from engage.responses.models import MeetingVote, Response
from tests.factories.paper import make_paper_version
from tests.factories.responses import AFTER, CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

ROOM = "/officer/consultations/priorities/meetings"
NEW = f"{ROOM}/new/full/first"
HELD = ["29", "9", "2027"]


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


@pytest.fixture
def exercise(session: Session) -> Exercise:
    made = make_exercise(session)
    made.instruments["full"].version_id = make_paper_version(session).id
    session.commit()
    return made


def vote(exercise: Exercise, **overrides: Any) -> dict[str, Any]:
    values = {"group_id": exercise.group.id, "held_on": HELD, "attendance": 20}
    return values | {"hands_asb": 18, "hands_roads": 12, "hands_other": 3} | overrides


def votes(session: Session, exercise: Exercise) -> list[queries.Vote]:
    session.rollback()
    return queries.meeting_votes(session, exercise.consultation.id)


def test_a_vote_is_noted_with_its_attendance_and_is_no_response(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    assert "No vote of a meeting has been noted." in officer_client.get_page(f"{ROOM}/").main
    page = officer_client.post_page(NEW, vote(exercise))
    assert "Camden CPEG, 29 September 2027: What comes first?" in page.main
    assert "Hands raised at a meeting are not responses" in page.main
    (noted,) = votes(session, exercise)
    assert (noted.group, noted.held_on, noted.attendance) == ("Camden CPEG", date(2027, 9, 29), 20)
    assert noted.votes == {"asb": 18, "burglary": 0, "knives": 0, "roads": 12, "other": 3}
    assert get_published(session, noted.version_id).definition.title == "Streets and stations"
    assert session.execute(select(func.count()).select_from(Response)).scalar_one() == 0


def test_votes_of_another_consultation_are_not_among_them(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    officer_client.post_page(NEW, vote(exercise))
    elsewhere = make_exercise(session, slug="elsewhere")
    assert votes(session, elsewhere) == []
    noted = votes(session, exercise)[0]
    officer_client.get_page(f"/officer/consultations/elsewhere/meetings/{noted.id}", status=404)


@pytest.mark.parametrize(
    ("wrong", "beside", "said"),
    [
        ({"hands_asb": 21}, "hands_asb", "21 hands are more than the 20 who were there."),
        (
            {"hands_asb": 20, "hands_roads": 20, "hands_knives": 20, "hands_other": 1},
            "attendance",
            "These are 61 hands in all. 20 people with 3 each could raise 60.",
        ),
        (
            {"hands_asb": 0, "hands_roads": "", "hands_other": ""},
            "attendance",
            "Write for what hands were raised.",
        ),
        ({"hands_asb": -1}, "hands_asb", "Write how many hands, in figures; 0 for none."),
        ({"group_id": 0}, "group_id", "Choose the group that met."),
        ({"attendance": 0}, "attendance", "Write how many were there"),
        ({"held_on": ["2", "10", "2027"]}, "held_on", "This day is still to come."),
        ({"held_on": ["5", "9", "2027"]}, "held_on", "The consultation was not open yet on this day."),
    ],
)
def test_a_vote_that_cannot_have_been_is_refused_beside_its_field(
    session: Session,
    officer_client: PageClient,
    exercise: Exercise,
    wrong: dict[str, Any],
    beside: str,
    said: str,
) -> None:
    page = officer_client.post_page(NEW, vote(exercise, **wrong), status=422)
    assert said in page.main
    assert page.all("p", class_="govuk-error-message", id=f"{beside}-error")
    assert votes(session, exercise) == []


def test_one_choice_gives_each_person_one_hand(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    sent = {"group_id": exercise.group.id, "held_on": HELD, "attendance": 20, "hands_bus": 15}
    page = officer_client.post_page(f"{ROOM}/new/full/how", sent | {"hands_tube": 6}, status=422)
    assert "These are 21 hands in all. 20 people with 1 each could raise 20." in page.main
    officer_client.post_page(f"{ROOM}/new/full/how", sent | {"hands_tube": 5})
    assert len(votes(session, exercise)) == 1


def test_the_same_meeting_votes_once_on_a_question(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    officer_client.post_page(NEW, vote(exercise))
    page = officer_client.post_page(NEW, vote(exercise, hands_asb=1), status=422)
    assert "The vote of this group on this day has been noted already." in page.main
    officer_client.post_page(NEW, vote(exercise, held_on=["30", "9", "2027"]))
    assert [one.held_on.day for one in votes(session, exercise)] == [29, 30]


def test_a_correction_keeps_in_the_log_what_it_said_before(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    officer_client.post_page(NEW, vote(exercise))
    path = f"{ROOM}/{votes(session, exercise)[0].id}"
    page = officer_client.get_page(path)
    assert page.field("hands_asb").get("value") == "18"
    officer_client.post_page(path, vote(exercise, hands_asb=17))
    assert votes(session, exercise)[0].votes["asb"] == 17
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.action == "meeting.vote_corrected"
    assert (event.details["before"]["votes"]["asb"], event.details["after"]["votes"]["asb"]) == (18, 17)


def test_a_vote_noted_by_mistake_is_removed_and_stays_in_the_log(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    officer_client.post_page(NEW, vote(exercise))
    path = f"{ROOM}/{votes(session, exercise)[0].id}/remove"
    assert "What it said stays in the audit log." in officer_client.get_page(path).main
    assert len(votes(session, exercise)) == 1
    officer_client.post_page(path)
    assert votes(session, exercise) == []
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.action, event.details["votes"]["asb"]) == ("meeting.vote_removed", 18)


def test_votes_are_noted_after_the_closing_but_not_once_analysed(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    exercise.consultation.state, exercise.consultation.closed_at = State.CLOSED, CLOSES
    session.commit()
    with clock.stopped_at(AFTER):
        page = officer_client.post_page(NEW, vote(exercise, held_on=["29", "11", "2027"]), status=422)
        assert "The consultation was closed on this day." in page.main
        officer_client.post_page(NEW, vote(exercise))
        exercise.consultation.state, exercise.consultation.analysed_at = State.ANALYSED, AFTER
        session.commit()
        page = officer_client.post_page(
            f"{ROOM}/{votes(session, exercise)[0].id}", vote(exercise), status=422
        )
        assert "votes are not changed any more" in page.main


def test_a_meeting_votes_only_on_what_hands_can_say(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    page = officer_client.get_page(f"{ROOM}/")
    offered = [link.href for link in page.links if "/new/" in link.href]
    # No scale, text or borough.
    assert [path.rpartition("/new/")[2] for path in offered] == [
        "full/how",
        "full/also",
        "full/first",
        "postcard/priorities",
        "business/priorities",
    ]
    for path in ("full/area", "full/more", "full/nothing", "nothing/first"):
        officer_client.get_page(f"{ROOM}/new/{path}", status=404)
    assert session.scalars(select(MeetingVote)).all() == []
