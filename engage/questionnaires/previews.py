"""Trying a questionnaire without answering it: a link that expires, and a walk that is nowhere kept.

What was typed travels in the form itself, from page to page, as a browser would carry it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations.tokens import sign, unsign
from engage.questionnaires.definitions import Definition, QuestionPage, Route, Step, follow, parse
from engage.questionnaires.kinds.base import Line
from engage.questionnaires.models import Questionnaire, QuestionnaireDraft, QuestionnaireVersion

PURPOSE = "preview"
LIFE = timedelta(days=7)
DRAFT = 0

# Buttons; no page has such a code.
ON, BACK, SEND = "_on", "_back", "_send"

Fields: TypeAlias = Mapping[str, list[str]]
"""What a browser sent for the questions, field by field."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to see one questionnaire until a moment: its draft as it then stands (`DRAFT`), or a version."""

    code: str
    number: int
    expires_at: datetime

    def seal(self) -> str:
        """Return it as the secret that a link carries."""
        return sign([self.code, self.number, int(self.expires_at.timestamp())], PURPOSE)

    def holds(self, now: datetime) -> bool:
        """Whether it still opens the preview."""
        return now < self.expires_at


def new_pass(code: str, number: int, now: datetime) -> Pass:
    """Return leave to see a questionnaire for seven days."""
    return Pass(code, number, now.replace(microsecond=0) + LIFE)


def open_pass(sealed: str, now: datetime) -> Pass | None:
    """Return the leave that a link carries, None where it is not ours or has expired."""
    values = unsign(sealed, PURPOSE)
    if not isinstance(values, list) or len(values) != len(Pass.__slots__):
        return None
    code, number, expires = values
    found = Pass(str(code), int(number), datetime.fromtimestamp(expires, UTC))
    return found if found.holds(now) else None


@dataclass(frozen=True, slots=True)
class Previewed:
    """A questionnaire as it is shown for trying."""

    code: str
    title: str
    number: int
    definition: Definition
    privacy_notice: str


def find_previewed(session: Session, code: str, number: int) -> Previewed | None:
    """Return the draft (`DRAFT`) or the published version with this number, or None."""
    source = QuestionnaireDraft if number == DRAFT else QuestionnaireVersion
    statement = (
        select(Questionnaire.title, source.definition, source.privacy_notice)
        .join(source, source.questionnaire_id == Questionnaire.id)
        .where(Questionnaire.code == code)
    )
    if number != DRAFT:
        statement = statement.where(
            QuestionnaireVersion.number == number, QuestionnaireVersion.published_at.is_not(None)
        )
    row = session.execute(statement).one_or_none()
    return Previewed(code, row[0], number, parse(row[1]), row[2]) if row else None


def any_rotation(definition: Definition) -> int:
    """Return one of the orders in which the questionnaire may be shown, drawn by lot."""
    return secrets.randbelow(definition.rotations)


def fields_of(definition: Definition, sent: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """Return what was sent that belongs to a question. A field is called as its question, or `code-part`."""
    codes = {question.code for question in definition.questions}
    return {name: values for name, values in sent if name.partition("-")[0] in codes}


def carried(step: Step | None, fields: Fields) -> list[tuple[str, str]]:
    """Return the fields to carry through a step (None: checking), without those that it asks itself."""
    asked = {question.code for question in step.questions} if step else set()
    return [
        (name, value)
        for name, values in fields.items()
        if name.partition("-")[0] not in asked
        for value in values
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands who tries a questionnaire: at a step, or (None) at checking all the answers."""

    route: Route
    step: Step | None
    shows_problems: bool = False

    @property
    def number(self) -> int:
        """The number of the step, from 1."""
        return self.route.steps.index(self.step) + 1 if self.step else len(self.route.steps) + 1


def begin(definition: Definition) -> Place:
    """Return the first place."""
    route = follow(definition, {}, 0)
    return Place(route, route.steps[0] if route.steps else None)


def move(definition: Definition, fields: Fields, rotation: int, *, at: str, to: str) -> Place:
    """Return the place after somebody at page `at` pressed a button: `to` is `ON`, `BACK` or a page's code.

    A page with something wrong on it is not left for the next one. A page that is no longer on the way, as
    the draft has changed meanwhile, leads to the first that is.
    """
    route = follow(definition, fields, rotation)
    here = route.step(at)
    if to not in (ON, BACK):
        return Place(route, route.step(to) or _first(route))
    if to == BACK:
        last = route.steps[-1] if route.steps else None
        return Place(route, (route.before(at) or here) if here else last)
    if here is None:
        return Place(route, _first(route))
    if here.problems:
        return Place(route, here, shows_problems=True)
    following = route.after(at)
    if following is None and route.unfinished:
        return Place(route, route.unfinished, shows_problems=True)
    return Place(route, following)


def read_back(place: Place) -> list[tuple[QuestionPage, list[Line]]]:
    """Return what would be sent, page by page, as its author reads it back."""
    kept = place.route.kept
    return [
        (
            step.page,
            [line for one in step.questions if one.code in kept for line in one.lines(kept[one.code])],
        )
        for step in place.route.steps
    ]


def _first(route: Route) -> Step | None:
    return route.steps[0] if route.steps else None
