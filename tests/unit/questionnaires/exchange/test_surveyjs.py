from __future__ import annotations

import json
from typing import Any

import pytest

from engage.foundations.tables.broken import Broken
from engage.questionnaires.definitions import parse
from engage.questionnaires.exchange.report import Imported
from engage.questionnaires.exchange.surveyjs import read_survey
from engage.questionnaires.structure import problems
from tests.factories.exchange import surveyjs


def questions(found: Imported) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for page in found.definition["pages"] for one in page["questions"]}


def left(found: Imported) -> list[str]:
    return [f"{item.where}: {item.what} {item.instead}" for item in found.left_out]


CHOICE = {"type": "radiogroup", "name": "where", "choices": ["home", {"value": "out", "text": "Outside"}]}

KINDS = [
    ({"type": "text", "name": "q"}, "short_text", {}),
    ({"type": "text", "name": "q", "maxLength": 50}, "short_text", {"limit": 50}),
    ({"type": "text", "name": "q", "inputType": "number", "min": 1}, "number", {"least": 1, "whole": False}),
    (
        {"type": "text", "name": "q", "inputType": "date", "min": "2027-01-02"},
        "date",
        {"earliest": "2027-01-02"},
    ),
    ({"type": "comment", "name": "q"}, "long_text", {}),
    ({"type": "radiogroup", "name": "q", "choices": [1, 2]}, "one_choice", {}),
    ({"type": "dropdown", "name": "q", "choices": ["a"]}, "one_choice", {}),
    ({"type": "checkbox", "name": "q", "choices": ["a", "b"]}, "several_choices", {}),
    ({"type": "tagbox", "name": "q", "choices": ["a", "b"]}, "several_choices", {}),
    ({"type": "rating", "name": "q", "rateMax": 10}, "scale", {"low": 1, "high": 10}),
    ({"type": "rating", "name": "q", "rateMax": 100}, "number", {"least": 1, "most": 100}),
    ({"type": "matrix", "name": "q", "columns": ["x"], "rows": ["a"]}, "matrix", {}),
    ({"type": "boolean", "name": "q"}, "one_choice", {}),
    (
        {"type": "ranking", "name": "q", "choices": ["a", "b"]},
        "priorities_list",
        {"ordered": True, "exactly": True},
    ),
]


@pytest.mark.parametrize(("element", "kind", "settings"), KINDS)
def test_every_type_that_has_a_counterpart_becomes_it(
    element: dict[str, Any], kind: str, settings: dict[str, Any]
) -> None:
    found = read_survey(surveyjs(element))
    (question,) = questions(found).values()
    assert question["kind"] == kind
    assert settings.items() <= question.items()
    assert [str(item.where) for item in found.taken] == ["pages[0].elements[0] (q)"]
    assert problems(parse(found.definition)) == ()


def test_limits_on_choices_hold_and_none_excludes_the_others() -> None:
    element = {"type": "checkbox", "name": "q", "choices": ["a", "b", "c"], "hasNone": True}
    found = questions(read_survey(surveyjs(element | {"minSelectedChoices": 2, "maxSelectedChoices": 2})))[
        "q"
    ]
    assert (found["at_least"], found["at_most"], found["none_of"]) == (2, 2, "none")


def test_other_becomes_an_answer_and_a_question_of_its_own() -> None:
    found = read_survey(surveyjs(CHOICE | {"showOtherItem": True, "otherText": "Somewhere else"}))
    assert [one["label"] for one in questions(found)["where"]["options"]] == [
        "home",
        "Outside",
        "Somewhere else",
    ]
    assert questions(found)["where_other"]["kind"] == "short_text"
    assert "It became a question of its own" in left(found)[0]


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("{where} = 'out'", {"question": "where", "has": "out"}),
        ("{where} <> 'out'", {"not": {"question": "where", "has": "out"}}),
        ("{where} notempty", {"question": "where", "answered": True}),
        ("{where} empty", {"not": {"question": "where", "answered": True}}),
        ("{what} contains 'b'", {"question": "what", "has": "b"}),
        ("{what} anyof ['a', 'b']", {"any": [{"question": "what", "has": one} for one in "ab"]}),
        ("{score} >= 3", {"question": "score", "at_least": 3}),
        ("3 <= {score}", {"question": "score", "at_least": 3}),
        (
            "{score} > 3",
            {"all": [{"question": "score", "answered": True}, {"not": {"question": "score", "at_most": 3}}]},
        ),
        ("{grid.a} = 'x'", {"question": "grid", "has": "a:x"}),
        (
            "{where} = 'home' and ({score} = 2 or !({what} contains 'a'))",
            {
                "all": [
                    {"question": "where", "has": "home"},
                    {
                        "any": [
                            {"question": "score", "at_least": 2, "at_most": 2},
                            {"not": {"question": "what", "has": "a"}},
                        ]
                    },
                ]
            },
        ),
    ],
)
def test_conditions_become_data_on_a_later_page(written: str, condition: dict[str, Any]) -> None:
    found = read_survey(
        surveyjs(
            CHOICE,
            {"type": "checkbox", "name": "what", "choices": ["a", "b"]},
            {"type": "rating", "name": "score"},
            {"type": "matrix", "name": "grid", "columns": ["x"], "rows": ["a"]},
            {"type": "comment", "name": "why", "visibleIf": written},
        )
    )
    assert questions(found)["why"]["shown_if"] == condition
    assert [len(page["questions"]) for page in found.definition["pages"]] == [4, 1]
    assert problems(parse(found.definition)) == ()


