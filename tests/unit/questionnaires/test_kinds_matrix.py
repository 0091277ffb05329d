"""Every kind of question against everything that may be sent for it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import Question
from tests.factories.questionnaires import PLACES

PARTS_OF_WORDS = ("priority", "why", "what")
ABC = [{"code": code, "label": f"The {code}"} for code in "abc"]
PARTS = {"name_label": "Name", "speaks_for_label": "People", "agreed_label": "How"}


def ask(kind: str, **settings: Any) -> Question:
    return KINDS[kind].from_json({"code": "q", "kind": kind, "label": "What?"} | settings)


QUESTIONS: dict[str, dict[str, Any]] = {
    "priorities_list": {"options": ABC, "at_most": 2},
    "priorities_own_words": {"at_most": 2},
    "one_choice": {"options": ABC},
    "several_choices": {
        "options": [*ABC, {"code": "none", "label": "None"}],
        "at_most": 2,
        "none_of": "none",
    },
    "scale": {"low": 0, "high": 10, "high_label": "Best"},
    "matrix": {"rows": ABC[:2], "options": ABC},
    "statements": {"rows": ABC[:2]},
    "short_text": {"limit": 10},
    "long_text": {"limit": 10},
    "number": {"least": 0, "most": 5000, "unit": "years"},
    "date": {"earliest": "2027-01-01", "latest": "2027-12-31"},
    "area": {"options": PLACES},
    "age_band": {"options": ABC},
    "organisation": PARTS,
    "information": {"text": "Facts"},
}
RANKED = {"options": ABC, "at_most": 3, "ordered": True}

Case = tuple[str, dict[str, Any], dict[str, list[str]], Any, list[str]]
CASES: list[Case] = [
    # Exactly so many, and in order
    ("priorities_list", {"exactly": True}, {"q": ["a"]}, None, ["q"]),
    ("priorities_list", {"exactly": True}, {"q": ["a", "b"]}, {"chosen": ["a", "b"], "rotation": 1}, []),
    ("priorities_list", {"exactly": True, "required": False}, {}, None, []),
    ("priorities_list", {"exactly": True, "required": False}, {"q": ["a"]}, None, ["q"]),
    (
        "priorities_list",
        RANKED,
        {"q-rank-c": ["1"], "q-rank-a": ["2"]},
        {"chosen": ["c", "a"], "rotation": 1},
        [],
    ),
    (
        "priorities_list",
        RANKED,
        {"q-rank-b": ["3"], "q-rank-c": ["1"]},
        {"chosen": ["c", "b"], "rotation": 1},
        [],
    ),
    ("priorities_list", RANKED, {"q-rank-a": ["1"], "q-rank-b": ["1"]}, None, ["q-rank-b"]),
    ("priorities_list", RANKED, {"q-rank-a": ["4"]}, None, ["q-rank-a"]),
    ("priorities_list", RANKED, {}, None, ["q-rank-b"]),
    ("priorities_list", RANKED | {"exactly": True}, {"q-rank-a": ["1"]}, None, ["q-rank-b"]),
    (
        "priorities_list",
        RANKED,
        {"q-rank-a": ["2"], "q-rank-other": ["1"], "q-other": ["Dogs"]},
        {"chosen": ["a"], "other": "Dogs", "other_place": 1, "rotation": 1},
        [],
    ),
    ("priorities_list", RANKED, {"q-rank-a": ["1"], "q-other": ["Dogs"]}, None, ["q-rank-other"]),
    ("priorities_list", RANKED, {"q-rank-other": ["1"]}, None, ["q-other"]),
    ("priorities_list", RANKED | {"other": False}, {"q-rank-other": ["1"]}, None, ["q-rank-b"]),
    ("priorities_list", RANKED, {"q": ["c", "a", "c", ""]}, {"chosen": ["c", "a"], "rotation": 1}, []),
    ("priorities_list", RANKED, {"q": ["c", "z"]}, None, ["q-rank-a"]),
    ("priorities_list", RANKED, {"q": ["a", "b", "c", "other"], "q-other": ["D"]}, None, ["q-rank-b"]),
    ("priorities_list", {}, {"q": [""]}, None, ["q"]),
    # Several choices
    ("several_choices", {}, {"q": ["c", "a", "a"]}, {"chosen": ["a", "c"]}, []),
    ("several_choices", {}, {"q": ["none"]}, {"chosen": ["none"]}, []),
    ("several_choices", {}, {"q": ["none", "a"]}, None, ["q"]),
    ("several_choices", {}, {"q": ["a", "b", "c"]}, None, ["q"]),
    ("several_choices", {"at_least": 2}, {"q": ["a"]}, None, ["q"]),
    ("several_choices", {"at_least": 2}, {"q": ["none"]}, {"chosen": ["none"]}, []),
    ("several_choices", {"at_least": 2, "required": False}, {}, None, []),
    ("several_choices", {"at_least": 2, "required": False}, {"q": ["a"]}, None, ["q"]),
    ("several_choices", {"at_most": None}, {"q": ["a", "b", "c"]}, {"chosen": ["a", "b", "c"]}, []),
    # Scales and grids
    ("scale", {}, {"q": ["0"]}, {"point": 0}, []),
    ("scale", {}, {"q": ["11"]}, None, ["q"]),
    ("scale", {}, {"q": ["07"]}, None, ["q"]),
    ("matrix", {}, {"q-a": ["c"], "q-b": ["a"]}, {"rows": {"a": "c", "b": "a"}}, []),
    ("matrix", {}, {"q-b": ["a"]}, None, ["q-a"]),
    ("matrix", {}, {"q-a": ["x"]}, None, ["q-a", "q-b"]),
    ("matrix", {"required": False}, {"q-b": ["a"]}, {"rows": {"b": "a"}}, []),
    (
        "statements",
        {},
        {"q-a": ["agree"], "q-b": ["dont_know"]},
        {"rows": {"a": "agree", "b": "dont_know"}},
        [],
    ),
    # Texts
    ("short_text", {}, {"q": [" a\r\nb "]}, {"text": "a b"}, []),
    ("long_text", {}, {"q": [" a\r\nb "]}, {"text": "a\nb"}, []),
    ("short_text", {}, {"q": ["x" * 11]}, None, ["q"]),
    # Numbers
    ("number", {}, {"q": ["1,200"]}, {"number": 1200}, []),
    ("number", {}, {"q": ["1 200"]}, {"number": 1200}, []),
    ("number", {}, {"q": ["12 years"]}, {"number": 12}, []),
    ("number", {}, {"q": ["+7"]}, {"number": 7}, []),
    ("number", {}, {"q": ["3.0"]}, {"number": 3}, []),
    ("number", {}, {"q": ["3.5"]}, None, ["q"]),
    ("number", {"whole": False}, {"q": ["3.5"]}, {"number": 3.5}, []),
    ("number", {"whole": False, "least": 0.1}, {"q": ["0.1"]}, {"number": 0.1}, []),
    ("number", {"whole": False}, {"q": ["3,5"]}, None, ["q"]),
    ("number", {"unit": "£"}, {"q": ["£40"]}, {"number": 40}, []),
    ("number", {"least": None}, {"q": ["−40"]}, {"number": -40}, []),
    ("number", {}, {"q": ["5001"]}, None, ["q"]),
    ("number", {}, {"q": ["-1"]}, None, ["q"]),
    ("number", {}, {"q": ["1,20"]}, None, ["q"]),
    ("number", {"most": None}, {"q": ["1" + "0" * 16]}, None, ["q"]),
    # Dates
    ("date", {}, {"q-day": ["1"], "q-month": ["10"], "q-year": ["2027"]}, {"date": "2027-10-01"}, []),
    ("date", {}, {"q-day": ["01"], "q-month": ["Oct."], "q-year": ["2027"]}, {"date": "2027-10-01"}, []),
    ("date", {}, {"q-day": ["29"], "q-month": ["2"], "q-year": ["2027"]}, None, ["q-day"]),
    ("date", {}, {"q-day": ["1"], "q-month": ["13"], "q-year": ["2027"]}, None, ["q-day"]),
    ("date", {}, {"q-day": ["1"], "q-month": ["1"], "q-year": ["27"]}, None, ["q-day"]),
    ("date", {}, {"q-day": ["1"], "q-year": ["2027"]}, None, ["q-month"]),
    ("date", {"required": False}, {"q-day": ["1"]}, None, ["q-month"]),
    ("date", {}, {"q-day": ["31"], "q-month": ["12"], "q-year": ["2026"]}, None, ["q-day"]),
    ("date", {}, {"q-day": ["1"], "q-month": ["1"], "q-year": ["2028"]}, None, ["q-day"]),
    ("date", {}, {"q-day": ["1"], "q-month": ["Ma"], "q-year": ["2027"]}, None, ["q-day"]),
    # What was there before
    ("age_band", {}, {"q": ["b"]}, {"chosen": "b"}, []),
    ("area", {}, {"q-postcode": ["SW1A 1AA"]}, {"area": "E09000033"}, []),
    ("organisation", {}, {"q-name": ["A"], "q-speaks_for": ["0" * 5000]}, None, ["q-speaks_for"]),
    ("organisation", {}, {"q-name": ["A"], "q-speaks_for": ["00000000019999999999"]}, None, ["q-speaks_for"]),
    ("information", {}, {"q": ["typed"]}, None, []),
]


@pytest.mark.parametrize(("kind", "settings", "given", "expected", "wrong"), CASES)
def test_each_kind_keeps_what_it_asked_for_and_says_where_it_was_not_given(
    kind: str, settings: dict[str, Any], given: dict[str, list[str]], expected: Any, wrong: list[str]
) -> None:
    question = ask(kind, **QUESTIONS[kind] | settings)
    reading = question.read(given, 1)
    assert (reading.answer, [problem.field for problem in reading.problems]) == (expected, wrong)
    if expected:
        assert question.read(question.fields(expected), 1).answer == expected or kind == "area"
        assert question.cells(expected).keys() <= {column.key for column in question.columns()}


def fields_of(question: Question) -> list[str]:
    """Return the names that the question's controls have on a page, and one that none has."""
    parts = {
        "priorities_list": ["q", "q-other", *(f"q-rank-{code}" for code in ("a", "b", "c", "other"))],
        "priorities_own_words": [
            f"q-{slot}-{part}" for slot in (1, 2) for part in ("priority", "why", "what")
        ],
        "matrix": ["q-a", "q-b"],
        "statements": ["q-a", "q-b"],
        "date": ["q-day", "q-month", "q-year"],
        "area": ["q", "q-postcode"],
        "organisation": ["q-name", "q-speaks_for", "q-agreed"],
    }
    return [*parts.get(question.kind, ["q"]), "q-nothing"]


