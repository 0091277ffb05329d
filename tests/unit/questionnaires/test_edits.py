"""Edits of a definition: each gives a new one, and none gives what is no questionnaire."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.foundations.refusals import Refused
from engage.questionnaires import edits
from engage.questionnaires.arranging import on_one_page, one_question_a_page
from engage.questionnaires.condition_rows import gathered, laid_out
from engage.questionnaires.conditions import Said, read_condition
from engage.questionnaires.definitions import parse
from engage.questionnaires.edits import Json
from engage.questionnaires.forms import tidy


def question(code: str, **more: Any) -> Json:
    return {"code": code, "kind": "long_text", "label": f"About {code}?"} | more


def answered(code: str) -> Json:
    return {"question": code, "answered": True}


def three_pages() -> Json:
    return {
        "title": "Noise",
        "intro": "",
        "minutes": 3,
        "pages": [
            {"code": "one", "title": "One", "intro": "First.", "questions": [question("a"), question("b")]},
            {
                "code": "two",
                "title": "Two",
                "intro": "Second.",
                "questions": [question("c", shown_if={"question": "a", "answered": True})],
            },
            {
                "code": "out",
                "title": "Out",
                "exit": True,
                "shown_if": {"not": {"question": "b", "answered": True}},
            },
        ],
    }


def codes(definition: Json) -> dict[str, list[str]]:
    return {page["code"]: [one["code"] for one in page.get("questions", [])] for page in definition["pages"]}


def test_a_blank_questionnaire_can_be_read() -> None:
    assert parse(edits.blank("Noise")).pages[0].title == "Noise"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("How loud was it?", "how_loud_was_it"),
        ("What’s the café’s name?", "whats_the_cafes_name"),
        ("3 things", "things"),
        ("東京", "question"),
        ("", "question"),
        ("taken", "taken_3"),
        ("Which of these have you seen in your street this year", "which_of_these_have_you_seen_in"),
        ("x" * 10_000, "x" * 32),
    ],
)
def test_a_code_is_made_from_words(words: str, code: str) -> None:
    assert edits.code_from(words, {"taken", "taken_2"}, "question") == code


def test_an_edit_leaves_what_it_was_given() -> None:
    before = three_pages()
    kept = deepcopy(before)
    edits.describe(before, title="X", intro="Y", minutes=9)
    edits.add_page(before, title="X", intro="")
    edits.change_page(before, "one", title="X", intro="")
    edits.move_page(before, "one", 1)
    edits.remove_page(before, "one")
    edits.add_question(before, "one", question("d"))
    edits.change_question(before, "a", question("z"))
    edits.move_question(before, "b", 1)
    edits.place_question(before, "a", "two")
    edits.remove_question(before, "a")
    edits.show_page_if(before, "two", None)
    edits.show_question_if(before, "c", None)
    one_question_a_page(before)
    assert before == kept


def test_a_page_is_added_with_a_code_of_its_own() -> None:
    after, code = edits.add_page(three_pages(), title="Check", intro="", is_exit=True)
    assert code == "check_2"
    assert after["pages"][-1]["exit"] is True
    again, code = edits.add_page(after, title="One", intro="")
    assert code == "one_2"
    assert "exit" not in again["pages"][-1]


def test_a_page_moves_as_far_as_there_are_places() -> None:
    order = [list(codes(edits.move_page(three_pages(), "two", places))) for places in (-9, -1, 0, 1, 9)]
    assert order == [
        ["two", "one", "out"],
        ["two", "one", "out"],
        ["one", "two", "out"],
        ["one", "out", "two"],
        ["one", "out", "two"],
    ]


@pytest.mark.parametrize(
    ("code", "step", "after"),
    [
        ("a", -1, {"one": ["a", "b"], "two": ["c"]}),
        ("a", 1, {"one": ["b", "a"], "two": ["c"]}),
        ("b", 1, {"one": ["a"], "two": ["b", "c"]}),
        ("c", -1, {"one": ["a", "b", "c"], "two": []}),
        ("c", 1, {"one": ["a", "b"], "two": ["c"]}),
    ],
)
def test_a_question_moves_within_its_page_and_over_the_edge_to_the_next_that_asks(
    code: str, step: int, after: dict[str, list[str]]
) -> None:
    assert codes(edits.move_question(three_pages(), code, step)) == after | {"out": []}


def test_a_question_that_gets_another_code_keeps_what_hangs_on_it() -> None:
    after = edits.change_question(three_pages(), "a", question("heard", label="Heard?"))
    assert edits.find_question(after, "c") == (after["pages"][1], after["pages"][1]["questions"][0])
    assert after["pages"][1]["questions"][0]["shown_if"] == {"question": "heard", "answered": True}
    assert after["pages"][2]["shown_if"] == {"not": {"question": "b", "answered": True}}


def test_a_changed_question_keeps_when_it_is_shown() -> None:
    after = edits.change_question(three_pages(), "c", question("c", label="Changed", shown_if={"x": 1}))
    assert after["pages"][1]["questions"][0]["label"] == "Changed"
    assert after["pages"][1]["questions"][0]["shown_if"] == {"question": "a", "answered": True}


def test_what_hangs_on_an_answer_is_found() -> None:
    assert [one["code"] for one in edits.depending_on(three_pages(), {"a"})] == ["c"]
    assert [one["code"] for one in edits.depending_on(three_pages(), {"b"})] == ["out"]
    assert edits.depending_on(three_pages(), {"c"}) == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda one: edits.add_question(one, "out", question("d")),
        lambda one: edits.place_question(one, "a", "out"),
        lambda one: edits.remove_page(edits.remove_page(edits.remove_page(one, "one"), "two"), "out"),
        on_one_page,
    ],
)
def test_what_cannot_be_is_refused(edit: Any) -> None:
    with pytest.raises(Refused):
        edit(three_pages())


@pytest.mark.parametrize(
    "edit",
    [
        lambda one: edits.change_page(one, "none", title="", intro=""),
        lambda one: edits.remove_question(one, "none"),
    ],
)
def test_what_is_not_there_is_a_mistake_of_the_caller(edit: Any) -> None:
    with pytest.raises(LookupError):
        edit(three_pages())


def test_one_question_a_page_keeps_order_words_and_conditions() -> None:
    before = three_pages()
    before["pages"][0]["questions"].insert(1, {"code": "facts", "kind": "information", "label": "Facts"})
    before["pages"][0]["shown_if"] = {"question": "x", "answered": True}
    after = one_question_a_page(before)
    assert codes(after) == {"one": ["a"], "b": ["facts", "b"], "two": ["c"], "out": []}
    assert [page["title"] for page in after["pages"]] == ["One", "About b?", "Two", "Out"]
    assert [page.get("intro") for page in after["pages"]] == ["First.", "", "Second.", None]
    assert after["pages"][1]["shown_if"] == {"question": "x", "answered": True}
    assert one_question_a_page(after) == after


def test_a_single_page_has_all_questions_and_all_words() -> None:
    before = edits.remove_page(edits.show_question_if(three_pages(), "c", None), "out")
    after = on_one_page(before)
    assert codes(after) == {"one": ["a", "b", "c"]}
    assert after["pages"][0]["intro"] == "First.\n\nSecond."


CODES, MARKS = st.sampled_from("abc"), st.sampled_from("xy")
LIMITS, JOINS = st.sampled_from(["at_least", "at_most"]), st.sampled_from(["all", "any"])
NUMBERS = st.one_of(st.integers(-99, 99), st.sampled_from([0.5, 2.25]))
LEAVES = st.one_of(
    st.builds(lambda code, mark: {"question": code, "has": mark}, CODES, MARKS),
    st.builds(answered, CODES),
    st.builds(lambda code, name, number: {"question": code, name: number}, CODES, LIMITS, NUMBERS),
    st.builds(lambda code: {"question": code, "at_least": 1, "at_most": 3}, CODES),
)


def _nested(parts: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.one_of(
        st.builds(lambda part: {"not": part}, parts),
        st.builds(lambda join, found: {join: found}, JOINS, st.lists(parts, min_size=1, max_size=3)),
    )


CONDITIONS = st.recursive(LEAVES, _nested, max_leaves=6)
ANSWERS = st.dictionaries(CODES, st.tuples(MARKS, st.integers(-1, 5)))


@given(CONDITIONS, ANSWERS)
def test_a_condition_laid_out_in_rows_means_the_same(
    condition: Json, answers: dict[str, tuple[str, int]]
) -> None:
    laid = laid_out(condition)
    if laid is None:
        return
    again = gathered(laid)
    assert again is not None

    def said(code: str) -> Said | None:
        return Said(frozenset(answers[code][0]), answers[code][1]) if code in answers else None

    assert read_condition(again).holds(said) == read_condition(condition).holds(said)


BETWEEN = {"question": "a", "at_least": 1, "at_most": 2}


@pytest.mark.parametrize(
    "condition",
    [
        {"not": {"all": [answered("a")]}},
        {"all": [{"any": [{"all": [answered("a")]}]}]},
        {"any": [BETWEEN, {"not": BETWEEN}]},
    ],
)
def test_what_is_deeper_than_rows_is_not_laid_out(condition: Json) -> None:
    assert laid_out(condition) is None


PLACES = st.integers(0, 30)
ON_PAGES = ["page", "exit", "rename", "move", "drop", "ask", "if", "one", "each"]
ON_QUESTIONS = ["recode", "shift", "place", "unask", "ifq"]
KEEPS_QUESTIONS = {"page", "exit", "rename", "move", "if", "one", "each", "shift", "place", "ifq"}
# What is typed has passed the forms.
WORDS = st.text(max_size=50).map(tidy)
STEPS = st.tuples(st.sampled_from(ON_PAGES + ON_QUESTIONS), PLACES, PLACES, WORDS, CONDITIONS)


def _edited(definition: Json, step: tuple[str, int, int, str, Json]) -> Json:
    """Do one step to whichever page and question its numbers lead to."""
    what, first, second, words, condition = step
    pages = definition["pages"]
    page = pages[first % len(pages)]["code"]
    asked = sorted(edits.question_codes(definition))
    one = asked[second % len(asked)] if asked else None
    way = 1 if second % 2 else -1
    code = edits.code_from(words, asked, "question")
    on_pages: dict[str, Callable[[], Json]] = {
        "page": lambda: edits.add_page(definition, title=words, intro=words)[0],
        "exit": lambda: edits.add_page(definition, title=words, intro="", is_exit=True)[0],
        "rename": lambda: edits.change_page(definition, page, title=words, intro=words),
        "move": lambda: edits.move_page(definition, page, way),
        "drop": lambda: edits.remove_page(definition, page),
        "ask": lambda: edits.add_question(definition, page, question(code, label=f"Q {words}")),
        "if": lambda: edits.show_page_if(definition, page, condition if second else None),
        "one": lambda: on_one_page(definition),
        "each": lambda: one_question_a_page(definition),
    }
    if what in on_pages:
        return on_pages[what]()
    if one is None:
        return definition
    on_questions: dict[str, Callable[[], Json]] = {
        "recode": lambda: edits.change_question(definition, one, question(code, label=f"Q {words}")),
        "shift": lambda: edits.move_question(definition, one, way),
        "place": lambda: edits.place_question(definition, one, page),
        "unask": lambda: edits.remove_question(definition, one),
        "ifq": lambda: edits.show_question_if(definition, one, condition if first else None),
    }
    return on_questions[what]()


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_whatever_is_edited_stays_a_questionnaire(steps: list[Any]) -> None:
    definition = edits.blank("Noise")
    for step in steps:
        before = edits.question_codes(definition)
        try:
            definition = _edited(definition, step)
        except Refused:
            continue
        parse(definition)
        if step[0] in KEEPS_QUESTIONS:
            assert edits.question_codes(definition) == before
