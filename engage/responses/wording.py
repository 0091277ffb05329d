"""What made-up respondents put into a form: the fields a browser would send, for each kind of question.

What they lean to and how they say it are data files of our own; nobody ever said it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, TypeAlias

from engage.boroughs.rules import UNDISCLOSED
from engage.questionnaires.kinds.area import AreaQuestion
from engage.questionnaires.kinds.base import Answer, Question
from engage.questionnaires.kinds.long_text import LongText
from engage.questionnaires.kinds.one_choice import OneChoice
from engage.questionnaires.kinds.organisation import Organisation
from engage.questionnaires.kinds.priorities_list import OTHER, PrioritiesList
from engage.questionnaires.kinds.priorities_own_words import PrioritiesOwnWords
from engage.questionnaires.kinds.short_text import ShortText
from engage.responses.made_up import make_up
from engage.responses.population import Lot, Person

Fields: TypeAlias = dict[str, list[str]]

SHARE_SOMETHING_ELSE = 0.06
SHARE_WITH_WHY = 0.6
SHARE_WITH_WHAT = 0.5
SHARE_OF_TEXTS = 0.55
SHARE_OF_ORGANISATIONS = 0.7
SHARE_WITH_ABOUT_YOU_ANSWER = 0.93
HOW_MANY = Lot({3: 80, 2: 14, 1: 6})
OTHER_ABOUT_YOU = {
    "gender_same": Lot({"yes": 94, "no": 1, UNDISCLOSED: 5}),
    "disability": Lot({"no": 80, "yes": 15, UNDISCLOSED: 5}),
}


def fill_in(questions: Iterable[Question], person: Person, chance: Random) -> Fields:
    """Return the fields that `person` sends for `questions`; what asks nothing has none."""
    fields: Fields = {}
    for question in questions:
        if fill := _FILL.get(type(question)):
            fields.update(fill(question, person, chance))
        else:
            fields.update(make_up(question, person, chance) or {})
    return fields


def about_you(questions: Iterable[Question], person: Person, chance: Random) -> Fields:
    """Return the fields of the equality questions; some are left blank."""
    known = {"age_band": person.age_band, "sex": person.sex, "ethnic_group": person.ethnic_group}
    fields: Fields = {}
    for question in questions:
        said = known.get(question.code) or _other_about_you(question.code, chance)
        if chance.random() < SHARE_WITH_ABOUT_YOU_ANSWER and said:
            fields[question.code] = [said]
    return fields


def _other_about_you(code: str, chance: Random) -> str | None:
    lot = OTHER_ABOUT_YOU.get(code)
    return lot.draw(chance) if lot else None


def _priorities_list(question: PrioritiesList, person: Person, chance: Random) -> Fields:
    codes = tuple(option.code for option in question.options)
    wanted = min(HOW_MANY.draw(chance), question.at_most)
    if question.exactly:
        wanted = question.at_most
    chosen = _priorities(codes, person.area_code, person.age_band, person.sex).several(chance, wanted)
    answer: Answer = {"chosen": chosen}
    if question.other and chance.random() < SHARE_SOMETHING_ELSE:
        # With "something else" the last of three has no place; of fewer, all have.
        answer = {
            "chosen": chosen[: question.at_most - 1],
            OTHER: chance.choice(_words()["something_else"]),
        }
    return question.fields(answer)


def _priorities_own_words(question: PrioritiesOwnWords, person: Person, chance: Random) -> Fields:
    texts = _words()["priorities"]
    wanted = min(HOW_MANY.draw(chance), question.at_most)
    drawn = _priorities(tuple(texts), person.area_code, person.age_band, person.sex).several(chance, wanted)
    fields: Fields = {}
    for slot, code in enumerate(drawn, start=1):
        text = texts[code]
        said = chance.choice(text["words"]).replace("{place}", person.place)
        fields[question.field(slot, "priority")] = [said]
        if chance.random() < SHARE_WITH_WHY:
            fields[question.field(slot, "why")] = [chance.choice(text["why"])]
        if chance.random() < SHARE_WITH_WHAT:
            fields[question.field(slot, "what")] = [chance.choice(text["what"])]
    return fields


def _one_choice(question: OneChoice, person: Person, chance: Random) -> Fields:
    return {question.code: [chance.choice(question.options).code]}


def _long_text(question: LongText, person: Person, chance: Random) -> Fields:
    if not question.required and chance.random() >= SHARE_OF_TEXTS:
        return {}
    return {question.code: [chance.choice(_words()["experience"])[: question.limit]]}


def _area(question: AreaQuestion, person: Person, chance: Random) -> Fields:
    offered = any(option.code == person.area_code for option in question.options)
    return {question.code: [person.area_code if offered else UNDISCLOSED]}


def _organisation(question: Organisation, person: Person, chance: Random) -> Fields:
    if not question.required and chance.random() >= SHARE_OF_ORGANISATIONS:
        return {}
    return {
        question.field("name"): [chance.choice(_words()["organisations"])],
        question.field("speaks_for"): [str(int(chance.paretovariate(0.9)) % 400 + 1)],
        question.field("agreed"): [chance.choice(_words()["agreed"])],
    }


_FILL: Mapping[type[Question], Callable[[Any, Person, Random], Fields]] = {
    PrioritiesList: _priorities_list,
    PrioritiesOwnWords: _priorities_own_words,
    OneChoice: _one_choice,
    LongText: _long_text,
    ShortText: _long_text,
    AreaQuestion: _area,
    Organisation: _organisation,
}


@cache
def _priorities(codes: tuple[str, ...], area_code: str, age_band: str, sex: str) -> Lot[str]:
    """Return the lot from which such a person draws priorities, of those that are offered."""
    leanings = _read("leanings.json")
    place = next((kind for kind in leanings["places"].values() if area_code in kind["areas"]), None)
    sides = (
        place["leanings"] if place else {},
        leanings["ages"].get(age_band, {}),
        leanings["sexes"].get(sex, {}),
    )
    weights = {}
    for code in codes:
        weight = float(leanings["london"].get(code, 5)) * _of_its_own(area_code, code)
        for side in sides:
            weight *= side.get(code, 1)
        weights[code] = weight
    return Lot(weights)


def _of_its_own(area_code: str, code: str) -> float:
    """Return the factor, 0.7 to 1.3, by which a borough differs from others of its kind: always the same."""
    return 0.7 + 0.6 * (zlib.crc32(f"{area_code} {code}".encode()) / 0xFFFFFFFF)


def _words() -> dict[str, Any]:
    return _read("own_words.json")


@cache
def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    )
    return content
