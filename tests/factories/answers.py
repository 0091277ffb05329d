"""What browsers send for questions of each kind, where it is accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engage.questionnaires.definitions import Definition
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.date import MONTHS

Fields = dict[str, list[str]]
HOSTILE_WORDS = ("<script>alert(1)</script>", "{{ 7 * 7 }}", '" onfocus="x', "%(name)s 100%", "O’Brien & Co")


def words(most: int = 30) -> st.SearchStrategy[str]:
    """Any text that is not blank and can be kept, markup among it."""
    letters = st.characters(exclude_categories=("Cs", "Cc"))
    return st.sampled_from(HOSTILE_WORDS) | st.text(letters, min_size=1, max_size=most).filter(str.strip)


def valid_fields(question: Question) -> st.SearchStrategy[Fields]:
    """Fields that a browser would send and the question accepts; perhaps none where it is optional."""
    if not question.asks:
        return st.just({})
    answered = _FILL[question.kind](question)
    return answered if question.required else st.just({}) | answered


@st.composite
def all_valid_fields(draw: st.DrawFn, definition: Definition) -> Fields:
    """Fields for every question of a questionnaire, whether it will be shown or not."""
    fields: Fields = {}
    for question in definition.questions:
        fields |= draw(valid_fields(question))
    return fields


def _one_of(question: Any) -> st.SearchStrategy[Fields]:
    return st.sampled_from(sorted(question.marks)).map(lambda code: {question.code: [code]})


@st.composite
def _priorities(draw: st.DrawFn, question: Any) -> Fields:
    least = question.at_most if question.exactly else 1
    count = draw(st.integers(least, question.at_most))
    offered = list(question.marks)
    chosen = draw(st.permutations(offered))[:count]
    other = {question.other_field: [draw(words(50))]} if "other" in chosen and question.other else {}
    if question.ordered:
        places = {question.rank_field(code): [str(place)] for place, code in enumerate(chosen, 1)}
        return places | other
    return {question.code: [code for code in offered if code in chosen]} | other


@st.composite
def _own_words(draw: st.DrawFn, question: Any) -> Fields:
    fields: Fields = {}
    for slot in range(1, draw(st.integers(1, question.at_most)) + 1):
        fields[question.field(slot, "priority")] = [draw(words(50))]
        fields[question.field(slot, "why")] = [draw(st.just("") | words(50))]
    return fields


@st.composite
def _several(draw: st.DrawFn, question: Any) -> Fields:
    if question.none_of and draw(st.booleans()):
        return {question.code: [question.none_of]}
    together = [option.code for option in question.together]
    count = draw(st.integers(question.at_least, question.at_most or len(together)))
    return {question.code: draw(st.permutations(together))[:count]}


@st.composite
def _grid(draw: st.DrawFn, question: Any) -> Fields:
    codes = [option.code for option in question.options]
    left_out = set() if question.required else draw(st.sets(st.sampled_from(question.rows)))
    rows = [row for row in question.rows if row not in left_out]
    return {question.field(row): [draw(st.sampled_from(codes))] for row in rows}


def _text(question: Any) -> st.SearchStrategy[Fields]:
    return words(60).map(lambda text: {question.code: [text.strip()[: question.limit].strip() or "x"]})


@st.composite
def _number(draw: st.DrawFn, question: Any) -> Fields:
    least = -(10**6) if question.least is None else question.least
    most = max(least, 10**7) if question.most is None else question.most
    hundredths = draw(st.integers(round(min(least, most) * 100), round(most * 100)))
    value = Decimal(hundredths) / 100
    if question.whole:
        value = Decimal(round(min(max(value, Decimal(least)), Decimal(most))))
    text = f"{value:,}"
    return {question.code: [draw(st.sampled_from([text, f"{question.unit}{text}", f" {text} "]))]}


@st.composite
def _date(draw: st.DrawFn, question: Any) -> Fields:
    day = draw(st.dates(question.earliest or date(1000, 1, 1), question.latest or date(9999, 12, 31)))
    month = draw(st.sampled_from([str(day.month), f"{day.month:02}", str(MONTHS[day.month - 1])]))
    typed = {"day": str(day.day), "month": month, "year": str(day.year)}
    return {question.field(part): [text] for part, text in typed.items()}


def _area(question: Any) -> st.SearchStrategy[Fields]:
    return _one_of(question) | st.just({question.postcode_field: ["nw1 0db"]})


@st.composite
def _organisation(draw: st.DrawFn, question: Any) -> Fields:
    return {
        question.field("name"): [draw(words(50))],
        question.field("speaks_for"): [draw(st.just("") | st.integers(1, 10**6).map("{:,}".format))],
        question.field("agreed"): [draw(st.just("") | words(50))],
    }


_FILL: Mapping[str, Callable[[Any], st.SearchStrategy[Fields]]] = {
    "priorities_list": _priorities,
    "priorities_own_words": _own_words,
    "one_choice": _one_of,
    "several_choices": _several,
    "scale": _one_of,
    "matrix": _grid,
    "statements": _grid,
    "short_text": _text,
    "long_text": _text,
    "number": _number,
    "date": _date,
    "area": _area,
    "age_band": _one_of,
    "organisation": _organisation,
}
