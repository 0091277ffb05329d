"""From a draft to a version: what is said before it, that it happens once, and that versions stay."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.people.rules import Role
from engage.questionnaires import drafts, history
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of
from tests.fixtures.people import page_client, signed_in

OFFICER = "Test officer <officer@example.test>"
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
ROOM = "/officer/questionnaires/night"
NIGHT: dict[str, Any] = {
    "title": "Your street at night",
    "minutes": 1,
    "pages": [
        {
            "code": "night",
            "title": "At night",
            "questions": [
                {
                    "code": "safe",
                    "kind": "one_choice",
                    "label": "Do you feel safe after dark?",
                    "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}],
                }
            ],
        },
        {
            "code": "more",
            "title": "More about it",
            "shown_if": {"question": "safe", "has": "no"},
            "questions": [{"code": "why", "kind": "long_text", "label": "What would help?"}],
        },
    ],
}


def start(session: Session, definition: dict[str, Any] = NIGHT) -> None:
    drafts.start(
        session,
        actor=OFFICER,
        now=NOW,
        code="night",
        title="Your street at night",
        framework_id=None,
        definition=definition,
        privacy_notice="We keep no names.",
    )
    session.commit()


def reworded() -> dict[str, Any]:
    changed = deepcopy(NIGHT)
    changed["pages"][0]["questions"][0]["label"] = "Do you feel safe when it is dark?"
    return changed


def publish(session: Session, note: str = "") -> None:
    revision = drafts.get_draft(session, "night").revision
    drafts.publish_draft(session, actor=OFFICER, now=NOW, code="night", revision=revision, note=note)
    session.commit()


def begin_second(session: Session, definition: dict[str, Any] | None = None) -> None:
    start(session)
    publish(session)
    drafts.begin_from_live(session, actor=OFFICER, now=NOW, code="night")
    drafts.change(
        session, actor=OFFICER, now=NOW, code="night", revision=1, definition=definition or reworded()
    )
    session.commit()


def test_the_first_version_needs_no_note(session: Session, officer_client: PageClient) -> None:
    start(session)
    page = officer_client.get_page(f"{ROOM}/publish")
    assert "It becomes version 1." in page.main
    page = officer_client.submit(page)
    assert "Version 1 is published." in page.text
    assert drafts.find_draft(session, "night") is None
    (version,) = history.versions(session, "night")
    assert (version.number, version.privacy_notice) == (1, "We keep no names.")


def test_a_later_version_says_what_is_different_and_asks_why(
    session: Session, officer_client: PageClient
) -> None:
    begin_second(session)
    page = officer_client.get_page(f"{ROOM}/publish")
    assert "What is different from version 1" in page.main
    assert text_of(page.find("del")) == "Do you feel safe after dark?"
    assert text_of(page.find("ins")) == "Do you feel safe when it is dark?"
    refused = officer_client.submit(page, status=422)
    assert "Say what changed and why." in text_of(refused.find("p", id="note-error"))
    page = officer_client.submit(refused, {"note": "Plainer words."})
    assert "Version 2 is published." in page.text
    assert "Plainer words." in page.main
    assert [(each.number, each.note) for each in history.versions(session, "night")] == [
        (2, "Plainer words."),
        (1, ""),
    ]


def test_a_fault_keeps_it_from_being_published_and_leads_to_where_it_is_put_right(
    session: Session, officer_client: PageClient
) -> None:
    broken = deepcopy(NIGHT)
    broken["pages"][1]["shown_if"] = {"question": "safe", "has": "maybe"}
    start(session, broken)
    page = officer_client.get_page(f"{ROOM}/publish")
    assert "What keeps it from being published" in page.main
    assert f"{ROOM}/pages/more/conditions" in {link.href for link in page.links}
    assert not [button for button in page.all("button") if "Publish" in text_of(button)]
    officer_client.post_page(f"{ROOM}/publish", {"revision": "1", "note": "x"}, status=422)
    assert history.versions(session, "night") == []


def test_what_would_give_earlier_answers_another_meaning_is_not_published(
    session: Session, officer_client: PageClient
) -> None:
    other = deepcopy(NIGHT)
    other["pages"][1]["questions"][0] |= {"kind": "short_text"}
    begin_second(session, other)
    page = officer_client.get_page(f"{ROOM}/publish")
    assert "ask it as a new question, with a code of its own" in page.main
    sent = {"revision": "2", "note": "x"}
    refused = officer_client.post_page(f"{ROOM}/publish", sent, status=422)
    assert "ask it as a new question" in refused.main
    assert len(history.versions(session, "night")) == 1


def test_a_code_that_was_dropped_stays_the_code_of_what_it_meant(
    session: Session, officer_client: PageClient
) -> None:
    without = deepcopy(NIGHT)
    dropped = without["pages"][1]["questions"].pop(0)
    without["pages"][1]["questions"].append({"code": "new", "kind": "long_text", "label": "What else?"})
    begin_second(session, without)
    drafts.publish_draft(session, actor=OFFICER, now=NOW, code="night", revision=2, note="Shorter")
    drafts.begin_from_live(session, actor=OFFICER, now=NOW, code="night")
    back = deepcopy(without)
    back["pages"][1]["questions"].append({**dropped, "kind": "short_text"})
    drafts.change(session, actor=OFFICER, now=NOW, code="night", revision=1, definition=back)
    with pytest.raises(Refused, match="ask it as a new question"):
        drafts.publish_draft(session, actor=OFFICER, now=NOW, code="night", revision=2, note="Back")


def test_what_was_changed_after_the_page_was_opened_is_not_published_unseen(
    session: Session, officer_client: PageClient
) -> None:
    start(session)
    page = officer_client.get_page(f"{ROOM}/publish")
    drafts.change(session, actor=OFFICER, now=NOW, code="night", revision=1, definition=reworded())
    session.commit()
    refused = officer_client.submit(page, status=422)
    assert "Somebody changed this questionnaire" in refused.main
    assert history.versions(session, "night") == []
    officer_client.submit(refused)
    assert len(history.versions(session, "night")) == 1


def test_officers_who_press_at_once_publish_once(app: Flask, session: Session) -> None:
    begin_second(session)
    first = signed_in(app, Role.PLANNING_OFFICER)
    officers = [first, *(page_client(app) for _ in range(3))]
    assert first.person
    for officer in officers[1:]:
        officer.sign_in_as(first.person)
    sent = first.get_page(f"{ROOM}/publish").form_values() | {"note": "Plainer words."}
    tokens = [officer._token() for officer in officers]
    at_once = Barrier(len(officers))

    def press(number: int) -> int:
        at_once.wait()
        client = officers[number]
        # Not through `post`: the token is drawn before, so that all press in the same instant.
        return client.post(f"{ROOM}/publish", data=sent | {"csrf_token": tokens[number]}).status_code

    with ThreadPoolExecutor(len(officers)) as pool:
        answers = list(pool.map(press, range(len(officers))))
    assert set(answers) <= {302, 303}
    session.rollback()
    assert [version.number for version in history.versions(session, "night")] == [2, 1]
    published = select(AuditEvent).where(AuditEvent.action == "questionnaire.published")
    assert len(session.scalars(published).all()) == 2


def test_pressing_again_is_told_that_there_is_no_draft(session: Session, officer_client: PageClient) -> None:
    start(session)
    page = officer_client.get_page(f"{ROOM}/publish")
    officer_client.submit(page)
    again = officer_client.submit(page)
    assert "There is no draft to publish" in again.text
    assert len(history.versions(session, "night")) == 1


def test_a_published_version_stays_as_it_was(session: Session) -> None:
    start(session)
    publish(session)
    before = history.get_version(session, "night", 1)
    drafts.begin_from_live(session, actor=OFFICER, now=NOW, code="night")
    drafts.change(session, actor=OFFICER, now=NOW, code="night", revision=1, definition=reworded())
    publish(session, "Plainer words.")
    assert history.get_version(session, "night", 1) == before


def test_the_history_shows_each_version_and_compares_any_two(
    session: Session, officer_client: PageClient
) -> None:
    begin_second(session)
    publish(session, "Plainer words.")
    page = officer_client.get_page(f"{ROOM}/versions")
    rows = [text_of(row) for row in page.find("tbody").iter("tr")]
    assert rows[0].startswith("Version 2 (preview) 1 March 2027 at midday Plainer words.")
    assert history.get_version(session, "night", 2).digest[:12] in rows[0]
    compared = officer_client.get_page(f"{ROOM}/differences?before=1&after=2")
    assert "From version 1 to version 2" in compared.main
    assert "when it is dark" in compared.main
    same = officer_client.get_page(f"{ROOM}/differences?before=1&after=1")
    assert "Nothing is different." in same.main
    officer_client.get_page(f"{ROOM}/differences?before=1&after=9", status=404)
    assert officer_client.get_page(f"{ROOM}/differences?before=x").h1.startswith("Versions of")


def test_the_checks_name_faults_and_advice_with_a_way_to_fix_each(
    session: Session, officer_client: PageClient
) -> None:
    start(session)
    drafts.change(session, actor=OFFICER, now=NOW, code="night", revision=1, privacy_notice="")
    session.commit()
    page = officer_client.get_page(f"{ROOM}/checks")
    assert f"{ROOM}/privacy" in {link.href for link in page.links}
    assert "privacy notice" in page.main


def test_the_ways_through_are_listed_with_the_answers_that_lead_there(
    session: Session, officer_client: PageClient
) -> None:
    start(session)
    page = officer_client.get_page(f"{ROOM}/routes")
    assert "Answers lead 2 different ways." in page.main
    rows = [text_of(row) for row in page.find("tbody").iter("tr")]
    assert rows[0] == "At night ShownShown"
    assert rows[1].startswith("More about it")
    assert rows[1].count("not shown") == rows[1].count("Shown") == 1
    assert "“No”" in page.main


@pytest.mark.parametrize("address", ["publish", "versions", "checks", "routes", "preview"])
def test_what_is_not_there_is_not_found(officer_client: PageClient, address: str) -> None:
    officer_client.get_page(f"{ROOM}/{address}", status=404)
