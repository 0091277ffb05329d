"""Each kind of question, as a truth table of what a browser may send."""

from __future__ import annotations

from typing import Any

import pytest

from engage.questionnaires.kinds.area import AreaQuestion
from engage.questionnaires.kinds.base import Option, Question
from engage.questionnaires.kinds.long_text import LongText
from engage.questionnaires.kinds.one_choice import OneChoice
from engage.questionnaires.kinds.organisation import Organisation
from engage.questionnaires.kinds.priorities_list import PrioritiesList
from engage.questionnaires.kinds.priorities_own_words import PrioritiesOwnWords
from tests.factories.questionnaires import AREAS

CRIMES = tuple(Option(code, code.title()) for code in ("asb", "knife", "drugs", "fraud", "dogs"))
LIST = PrioritiesList(code="p", label="First?", options=CRIMES)
WORDS = PrioritiesOwnWords(code="p", label="First?")
AREA = AreaQuestion(code="area", label="Where?", options=AREAS)
CHOICE = OneChoice(code="age", label="Age?", options=CRIMES[:2], required=False)
TEXT = LongText(code="t", label="What?", limit=10, required=False)
FIRM = Organisation(code="o", label="Firm", name_label="Name", speaks_for_label="For", agreed_label="How")


def outcome(question: Question, given: dict[str, list[str]], rotation: int = 0) -> tuple[Any, list[str]]:
    reading = question.read(given, rotation)
    return reading.answer, [problem.field for problem in reading.problems]


@pytest.mark.parametrize(
    ("given", "expected", "wrong"),
    [
        ({"p": ["asb"]}, {"chosen": ["asb"], "rotation": 2}, []),
        ({"p": ["dogs", "asb", "fraud"]}, {"chosen": ["asb", "fraud", "dogs"], "rotation": 2}, []),
        ({"p": ["asb", "asb", "asb", "asb"]}, {"chosen": ["asb"], "rotation": 2}, []),
        ({"p": ["asb", "knife", "drugs", "fraud"]}, None, ["p"]),
        ({"p": ["asb", "knife", "drugs"], "p-other": ["noise"]}, None, ["p"]),
        (
            {"p": ["asb", "other"], "p-other": [" noise "]},
            {"chosen": ["asb"], "rotation": 2, "other": "noise"},
            [],
        ),
        ({"p-other": ["noise"]}, {"chosen": [], "rotation": 2, "other": "noise"}, []),
        ({"p": ["other"], "p-other": ["  "]}, None, ["p-other"]),
        ({"p": ["asb", "hacked"]}, None, ["p"]),
        ({"p": ["other"], "p-other": ["x" * 201]}, None, ["p-other"]),
        ({}, None, ["p"]),
        ({"p": [""]}, None, ["p"]),
    ],
)
def test_a_list_keeps_at_most_three_whatever_is_sent(
    given: dict[str, list[str]], expected: Any, wrong: list[str]
) -> None:
    assert outcome(LIST, given, rotation=2) == (expected, wrong)


def test_a_list_may_refuse_something_else() -> None:
    closed = PrioritiesList(code="p", label="First?", options=CRIMES, other=False)
    assert outcome(closed, {"p": ["other"], "p-other": ["noise"]}) == (None, ["p"])
    assert outcome(closed, {"p": ["asb"], "p-other": ["noise"]})[0] == {"chosen": ["asb"], "rotation": 0}


def test_each_rotation_shows_every_option_once_from_another_start() -> None:
    shown = [LIST.shown(rotation) for rotation in range(LIST.rotations)]
    assert {order[0].code for order in shown} == {option.code for option in CRIMES}
    assert all(sorted(order, key=str) == sorted(CRIMES, key=str) for order in shown)


