"""How far somebody has come in a form of several pages, and where it goes on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engage.questionnaires.definitions import Definition, QuestionPage, Route, Step, follow
from engage.questionnaires.kinds.base import Given

Pages: TypeAlias = Mapping[str, Mapping[str, list[str]]]
"""The fields of a form, by page code and field name."""

# Among the fields of a page whose author has not finished it; the code of no question.
LEFT_OPEN = "-"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands on the way: its `number` of `total`, counting "check your answers".

    The total is `about` right where answers still to come decide which pages follow.
    """

    number: int
    total: int
    about: bool


def way(definition: Definition, draft: Pages, rotation: int) -> Route:
    """Return the way that the fields of a draft lead."""
    return follow(definition, fields_of(draft), rotation)


def fields_of(draft: Pages) -> Given:
    """Return the fields of all pages of a draft."""
    return {name: values for fields in draft.values() for name, values in fields.items()}


def left_open(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the fields of a page as they are kept while its author has not finished it."""
    return {**fields, LEFT_OPEN: []}


def unfinished(route: Route, draft: Pages) -> Step | None:
    """Return the first step that nobody has finished, None where everything can be sent.

    An exit page is never finished.
    """
    return next((step for step in route.steps if not is_finished(step, draft)), None)


def is_reached(route: Route, step: Step, draft: Pages) -> bool:
    """Tell whether every step before this one is finished."""
    first = unfinished(route, draft)
    return first is None or route.steps.index(first) >= route.steps.index(step)


def place_of(definition: Definition, route: Route, step: Step) -> Place:
    """Return where a step stands on the way."""
    later = definition.pages[definition.pages.index(step.page) + 1 :]
    checking = 0 if route.exits else 1
    return Place(
        route.steps.index(step) + 1, len(route.steps) + checking, any(_may_vanish(page) for page in later)
    )


def is_finished(step: Step, draft: Pages) -> bool:
    """Tell whether a page was written, is right and was left as finished."""
    fields = draft.get(step.page.code)
    return fields is not None and LEFT_OPEN not in fields and not step.problems and not step.page.exit


def _may_vanish(page: QuestionPage) -> bool:
    """Tell whether a page is shown to some and not to others."""
    every = page.questions and all(question.shown_if is not None for question in page.questions)
    return page.shown_if is not None or bool(every)
