"""A new version is given out while people answer: nothing is lost, and nothing kept under another's name."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.tokens import tidy_code
from engage.people.rules import Role
from engage.questionnaires import drafts, history
from engage.questionnaires.definitions import follow
from engage.responses.models import Response, ResponseRevision
from engage.responses.service import receipt_hash
from engage.responses.tickets import open_ticket
from tests.factories.responses import DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page
from tests.fixtures.people import page_client, signed_in

pytestmark = pytest.mark.slow

AT_ONCE = 8
FORMS_EACH = 6
HELD_BACK_AT, AFTERWARDS = 2, 4
PATIENCE = 60
RECEIPT = re.compile(r'class="app-receipt__code">([^<]+)<')
CODES = {"postcard": "priorities-postcard", "full": "priorities-full"}


@dataclass(frozen=True)
class Sent:
    """What one person holds afterwards: a receipt, the version whose form it was, and what they wrote."""

    receipt: str
    version_id: int
    wrote: str


class Crowd:
    """Eight people, each with a browser of their own and one form after another."""

    def __init__(self, app: Flask, exercise: Exercise) -> None:
        self.app, self.path = app, exercise.path
        self.sent: list[Sent] = []
        self.failed: list[BaseException] = []
        # All stand in the middle of a form when the officer begins to give out the new version: half go
        # on at once and half only when it is done, and the last forms are begun after that.
        self.all_inside = threading.Barrier(AT_ONCE + 1, timeout=PATIENCE)
        self.given_out = threading.Event()

    def person(self, number: int) -> None:
        try:
            with clock.stopped_at(DURING):
                for turn in range(FORMS_EACH):
                    if turn == AFTERWARDS:
                        assert self.given_out.wait(PATIENCE)
                    answer = self.full if (number + turn) % 2 else self.postcard
                    stand = partial(self._stand, long=number % 4 < 2) if turn == HELD_BACK_AT else go_on
                    self.sent.append(answer(f"{number}-{turn}", stand))
        except BaseException as error:
            self.failed.append(error)
            self.all_inside.abort()

    def postcard(self, name: str, stand: Callable[[], None]) -> Sent:
        client = page_client(self.app)
        page = client.get_page(f"{self.path}/postcard")
        stand()
        chosen = "noise" if page.all("input", value="noise") else "asb"
        form = page.form_values() | {"priorities": chosen, "area": "outside"}
        if page.all("input", name="again"):
            form["again"] = "yes"
        return self._received(client, client.post_page(f"{self.path}/postcard/send", form), page, chosen)

    def full(self, name: str, stand: Callable[[], None]) -> Sent:
        client = page_client(self.app)
        page = first = client.get_page(f"{self.path}/full")
        page = client.submit(page, {"priorities-1-priority": name})
        stand()
        while page.h1 != "Check your answers":
            typed = {"area": "outside"} if page.all("select", name="area") else {"last": f"last of {name}"}
            page = client.submit(page, typed)
        return self._received(client, client.submit(page), first, name)

    def _stand(self, *, long: bool) -> None:
        self.all_inside.wait()
        assert not long or self.given_out.wait(PATIENCE)

    def _received(self, client: PageClient, page: Page, form: Page, wrote: str) -> Sent:
        found = RECEIPT.search(page.html)
        assert found, page.main
        with self.app.app_context():
            ticket = open_ticket(form.form_values()["ticket"])
        assert ticket
        return Sent(tidy_code(found[1]), ticket.version_id, wrote)


def go_on() -> None:
    """Stand nowhere."""


def second_versions(session: Session) -> None:
    """Write the drafts: a priority with another code, one more question, one more page."""
    for code in CODES.values():
        drafts.begin_from_live(session, actor="Test", now=DURING, code=code)
        definition = deepcopy(drafts.get_draft(session, code).definition)
        if code == CODES["postcard"]:
            (page,) = definition["pages"]
            page["questions"][0]["options"][0] = {"code": "noise", "label": "Noise at night"}
            options = [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]
            page["questions"].append(
                {
                    "code": "again",
                    "kind": "one_choice",
                    "label": "Have you answered before?",
                    "options": options,
                }
            )
        else:
            last = {"code": "last", "kind": "long_text", "label": "Anything else?"}
            definition["pages"].append({"code": "last", "title": "Anything else", "questions": [last]})
        drafts.change(session, actor="Test", now=DURING, code=code, revision=1, definition=definition)
    session.commit()


def give_out_both(officer: PageClient, slug: str) -> None:
    for instrument, code in CODES.items():
        page = officer.get_page(f"/officer/questionnaires/{code}/publish")
        officer.submit(page, {"note": "What people told us in the first week."})
        page = officer.get_page(f"/officer/consultations/{slug}/questionnaires/{instrument}/give-out")
        assert "Version 2 is given out" in officer.submit(page).text


def test_every_receipt_is_stored_once_under_the_version_whose_form_it_was(
    app: Flask, session: Session
) -> None:
    exercise = make_exercise(session)
    second_versions(session)
    crowd = Crowd(app, exercise)
    officer = signed_in(app, Role.PLANNING_OFFICER)
    people = [threading.Thread(target=crowd.person, args=(number,)) for number in range(AT_ONCE)]
    for thread in people:
        thread.start()
    with clock.stopped_at(DURING):
        crowd.all_inside.wait()
        give_out_both(officer, exercise.consultation.slug)
        crowd.given_out.set()
    for thread in people:
        thread.join(PATIENCE)
    assert crowd.failed == []
    assert len(crowd.sent) == len({sent.receipt for sent in crowd.sent}) == AT_ONCE * FORMS_EACH
    session.rollback()
    versions = {each.id: each for code in CODES.values() for each in history.versions(session, code)}
    # Both versions of both instruments were answered, or this proves nothing.
    assert Counter(sent.version_id for sent in crowd.sent).keys() == versions.keys()
    stored = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(Response.submission_key, Response.version_id, ResponseRevision.answers).join(
                ResponseRevision, ResponseRevision.response_id == Response.id
            )
        )
    }
    assert len(stored) == AT_ONCE * FORMS_EACH
    for sent in crowd.sent:
        version_id, answers = stored[receipt_hash(sent.receipt)]
        assert version_id == sent.version_id
        assert said(answers) == sent.wrote
        assert answers.keys() == asked_of_all(versions[version_id])


def said(answers: dict[str, Any]) -> str:
    priorities = answers["priorities"]
    wrote: str = priorities["chosen"][0] if "chosen" in priorities else priorities["items"][0]["priority"]
    if "last" in answers:
        assert answers["last"]["text"] == f"last of {wrote}"
    return wrote


def asked_of_all(version: history.Version) -> set[str]:
    return {question.code for step in follow(version.definition, {}, 0).steps for question in step.questions}