@pytest.mark.parametrize(
    ("given", "items", "wrong"),
    [
        ({"p-1-priority": ["Noise"]}, [("Noise", "", "")], []),
        ({"p-1-priority": ["Noise"], "p-1-why": ["a\r\nb"]}, [("Noise", "a\nb", "")], []),
        ({"p-1-priority": ["A"], "p-3-priority": ["C"]}, [("A", "", ""), ("C", "", "")], []),
        ({"p-2-priority": ["B"]}, [("B", "", "")], []),
        ({"p-1-priority": ["A"], "p-4-priority": ["D"]}, [("A", "", "")], []),
        ({"p-1-priority": ["A"], "p-2-why": ["because"]}, None, ["p-2-priority"]),
        ({}, None, ["p-1-priority"]),
        ({"p-1-priority": ["   "]}, None, ["p-1-priority"]),
        ({"p-1-priority": ["A"], "p-1-why": ["x" * 10_000]}, None, ["p-1-why"]),
        ({"p-1-priority": ["A\x00B"]}, [("AB", "", "")], []),
    ],
)
def test_own_words_keep_every_priority_written_and_never_drop_a_reason(
    given: dict[str, list[str]], items: list[tuple[str, str, str]] | None, wrong: list[str]
) -> None:
    expected = items and {
        "items": [dict(zip(("priority", "why", "what"), item, strict=True)) for item in items]
    }
    assert outcome(WORDS, given) == (expected, wrong)


@pytest.mark.parametrize(
    ("given", "area", "wrong"),
    [
        ({"area-postcode": ["NW1 0DB"]}, "E09000007", []),
        ({"area-postcode": ["nw10db"]}, "E09000007", []),
        ({"area": ["E09000003"]}, "E09000003", []),
        ({"area": ["outside"]}, "outside", []),
        ({"area": ["undisclosed"]}, "undisclosed", []),
        ({"area-postcode": ["NW1 0DB"], "area": ["E09000007"]}, "E09000007", []),
        ({"area-postcode": ["NW1 0DB"], "area": ["E09000003"]}, None, ["area-postcode"]),
        ({"area-postcode": ["NW1"]}, None, ["area-postcode"]),
        ({"area-postcode": ["NW1"], "area": ["E09000007"]}, None, ["area-postcode"]),
        ({"area-postcode": ["M1 1AE"]}, None, ["area-postcode"]),
        ({"area-postcode": ["M1 1AE"], "area": ["outside"]}, "outside", []),
        ({"area-postcode": ["Camden"]}, None, ["area-postcode"]),
        ({"area": ["E09000099"]}, None, ["area"]),
        ({}, None, ["area-postcode"]),
    ],
)
def test_a_place_is_decided_by_a_whole_postcode_or_the_list_and_never_guessed(
    given: dict[str, list[str]], area: str | None, wrong: list[str]
) -> None:
    assert outcome(AREA, given) == (area and {"area": area}, wrong)


@pytest.mark.parametrize(
    ("given", "expected", "wrong"),
    [
        ({"o-name": ["Shop"]}, {"name": "Shop", "speaks_for": None, "agreed": ""}, []),
        (
            {"o-name": ["Shop"], "o-speaks_for": ["1,200"]},
            {"name": "Shop", "speaks_for": 1200, "agreed": ""},
            [],
        ),
        ({"o-name": ["Shop"], "o-speaks_for": ["about ten"]}, None, ["o-speaks_for"]),
        ({"o-name": ["Shop"], "o-speaks_for": ["0"]}, None, ["o-speaks_for"]),
        ({"o-name": ["Shop"], "o-speaks_for": ["9" * 5000]}, None, ["o-speaks_for"]),
        ({"o-name": ["Shop"], "o-speaks_for": ["٣"]}, None, ["o-speaks_for"]),
        ({"o-agreed": ["At a meeting"]}, None, ["o-name"]),
    ],
)
def test_an_organisation_says_how_many_it_speaks_for_as_a_whole_number(
    given: dict[str, list[str]], expected: Any, wrong: list[str]
) -> None:
    assert outcome(FIRM, given) == (expected, wrong)


@pytest.mark.parametrize(
    ("question", "given", "expected", "wrong"),
    [
        (CHOICE, {"age": ["knife"]}, {"chosen": "knife"}, []),
        (CHOICE, {}, None, []),
        (CHOICE, {"age": ["100"]}, None, ["age"]),
        (TEXT, {"t": [" short "]}, {"text": "short"}, []),
        (TEXT, {"t": ["x" * 11]}, None, ["t"]),
        (TEXT, {}, None, []),
    ],
)
def test_optional_questions_may_be_left_blank_but_not_answered_wrongly(
    question: Question, given: dict[str, list[str]], expected: Any, wrong: list[str]
) -> None:
    assert outcome(question, given) == (expected, wrong)