HOSTILE = [
    "<script>alert(1)</script>",
    "%s %(row)s {0} {{ 7 * 7 }}",
    "a\x00b\x08",
    "\ud800",
    "‮٣",
    "9" * 5000,
    "-0",
    "1e400",
    "nan",
    "x" * 60_000,
    "\n\n",
    "a,b",
    "None",
]
SETTINGS = [{}, {"required": False}]
KINDS_ASKED = [(kind, extra) for kind in KINDS for extra in SETTINGS] + [("priorities_list", RANKED)]


@pytest.mark.parametrize(("kind", "settings"), KINDS_ASKED)
@pytest.mark.parametrize("values", [[text] for text in HOSTILE] + [HOSTILE, []])
def test_nothing_that_can_be_sent_breaks_a_question(
    kind: str, settings: dict[str, Any], values: list[str]
) -> None:
    question = ask(kind, **QUESTIONS[kind] | settings)
    names = fields_of(question)
    for given in [{name: values} for name in names] + [dict.fromkeys(names, values)]:
        reading = question.read(given, 10**30)
        assert reading.answer is None or not reading.problems
        for problem in reading.problems:
            assert problem.field in names
            assert re.fullmatch(r"[A-Z][^\n]*\.", str(problem.message)), str(problem.message)
        if reading.answer:
            stored = json.dumps(reading.answer, ensure_ascii=False).encode()
            assert b"\\u0000" not in stored
            assert all(str(line.text) for line in question.lines(reading.answer))
            assert set(question.chosen(reading.answer)) <= question.marks.keys()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].asks])
