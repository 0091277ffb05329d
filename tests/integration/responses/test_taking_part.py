"""Taking part as a page after page: what a Londoner meets, and what a hostile browser does not achieve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.responses.models import Contact, Draft, Response, ResponseRevision
from tests.factories.responses import AFTER, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

LONG = "x" * 10_000


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def stored(session: Session) -> list[dict[str, object]]:
    session.rollback()
    rows = session.scalars(select(ResponseRevision.answers).order_by(ResponseRevision.id))
    return [answers for answers in rows if answers is not None]


def responses(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Response)) or 0


def ticket_on(client: PageClient, path: str) -> str:
    return client.get_page(path).form_values()["ticket"]


def test_the_start_page_says_what_is_asked_and_leads_to_every_form(
    client: PageClient, exercise: Exercise
) -> None:
    page = client.get_page(exercise.path)
    assert "To set the priorities of the plan." in page.text
    assert "What cannot change" in page.text
    hrefs = {link.href for link in page.links}
    assert {f"{exercise.path}/{code}" for code in exercise.instruments} <= hrefs


def test_a_postcard_is_sent_from_its_one_page_and_answered_with_a_receipt(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/postcard"
    form = {"ticket": ticket_on(client, path), "priorities": ["asb", "drugs"], "area-postcode": "NW1 0DB"}
    page = client.post_page(f"{path}/send", form)
    assert page.h1 == "Your answers are stored"
    answers = stored(session)[0]
    assert answers["area"] == {"area": "E09000007"}
    assert answers["priorities"]["chosen"] == ["asb", "drugs"]  # type: ignore[index]


def test_four_priorities_are_refused_beside_the_field_and_stay_ticked(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/postcard"
    chosen = ["asb", "drugs", "burglary", "robbery"]
    form = {"ticket": ticket_on(client, path), "priorities": chosen, "area": "outside"}
    page = client.post_page(f"{path}/send", form, status=422)
    assert "Choose no more than 3. You chose 4." in page.text
    ticked = {box.get("value") for box in page.all("input", type="checkbox") if "checked" in box.attrib}
    assert ticked == set(chosen)
    assert responses(session) == 0


def test_back_then_send_again_is_one_response_with_the_last_answers(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/postcard"
    ticket = ticket_on(client, path)
    client.post_page(f"{path}/send", {"ticket": ticket, "priorities": ["asb"], "area": "outside"})
    client.post_page(f"{path}/send", {"ticket": ticket, "priorities": ["drugs"], "area": "outside"})
    assert responses(session) == 1
    assert [answers["priorities"]["chosen"] for answers in stored(session)] == [["asb"], ["drugs"]]  # type: ignore[index]


def test_a_forged_ticket_stores_nothing_and_loses_nothing(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/postcard"
    page = client.post_page(
        f"{path}/send", {"ticket": "forged", "priorities": ["asb"], "area": "outside"}, status=422
    )
    assert "still here" in page.text
    assert responses(session) == 0
    again = page.form_values() | {"priorities": "asb", "area": "outside"}
    assert client.post_page(f"{path}/send", again).h1 == "Your answers are stored"


def test_a_ticket_of_another_instrument_is_no_ticket_here(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    ticket = exercise.ticket("business").seal()
    path = f"{exercise.path}/postcard"
    client.post_page(f"{path}/send", {"ticket": ticket, "priorities": ["asb"], "area": "outside"}, status=422)
    assert responses(session) == 0


def test_closing_while_somebody_writes_keeps_what_they_wrote_on_the_page(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/postcard"
    ticket = ticket_on(client, path)
    form = {"ticket": ticket, "priorities": ["asb", "other"], "priorities-other": "Noise", "area": "outside"}
    with clock.stopped_at(AFTER):
        page = client.post_page(f"{path}/send", form, status=422)
    assert "is closed" in page.text
    assert page.form_values()["priorities-other"] == "Noise"
    assert responses(session) == 0


def test_a_closed_consultation_shows_no_form(client: PageClient, exercise: Exercise) -> None:
    with clock.stopped_at(AFTER):
        page = client.get_page(f"{exercise.path}/postcard")
    assert "not open for answers" in page.text


@pytest.mark.parametrize("path", ["/take-part/nothing", "/take-part/nothing/postcard"])
def test_an_unknown_consultation_is_not_found(client: PageClient, path: str) -> None:
    client.get_page(path, status=404)


def test_an_unknown_instrument_is_not_found(client: PageClient, exercise: Exercise) -> None:
    client.get_page(f"{exercise.path}/telepathy", status=404)


def write_full_form(client: PageClient, exercise: Exercise, words: str = "Noise at night") -> str:
    path = f"{exercise.path}/full"
    page = client.get_page(path)
    page = client.submit(page, {"priorities-1-priority": words, "priorities-1-why": "I cannot sleep"})
    assert page.h1 == "Where you live"
    page = client.submit(page, {"area-postcode": "nw1 0db"})
    assert page.h1 == "Check your answers"
    return page.form_values()["ticket"]


def test_the_full_form_is_written_page_by_page_checked_and_sent(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    ticket = write_full_form(client, exercise)
    checked = client.get_page(f"{exercise.path}/full/check")
    assert "Noise at night" in checked.text
    assert "Camden" in checked.text
    assert responses(session) == 0
    page = client.post_page(f"{exercise.path}/full/check", {"ticket": ticket})
    assert page.h1 == "Your answers are stored"
    item = {"priority": "Noise at night", "why": "I cannot sleep", "what": ""}
    assert stored(session) == [{"priorities": {"items": [item]}, "area": {"area": "E09000007"}}]
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_pressing_send_twice_on_the_check_page_is_one_response_with_one_receipt(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    ticket = write_full_form(client, exercise)
    pages = [client.post_page(f"{exercise.path}/full/check", {"ticket": ticket}) for _ in range(2)]
    assert pages[0].find("strong", class_="app-receipt__code").text == (
        pages[1].find("strong", class_="app-receipt__code").text
    )
    assert responses(session) == 1


def test_changing_an_answer_from_the_check_page_leads_straight_back_to_it(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    ticket = write_full_form(client, exercise)
    page = client.get_page(f"{exercise.path}/full/priorities?return=1")
    assert page.form_values()["priorities-1-priority"] == "Noise at night"
    page = client.post_page(
        f"{exercise.path}/full/priorities?return=1", {"ticket": ticket, "priorities-1-priority": "Drugs"}
    )
    assert page.h1 == "Check your answers"
    assert "Drugs" in page.text
    assert "Noise" not in page.text


def test_ten_thousand_characters_are_refused_with_both_figures_and_stay_typed(
    client: PageClient, exercise: Exercise
) -> None:
    page = client.get_page(f"{exercise.path}/full")
    given = {"priorities-1-priority": "Noise", "priorities-1-why": LONG}
    page = client.submit(page, given, status=422)
    assert "Shorten this to 2,000 characters or fewer. It has 10,000." in page.text
    assert page.form_values()["priorities-1-why"].strip() == LONG


def test_a_lost_session_between_pages_loses_nothing_that_was_sent(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    page = client.get_page(f"{exercise.path}/full")
    page = client.submit(page, {"priorities-1-priority": "Noise"})
    client.delete_cookie("engage")
    page = client.submit(page, {"area": "outside"})
    assert page.h1 == "Check your answers"
    assert "Noise" in page.text


def test_answers_are_shown_as_text_whatever_they_hold(client: PageClient, exercise: Exercise) -> None:
    write_full_form(client, exercise, "<script>alert(1)</script>{{ 7*7 }}")
    page = client.get_page(f"{exercise.path}/full/check")
    assert "<script>alert(1)</script>{{ 7*7 }}" in page.text


def test_a_link_tags_the_response_with_its_group_and_only_the_first_person_on_the_device(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/postcard"
    with client.session_transaction() as held:
        held["via"] = {str(exercise.consultation.id): exercise.link.code}
    assert "You came by the link of Camden CPEG." in client.get_page(exercise.path).text
    for _ in range(2):
        form = {"ticket": ticket_on(client, path), "priorities": ["asb"], "area": "outside"}
        client.post_page(f"{path}/send", form)
    groups = session.scalars(select(Response.group_id).order_by(Response.id)).all()
    assert list(groups) == [exercise.group.id, None]


def test_somebody_may_answer_without_being_counted_for_the_group(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    with client.session_transaction() as held:
        held["via"] = {str(exercise.consultation.id): exercise.link.code}
    page = client.post_page(f"{exercise.path}/without-group")
    assert "You came by the link" not in page.text


def test_the_group_cannot_be_chosen_by_the_browser(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/postcard"
    ticket = ticket_on(client, path)
    client.post_page(
        f"{path}/send",
        {"ticket": ticket, "priorities": ["asb"], "area": "outside", "group_id": exercise.group.id},
    )
    assert session.scalars(select(Response.group_id)).one() is None


def answer(client: PageClient, exercise: Exercise) -> None:
    path = f"{exercise.path}/postcard"
    client.post_page(
        f"{path}/send", {"ticket": ticket_on(client, path), "priorities": ["asb"], "area": "outside"}
    )


def test_equality_questions_come_after_the_answers_are_stored_and_are_optional(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    client.get_page(f"{exercise.path}/about-you", status=404)
    answer(client, exercise)
    assert client.get_page(f"{exercise.path}/about-you").h1 == "Questions about you"
    client.post_page(f"{exercise.path}/about-you", {})
    assert responses(session) == 1
    client.post_page(f"{exercise.path}/about-you", {"age_band": "25-34"})
    kept = session.scalars(select(ResponseRevision.equality).order_by(ResponseRevision.id)).all()
    assert list(kept) == [None, {"version": "2026-1", "answers": {"age_band": "25-34"}}]


def test_an_address_is_kept_once_and_apart_from_every_response(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    answer(client, exercise)
    for address in ("Jo@Example.org", "jo@example.org"):
        page = client.post_page(f"{exercise.path}/keep-me-informed", {"address": address})
        assert "We will write to you" in page.text
    contact = session.scalars(select(Contact)).one()
    assert contact.address == "jo@example.org"
    keys = {column.name for column in Contact.__table__.columns if column.foreign_keys}
    assert keys == {"consultation_id"}


def test_once_everybody_was_told_an_address_is_kept_for_later_news_only(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    answer(client, exercise)
    with transaction(session):
        session.execute(update(Consultation).values(state=State.FED_BACK, fed_back_at=AFTER))
    form = f"{exercise.path}/keep-me-informed"
    page = client.post_page(form, {"address": "late@example.org"}, status=422)
    assert "What came of it is published" in page.text
    assert page.form_values()["address"] == "late@example.org"
    page = client.post_page(form, {"address": "late@example.org", "wants_updates": "y"})
    assert "when more is done about it" in page.text
    assert session.scalars(select(Contact.wants_updates)).all() == [True]


def test_a_wrong_address_is_refused_beside_its_field_and_stays_typed(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    answer(client, exercise)
    page = client.post_page(f"{exercise.path}/keep-me-informed", {"address": "jo at example"}, status=422)
    assert page.form_values()["address"] == "jo at example"
    assert session.scalar(select(func.count()).select_from(Contact)) == 0


def test_the_receipt_code_alone_reads_the_answers_back(client: PageClient, exercise: Exercise) -> None:
    answer(client, exercise)
    shown = client.get_page(f"{exercise.path}/received").find("strong", class_="app-receipt__code")
    code = (shown.text or "").lower().replace("-", " ")
    client.post_page(f"{exercise.path}/finish")
    page = client.post_page("/take-part/receipt", {"code": code})
    assert "Anti-social behaviour" in page.text


def test_a_wrong_receipt_code_tells_nothing(client: PageClient, exercise: Exercise) -> None:
    answer(client, exercise)
    page = client.post_page("/take-part/receipt", {"code": "7KQ4-B2XD-9PMH"}, status=422)
    assert "Anti-social behaviour" not in page.text


def test_finishing_leaves_nothing_on_the_device(client: PageClient, exercise: Exercise) -> None:
    answer(client, exercise)
    client.post_page(f"{exercise.path}/finish")
    page = client.get_page(f"{exercise.path}/received")
    assert not page.all("strong", class_="app-receipt__code")


def test_pages_with_answers_or_receipts_are_kept_by_no_cache(client: PageClient, exercise: Exercise) -> None:
    answer(client, exercise)
    assert client.get(f"{exercise.path}/received").headers["Cache-Control"] == "no-store"


def test_taking_part_sets_no_cookie_before_something_is_sent(client: PageClient, exercise: Exercise) -> None:
    for path in (exercise.path, f"{exercise.path}/postcard"):
        assert "Set-Cookie" not in client.get(path).headers


def test_a_form_stays_the_browsers_own_copy_when_the_cookie_changes(
    client: PageClient, exercise: Exercise
) -> None:
    with client.session_transaction() as held:
        held["via"] = {str(exercise.consultation.id): exercise.link.code}
    headers = client.get(f"{exercise.path}/postcard").headers
    assert headers["Cache-Control"] == "private, max-age=0"
    assert "Vary" not in headers


def test_coming_back_to_where_a_form_was_sent_leads_to_the_form(
    client: PageClient, exercise: Exercise
) -> None:
    assert client.get_page(f"{exercise.path}/postcard/send").h1 == "Choose your priorities"


def test_a_form_costs_few_queries_and_the_blank_one_the_fewest(
    client: PageClient, session: Session, exercise: Exercise, query_count: object
) -> None:
    path = f"{exercise.path}/postcard"
    client.get_page(path)
    session.rollback()
    with query_count() as statements:  # type: ignore[operator]
        client.get(path)
    assert len(statements) <= 1


def test_synthetic_is_told_by_the_consultation_not_by_the_browser(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    answer(client, exercise)
    assert session.scalars(select(Response.synthetic)).one() is False


def test_nothing_can_be_sent_before_opening(client: PageClient, session: Session, exercise: Exercise) -> None:
    with transaction(session):
        session.get_one(Consultation, exercise.consultation.id).state = State.CLOSED
        session.get_one(Consultation, exercise.consultation.id).closed_at = DURING - timedelta(hours=1)
    path = f"{exercise.path}/postcard"
    form = {"ticket": exercise.ticket().seal(), "priorities": ["asb"], "area": "outside"}
    client.post_page(f"{path}/send", form, status=422)
    assert responses(session) == 0
