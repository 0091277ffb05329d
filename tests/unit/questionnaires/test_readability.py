"""What makes a questionnaire hard to answer."""

from __future__ import annotations

from typing import Any

import pytest

from engage.questionnaires import shipped
from engage.questionnaires.definitions import parse
from engage.questionnaires.double import asks_twice, judges_twice
from engage.questionnaires.readability import advise, estimated_minutes
from engage.questionnaires.readability_of_questions import question_advice
from tests.factories.questionnaires import shipped_definition

NOTICE = "We keep your answers. We do not keep your name."
OPTIONS = [{"code": "a", "label": "Apples"}, {"code": "b", "label": "Bees"}]
TEXT = {"code": "t", "kind": "long_text", "label": "What do you think?"}
HARD = (
    "The authority's deliberations regarding neighbourhood accountability arrangements necessitate"
    " comprehensive consideration of organisational responsibilities. Participating organisations appreciate"
    " transparency. Communication facilitates understanding. Opportunities for participation materially"
    " influence institutional priorities. Accountability requires information."
)


def choice(code: str = "q", kind: str = "one_choice", **changes: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "label": f"Which {code}?", "options": OPTIONS} | changes


def facts(text: str) -> dict[str, Any]:
    return {"code": "facts", "kind": "information", "label": "Facts", "text": text}


def questionnaire(*pages: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    shown = [{"code": f"p{place}", "title": "Page", "questions": page} for place, page in enumerate(pages)]
    return {"title": "T", "minutes": 1, "pages": shown} | changes


def found(*pages: list[dict[str, Any]], notice: str = NOTICE, **changes: Any) -> list[tuple[Any, ...]]:
    advice = advise(parse(questionnaire(*pages, **changes)), notice)
    return [(one.code, one.page, one.question) for one in advice]


@pytest.mark.parametrize(
    ("label", "twice"),
    [
        ("How often do you see officers and how satisfied are you with them?", True),
        ("Do you feel safe, and why?", True),
        ("Have you reported a crime? If so, what happened?", True),
        ("Do you know your ward officers or do you know how to find them?", True),
        ("What has stopped and why did it stop?", True),
        ("Where do you live or work?", False),
        ("What should the police and the council put first?", False),
        ("Which of theft of and from cars worries you?", False),
        ("Do you have a physical or mental health condition or illness lasting 12 months or more?", False),
        ("When and where did it happen?", True),
        ("Who else should be asked, and who not?", False),
        ("Is the gender you identify with the same as your sex registered at birth?", False),
        ("What is good and what is bad?", True),
        ("Have you been stopped and searched?", False),
        ("What could we do better?", False),
        ("Whatever you think, say it", False),
    ],
)
def test_a_question_that_asks_twice_is_told_from_one_that_lists(label: str, twice: bool) -> None:
    assert asks_twice(label) is twice


@pytest.mark.parametrize(
    ("label", "twice"),
    [
        ("The police are polite and helpful", True),
        ("Officers are easy to find and quick to come", False),
        ("How safe and welcome do you feel here?", True),
        ("The police listen to people and act on what they say", True),
        ("The police and the council deal with litter", True),
        ("Your local council and police are there for you", True),
        ("Officers deal with violence against women and girls", False),
        ("I feel safe by day and night", False),
        ("The police treat men and women alike", False),
        ("I have trust and confidence in the police", False),
        ("Officers deal with theft and robbery", False),
        ("The police are fair", False),
        ("Officers can be found in or near the market", False),
        ("Stop and search is used fairly", False),
        ("The Mayor’s Office for Policing and Crime listens", False),
        ("Crime and disorder have fallen", False),
    ],
)
def test_a_statement_that_says_two_things_is_told_from_one_that_names_two(label: str, twice: bool) -> None:
    assert judges_twice(label) is twice


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (choice(), []),
        (choice(label="Do you agree that dogs bite?"), ["leading_words"]),
        (choice(label="Don’t you think dogs bite?"), ["leading_words"]),
        (choice(label="Which is clearly best?"), ["leading_words"]),
        (choice(label="Which dogs are best?"), []),
        (choice(label="Which and why?"), ["double_question"]),
        (choice(label="Which are polite and helpful"), []),
        ({"code": "s", "kind": "scale", "label": "How polite and helpful are they?"}, ["double_question"]),
        (
            {
                "code": "s",
                "kind": "statements",
                "label": "Say how much you agree",
                "rows": [
                    {"code": "x", "label": "They listen and act"},
                    {"code": "y", "label": "They listen"},
                    {"code": "z", "label": "Of course they listen"},
                ],
            },
            ["double_question", "leading_words"],
        ),
        (choice(options=[*OPTIONS, {"code": "c", "label": "Other"}]), ["unlabelled_other"]),
        (choice(options=[*OPTIONS, {"code": "c", "label": "Other (please specify)"}]), ["unlabelled_other"]),
        (
            choice("q", "several_choices", options=[*OPTIONS, {"code": "c", "label": "Something else"}]),
            ["unlabelled_other"],
        ),
        (choice(options=[*OPTIONS, {"code": "c", "label": "Other ethnic group"}]), []),
        (choice(options=[*OPTIONS, {"code": "c", "label": "Another borough"}]), []),
        (choice(options=[{"code": f"o{n}", "label": "zyxwvutsrqp"[n]} for n in range(11)]), ["fixed_order"]),
        (choice(options=[{"code": f"o{n}", "label": "zyxwvutsrqp"[n]} for n in range(10)]), []),
        (choice(options=[{"code": f"o{n}", "label": "abcdefghijk"[n]} for n in range(11)]), []),
        (choice(options=[{"code": f"o{n}", "label": f"{9 - n} years"} for n in range(11)]), []),
        (
            choice(
                kind="age_band", options=[{"code": f"o{n}", "label": "zyxwvutsrqp"[n]} for n in range(11)]
            ),
            [],
        ),
        (choice(kind="priorities_list", at_most=1), ["missing_facts"]),
        (
            choice(kind="priorities_list", at_most=1, options=[OPTIONS[0] | {"hint": "Red"}, OPTIONS[1]]),
            ["missing_facts"],
        ),
        (
            choice(kind="priorities_list", at_most=1, options=[one | {"hint": "Sweet"} for one in OPTIONS]),
            [],
        ),
        (facts("Surely?"), []),
    ],
)
def test_each_question_is_advised_on_by_itself(question: dict[str, Any], expected: list[str]) -> None:
    assert [one.code for one in question_advice(parse(questionnaire([question])))] == expected


