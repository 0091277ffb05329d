"""Paper and telephone: batches, typing once and twice, settling, and what counts in the end."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.rules import State
from engage.foundations import clock
from engage.responses.models import Channel, PaperBatch, PaperForm, Response
from engage.responses.paper import queries
from engage.responses.paper.rules import Serial
from tests.factories.paper import ROOM, TYPED, actions, answers, count, make_batch, type_form
from tests.factories.responses import AFTER, CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

FOUR = TYPED | {"first": ["asb", "burglary", "knives", "roads"]}


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


def test_an_officer_makes_a_batch_of_the_version_given_out_now(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    instrument = exercise.instruments["postcard"]
    page = officer_client.get_page(f"{ROOM}/")
    assert "There are no forms on paper yet." in page.main
    page = officer_client.post_page(
        f"{ROOM}/new",
        {
            "title": "Libraries in Camden",
            "instrument_id": instrument.id,
            "channel": "paper",
            "forms": "25",
            "group_id": exercise.group.id,
            "twice": "yes",
        },
    )
    assert page.h1 == "Libraries in Camden"
    batch = session.scalars(select(PaperBatch)).one()
    assert (batch.version_id, batch.group_id, batch.twice) == (instrument.version_id, exercise.group.id, True)
    assert (batch.first_number, batch.last_number) == (1, 25)
    assert actions(session)[-1] == "paper.batch_made"
    instrument.version_id = exercise.instruments["full"].version_id
    session.commit()
    assert session.scalars(select(PaperBatch.version_id)).one() != instrument.version_id


@pytest.mark.parametrize("forms", ["0", "1001", "many", ""])
def test_a_batch_of_too_many_forms_or_none_is_refused(
    session: Session, officer_client: PageClient, exercise: Exercise, forms: str
) -> None:
    sent = {"title": "Libraries", "instrument_id": exercise.instruments["full"].id, "channel": "paper"}
    page = officer_client.post_page(
        f"{ROOM}/new", sent | {"forms": forms, "group_id": 0, "twice": "no"}, status=422
    )
    assert page.find("p", class_="govuk-error-message", id="forms-error") is not None
    assert count(session, PaperBatch) == 0


def test_a_typed_form_is_a_response_on_paper_of_its_group_and_borough(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise, group_id=exercise.group.id)
    page = type_form(officer_client, batch, 3, TYPED)
    assert f"Form {Serial(batch.code, 3)} is counted." in page.text
    stored = session.scalars(select(Response)).one()
    assert (stored.channel, stored.area_code, stored.group_id) == (
        Channel.PAPER,
        "E09000007",
        exercise.group.id,
    )
    assert (stored.version_id, stored.late, stored.synthetic) == (batch.version_id, False, False)
    # The third form's list began at its third priority.
    assert answers(session)[0]["first"] == {"chosen": ["asb", "roads"], "rotation": 2}

    assert actions(session)[-1] == "paper.typed"
    logged = session.scalars(select(AuditEvent.details).order_by(AuditEvent.id.desc())).first()
    assert "roads" not in str(logged)


def test_the_keyboard_waits_at_the_serial_number(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    for path in (f"{ROOM}/", f"{ROOM}/{batch.code}"):
        assert officer_client.get_page(path).field("serial").get("autofocus") is not None
    page = officer_client.post_page(f"{ROOM}/{batch.code}", {"serial": str(Serial(batch.code, 7)).lower()})
    assert page.h1 == f"Type form {Serial(batch.code, 7)}"


def test_serials_that_lead_nowhere_are_told_apart(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    type_form(officer_client, batch, 1, TYPED)
    elsewhere = make_exercise(session, slug="elsewhere")
    other = make_batch(session, elsewhere, instrument="postcard")
    right = str(Serial(batch.code, 2))
    wrong = right[:-1] + ("2" if right[-1] != "2" else "3")
    for serial, said in (
        ("", "Write the serial number of the form."),
        ("12", "Write the serial number as it stands on the form"),
        (wrong, "The last character does not fit"),
        (str(Serial(batch.code, 11)), "No form has this serial number."),
        (str(Serial("ZZZZ", 1)), "No form has this serial number."),
        (str(Serial(other.code, 1)), "This form belongs to “Policing priorities”."),
        (str(Serial(batch.code, 1)), "This form has been typed already, so it is not typed again."),
    ):
        page = officer_client.post_page(f"{ROOM}/", {"serial": serial}, status=422)
        assert said in page.main, serial
    assert count(session, Response) == 1


def test_the_same_form_is_never_counted_twice(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    type_form(officer_client, batch, 1, TYPED)
    page = type_form(officer_client, batch, 1, TYPED | {"first": ["roads"]}, status=422)
    assert "This form has been typed already, so it is not typed again." in page.main
    assert count(session, Response) == 1
    assert answers(session)[0]["first"]["chosen"] == ["asb", "roads"]


def test_what_breaks_a_rule_is_said_beside_the_field_and_can_be_marked_as_spoilt(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    page = type_form(officer_client, batch, 1, FOUR, status=422)
    assert "Choose no more than 3. You chose 4." in page.main
    assert len([box for box in page.all("input", name="first") if box.get("checked") is not None]) == 4
    assert count(session, PaperForm) == 0
    type_form(officer_client, batch, 1, FOUR | {"_mark-first": "spoilt"})
    assert "first" not in answers(session)[0]
    assert session.scalars(select(PaperForm)).one().first["spoilt"] == {"first": {"first": FOUR["first"]}}


def test_a_question_left_blank_must_be_said_to_be(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    without = {name: value for name, value in TYPED.items() if name != "area"}
    type_form(officer_client, batch, 1, without, status=422)
    type_form(officer_client, batch, 1, without | {"_mark-area": "blank"})
    assert session.scalars(select(Response.area_code)).one() == "undisclosed"


def test_what_the_answers_lead_past_is_named_and_not_stored(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    page = type_form(officer_client, batch, 1, TYPED | {"how": "tube"})
    assert "Question 5 is not counted: the answers before it lead past it." in page.text
    assert "wait" not in answers(session)[0]


def test_a_form_with_nothing_on_it_is_typed_and_not_counted(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    page = type_form(
        officer_client, batch, 1, {f"_mark-{code}": "blank" for code in ("how", "first", "area")}
    )
    assert "has nothing on it to count" in page.text
    assert count(session, Response) == 0
    assert queries.get_batch(session, batch.consultation_id, batch.code).progress.nothing == [1]
    type_form(officer_client, batch, 1, TYPED, status=422)


def test_the_list_of_batches_costs_the_same_for_one_and_for_three(
    session: Session,
    officer_client: PageClient,
    exercise: Exercise,
    query_count: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    batch = make_batch(session, exercise)
    type_form(officer_client, batch, 1, TYPED)
    with query_count() as with_one:
        officer_client.get_page(f"{ROOM}/")
    columns = [
        name
        for name in [column.name for column in PaperBatch.__table__.columns]
        if name not in ("id", "code")
    ]
    copied = {name: getattr(batch, name) for name in columns}
    session.add_all([PaperBatch(code=code, **copied) for code in ("BBBB", "CCCC")])
    session.commit()
    with query_count() as with_three:
        officer_client.get_page(f"{ROOM}/")
    assert len(with_three) == len(with_one)


def test_forms_are_typed_some_days_after_the_closing_but_not_once_analysed(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    exercise.consultation.state, exercise.consultation.closed_at = State.CLOSED, CLOSES
    session.commit()
    with clock.stopped_at(AFTER):
        type_form(officer_client, batch, 1, TYPED)
        stored = session.scalars(select(Response)).one()
        assert stored.received_at < CLOSES
        assert not stored.late
        exercise.consultation.state, exercise.consultation.analysed_at = State.ANALYSED, AFTER
        session.commit()
        page = type_form(officer_client, batch, 2, TYPED, status=422)
        assert "The responses have been analysed" in page.main
    assert count(session, Response) == 1


def test_a_telephone_batch_offers_the_next_serial(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise, channel=Channel.TELEPHONE, forms=2)
    page = officer_client.get_page(f"{ROOM}/{batch.code}")
    assert page.field("serial").get("value") == str(Serial(batch.code, 1))
    type_form(officer_client, batch, 1, TYPED)
    assert session.scalars(select(Response.channel)).one() is Channel.TELEPHONE
    page = officer_client.get_page(f"{ROOM}/{batch.code}")
    assert page.field("serial").get("value") == str(Serial(batch.code, 2))


def test_the_forms_are_printed_and_that_is_written_down(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    sent = {"size": "large", "first": "2", "last": "3", "return_to": "FREEPOST\nLondon"}
    answer = officer_client.post(f"{ROOM}/{batch.code}/print", data=sent)
    assert answer.mimetype == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.data))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert str(Serial(batch.code, 2)) in text
    assert str(Serial(batch.code, 4)) not in text
    assert "27 November 2027" in text
    assert actions(session)[-1] == "paper.printed"
    # What was typed last is there for the next printing.
    assert "FREEPOST" in officer_client.get_page(f"{ROOM}/{batch.code}/print").main
    page = officer_client.post_page(f"{ROOM}/{batch.code}/print", sent | {"last": "11"}, status=422)
    assert "The numbers of this batch go from 1 to 10." in page.main
    batch.last_number = 600
    session.commit()
    assert officer_client.get_page(f"{ROOM}/{batch.code}/print").field("last").get("value") == "500"
    page = officer_client.post_page(
        f"{ROOM}/{batch.code}/print", sent | {"first": "1", "last": "501"}, status=422
    )
    assert "Print at most 500 forms at a time." in page.main


def test_a_form_of_another_consultation_is_not_found_here(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise)
    make_exercise(session, slug="elsewhere")
    elsewhere = "/officer/consultations/elsewhere/paper"
    for path in (batch.code, f"{batch.code}/1", f"{batch.code}/print"):
        officer_client.get_page(f"{elsewhere}/{path}", status=404)
    for path in (f"{batch.code}/0", f"{batch.code}/11", f"{batch.code}/1/differences", "ZZZZ"):
        officer_client.get_page(f"{ROOM}/{path}", status=404)


def test_each_shipped_instrument_can_be_typed(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    for code, instrument in exercise.instruments.items():
        sent = {"title": code, "instrument_id": instrument.id, "channel": "paper", "forms": "1"}
        officer_client.post_page(f"{ROOM}/new", sent | {"group_id": 0, "twice": "no"})
    for batch in session.scalars(select(PaperBatch).order_by(PaperBatch.id)):
        page = officer_client.get_page(f"{ROOM}/{batch.code}/1")
        assert page.h1 == f"Type form {Serial(batch.code, 1)}"
