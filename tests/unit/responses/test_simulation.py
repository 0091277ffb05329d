"""Made-up respondents follow the census and send what their form accepts."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from engage.boroughs.rules import OUTSIDE, UNDISCLOSED, Measure
from engage.questionnaires import shipped
from engage.questionnaires.definitions import Definition, parse, read_answers
from engage.questionnaires.kinds.base import Option
from engage.responses.population import Lot, Person, Population
from engage.responses.wording import about_you, fill_in

CAMDEN, BARNET = "E09000007", "E09000003"
CENSUS = {
    Measure.SEX: {CAMDEN: {"female": 60, "male": 40}, BARNET: {"female": 150, "male": 150}},
    Measure.AGE_BAND: {CAMDEN: {"0-15": 0, "65+": 100}, BARNET: {"0-15": 0, "16-24": 300}},
    Measure.ETHNIC_GROUP: {CAMDEN: {"white": 100}, BARNET: {"white": 100, "asian": 200}},
}
SOMEBODY = Person(CAMDEN, "Camden", "25-34", "female", "white")


@pytest.fixture
def people() -> list[Person]:
    population = Population({CAMDEN: "Camden", BARNET: "Barnet"}, CENSUS)
    chance = Random(1)
    return [population.draw(chance) for _ in range(8000)]


def definition(instrument: str) -> Definition:
    places = [Option(CAMDEN, "Camden"), Option(UNDISCLOSED, "Prefer not to say")]
    return parse(shipped.questionnaire(instrument, places).definition)


def test_areas_are_drawn_by_their_residents(people: list[Person]) -> None:
    areas = Counter(person.area_code for person in people)
    assert areas[CAMDEN] / len(people) == pytest.approx(0.93 / 4, abs=0.02)
    assert areas[BARNET] / len(people) == pytest.approx(0.93 * 3 / 4, abs=0.02)
    assert areas[OUTSIDE] / len(people) == pytest.approx(0.03, abs=0.01)
    assert areas[UNDISCLOSED] / len(people) == pytest.approx(0.04, abs=0.01)


def test_age_sex_and_ethnic_group_follow_the_area(people: list[Person]) -> None:
    camden = [person for person in people if person.area_code == CAMDEN]
    assert {person.age_band for person in camden} == {"65_plus"}
    assert Counter(person.sex for person in camden)["female"] / len(camden) == pytest.approx(0.6, abs=0.04)
    barnet = [person for person in people if person.area_code == BARNET]
    asian = Counter(person.ethnic_group for person in barnet)["asian"]
    assert asian / len(barnet) == pytest.approx(2 / 3, abs=0.03)


def test_a_lot_never_draws_what_weighs_nothing() -> None:
    lot = Lot({"never": 0, "always": 1})
    chance = Random(1)
    assert {lot.draw(chance) for _ in range(100)} == {"always"}


def test_several_are_different_and_no_more_than_there_are() -> None:
    assert sorted(Lot({"a": 1, "b": 1}).several(Random(1), 3)) == ["a", "b"]


@pytest.mark.parametrize("instrument", shipped.INSTRUMENTS)
def test_every_form_accepts_what_is_sent(instrument: str) -> None:
    chance = Random(1)
    asked = definition(instrument)
    for rotation in range(300):
        fields = fill_in(asked.questions, SOMEBODY, chance)
        read = read_answers(asked.questions, fields, rotation)
        assert read.problems == ()
        assert read.kept["area"] == {"area": CAMDEN}
        assert "priorities" in read.kept


def test_somebody_from_a_place_that_is_not_offered_prefers_not_to_say() -> None:
    person = Person(BARNET, "Barnet", "25-34", "female", "white")
    asked = definition("postcard")
    read = read_answers(asked.questions, fill_in(asked.questions, person, Random(1)), 0)
    assert read.kept["area"] == {"area": UNDISCLOSED}


def test_older_people_name_the_police_on_the_beat_more_often() -> None:
    young, old = (Person(CAMDEN, "Camden", age, "female", "white") for age in ("16-24", "65_plus"))
    named = Counter()
    for age, person in (("young", young), ("old", old)):
        chance = Random(1)
        for _ in range(500):
            fields = fill_in(definition("postcard").questions, person, chance)
            named[age] += "visible_policing" in fields["priorities"]
    assert named["old"] > named["young"] * 1.5


def test_answers_about_the_person_are_the_person() -> None:
    block = shipped.equality_block()
    fields = about_you(block.questions, SOMEBODY, Random(3))
    read = read_answers(block.questions, fields, 0)
    assert read.problems == ()
    assert read.kept["age_band"] == {"chosen": "25-34"}
    assert read.kept["sex"] == {"chosen": "female"}
