"""What is different between two versions."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.questionnaires.changes import moved
from engage.questionnaires.conditions import read_condition
from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.differences import conditions_in_words, differences, incompatible

FRUIT = {
    "code": "fruit",
    "kind": "one_choice",
    "label": "Which fruit?",
    "options": [{"code": "a", "label": "Apples"}, {"code": "b", "label": "Bananas", "hint": "Long"}],
}
COUNT = {"code": "count", "kind": "number", "label": "How many?", "required": False, "unit": "boxes"}
GRID = {
    "code": "grid",
    "kind": "statements",
    "label": "Say how much you agree",
    "rows": [{"code": "x", "label": "Pears are sweet"}, {"code": "y", "label": "Figs are dear"}],
}
WHY = {"code": "why", "kind": "long_text", "label": "Why?", "hint": "In short"}
BASE: dict[str, Any] = {
    "title": "Fruit",
    "intro": "Tell us.",
    "minutes": 2,
    "pages": [
        {"code": "one", "title": "First", "questions": [FRUIT, COUNT]},
        {"code": "two", "title": "Second", "intro": "More", "questions": [GRID, WHY]},
        {
            "code": "end",
            "title": "Goodbye",
            "exit": True,
            "questions": [],
            "shown_if": {"question": "fruit", "has": "b"},
        },
    ],
}


def changed(edit: str) -> dict[str, Any]:
    """Return the questionnaire after an edit, written as Python on `d`; `q` finds a question by its code."""
    d = copy.deepcopy(BASE)
    q = {question["code"]: question for page in d["pages"] for question in page.get("questions", ())}
    exec(edit, {"d": d, "q": q, "pages": d["pages"]})
    return d


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("d['title'] = 'Figs'", ["The title was “Fruit” and is now “Figs”."]),
        ("d['intro'] = 'Hm'", ["The introduction has other words."]),
        ("d['minutes'] = 5", ["The minutes it is said to take were 2 and are now 5."]),
        ("pages[0]['title'] = 'Start'", ["Page “First” is now called “Start”."]),
        ("pages[1]['intro'] = ''", ["The introduction of page “Second” has other words."]),
        ("pages[1], pages[0] = pages[:2]", ["Page “First” now comes after “Second”."]),
        ("pages.insert(0, pages.pop())", ["Page “Goodbye” now comes first."]),
        (
            "pages.insert(1, {'code': 'new', 'title': 'New', 'questions': [pages[1]['questions'].pop()]})",
            ["Page “New” is new.", "“Why?” moved from page “Second” to page “New”."],
        ),
        ("pages.pop()", ["Page “Goodbye” is gone."]),
        ("pages[2]['exit'] = False", ["Page “Goodbye” no longer ends the questionnaire."]),
        (
            "pages[2].pop('shown_if')",
            ["“Goodbye” is now always shown. It was shown if “Which fruit?” is “Bananas”."],
        ),
        (
            "pages[2]['shown_if']['has'] = 'a'",
            [
                "“Goodbye” is now shown if “Which fruit?” is “Apples”."
                " It was shown if “Which fruit?” is “Bananas”."
            ],
        ),
        (
            "q['why']['shown_if'] = {'question': 'count', 'at_least': 3}",
            ["“Why?” is now shown only if “How many?” is 3 or more."],
        ),
        ("q['why']['label'] = 'Why so?'", ["“Why?” is now worded “Why so?”."]),
        ("q['why']['hint'] = ''", ["“Why?” no longer has a hint."]),
        ("q['fruit']['hint'] = 'Your favourite'", ["“Which fruit?” now has a hint."]),
        ("q['why']['hint'] = 'At length'", ["The hint of “Why?” has other words."]),
        ("q['why']['required'] = False", ["“Why?” may now be left blank."]),
        ("q['count']['required'] = True", ["“How many?” must now be answered."]),
        ("q['why']['limit'] = 100", ["“Why?”: “The most characters” was 2000 and is now 100."]),
        ("q['count']['most'] = 9", ["“How many?”: “The largest number” was blank and is now 9."]),
        ("q['count']['whole'] = False", ["“How many?”: “Whole numbers only” was yes and is now no."]),
        ("pages[1]['questions'].reverse()", ["“Say how much you agree” has another place on its page."]),
        (
            "pages[0]['questions'].append({'code': 'n', 'kind': 'short_text', 'label': 'New?'})",
            ["“New?” is new, on page “First”."],
        ),
        ("pages[1]['questions'].pop()", ["“Why?” is no longer asked."]),
        ("q['fruit']['options'].reverse()", ["“Which fruit?” lists its answers in another order."]),
        (
            "q['fruit']['options'][0] = {'code': 'c', 'label': 'Cherries'}",
            ["“Which fruit?” no longer offers “Apples”.", "“Which fruit?” now offers “Cherries”."],
        ),
        (
            "q['fruit']['options'][0]['label'] = 'Apple'",
            ["“Apples” of “Which fruit?” is now worded “Apple”."],
        ),
        (
            "q['fruit']['options'][1]['hint'] = 'Yellow'",
            ["The facts beside “Bananas” of “Which fruit?” changed."],
        ),
        (
            "q['grid']['rows'].pop()",
            ["“Say how much you agree” no longer offers “Figs are dear”."],
        ),
        (
            "q['why']['kind'] = 'short_text'",
            ["“Why?” was of the kind “Long text” and is now “Short text”, under the same code."],
        ),
    ],
)
def test_each_change_is_said_in_a_sentence(edit: str, expected: list[str]) -> None:
    changes = differences(parse(BASE), parse(changed(edit)))
    assert [str(change.sentence) for change in changes] == expected


@pytest.mark.parametrize(
    ("edit", "kinds"),
    [
        ("q['why']['kind'] = 'short_text'", ["question_kind"]),
        ("q['fruit']['label'] = 'Which fruit do you dislike?'", ["question_reworded"]),
        ("q['fruit']['options'][0]['label'] = 'Pears'", ["option_reworded"]),
        ("q['grid']['rows'][0]['label'] = 'Pears are not sweet'", ["option_reworded"]),
        ("q['count']['unit'] = 'crates'", ["setting_unit"]),
        ("q['fruit']['label'] = 'Which fruits?'; q['fruit']['options'][0]['label'] = 'apples'", []),
        ("q['fruit']['options'].pop(); q['why']['limit'] = 9; d['title'] = 'X'", []),
    ],
)
def test_what_may_alter_the_meaning_of_earlier_answers_is_marked(edit: str, kinds: list[str]) -> None:
    changes = differences(parse(BASE), parse(changed(edit)))
    assert changes
    assert [change.kind for change in changes if change.alters] == kinds


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("d['title'] = 'Figs'; pages.pop(); q['fruit']['options'].reverse()", []),
        ("q['fruit']['options'][0]['label'] = 'Apple'", []),
        ("q['fruit']['options'][0] = {'code': 'c', 'label': 'Cherries'}", []),
        ("q['why']['kind'] = 'short_text'", [("kind_changed", "two", "why")]),
        ("q['fruit']['options'][0]['label'] = 'Cherries'", [("option_changed", "one", "fruit")]),
        (
            "o = q['fruit']['options']; o[0]['label'], o[1]['label'] = o[1]['label'], o[0]['label']",
            [("option_changed", "one", "fruit")] * 2,
        ),
        ("q['grid']['rows'][1]['label'] = 'Plums cost little'", [("option_changed", "two", "grid")]),
    ],
)
def test_another_kind_or_other_words_under_a_code_in_use_are_refused(
    edit: str, expected: list[tuple[str, str, str]]
) -> None:
    faults = incompatible(parse(BASE), parse(changed(edit)))
    assert [(fault.code, fault.page, fault.question) for fault in faults] == expected


EDITS = st.lists(
    st.sampled_from(
        [
            "d['title'] += '!'",
            "pages.reverse()",
            "pages[0]['questions'].reverse()",
            "pages[0]['title'] += '!'",
            "q['fruit']['options'].append({'code': 'c', 'label': 'Cherries'})",
            "q['fruit']['options'][0]['hint'] = 'Red'",
            "q['grid']['rows'].reverse()",
            "q['count']['least'] = 1",
            "q['why']['shown_if'] = {'question': 'fruit', 'answered': True}",
            "pages[1]['questions'] = [one for one in pages[1]['questions'] if one['code'] != 'grid']",
            "pages[2]['shown_if'] = {'not': {'question': 'fruit', 'has': 'a'}}",
        ]
    ),
    max_size=4,
    unique=True,
)


@given(EDITS, EDITS)
def test_there_are_no_differences_only_between_equals(before: list[str], after: list[str]) -> None:
    one, other = (parse(changed("\n".join(edits))) for edits in (before, after))
    assert (differences(one, other) == ()) is (one == other)


@given(st.permutations("abcdef"), st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_taking_out_what_moved_leaves_the_rest_in_order(
    order: list[str], gone: set[str], new: set[str]
) -> None:
    before = [code for code in "abcdef" if code not in new]
    after = [code for code in order if code not in gone]
    away = set(moved(before, after))
    assert [code for code in before if code in after and code not in away] == [
        code for code in after if code in before and code not in away
    ]
    assert bool(away) is (
        [code for code in before if code in after] != [code for code in after if code in before]
    )


B = {"question": "fruit", "has": "b"}
MANY = {"question": "count", "at_least": 1000}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (B, "“Which fruit?” is “Bananas”"),
        ({"not": B}, "“Which fruit?” is not “Bananas”"),
        ({"not": {"not": B}}, "“Which fruit?” is “Bananas”"),
        ({"question": "fruit", "answered": True}, "“Which fruit?” is answered"),
        ({"not": {"question": "fruit", "answered": True}}, "“Which fruit?” is left blank"),
        ({"question": "fruit", "has": "z"}, "“Which fruit?” is “z”"),
        ({"question": "gone", "has": "z"}, "“gone”, which is not asked, is “z”"),
        ({"not": {"question": "gone", "has": "z"}}, "“gone”, which is not asked, is not “z”"),
        (MANY, "“How many?” is 1,000 or more"),
        ({"question": "count", "at_most": 2.5}, "“How many?” is 2.5 or less"),
        ({"question": "count", "at_least": 1, "at_most": 2}, "“How many?” is from 1 to 2"),
        ({"not": MANY}, "“How many?” is less than 1,000, or is left blank"),
        (
            {"question": "grid", "has": "x:agree"},
            "“Say how much you agree” includes “Pears are sweet: Agree”",
        ),
        ({"all": [B, MANY]}, "“Which fruit?” is “Bananas” and “How many?” is 1,000 or more"),
        (
            {"any": [B, {"all": [MANY, {"not": B}]}]},
            "“Which fruit?” is “Bananas” or"
            " (“How many?” is 1,000 or more and “Which fruit?” is not “Bananas”)",
        ),
        (
            {"not": {"any": [B, MANY]}},
            "“Which fruit?” is not “Bananas” and “How many?” is less than 1,000, or is left blank",
        ),
        ({"all": [{"any": [B]}]}, "“Which fruit?” is “Bananas”"),
        (None, "always"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: Any, words: str) -> None:
    asked: Definition = parse(BASE)
    assert str(conditions_in_words(asked, condition and read_condition(condition))) == words