def test_a_blank_answer_is_refused_where_one_is_required_and_kept_nowhere(kind: str) -> None:
    for blank in ({}, {name: [""] for name in fields_of(ask(kind, **QUESTIONS[kind]))}):
        (problem, *_) = ask(kind, **QUESTIONS[kind]).read(blank, 0).problems
        assert problem.field == ask(kind, **QUESTIONS[kind]).first_field
        optional = ask(kind, **QUESTIONS[kind], required=False).read(blank, 0)
        assert (optional.answer, optional.problems) == (None, ())


def test_an_order_reads_back_as_it_was_given() -> None:
    question = ask("priorities_list", **RANKED)
    answer = {"chosen": ["c", "a"], "other": "Dogs", "other_place": 2, "rotation": 0}
    assert question.chosen(answer) == ("c", "other", "a")
    assert str(question.lines(answer)[0].text) == "1. The c\n2. Dogs\n3. The a"
    cells = question.cells(answer)
    assert [cells[f"q-{place}"] for place in (1, 2, 3)] == ["The c", "Something else", "The a"]
    assert cells["q-other"] == "Dogs"


@pytest.mark.parametrize(
    ("kind", "settings", "answer", "amount", "text"),
    [
        ("number", {}, {"number": 1200}, 1200, "1,200 years"),
        ("number", {"unit": "£"}, {"number": 1200}, 1200, "£1,200"),
        ("number", {"unit": "%"}, {"number": 7}, 7, "7%"),
        ("scale", {}, {"point": 10}, 10, "10 (Best)"),
        ("scale", {}, {"point": 3}, 3, "3"),
        ("date", {}, {"date": "2027-10-01"}, None, "1 October 2027"),
        ("several_choices", {}, {"chosen": ["a", "c"]}, None, "The a\nThe c"),
        ("matrix", {}, {"rows": {"a": "c", "b": "a"}}, None, "The a: The c\nThe b: The a"),
        ("statements", {}, {"rows": {"b": "neither"}}, None, "The b: Neither agree nor disagree"),
    ],
)
def test_an_answer_reads_back_in_words(
    kind: str, settings: dict[str, Any], answer: dict[str, Any], amount: float | None, text: str
) -> None:
    question = ask(kind, **QUESTIONS[kind] | settings)
    assert str(question.lines(answer)[0].text) == text
    assert question.amount(answer) == amount
