from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engage.questionnaires.definitions import follow, parse
from engage.responses.population import Person
from engage.responses.wording import fill_in
from tests.factories.questionnaires import Json, definitions

SOMEBODY = Person(area_code="E09000007", place="Camden", age_band="25-34", sex="female", ethnic_group="white")


@given(definitions(), st.integers(0, 1000))
def test_a_made_up_respondent_answers_whatever_can_be_asked(data: Json, seed: int) -> None:
    definition = parse(data)
    route = follow(definition, fill_in(definition.questions, SOMEBODY, Random(seed)), seed)
    assert route.exits or route.unfinished is None
