"""The page on which a form is typed: all its questions at once, in the order in which it was printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask_wtf import FlaskForm

from engage.foundations.language import Text
from engage.questionnaires.definitions import Definition
from engage.questionnaires.kinds.base import Given, Problem
from engage.responses.paper.labels import MARKS
from engage.responses.paper.queries import Batch
from engage.responses.paper.sheets import Mark, Sheet, belongs, typed_of
from engage.responses.paper.words import numbers, only_if

# A question's code begins with a letter, so these are never fields of one.
MARK = "_mark-"
# What is taken of one field; every kind refuses texts far below this with a sentence of its own.
LONGEST_FIELD = 50_000
MOST_VALUES = 100


def typed_fields(definition: Definition) -> dict[str, list[str]]:
    """Return the fields sent that belong to a question."""
    codes = [question.code for question in definition.questions]
    return {
        name: [value[:LONGEST_FIELD] for value in values[:MOST_VALUES]]
        for name, values in request.form.lists()
        if any(belongs(name, code) for code in codes)
    }


def marks_sent(definition: Definition) -> dict[str, Mark]:
    """Return what was said of questions beside their answers, by their codes."""
    known = {mark.value: mark for mark in Mark}
    sent = ((question.code, request.form.get(MARK + question.code, "")) for question in definition.questions)
    return {code: known[value] for code, value in sent if value in known}


def typed_before(definition: Definition, sheet: Sheet) -> tuple[dict[str, list[str]], dict[str, Mark]]:
    """Return the fields and marks that somebody would type for a sheet."""
    given: dict[str, list[str]] = {}
    marks: dict[str, Mark] = {}
    for question in definition.questions:
        fields, mark = typed_of(question, sheet)
        given |= fields
        if mark:
            marks[question.code] = mark
    return given, marks


def entry_page(
    form: FlaskForm,
    *,
    slug: str,
    batch: Batch,
    number: int,
    definition: Definition,
    heading: Text,
    note: Text = "",
    given: Given | None = None,
    marks: Mapping[str, Mark] | None = None,
    problems: Sequence[Problem] = (),
) -> str:
    """Return the page with what was typed and what is wrong with it."""
    return render_template(
        "responses/officer/paper/entry.html",
        form=form,
        slug=slug,
        batch=batch,
        serial=batch.serial(number),
        heading=heading,
        note=note,
        parts=[_part(definition, page) for page in definition.pages],
        places=numbers(definition),
        rotation=number - 1,
        given=given or {},
        marks=marks or {},
        problems=problems,
        errors={problem.field: problem.message for problem in problems},
        MARK=MARK,
        MARKS=MARKS,
        Mark=Mark,
    )


def _part(definition: Definition, page: Any) -> dict[str, Any]:
    """Return a page with the words that say when to answer it and each of its questions."""
    return {
        "page": page,
        "only_if": only_if(page.shown_if, definition) if page.shown_if else "",
        "asked": [
            (question, only_if(question.shown_if, definition) if question.shown_if else "")
            for question in page.questions
            if question.asks
        ],
    }
