from __future__ import annotations

from typing import Any

import pytest

from engage.foundations.tables.broken import Broken
from engage.questionnaires.definitions import parse
from engage.questionnaires.exchange.limesurvey import read_survey
from engage.questionnaires.exchange.report import Imported
from engage.questionnaires.structure import problems
from tests.factories.exchange import lss, small_lss

Row = dict[str, Any]


def questions(found: Imported) -> dict[str, Row]:
    return {one["code"]: one for page in found.definition["pages"] for one in page["questions"]}


def left(found: Imported) -> str:
    return "\n".join(f"{item.where}: {item.what} {item.instead}" for item in found.left_out)


def answers(qid: int, *codes: str) -> list[Row]:
    return [
        {
            "qid": qid,
            "code": code,
            "answer": f"Answer {code}",
            "sortorder": place,
            "language": "en",
            "scale_id": 0,
        }
        for place, code in enumerate(codes)
    ]


def parts(qid: int, *titles: str) -> list[Row]:
    return [
        {"qid": qid * 100 + place, "parent_qid": qid, "title": title, "question": f"Part {title}"}
        | {"question_order": place, "language": "en"}
        for place, title in enumerate(titles)
    ]


def attribute(qid: int, name: str, value: Any) -> Row:
    return {"qid": qid, "attribute": name, "value": value}


@pytest.mark.parametrize(
    ("kind", "became", "settings"),
    [
        ("L", "one_choice", {}),
        ("!", "one_choice", {}),
        ("Y", "one_choice", {}),
        ("G", "one_choice", {}),
        ("M", "several_choices", {}),
        ("P", "several_choices", {}),
        ("S", "short_text", {}),
        ("T", "long_text", {}),
        ("U", "long_text", {}),
        ("N", "number", {"whole": False}),
        ("D", "date", {}),
        ("5", "scale", {"low": 1, "high": 5}),
        ("F", "matrix", {}),
        ("H", "matrix", {}),
        ("A", "matrix", {}),
        ("B", "matrix", {}),
        ("C", "matrix", {}),
        ("E", "matrix", {}),
        ("R", "priorities_list", {"ordered": True, "exactly": True}),
    ],
)
def test_every_type_that_has_a_counterpart_becomes_it(kind: str, became: str, settings: Row) -> None:
    question = {"title": "Q1", "type": kind, "question": "<p>What?</p>", "help": "Say", "mandatory": "Y"}
    found = read_survey(
        small_lss(question, answers=answers(1, "A1", "A2"), subquestions=parts(1, "SQ1", "SQ2"))
    )
    asked = questions(found)["q1"]
    assert asked["kind"] == became
    assert settings.items() <= asked.items()
    assert (asked["label"], asked["hint"], asked["required"]) == ("What?", "Say", True)
    assert problems(parse(found.definition)) == ()


def test_several_numbers_or_texts_become_questions_of_their_own() -> None:
    numbers = {"title": "K1", "type": "K", "question": "How many?"}
    texts = {"title": "T1", "type": "Q", "question": "Who?"}
    found = read_survey(small_lss(numbers, texts, subquestions=[*parts(1, "a", "b"), *parts(2, "c")]))
    assert {code: one["kind"] for code, one in questions(found).items()} == {
        "k1_a": "number",
        "k1_b": "number",
        "t1_c": "short_text",
    }
    assert questions(found)["k1_a"]["label"] == "How many?: Part a"


def test_attributes_set_limits() -> None:
    found = read_survey(
        small_lss(
            {"title": "M1", "type": "M", "question": "Which?"},
            {"title": "N1", "type": "N", "question": "How many?"},
            {"title": "R1", "type": "R", "question": "Order?"},
            {"title": "H1", "type": "S", "question": "Hidden?"},
            subquestions=parts(1, "a", "b", "none"),
            answers=answers(3, "x", "y", "z"),
            question_attributes=[
                attribute(1, "max_answers", 1),
                attribute(1, "exclude_all_others", "none"),
                attribute(2, "min_num_value_n", 1),
                attribute(2, "max_num_value_n", 9),
                attribute(2, "num_value_int_only", 1),
                attribute(2, "suffix", "dogs"),
                attribute(3, "max_subquestions", 2),
                attribute(4, "hidden", 1),
            ],
        )
    )
    asked = questions(found)
    assert (asked["m1"]["at_most"], asked["m1"]["none_of"]) == (1, "none")
    assert {"least": 1, "most": 9, "whole": True, "unit": "dogs"}.items() <= asked["n1"].items()
    assert (asked["r1"]["at_most"], asked["r1"].get("exactly")) == (2, None)
    assert "h1" not in asked
    assert "hidden" in left(found)


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ('((L1.NAOK == "A1"))', {"question": "l1", "has": "a1"}),
        ("L1.NAOK != 'A1'", {"not": {"question": "l1", "has": "a1"}}),
        ('M1_SQ1.NAOK == "Y"', {"question": "m1", "has": "sq1"}),
        ('M1_SQ1 != "Y"', {"not": {"question": "m1", "has": "sq1"}}),
        ('F1_R1.NAOK eq "1"', {"question": "f1", "has": "r1:1"}),
        ("!is_empty(L1.NAOK)", {"question": "l1", "answered": True}),
        (
            "N1.NAOK >= 2 && 9X1X1.NAOK == 'A2'",
            {"all": [{"question": "n1", "at_least": 2}, {"question": "l1", "has": "a2"}]},
        ),
    ],
)
def test_relevance_becomes_data(written: str, condition: Row) -> None:
    found = read_survey(
        small_lss(
            {"title": "L1", "type": "L", "question": "One?", "relevance": "1"},
            {"title": "M1", "type": "M", "question": "Several?"},
            {"title": "F1", "type": "F", "question": "Grid?"},
            {"title": "N1", "type": "N", "question": "Number?"},
            {"title": "W1", "type": "T", "question": "Why?", "relevance": written},
            answers=[*answers(1, "A1", "A2"), *answers(3, "1", "2")],
            subquestions=[*parts(2, "SQ1", "SQ2"), *parts(3, "R1", "R2")],
        )
    )
    assert questions(found)["w1"]["shown_if"] == condition
    assert "shown_if" not in questions(found)["l1"]
    assert problems(parse(found.definition)) == ()


