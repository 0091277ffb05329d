"""What a shared device may ask, for how long, and what it checks itself without a connection. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from engage.foundations.language import Text, lazy
from engage.questionnaires.definitions import Definition
from engage.questionnaires.kinds.area import AreaQuestion
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.long_text import LongText
from engage.questionnaires.kinds.priorities_list import OTHER_LIMIT, PrioritiesList
from engage.questionnaires.kinds.several_choices import SeveralChoices

# A day's event. Then somebody signs in again to go on.
EVENT_LASTS = timedelta(hours=12)
# How many forms a device can take without a connection, and in how many orders of their lists.
SUPPLY = 50
MOST_ORDERS = 12
ONE_OF = ("one_choice", "scale", "age_band")


@dataclass(frozen=True, slots=True)
class Check:
    """What a device asks of one question before it keeps a form that the server has not seen.

    `field` is where an error leads, `name` what is counted: none only where it is not `required`, else from
    `least` to `most` (None: any number). `other` is a text that counts as one more; `alone` an answer that
    excludes the others; `longest` the most characters of each text; `missing`, `few`, `many`, `both` and
    `long` are the sentences. `unsure` names a field that only the server can judge: without a connection
    `name` is asked for in its place.
    """

    field: str
    name: str
    required: bool
    missing: Text
    least: int = 0
    most: int | None = None
    few: Text = ""
    many: Text = ""
    other: str = ""
    other_missing: Text = ""
    alone: str = ""
    both: Text = ""
    longest: int | None = None
    long: Text = ""
    unsure: str = ""


def may_be_shared(definition: Definition) -> bool:
    """Whether one person after the other can answer it on one device: a form of one page, sent from there."""
    return len(definition.pages) == 1


def works_offline(definition: Definition) -> bool:
    """Whether a device can check each answer itself, so that nothing it keeps is refused later."""
    return may_be_shared(definition) and all(_is_simple(question) for question in definition.questions)


def checks_of(definition: Definition) -> tuple[Check, ...]:
    """Return what a device checks of a form that works offline, in the order of its questions."""
    return tuple(check for question in definition.questions for check in _checks(question))


def _is_simple(question: Question) -> bool:
    if isinstance(question, PrioritiesList):
        return not question.ordered
    known = isinstance(question, AreaQuestion | SeveralChoices | LongText)
    return known or question.kind in ONE_OF or not question.asks


def _checks(question: Question) -> Iterator[Check]:
    if isinstance(question, PrioritiesList):
        yield _priorities(question)
    elif isinstance(question, SeveralChoices):
        yield _several(question)
    elif isinstance(question, AreaQuestion):
        yield _area(question)
    elif isinstance(question, LongText):
        yield Check(
            question.first_field,
            question.code,
            question.required,
            lazy("Write an answer."),
            longest=question.limit,
            long=lazy("Write no more than %(limit)s characters.", limit=question.limit),
        )
    elif question.asks:
        yield Check(
            question.first_field, question.code, question.required, lazy("Choose one answer."), most=1
        )


def _priorities(question: PrioritiesList) -> Check:
    return Check(
        question.first_field,
        question.code,
        question.required,
        lazy("Choose at least one priority."),
        least=question.at_most if question.exactly else 0,
        most=question.at_most,
        few=lazy("Choose exactly %(limit)s.", limit=question.at_most) if question.exactly else "",
        many=lazy("Choose no more than %(limit)s.", limit=question.at_most),
        other=question.other_field if question.other else "",
        other_missing=lazy("Write what your other priority is, or untick it."),
        longest=OTHER_LIMIT,
        long=lazy("Write no more than %(limit)s characters.", limit=OTHER_LIMIT),
    )


def _several(question: SeveralChoices) -> Check:
    return Check(
        question.first_field,
        question.code,
        question.required,
        lazy("Choose at least one answer."),
        least=question.at_least,
        most=question.at_most,
        few=lazy("Choose at least %(least)s.", least=question.at_least),
        many=lazy("Choose no more than %(limit)s.", limit=question.at_most),
        alone=question.none_of,
        both=lazy("Choose “%(none)s” or other answers, not both.", none=question.marks[question.none_of])
        if question.none_of
        else "",
    )


def _area(question: AreaQuestion) -> Check:
    return Check(
        question.code,
        question.code,
        question.required,
        lazy("There is no connection at the moment, so please choose from the list."),
        most=1,
        unsure=question.postcode_field,
    )
