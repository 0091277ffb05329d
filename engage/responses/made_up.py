"""What made-up respondents answer where nothing is known of the question: anything that it accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from engage.questionnaires.kinds.age_band import AgeBand
from engage.questionnaires.kinds.base import Answer, Question
from engage.questionnaires.kinds.date import DateQuestion
from engage.questionnaires.kinds.matrix import Grid, Matrix
from engage.questionnaires.kinds.number import Number
from engage.questionnaires.kinds.scale import Scale
from engage.questionnaires.kinds.several_choices import SeveralChoices
from engage.questionnaires.kinds.statements import Statements
from engage.responses.population import Person

SHARE_OF_NONE = 0.1
SHARE_OF_OPTIONAL = 0.7
# Numbers and days without a limit are drawn from so far beyond the other one.
NUMBERS = 100
DAYS = 365
FIRST_DAY = date(2026, 1, 1)


def make_up(question: Question, person: Person, chance: Random) -> dict[str, list[str]] | None:
    """Return the fields that `person` sends for a question of one of these kinds; None for another kind."""
    answer = _ANSWER.get(type(question))
    if answer is None:
        return None
    if not question.required and chance.random() >= SHARE_OF_OPTIONAL:
        return {}
    return question.fields(answer(question, person, chance))


def _several(question: SeveralChoices, person: Person, chance: Random) -> Answer:
    if question.none_of and chance.random() < SHARE_OF_NONE:
        return {"chosen": [question.none_of]}
    codes = [option.code for option in question.options if option.code != question.none_of]
    most = min(question.at_most or len(codes), len(codes))
    chosen = set(chance.sample(codes, chance.randint(max(1, min(question.at_least, most)), most)))
    return {"chosen": [code for code in codes if code in chosen]}


def _age(question: AgeBand, person: Person, chance: Random) -> Answer:
    codes = [option.code for option in question.options]
    return {"chosen": person.age_band if person.age_band in codes else chance.choice(codes)}


def _point(question: Scale, person: Person, chance: Random) -> Answer:
    return {"point": chance.choice(question.points)}


def _rows(question: Grid, person: Person, chance: Random) -> Answer:
    return {"rows": {row.code: chance.choice(question.choices).code for row in question.rows}}


def _number(question: Number, person: Person, chance: Random) -> Answer:
    low = question.least if question.least is not None else min(0.0, (question.most or 0) - NUMBERS)
    high = question.most if question.most is not None else low + NUMBERS
    drawn = low + (high - low) * chance.random()
    return {"number": round(drawn) if question.whole else min(high, max(low, round(drawn, 1)))}


def _day(question: DateQuestion, person: Person, chance: Random) -> Answer:
    first = question.earliest or (question.latest - timedelta(DAYS) if question.latest else FIRST_DAY)
    last = question.latest or first + timedelta(DAYS)
    return {"date": (first + timedelta(chance.randint(0, (last - first).days))).isoformat()}


_ANSWER: Mapping[type[Question], Callable[[Any, Person, Random], Answer]] = {
    AgeBand: _age,
    DateQuestion: _day,
    Matrix: _rows,
    Number: _number,
    Scale: _point,
    SeveralChoices: _several,
    Statements: _rows,
}
