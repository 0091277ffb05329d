from __future__ import annotations

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from engage.analysis.answer_tables import show
from engage.analysis.answers import count_said
from engage.analysis.parquet import connect
from engage.questionnaires.definitions import Definition, follow, parse
from engage.questionnaires.kinds.base import Answer
from tests.factories.questionnaires import Json, all_valid_fields, definitions

VERSION, ANOTHER = 4, 5


@st.composite
def responses(draw: st.DrawFn) -> tuple[Json, list[dict[str, Answer]]]:
    """A questionnaire with what some people answered to it, along their ways."""
    data = draw(definitions())
    definition = parse(data)
    people = draw(st.lists(all_valid_fields(definition), max_size=6))
    return data, [dict(follow(definition, fields, 0).kept) for fields in people]


def told(definition: Definition, people: list[dict[str, Answer]], code: str) -> Counter[str]:
    question = definition.question(code)
    assert question is not None
    return Counter(mark for kept in people if code in kept for mark in question.chosen(kept[code]))


@settings(max_examples=40, deadline=None)
@given(responses())
def test_any_questionnaire_is_tallied_as_its_answers_say(case: tuple[Json, list[dict[str, Answer]]]) -> None:
    data, people = case
    definition = parse(data)
    with connect() as connection:
        connection.execute("CREATE TABLE said (version INTEGER, answers VARCHAR)")
        for kept in people:
            for version in (VERSION, ANOTHER):
                connection.execute("INSERT INTO said VALUES (?, ?)", [version, json.dumps(kept)])
        for question in definition.questions:
            if not question.asks:
                continue
            counted = count_said(connection, question, [VERSION])
            assert (counted.asked, counted.answered) == (
                len(people),
                sum(question.code in kept for kept in people),
            )
            assert {mark: times for mark, times in counted.marks.items() if times} == dict(
                told(definition, people, question.code)
            )
            everything = show(counted, question.marks, threshold=1)
            shown = sum(row.count.count or 0 for part in everything.parts for row in part.rows)
            assert shown == sum(counted.marks.values())
