"""The receipt code: read, change and withdraw with it, and nothing without it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.rules import GRACE, State
from engage.foundations import clock, tries
from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.foundations.tokens import tidy_code
from engage.responses import service
from engage.responses.models import Draft, Response, ResponseRevision, RevisionKind
from engage.responses.tickets import change_ticket
from tests.factories.responses import AFTER, CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page

RECEIPT = "/take-part/receipt"
UNKNOWN = "We have no response with this receipt code."


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def code_on(page: Page) -> str:
    shown = page.find("strong", class_="app-receipt__code").text
    assert shown
    return shown


def answer_postcard(client: PageClient, exercise: Exercise) -> str:
    """Send a postcard and return the receipt code, as it is shown."""
    path = f"{exercise.path}/postcard"
    ticket = client.get_page(path).form_values()["ticket"]
    form = {"ticket": ticket, "priorities": ["asb", "other"], "priorities-other": "Noise", "area": "outside"}
    return code_on(client.post_page(f"{path}/send", form))


def answer_full(client: PageClient, exercise: Exercise) -> str:
    page = client.get_page(f"{exercise.path}/full")
    page = client.submit(page, {"priorities-1-priority": "Noise", "priorities-1-why": "I cannot sleep"})
    page = client.submit(page, {"area-postcode": "nw1 0db"})
    return code_on(client.submit(page))


def kinds(session: Session) -> list[RevisionKind]:
    session.rollback()
    return list(session.scalars(select(ResponseRevision.kind).order_by(ResponseRevision.id)))


def latest(session: Session) -> dict[str, object] | None:
    session.rollback()
    newest = select(ResponseRevision.answers).order_by(ResponseRevision.id.desc()).limit(1)
    return session.scalars(newest).one()


def test_the_code_shows_the_answers_whatever_its_case_and_hyphens(
    client: PageClient, exercise: Exercise
) -> None:
    code = answer_postcard(client, exercise)
    for typed in (code, code.lower(), code.replace("-", " "), f"  {tidy_code(code)} "):
        page = client.post_page(RECEIPT, {"code": typed})
        assert page.h1 == "Your answers"
        assert "Noise" in page.text


def test_a_wrong_code_tells_nothing_not_even_that_it_is_another_consultations(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    answer_postcard(client, exercise)
    pages = [
        client.post_page(RECEIPT, {"code": typed}, status=422)
        for typed in ("WRNG-WRNG-WRNG", "x", "7KQ4B2XD9PMH" * 40, "\u0000é🦊")
    ]
    assert all(UNKNOWN in page.text for page in pages)
    assert {page.h1 for page in pages} == {"Read, change or withdraw your answers"}


@pytest.mark.parametrize("door", ["", "/change", "/withdraw"])
def test_guesses_are_slowed_down_at_every_door_even_for_the_right_code(
    client: PageClient, exercise: Exercise, door: str
) -> None:
    code = answer_postcard(client, exercise)
    for _ in range(tries.MOST):
        client.post_page(RECEIPT + door, {"code": "WRNGWRNGWRNG", "sure": "yes"}, status=422)
    page = client.post_page(RECEIPT, {"code": code}, status=422)
    assert "Too many tries. Wait 15 minutes" in page.text
    with clock.stopped_at(DURING + tries.WINDOW):
        assert client.post_page(RECEIPT, {"code": code}).h1 == "Your answers"


def test_reading_ones_own_answers_often_is_no_guessing(client: PageClient, exercise: Exercise) -> None:
    code = answer_postcard(client, exercise)
    for _ in range(tries.MOST + 5):
        client.post_page(RECEIPT, {"code": code})


def test_the_code_is_in_no_address_and_stored_as_a_hash_only(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_full(client, exercise)
    page = client.post_page(RECEIPT, {"code": code})
    changing = client.post(f"{RECEIPT}/change", data={"code": code})
    assert tidy_code(code) not in changing.headers["Location"]
    assert not any(tidy_code(code) in link.href for link in page.links)
    assert all(tidy_code(code) not in form.get("action", "") for form in page.all("form"))
    session.rollback()
    draft = session.scalars(select(Draft)).one()
    stored = session.scalars(select(Response)).one()
    assert stored.submission_key == service.receipt_hash(tidy_code(code))
    assert tidy_code(code).encode() not in (draft.nonce or "").encode() + stored.submission_key


def test_a_form_of_one_page_comes_back_filled_in_and_is_the_next_revision(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_postcard(client, exercise)
    page = client.post_page(f"{RECEIPT}/change", {"code": code})
    values = page.form_values()
    assert (values["priorities-other"], values["area"]) == ("Noise", "outside")
    ticked = {box.get("value") for box in page.all("input", type="checkbox") if "checked" in box.attrib}
    assert ticked == {"asb", "other"}
    form = {"ticket": values["ticket"], "priorities": ["drugs"], "area": "E09000007"}
    done = client.post_page(f"{exercise.path}/postcard/send", form)
    assert done.h1 == "Your answers are changed"
    assert kinds(session) == [RevisionKind.SUBMITTED, RevisionKind.CORRECTED]
    stored = session.scalars(select(Response)).one()
    assert stored.area_code == "E09000007"
    page = client.post_page(RECEIPT, {"code": code})
    assert "Noise" not in page.text
    assert "Camden" in page.text


def test_a_mistake_in_a_change_keeps_what_was_typed_and_the_stored_answers(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_postcard(client, exercise)
    ticket = client.post_page(f"{RECEIPT}/change", {"code": code}).form_values()["ticket"]
    many = ["asb", "drugs", "burglary", "robbery"]
    form = {"ticket": ticket, "priorities": many, "area": "outside"}
    page = client.post_page(f"{exercise.path}/postcard/send", form, status=422)
    assert "Choose no more than 3" in page.text
    assert page.form_values()["ticket"] == ticket
    assert kinds(session) == [RevisionKind.SUBMITTED]


def test_a_longer_form_comes_back_at_checking_and_each_page_can_be_changed(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_full(client, exercise)
    page = client.post_page(f"{RECEIPT}/change", {"code": code})
    assert page.h1 == "Check your answers"
    assert "I cannot sleep" in page.text
    page = client.get_page(f"{exercise.path}/full/priorities?return=1")
    assert page.form_values()["priorities-1-priority"] == "Noise"
    changed = page.form_values() | {"priorities-1-priority": "Drugs"}
    page = client.post_page(f"{exercise.path}/full/priorities?return=1", changed)
    assert page.h1 == "Check your answers"
    assert kinds(session) == [RevisionKind.SUBMITTED]
    page = client.submit(page)
    assert page.h1 == "Your answers are changed"
    item = {"priority": "Drugs", "why": "I cannot sleep", "what": ""}
    assert latest(session) == {"priorities": {"items": [item]}, "area": {"area": "E09000007"}}
    assert session.scalars(select(Draft)).all() == []


def test_a_change_left_unsent_changes_nothing_and_does_not_come_back(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_full(client, exercise)
    client.post_page(f"{RECEIPT}/change", {"code": code})
    page = client.get_page(f"{exercise.path}/full/priorities?return=1")
    client.submit(page, {"priorities-1-priority": "Half a thought"})
    assert "Noise" in client.post_page(RECEIPT, {"code": code}).text
    assert "Half a thought" not in client.post_page(f"{RECEIPT}/change", {"code": code}).text
    assert kinds(session) == [RevisionKind.SUBMITTED]


def test_what_is_closed_is_read_and_not_changed(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_postcard(client, exercise)
    ticket = client.post_page(f"{RECEIPT}/change", {"code": code}).form_values()["ticket"]
    with clock.stopped_at(AFTER):
        page = client.post_page(RECEIPT, {"code": code})
        assert "can no longer be changed" in page.text
        client.post_page(f"{RECEIPT}/change", {"code": code}, status=422)
        form = {"ticket": ticket, "priorities": ["drugs"], "area": "outside"}
        page = client.post_page(f"{exercise.path}/postcard/send", form, status=422)
        assert "your answers stay as you sent them before" in page.text
    assert kinds(session) == [RevisionKind.SUBMITTED]


def test_a_change_begun_before_the_closing_may_arrive_within_the_grace(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_postcard(client, exercise)
    with clock.stopped_at(CLOSES - GRACE / 3):
        ticket = client.post_page(f"{RECEIPT}/change", {"code": code}).form_values()["ticket"]
    with clock.stopped_at(CLOSES + GRACE / 3):
        form = {"ticket": ticket, "priorities": ["drugs"], "area": "outside"}
        client.post_page(f"{exercise.path}/postcard/send", form)
    assert kinds(session) == [RevisionKind.SUBMITTED, RevisionKind.CORRECTED]
    assert session.scalars(select(Response.late)).one()


def test_withdrawing_asks_first_and_then_the_answers_count_no_more(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_postcard(client, exercise)
    page = client.post_page(f"{RECEIPT}/withdraw", {"code": code})
    assert page.h1 == "Withdraw your answers"
    assert kinds(session) == [RevisionKind.SUBMITTED]
    page = client.post_page(f"{RECEIPT}/withdraw", {"code": code, "sure": "yes"})
    assert page.h1 == "Your answers are withdrawn"
    assert kinds(session) == [RevisionKind.SUBMITTED, RevisionKind.WITHDRAWN]
    assert latest(session) is None
    page = client.post_page(RECEIPT, {"code": code})
    assert "You withdrew these answers. They count no more." in page.text
    assert "Noise" not in page.text
    for door in ("change", "withdraw"):
        client.post_page(f"{RECEIPT}/{door}", {"code": code, "sure": "yes"}, status=422)
    assert len(kinds(session)) == 2


def test_going_back_to_a_withdrawn_form_and_sending_it_stores_nothing(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/postcard"
    ticket = client.get_page(path).form_values()["ticket"]
    form = {"ticket": ticket, "priorities": ["asb"], "area": "outside"}
    code = code_on(client.post_page(f"{path}/send", form))
    client.post_page(f"{RECEIPT}/withdraw", {"code": code, "sure": "yes"})
    page = client.post_page(f"{path}/send", form, status=422)
    assert "You withdrew these answers" in page.text
    assert kinds(session) == [RevisionKind.SUBMITTED, RevisionKind.WITHDRAWN]


def test_withdrawing_is_possible_after_the_closing_until_the_answers_are_counted(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    first, second = (answer_postcard(client, exercise) for _ in range(2))
    with clock.stopped_at(AFTER):
        client.post_page(f"{RECEIPT}/withdraw", {"code": first, "sure": "yes"})
        exercise.consultation.state = State.ANALYSED
        session.commit()
        page = client.post_page(f"{RECEIPT}/withdraw", {"code": second, "sure": "yes"}, status=422)
        assert "cannot be withdrawn" in page.text
        assert "cannot be withdrawn" in client.post_page(RECEIPT, {"code": second}).text
    response = session.scalars(select(Response.id).order_by(Response.id.desc()).limit(1)).one()
    with pytest.raises(Refused), transaction(session):
        service.withdraw(session, response_id=response)


def test_another_site_can_open_nobodys_form_with_a_code_of_its_own(
    client: PageClient, exercise: Exercise
) -> None:
    code = answer_postcard(client, exercise)
    for door in ("", "/change", "/withdraw"):
        answer = client.post(
            RECEIPT + door, data={"code": code, "sure": "yes"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 422
        assert "Noise" not in answer.get_data(as_text=True)


def test_a_ticket_of_ones_own_cannot_be_made_to_change_another_response(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    answer_postcard(client, exercise)
    stored = session.scalars(select(Response)).one()
    forged = f'[1,1,0,0,0,29000000,"={stored.submission_key.hex()}"].signature'
    form = {"ticket": forged, "priorities": ["drugs"], "area": "outside"}
    client.post_page(f"{exercise.path}/postcard/send", form, status=422)
    assert kinds(session) == [RevisionKind.SUBMITTED]


def test_the_result_can_be_read_from_there_once_it_is_given(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    code = answer_postcard(client, exercise)
    feedback = f"/feedback/{exercise.consultation.slug}"
    page = client.post_page(RECEIPT, {"code": code})
    assert not any(link.href.startswith(feedback) for link in page.links)
    exercise.consultation.state, exercise.consultation.fed_back_at = State.FED_BACK, AFTER
    session.commit()
    page = client.post_page(RECEIPT, {"code": code})
    assert "Read what was said, what was decided and why" in page.text


def test_two_changes_sent_at_once_are_two_revisions_and_the_last_one_counts(app: Flask) -> None:
    with app.app_context():
        exercise = make_exercise(db.session())
        receipt = service.submit(db.session(), submission=exercise.submission(), now=DURING)
        db.session.commit()
        key = service.receipt_hash(receipt.code)
        submission = exercise.submission()
        db.session.remove()
    ticket = change_ticket(
        instrument_id=submission.ticket.instrument_id,
        version_id=submission.ticket.version_id,
        rotation=0,
        key=key,
        now=DURING,
    )
    together = Barrier(6)

    def send(number: int) -> None:
        own = replace(
            submission, ticket=ticket, answers={"area": {"area": "outside"}, "n": {"text": str(number)}}
        )
        with app.app_context():
            together.wait(timeout=30)
            with transaction(db.session) as session:
                service.submit(session, submission=own, now=DURING)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, range(6)))
    with app.app_context():
        numbers = db.session.scalars(select(ResponseRevision.number).order_by(ResponseRevision.id)).all()
        assert numbers == [1, 2, 3, 4, 5, 6, 7]
        assert len(db.session.scalars(select(Response.id)).all()) == 1