def test_facts_before_a_list_of_priorities_are_enough_and_after_it_are_not() -> None:
    priorities = choice("p", "priorities_list", at_most=1)
    assert found([facts("Bees sting.")], [priorities]) == []
    assert found([facts("Bees sting."), priorities]) == []
    assert found([priorities], [facts("Bees sting.")]) == [("missing_facts", "p0", "p")]


def test_other_is_labelled_where_those_who_choose_it_are_asked_what() -> None:
    other = choice(options=[*OPTIONS, {"code": "c", "label": "Other"}])
    chosen = {"question": "q", "has": "c"}
    assert found([other], [TEXT | {"shown_if": chosen}]) == []
    assert found([other], [TEXT | {"shown_if": {"question": "q", "has": "a"}}]) == [
        ("unlabelled_other", "p0", "q")
    ]


def test_an_acronym_is_advised_on_once_where_it_first_stands() -> None:
    assert found([TEXT | {"hint": "About ASB"}], [choice(label="Which ASB?")]) == [("acronym", "p0", "t")]
    assert found([TEXT | {"hint": "About anti-social behaviour (ASB)"}], [choice(label="Which ASB?")]) == []
    assert found([choice(options=[*OPTIONS, {"code": "c", "label": "BTP"}])]) == [("acronym", "p0", "q")]
    assert found([TEXT], notice="The ICO can help.") == [("acronym", None, None)]
    assert found([TEXT], intro="For ASB", notice="ASB again") == [("acronym", None, None)]


