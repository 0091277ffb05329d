from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engage.analysis import answers, service
from engage.analysis.answers import MARKS, Counted
from engage.analysis.snapshots import ensure_files
from engage.consultations.models import Instrument
from engage.consultations.queries import instruments
from engage.foundations import clock
from engage.foundations.spreadsheets import read_csv
from engage.questionnaires.definitions import Definition, follow, parse
from engage.questionnaires.history import Version, get_version_by_id
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.models import Questionnaire
from engage.questionnaires.service import publish
from engage.responses.models import Response, RevisionKind
from tests.factories.analysis import make_response, revise, withdraw
from tests.factories.forms import NOTICE, add_form
from tests.factories.responses import AFTER, DURING, OPENED, Exercise, make_exercise
from tests.fixtures.client import PageClient

HERE = "/officer/consultations/priorities/results"
OPTIONS = [{"code": code, "label": f"The {code}"} for code in ("a", "b-1", "c")]
PLACES = [{"code": "E09000007", "label": "Camden"}, {"code": "outside", "label": "Outside"}]
ROWS = [{"code": code, "label": f"Row {code}"} for code in ("street", "park_2")]
EVERY_KIND: dict[str, Any] = {
    "title": "Every kind",
    "intro": "",
    "minutes": 5,
    "pages": [
        {
            "code": "all",
            "title": "All",
            "questions": [
                {"code": "one", "kind": "one_choice", "label": "One", "options": OPTIONS, "required": False},
                {"code": "many", "kind": "several_choices", "label": "Many", "options": OPTIONS,
                 "required": False},
                {"code": "age", "kind": "age_band", "label": "Age", "options": OPTIONS, "required": False},
                {"code": "rate", "kind": "scale", "label": "Rate", "low": 1, "high": 4, "low_label": "Bad",
                 "high_label": "Good", "required": False},
                {"code": "grid", "kind": "matrix", "label": "Grid", "rows": ROWS, "options": OPTIONS,
                 "required": False},
                {"code": "agree", "kind": "statements", "label": "Agree", "rows": ROWS, "required": False},
                {"code": "list", "kind": "priorities_list", "label": "List", "options": OPTIONS, "at_most": 2,
                 "required": False},
                {"code": "years", "kind": "number", "label": "Years", "required": False},
                {"code": "note", "kind": "short_text", "label": "Note", "required": False},
                {"code": "facts", "kind": "information", "label": "Facts", "text": "Some"},
                {"code": "area", "kind": "area", "label": "Where", "required": False, "options": PLACES},
            ],
        }
    ],
}  # fmt: skip


@pytest.fixture
def exercise(session: Session) -> Exercise:
    exercise = make_exercise(session)
    add_form(session, exercise, EVERY_KIND, "every")
    return exercise


def instrument(session: Session, exercise: Exercise) -> Instrument:
    return next(one for one in instruments(session, exercise.consultation.id) if one.code == "every")


def some_fields(chance: random.Random) -> dict[str, list[str]]:
    def maybe(name: str, *values: str) -> None:
        if chance.random() < 0.7:
            given[name] = [chance.choice(values)]

    given: dict[str, list[str]] = {}
    codes = ("a", "b-1", "c")
    for name in ("one", "age"):
        maybe(name, *codes)
    maybe("rate", "1", "2", "3", "4")
    for row in ("street", "park_2"):
        maybe(f"grid-{row}", *codes)
        maybe(f"agree-{row}", "strongly_agree", "disagree")
    given["many"] = chance.sample(codes, chance.randrange(3))
    given["list"] = chance.sample(codes, chance.randrange(3))
    if len(given["list"]) < 2:
        maybe("list-other", "Ponds & <b>ducks</b>")
    maybe("years", "3", "12", "40")
    maybe("note", "=1+1")
    maybe("area", "E09000007", "outside")
    return given


def store(session: Session, exercise: Exercise, kept: dict[str, Any], version_id: int) -> Response:
    response = make_response(session, exercise)
    response.instrument_id, response.version_id = instrument(session, exercise).id, version_id
    revise(session, response, RevisionKind.CORRECTED, kept)
    return response


def counted(session: Session, exercise: Exercise, folder: Path) -> dict[str, Counted]:
    snapshot = service.refresh(session, consultation=exercise.consultation, now=AFTER, folder=folder)
    manifest, place = ensure_files(session, snapshot=snapshot, folder=folder)
    return {one.question.code: one for _, one in answers.count(manifest, place, finder(session))}


def finder(session: Session) -> Callable[[int], Version]:
    return partial(get_version_by_id, session)