def test_words_in_tables_of_their_own_are_joined_in_english() -> None:
    found = read_survey(
        lss(
            surveys_languagesettings=[
                {"surveyls_language": "de", "surveyls_title": "Lärm"},
                {
                    "surveyls_language": "en",
                    "surveyls_title": "Noise",
                    "surveyls_welcometext": "<b>Hello</b>",
                },
            ],
            groups=[{"gid": 1, "group_order": 1}],
            group_l10ns=[
                {"id": 1, "gid": 1, "group_name": "Eins", "language": "de"},
                {"id": 2, "gid": 1, "group_name": "One", "language": "en"},
            ],
            questions=[{"qid": 1, "gid": 1, "type": "L", "title": "Q1", "parent_qid": 0}],
            question_l10ns=[
                {"id": 1, "qid": 1, "question": "Wie?", "language": "de"},
                {"id": 2, "qid": 1, "question": "How?", "language": "en"},
            ],
            answers=[{"aid": 7, "qid": 1, "code": "A1", "scale_id": 0}],
            answer_l10ns=[{"id": 1, "aid": 7, "answer": "Well", "language": "en"}],
        )
    )
    assert (found.title, found.definition["intro"]) == ("Noise", "Hello")
    assert found.definition["pages"][0]["title"] == "One"
    assert questions(found)["q1"]["label"] == "How?"
    assert questions(found)["q1"]["options"] == [{"code": "a1", "label": "Well"}]
    assert "other languages: de" in left(found)


def test_what_cannot_be_represented_is_listed_item_by_item() -> None:
    found = read_survey(
        small_lss(
            {"title": "Q1", "type": "L", "question": "Hello {TOKEN:FIRSTNAME}", "other": "Y"},
            {"title": "Q2", "type": "|", "question": "File?"},
            {"title": "Q3", "type": "*", "question": "{1+1}"},
            {"title": "Q4", "type": "O", "question": "One?", "relevance": "rand(1, 2) == 1", "preg": "/a/"},
            {"title": "Q5", "type": "L", "question": "No answers?"},
            answers=[*answers(1, "A1"), *answers(4, "A1")],
            quota=[{"id": 1}],
        )
    )
    assert set(questions(found)) == {"q1", "q1_other", "q4", "q4_comment"}
    for words in ("TOKEN", "type “|”", "type “*”", "rand", "pattern", "comment", "Quotas", "without a list"):
        assert words in left(found)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<document>", "line 1"),
        (b"<html></html>", "no LimeSurvey survey"),
        (b"<document><LimeSurveyDocType>Question</LimeSurveyDocType></document>", "no LimeSurvey survey"),
        (lss(groups=[{"gid": 1}]), "no groups or no questions"),
        (small_lss({"type": "S", "question": "?"}), "question 1 has no code"),
        (small_lss({"title": "a", "type": "S"}, {"title": "a", "type": "S"}), "<title> “a” stands twice"),
        (small_lss({"title": "a", "type": "S", "gid": 7}), "names a group"),
        (small_lss({"title": "a", "type": "L"}, answers=answers(1, "x", "x")), "“x” stands twice"),
        (small_lss({"title": "a", "type": "L"}, answers=answers(1, "")), "has no code"),
        (small_lss({"title": "a", "type": "X", "question": "Hello"}), "Nothing in this file can be asked"),
    ],
)
def test_a_broken_file_is_refused_with_its_element(content: bytes, says: str) -> None:
    with pytest.raises(Broken) as refusal:
        read_survey(content)
    assert says in str(refusal.value.message)
