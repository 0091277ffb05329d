"""The same decision has the same figure wherever anybody reads it, also where small numbers are withheld."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.analysis import service as counting
from engage.analysis.queries import evidence_folder
from engage.consultations.rules import State
from engage.foundations.language import percent
from engage.foundations.tokens import ALPHABET
from engage.people.rules import Role
from engage.questionnaires.shipped import FRAMEWORK, read_json
from engage.responses import service
from tests.factories.analysis import make_response
from tests.factories.feedback import publish, write
from tests.factories.plans import LATER, add_planners, make_decision, make_plan, make_published, snapshot_of
from tests.factories.responses import AFTER, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page, text_of
from tests.fixtures.people import add_person

# What pages show cannot differ between databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HERE = "/consultations/priorities"
LABELS = {each["code"]: each["label"] for each in read_json(FRAMEWORK)["priorities"]}
THREE = {"burglary", "fraud", "asb"}
FULL = ("burglary", "fraud", "robbery")
NAMED_ALL_THEY_COULD = [FULL] * 10 + [("burglary", "fraud", "asb")] * 2


@dataclass(frozen=True)
class Situation:
    """What each response named, and which of that must be withheld wherever it is read."""

    answers: Sequence[tuple[str, ...]]
    withheld: set[str]


SITUATIONS = {
    "one names the last": Situation([("burglary",)] * 12 + [("fraud",)] * 9 + [("asb",)], {"asb"}),
    # 36 named three of three, so what is shown of three leaves the fourth.
    "all name all they could": Situation(NAMED_ALL_THEY_COULD, {"asb", "robbery"}),
    # Any of three that are alike could be withheld beside those that are small: it must be the same one.
    "those beside are alike": Situation([FULL] * 10 + [("asb", "drugs", "hate_crime")] * 2, set()),
    "all are alike and small": Situation([("burglary",), ("fraud",), ("asb",)] * 3, THREE),
    "few answered": Situation([("burglary", "fraud"), ("burglary",), ("asb",)], THREE),
    "none is small": Situation([("burglary", "fraud")] * 6, set()),
}


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS.keys())
def test_every_page_tells_the_same_figure_of_a_decision(
    app: Flask, session: Session, client: PageClient, situation: Situation
) -> None:
    exercise = decided(session, evidence_folder(app.config["SETTINGS"]), situation.answers)
    codes = sorted({code for answer in situation.answers for code in answer})
    base = len(situation.answers)
    counted = {code: sum(code in answer for answer in situation.answers) for code in codes}
    plan = client.get_page("/plan/2028-29")
    told = {code: said_after(f"{LABELS[code]} Adopted Named by", plan) for code in codes}
    assert {code for code in codes if told[code] is None} >= situation.withheld
    assert all(told[code] in (None, f"{counted[code]} of {base}") for code in codes)
    shown = {code: told[code] and str(counted[code]) for code in codes}
    decisions = client.get_page(f"{HERE}/decisions")
    assert {code: said_after(f"{LABELS[code]} Adopted", decisions) for code in codes} == told
    traced = {code: client.get_page(f"{HERE}/priorities/{code}") for code in codes}
    assert {code: said_after("You said", page) for code, page in traced.items()} == told
    assert rows_of(client.get_page(f"{HERE}/priorities"), codes) == told
    counts = client.get_page(f"{HERE}/counts/{snapshot_of(session, exercise).digest}")
    assert rows_of(counts, codes) == shown
    assert rows_of(client.get_page(f"{HERE}/feedback"), codes) == shown
    shares = {code: told[code] and percent(counted[code] / base) for code in codes}
    assert {code: share_of_mine(client, situation.answers, code) for code in codes} == shares


def said_after(words: str, page: Page) -> str | None:
    """Return `12 of 43` as it stands after `words`; None where it says that it is withheld."""
    found = re.search(rf"{re.escape(words)} (\d+ of \d+|withheld|How many \w+ \w+ it is with)", page.text)
    assert found, (words, page.text)
    return found[1] if found[1][0].isdigit() else None


def rows_of(page: Page, codes: list[str]) -> dict[str, str | None]:
    """Return the first figure of each priority's row in the page's table."""
    rows = {text_of(row[0]): text_of(row[1]) for row in page.all("tr") if len(row) > 1}
    return {code: rows[LABELS[code]].replace("withheld", "") or None for code in codes}


def share_of_mine(client: PageClient, answers: Sequence[tuple[str, ...]], code: str) -> str | None:
    """Return the share that somebody who named a priority is told with their receipt code."""
    place = next(place for place, answer in enumerate(answers) if code in answer)
    page = client.post_page("/your-priorities", {"code": receipt(place)})
    [card] = [card for card in page.all("section", class_="app-card") if LABELS[code] in text_of(card)]
    found = re.search(r"Named by (\S+) of all responses", text_of(card))
    return found[1] if found else None


def receipt(place: int) -> str:
    return f"7KQ4B2XD9P{ALPHABET[place // 20]}{ALPHABET[place % 20]}"


def decided(session: Session, folder: Path, answers: Sequence[tuple[str, ...]]) -> Exercise:
    """Return a consultation in which every priority that was named is decided on, planned and fed back."""
    author = add_person(session, Role.ADMINISTRATOR)
    add_planners(session)
    exercise = make_exercise(session, state=State.CLOSED)
    for place, chosen in enumerate(answers):
        made = make_response(session, exercise, chosen=chosen)
        made.submission_key = service.receipt_hash(receipt(place))
    codes = sorted({code for answer in answers for code in answer})
    counting.refresh(session, consultation=exercise.consultation, now=AFTER, folder=folder)
    # In an order that is not that of their counts.
    for code in codes:
        make_decision(session, exercise, folder, author.id, code)
    exercise.consultation.state, exercise.consultation.decided_at = State.DECIDED, LATER
    session.commit()
    write(session, exercise.consultation)
    publish(session, exercise.consultation)
    session.commit()
    make_published(session, make_plan(session), folder)
    return exercise
