"""What holds of every questionnaire that can be built, and of every answer that it accepts."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from engage.questionnaires.definitions import follow, parse
from engage.questionnaires.kinds.base import Answer, Question
from tests.factories.questionnaires import Fields, Json, all_valid_fields, definitions

SOME = settings(max_examples=60, deadline=None)


@SOME
@given(definitions())
def test_every_questionnaire_is_the_same_after_a_round_through_json(data: Json) -> None:
    definition = parse(data)
    again = json.loads(json.dumps(definition.to_json()))
    assert parse(again) == definition
    assert parse(again).to_json() == again


@st.composite
def answered(draw: st.DrawFn) -> tuple[Json, Fields, int]:
    data = draw(definitions())
    definition = parse(data)
    return data, draw(all_valid_fields(definition)), draw(st.integers(0, definition.rotations - 1))


@SOME
@given(answered())
def test_a_valid_set_of_answers_is_accepted_on_the_way_it_leads(case: tuple[Json, Fields, int]) -> None:
    data, fields, rotation = case
    definition = parse(data)
    route = follow(definition, fields, rotation)
    assert [problem for step in route.steps for problem in step.problems] == []
    on_the_way = {question.code: question for step in route.steps for question in step.questions}
    assert route.kept.keys() <= on_the_way.keys()
    for code, answer in route.kept.items():
        keeps_its_word(on_the_way[code], answer, rotation)


def keeps_its_word(question: Question, answer: Answer, rotation: int) -> None:
    assert json.loads(json.dumps(answer)) == answer
    assert question.lines(answer)
    assert all(str(line.label).strip() and str(line.text).strip() for line in question.lines(answer))
    assert set(question.chosen(answer)) <= question.marks.keys()
    keys = [column.key for column in question.columns()]
    assert len(keys) == len(set(keys))
    assert question.cells(answer).keys() <= set(keys)
    assert all(isinstance(cell, str | int | float) for cell in question.cells(answer).values())
    again = question.read(question.fields(answer), rotation)
    assert (again.answer, again.problems) == (answer, ())