def test_every_kind_is_counted_as_its_own_marks_say(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    definition: Definition = parse(EVERY_KIND)
    version_id, chance = instrument(session, exercise).version_id, random.Random(7)
    told: dict[str, Counter[str]] = {question.code: Counter() for question in definition.questions}
    answered: Counter[str] = Counter()
    for _ in range(60):
        kept = dict(follow(definition, some_fields(chance), 0).kept)
        store(session, exercise, kept, version_id)
        for code, answer in kept.items():
            question = definition.question(code)
            assert question is not None
            told[code].update(question.chosen(answer))
            answered[code] += 1
    withdraw(session, store(session, exercise, {"one": {"chosen": "a"}}, version_id))
    found = counted(session, exercise, tmp_path)
    for code in ("one", "many", "age", "rate", "grid", "agree", "list", "area"):
        marks = {mark: times for mark, times in found[code].marks.items() if times}
        assert (code, marks) == (code, dict(told[code]))
        assert (code, found[code].answered, found[code].asked) == (code, answered[code], 60)
    assert found["note"].answered == answered["note"]
    assert found["years"].spread is not None
    assert "facts" not in found


def test_every_kind_with_marks_can_be_counted() -> None:
    unmarked = KINDS["long_text"].marks
    assert {kind for kind, each in KINDS.items() if each.marks is not unmarked} == set(MARKS)


def test_versions_are_joined_by_codes_and_another_kind_is_another_question(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    first = instrument(session, exercise).version_id
    questionnaire = session.query(Questionnaire).filter_by(code="every").one()
    later = {
        **EVERY_KIND,
        "pages": [
            {
                "code": "all",
                "title": "All",
                "questions": [
                    {"code": "one", "kind": "one_choice", "label": "One, reworded", "options": OPTIONS[1:]},
                    {"code": "age", "kind": "short_text", "label": "Your age in words"},
                ],
            }
        ],
    }
    second = publish(
        session,
        actor="Test",
        now=OPENED,
        questionnaire=questionnaire,
        definition=later,
        privacy_notice=NOTICE,
        note="Shorter",
    ).id
    for _ in range(6):
        store(session, exercise, {"one": {"chosen": "a"}, "age": {"chosen": "c"}}, first)
    for _ in range(7):
        store(session, exercise, {"one": {"chosen": "c"}, "age": {"text": "Old"}}, second)
    snapshot = service.refresh(session, consultation=exercise.consultation, now=AFTER, folder=tmp_path)
    manifest, place = ensure_files(session, snapshot=snapshot, folder=tmp_path)
    counted = answers.count(manifest, place, finder(session))
    asked = [one for one, _ in counted]
    by_name = {(each.question.code, each.question.kind): each for _, each in counted}
    one = by_name["one", "one_choice"]
    assert (one.question.label, one.asked, one.marks) == ("One, reworded", 13, {"a": 6, "c": 7})
    assert [list(each.labels) for each in asked if each.question.code == "one"] == [["b-1", "c", "a"]]
    assert (by_name["age", "age_band"].asked, by_name["age", "short_text"].asked) == (6, 7)


def test_an_officer_reads_every_answer_with_small_counts_withheld(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    version_id = instrument(session, exercise).version_id
    for number in range(20):
        kept = {"one": {"chosen": "a" if number else "b-1"}, "years": {"number": 3}}
        store(session, exercise, kept, version_id)
    session.commit()
    with clock.stopped_at(AFTER):
        officer_client.post_page(f"{HERE}/refresh")
        page = officer_client.get_page(f"{HERE}/answers")
    assert "20 answered, of 20" in page.text
    assert "withheld" in page.text
    assert "19" not in page.text
    assert "Half of them wrote 3 or less" in page.text


def test_the_file_has_a_row_for_each_response_and_executes_nothing(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    version_id = instrument(session, exercise).version_id
    kept = {"note": {"text": "=HYPERLINK(1)"}, "grid": {"rows": {"street": "c"}}}
    store(session, exercise, kept, version_id)
    withdraw(session, store(session, exercise, {"note": {"text": "Take this back"}}, version_id))
    session.commit()
    with clock.stopped_at(AFTER):
        officer_client.post_page(f"{HERE}/refresh")
        sent = officer_client.post(f"{HERE}/answers.csv")
    assert sent.status_code == 200
    raw = sent.get_data()
    heading, *rows = read_csv(raw)
    assert b'"\'=HYPERLINK(1)"' in raw
    assert len(rows) == 1
    row = dict(zip(heading, rows[0], strict=True))
    assert (row["Note"], row["Grid (Row street)"]) == ("=HYPERLINK(1)", "The c")
    assert row["Questionnaire"] == "every"
    assert "Take this back" not in raw.decode()


def test_a_consultation_that_asks_for_no_priorities_has_results_too(
    officer_client: PageClient, session: Session
) -> None:
    exercise = make_exercise(session)
    add_form(session, exercise)
    session.query(Instrument).filter(Instrument.code != "routed").delete()
    session.commit()
    with clock.stopped_at(DURING):
        officer_client.post_page(f"{HERE}/refresh")
        officer_client.get_page(HERE)
        officer_client.get_page(f"{HERE}/answers")


def test_the_same_code_in_two_questionnaires_is_two_questions(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    make_response(session, exercise, chosen=("burglary",), instrument="business")
    make_response(session, exercise, chosen=("fraud",), instrument="postcard")
    snapshot = service.refresh(session, consultation=exercise.consultation, now=AFTER, folder=tmp_path)
    manifest, place = ensure_files(session, snapshot=snapshot, folder=tmp_path)
    counted = answers.count(manifest, place, finder(session))
    priorities = [(asked, one) for asked, one in counted if asked.question.code == "priorities"]
    assert len({asked.questionnaire for asked, _ in priorities}) == len(priorities) == 2
    assert [{mark for mark, times in one.marks.items() if times} for _, one in priorities] in (
        [{"burglary"}, {"fraud"}],
        [{"fraud"}, {"burglary"}],
    )
