"""A stored response as the form it was sent on: what its author would see filled in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engage.questionnaires.definitions import Definition, QuestionPage, follow
from engage.questionnaires.kinds.base import Answer
from engage.responses.progress import Pages, fields_of


def rotation_of(answers: Mapping[str, Any]) -> int:
    """Return the order in which the lists were shown when it was answered."""
    return next((answer["rotation"] for answer in answers.values() if "rotation" in answer), 0)


def refilled(definition: Definition, answers: Mapping[str, Answer]) -> Pages:
    """Return the fields of every page on the way that `answers` took; others were never written."""
    every = {page.code: _fields(page, answers) for page in definition.pages}
    route = follow(definition, fields_of(every), rotation_of(answers))
    return {step.page.code: every[step.page.code] for step in route.steps}


def _fields(page: QuestionPage, answers: Mapping[str, Answer]) -> dict[str, list[str]]:
    return {
        name: values
        for question in page.questions
        if question.code in answers
        for name, values in question.fields(answers[question.code]).items()
    }