@pytest.mark.parametrize(
    "written",
    [
        "age({where}) > 3",
        "{nobody} = 1",
        "{where} = 'moon'",
        "{later} = 'a'",
        "{where} = {later}",
        "__import__('os').system('true')",
        "{where} = 'out' and",
        "(" * 100 + "{where} = 'out'" + ")" * 100,
        "{where} + 1 = 2",
    ],
)
def test_a_condition_without_a_counterpart_is_listed_and_evaluated_by_nobody(written: str) -> None:
    found = read_survey(
        surveyjs(
            CHOICE,
            {"type": "comment", "name": "why", "visibleIf": written},
            {"type": "radiogroup", "name": "later", "choices": ["a"]},
        )
    )
    assert "shown_if" not in questions(found)["why"]
    assert any("It is shown to everybody." in line for line in left(found))


def test_panels_are_flattened_under_their_own_condition() -> None:
    inner = {"type": "comment", "name": "why", "visibleIf": "{where} notempty"}
    panel = {
        "type": "panel",
        "name": "p",
        "title": "More",
        "visibleIf": "{where} = 'out'",
        "elements": [inner],
    }
    found = questions(read_survey(surveyjs(CHOICE, panel)))
    outside = {"question": "where", "has": "out"}
    assert found["p"]["kind"] == "information"
    assert found["why"]["shown_if"] == {"all": [outside, {"question": "where", "answered": True}]}


def test_html_is_read_for_its_words_only() -> None:
    html = "<h2>Facts</h2><p onclick='x()'>Two &amp; <b>three</b></p><script>alert(1)</script><img src='http://x'>"
    found = read_survey(surveyjs(CHOICE, {"type": "html", "name": "h", "html": html}))
    block = questions(found)["h"]
    assert (block["label"], block["text"]) == ("Facts", "Two & three")
    assert "img, script" in left(found)[0]


def test_what_cannot_be_represented_is_listed_item_by_item() -> None:
    found = read_survey(
        surveyjs(
            CHOICE | {"choicesOrder": "random", "validators": [{"type": "expression"}]},
            {"type": "file", "name": "f"},
            {"type": "dropdown", "name": "d", "choicesByUrl": {"url": "http://example.test"}},
            {"type": "dropdown", "name": "many", "choices": list(range(101))},
            {"type": "text", "name": "t", "title": "About {where}", "visible": False},
            triggers=[{"type": "complete"}],
        )
    )
    assert set(questions(found)) == {"where"}
    told = "\n".join(left(found))
    for words in (
        "triggers",
        "choicesOrder",
        "validators",
        "“file”",
        "choicesByUrl",
        "more than 100",
        "hidden",
    ):
        assert words in told


def test_texts_in_several_languages_are_read_in_english() -> None:
    title = {"de": "Wo?", "en": "Where?", "default": "Where then?"}
    assert questions(read_survey(surveyjs(CHOICE | {"title": title})))["where"]["label"] == "Where?"


def test_names_that_are_no_codes_become_codes_that_are_not_taken() -> None:
    elements = [{"type": "comment", "name": name} for name in ("Q 1", "q-1", "1", "ticket", "Ärger")]
    found = read_survey(surveyjs(*elements))
    assert list(questions(found)) == ["q_1", "q_1_2", "q_1_3", "ticket_2", "arger"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"{", "line 1"),
        (b"[1]", "no object"),
        (b"{}", "neither pages nor elements"),
        (json.dumps({"pages": {}}).encode(), "pages is not a list"),
        (json.dumps({"pages": [1]}).encode(), "pages[0] is not an object"),
        (surveyjs({"type": "text"}), "pages[0].elements[0] has no name"),
        (surveyjs({"type": 1, "name": "a"}), "pages[0].elements[0].type"),
        (surveyjs({"type": "text", "name": "a", "title": ["x"]}), "pages[0].elements[0] (a).title"),
        (surveyjs(CHOICE | {"choices": ["a", "a"]}), "“a” stands twice"),
        (surveyjs(CHOICE | {"choices": [{"text": "a"}]}), "choices[0] has no value"),
        (surveyjs({"type": "rating", "name": "r", "rateMax": "many"}), "rateMax is not a number"),
        (surveyjs({"type": "html", "name": "h", "html": "<b>x</b>"}), "Nothing in this file can be asked"),
    ],
)
def test_a_broken_file_is_refused_with_its_element(content: bytes, says: str) -> None:
    with pytest.raises(Broken) as refusal:
        read_survey(content)
    assert says in str(refusal.value.message)