def test_long_sentences_are_found_wherever_they_stand() -> None:
    long = " ".join(["dog"] * 26)
    assert found([TEXT | {"hint": long}], intro=long, notice=long) == [
        ("long_sentence", None, None),
        ("long_sentence", "p0", "t"),
        ("long_sentence", None, None),
    ]


def test_hard_words_are_advised_on_as_a_whole_or_where_they_stand() -> None:
    assert found([TEXT], intro=HARD) == [("reading_level", None, None)]
    easy = "The dog sat on the mat. " * 60
    assert ("reading_level", "p0", "facts") in found([facts(HARD), TEXT], intro=easy, minutes=3)
    assert found([TEXT], notice=HARD) == [("reading_level", None, None)]
    # Too few words to tell.
    assert found([TEXT], intro=HARD.split(".")[0]) == []


@pytest.mark.parametrize(
    ("minutes", "advised"), [(1, True), (3, True), (4, False), (6, False), (9, False), (10, True)]
)
def test_stated_minutes_are_advised_on_where_they_are_far_from_likely(minutes: int, advised: bool) -> None:
    own_words = {"code": "p", "kind": "priorities_own_words", "label": "Your priorities"}
    assert estimated_minutes(parse(questionnaire([own_words]))) == 6
    assert found([own_words], minutes=minutes) == ([("minutes", None, None)] if advised else [])


def test_the_likely_minutes_are_those_of_the_longest_way() -> None:
    asked = [choice()]
    branches = [[TEXT | {"code": code, "shown_if": {"question": "q", "has": code}}] for code in "ab"]
    both = [[TEXT | {"code": code}] for code in "ab"]
    assert estimated_minutes(parse(questionnaire(asked, *branches))) == 2
    assert estimated_minutes(parse(questionnaire(asked, *both))) == 4


def test_what_may_be_left_blank_takes_less_time() -> None:
    texts = [TEXT | {"code": f"t{place}"} for place in range(4)]
    optional = [text | {"required": False} for text in texts]
    assert estimated_minutes(parse(questionnaire(texts))) == 7
    assert estimated_minutes(parse(questionnaire(optional))) == 4


def test_the_privacy_notice_that_ships_needs_no_advice() -> None:
    assert found([TEXT], notice=shipped.privacy_notice()) == []


def test_a_missing_privacy_notice_is_advised_on() -> None:
    assert found([TEXT], notice=" ") == [("privacy_notice", None, None)]


@pytest.mark.parametrize(
    ("instrument", "codes"),
    [("full", []), ("postcard", ["missing_facts"]), ("business", ["missing_facts"])],
)
def test_the_shipped_instruments_are_nearly_clean(instrument: str, codes: list[str]) -> None:
    advice = advise(shipped_definition(instrument), NOTICE)
    assert [one.code for one in advice] == codes


def test_nothing_is_wrong_with_the_equality_questions() -> None:
    asked = [
        {
            "code": one.code,
            "kind": one.kind,
            "label": one.label,
            "options": [
                {"code": option.code, "label": option.label}
                for option in one.options  # type: ignore[attr-defined]
            ],
        }
        for one in shipped.equality_block().questions
    ]
    # Their order is that of the national standard, whatever it is.
    assert [each for each in found(asked) if each[0] != "fixed_order"] == []


def test_all_advice_says_what_to_do_in_whole_sentences() -> None:
    everything = [
        choice(label="Surely ASB is bad and why?", options=[*OPTIONS, {"code": "c", "label": "Other"}]),
        choice("p", "priorities_list", at_most=1),
    ]
    advice = advise(parse(questionnaire(everything, minutes=60)), "")
    assert len({one.code for one in advice}) == 7
    for one in advice:
        assert str(one.sentence)[-1] == str(one.fix)[-1] == "."
