"""A sheet as somebody typed it: its answers, what was left blank or spoilt, and what two typings differ in.

What is written on paper may break a rule that the web would not let pass. A question answered against its
rule (four ticks of three) or that nobody can read is *spoilt*: it is not counted, and what was typed of it
stays with the form. Nothing is ever cut to fit. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from engage.foundations.language import lazy
from engage.questionnaires.definitions import Definition, follow
from engage.questionnaires.kinds.base import Answer, Given, Problem, Question

# What the first typing of a form is given, once it is settled that there is nothing on it to count.
NOTHING = "nothing"
# The kinds of which we promise to forget what was written: a postcode becomes a borough and no more.
FORGOTTEN = frozenset({"area"})


class Mark(StrEnum):
    """What a typist says of a question on the paper, beside or instead of an answer."""

    BLANK = "blank"
    SPOILT = "spoilt"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one typing of a form came to.

    `kept`: the answers that count. `spoilt`: the fields typed of each spoilt question. `blank`: required
    questions left blank. `beside`: questions that were answered though the answers before lead past them.
    `exits`: the answers lead to an end at which nothing is sent.
    """

    kept: Mapping[str, Answer]
    spoilt: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    exits: bool = False

    @property
    def counts(self) -> bool:
        """Whether there is anything on it to count."""
        return bool(self.kept) and not self.exits

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "kept": dict(self.kept),
            "spoilt": {code: dict(fields) for code, fields in self.spoilt.items()},
            "blank": list(self.blank),
            "beside": list(self.beside),
            "exits": self.exits,
        }


def sheet_from(data: Mapping[str, Any]) -> Sheet:
    """Return the sheet that was stored as `data`."""
    return Sheet(data["kept"], data["spoilt"], tuple(data["blank"]), tuple(data["beside"]), data["exits"])


def belongs(field_name: str, code: str) -> bool:
    """Tell whether a field is one of the question's; codes have no hyphen."""
    return field_name == code or field_name.startswith(f"{code}-")


def read_sheet(
    definition: Definition, given: Given, marks: Mapping[str, Mark], rotation: int
) -> tuple[Sheet, tuple[Problem, ...]]:
    """Return what was typed as a sheet, and what the typist must still put right or mark.

    `rotation` is the order in which the form was printed.
    """
    typed = {name: list(values) for name, values in given.items() if any(value.strip() for value in values)}
    unmarked = {name: values for name, values in typed.items() if not any(belongs(name, c) for c in marks)}
    route = follow(definition, unmarked, rotation)
    shown = {question.code for step in route.steps for question in step.questions}
    problems = [
        problem
        for step in route.steps
        for problem in step.problems
        if not any(belongs(problem.field, code) for code in marks)
    ]
    written = {
        question.code: fields
        for question in definition.questions
        if (fields := {name: values for name, values in typed.items() if belongs(name, question.code)})
    }
    problems.extend(_contradictions(definition, marks, written))
    sheet = Sheet(
        kept=route.kept,
        spoilt={
            question.code: {} if question.kind in FORGOTTEN else written.get(question.code, {})
            for question in definition.questions
            if question.code in shown and marks.get(question.code) is Mark.SPOILT
        },
        blank=tuple(code for code, mark in marks.items() if mark is Mark.BLANK and code in shown),
        beside=tuple(code for code in written if code not in shown),
        exits=route.exits,
    )
    return sheet, tuple(problems)


def _contradictions(
    definition: Definition, marks: Mapping[str, Mark], written: Mapping[str, Any]
) -> Iterator[Problem]:
    for question in definition.questions:
        if marks.get(question.code) is Mark.BLANK and question.code in written:
            message = lazy(
                "You typed an answer here and said that it was left blank. Take one of the two back."
            )
            yield Problem(question.first_field, message)


def differing(definition: Definition, first: Sheet, second: Sheet) -> tuple[Question, ...]:
    """Return the questions in which two typings differ; spaces and capitals in a text make no difference."""
    return tuple(
        question
        for question in definition.questions
        if _said(first, question.code) != _said(second, question.code)
    )


def _said(sheet: Sheet, code: str) -> Any:
    return Mark.SPOILT if code in sheet.spoilt else _plain(sheet.kept.get(code))


def _plain(value: Any) -> Any:
    """Return a value without what makes no difference between two typings."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def merged(
    definition: Definition, first: Sheet, second: Sheet, second_is_right: frozenset[str], rotation: int
) -> tuple[Sheet, tuple[Problem, ...]]:
    """Return the sheet in which the questions named are as typed the second time, the rest as the first.

    It may have problems that neither had: where the two led different ways, a question on the way chosen may
    have been answered on the other sheet only.
    """
    given: dict[str, list[str]] = {}
    marks: dict[str, Mark] = {}
    beside: list[str] = []
    unfit: list[Problem] = []
    for question in definition.questions:
        sheet = second if question.code in second_is_right else first
        fields, mark = typed_of(question, sheet)
        if question.code in sheet.kept and not fields:
            # A postcode may lead to a borough that the list has not got, and it was not kept.
            unfit.append(
                Problem(question.first_field, lazy("“%(label)s” cannot be taken over.", label=question.label))
            )
        given |= fields
        if mark:
            marks[question.code] = mark
        beside += [question.code] if question.code in sheet.beside else []
    whole, problems = read_sheet(definition, given, marks, rotation)
    extra = tuple(code for code in beside if code not in whole.beside)
    return replace(whole, beside=(*whole.beside, *extra)), (*unfit, *problems)


def typed_of(question: Question, sheet: Sheet) -> tuple[dict[str, list[str]], Mark | None]:
    """Return the fields, and the mark, that somebody would type for what a sheet says of a question."""
    code = question.code
    if code in sheet.spoilt:
        return {name: list(values) for name, values in sheet.spoilt[code].items()}, Mark.SPOILT
    if code in sheet.kept:
        return question.fields(sheet.kept[code]), None
    return {}, Mark.BLANK if code in sheet.blank else None
