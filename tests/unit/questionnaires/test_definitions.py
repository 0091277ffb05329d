"""A questionnaire as data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engage.questionnaires import shipped
from engage.questionnaires.definitions import digest, parse, read_answers, read_back
from engage.questionnaires.kinds.base import DefinitionError
from tests.factories.questionnaires import AREAS, shipped_definition

PAGE: dict[str, Any] = {
    "code": "one",
    "title": "One",
    "questions": [{"code": "t", "kind": "long_text", "label": "What?"}],
}


def definition(**changes: Any) -> dict[str, Any]:
    return {"title": "T", "minutes": 1, "pages": [PAGE]} | changes


@pytest.mark.parametrize("instrument", shipped.INSTRUMENTS)
def test_every_shipped_instrument_is_a_questionnaire_that_asks_for_priorities_and_place(
    instrument: str,
) -> None:
    codes = {question.code for question in shipped_definition(instrument).questions}
    assert {"priorities", "area"} <= codes


@pytest.mark.parametrize("instrument", ["postcard", "business"])
def test_every_priority_offered_is_one_of_the_framework(instrument: str) -> None:
    framework = {priority["code"] for priority in shipped.read_json(shipped.FRAMEWORK)["priorities"]}
    offered = next(q for q in shipped_definition(instrument).questions if q.code == "priorities")
    assert {option.code for option in offered.options} <= framework  # type: ignore[attr-defined]


def test_every_equality_question_is_optional_and_offers_not_to_say() -> None:
    for question in shipped.equality_block().questions:
        assert not question.required
        assert question.options[-1].code == "undisclosed"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"title": "T", "minutes": 1}, "pages"),
        (definition(pages=[]), "at least one page"),
        (definition(pages=[PAGE | {"code": "check"}]), "check"),
        (definition(pages=[PAGE, PAGE]), "twice"),
        (definition(pages=[PAGE | {"code": "Bad code"}]), "lower-case"),
        (definition(pages=[PAGE | {"questions": [{"code": "q", "kind": "telepathy"}]}]), "telepathy"),
        (definition(pages=[PAGE | {"questions": [{"code": "q", "kind": "long_text"}]}]), "label is missing"),
        (
            definition(pages=[PAGE | {"questions": [{**PAGE["questions"][0], "x": 1}]}]),
            "x is not known",
        ),
    ],
)
def test_a_definition_that_is_no_questionnaire_is_refused_with_what_is_wrong(
    broken: dict[str, Any], says: str
) -> None:
    with pytest.raises(DefinitionError, match=says):
        parse(broken)


def test_the_digest_depends_on_the_words_and_not_on_the_order_of_keys() -> None:
    data = shipped.questionnaire("postcard", AREAS).definition
    shuffled = json.loads(json.dumps(dict(reversed(data.items()))))
    assert digest(shuffled) == digest(data)
    assert digest(data | {"title": "Another"}) != digest(data)


def test_what_was_answered_reads_back_in_the_words_of_the_form() -> None:
    asked = shipped_definition("postcard")
    given = {"priorities": ["asb", "other"], "priorities-other": ["Noise"], "area": ["E09000007"]}
    answers = read_answers(asked.questions, given, 0)
    assert not answers.problems
    lines = [str(line.text) for line in read_back(asked, answers.kept)]
    assert lines == ["Anti-social behaviour\nNoise", "Camden"]
