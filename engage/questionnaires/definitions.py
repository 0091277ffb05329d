"""A questionnaire as data: pages of questions, read from and written to JSON, checked as a whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any, TypeVar

from engage.questionnaires.conditions import Condition, ConditionError, Said, Sayings, read_condition
from engage.questionnaires.kinds import KINDS, written
from engage.questionnaires.kinds.base import Answer, DefinitionError, Given, Line, Problem, Question

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED_PAGES = frozenset({"check", "send"})
# Fields of a form that are no question's.
RESERVED_QUESTIONS = frozenset({"csrf_token", "ticket"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Questions shown together, where `shown_if` holds of the pages before; None: always.

    A page that is an `exit` asks nothing and ends the form: whoever comes to it has nothing to send.
    """

    code: str
    title: str
    intro: str
    questions: tuple[Question, ...]
    shown_if: Condition | None = None
    exit: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, without what is as usual."""
        rest = {
            "shown_if": self.shown_if and self.shown_if.to_json(),
            "exit": self.exit,
            "questions": [question.to_json() for question in self.questions],
        }
        return {"code": self.code, "title": self.title, "intro": self.intro} | {
            name: value for name, value in rest.items() if value
        }


@dataclass(frozen=True)
class Definition:
    """What is asked. One page is sent from that page; a longer form ends on "check your answers"."""

    title: str
    intro: str
    minutes: int
    pages: tuple[QuestionPage, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """Every question, in the order asked."""
        return (question for page in self.pages for question in page.questions)

    @cached_property
    def rotations(self) -> int:
        """In how many orders the questionnaire may be shown."""
        return lcm(*(question.rotations for question in self.questions))

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON; `parse` gives the same definition again."""
        pages = [page.to_json() for page in self.pages]
        return {"title": self.title, "intro": self.intro, "minutes": self.minutes, "pages": pages}

    def page(self, code: str) -> QuestionPage | None:
        """Return the page with this code, or None."""
        return next((page for page in self.pages if page.code == code), None)

    def question(self, code: str) -> Question | None:
        """Return the question with this code, or None."""
        return next((question for question in self.questions if question.code == code), None)


@dataclass(frozen=True, slots=True)
class Step:
    """A page on somebody's way, with the questions shown there, and what is wrong with what was written."""

    page: QuestionPage
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The way through a questionnaire that some answers lead, and what is kept of them.

    `kept` has nothing of pages and questions that are not on the way. A way that ends at an exit page has
    that page as its last step and nothing to send.
    """

    steps: tuple[Step, ...]
    kept: Mapping[str, Answer]

    @property
    def exits(self) -> bool:
        """Whether it ends at an exit page."""
        return bool(self.steps) and self.steps[-1].page.exit

    def step(self, code: str) -> Step | None:
        """Return the step at the page with this code, None where it is not on the way."""
        return next((step for step in self.steps if step.page.code == code), None)

    def after(self, code: str) -> Step | None:
        """Return the step after the one at this page, None after the last."""
        codes = [step.page.code for step in self.steps]
        place = codes.index(code) + 1
        return self.steps[place] if place < len(codes) else None

    def before(self, code: str) -> Step | None:
        """Return the step before the one at this page, None before the first."""
        place = [step.page.code for step in self.steps].index(code)
        return self.steps[place - 1] if place else None

    @property
    def unfinished(self) -> Step | None:
        """The first step with something wrong or missing on it, None where all can be sent."""
        return next((step for step in self.steps if step.problems), None)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers read from what was given, by question code, and everything that is wrong with it."""

    kept: dict[str, Answer]
    problems: tuple[Problem, ...]


def parse(data: Any) -> Definition:
    """Return the definition that `data` (JSON) describes; raises `DefinitionError` saying what is wrong."""
    where = "the questionnaire"
    if not isinstance(data, Mapping):
        raise DefinitionError(f"{where} is not an object")
    pages = _take(data, where, "pages", written.listed)
    definition = Definition(
        _take(data, where, "title", written.text),
        _take(data, where, "intro", written.text, ""),
        _take(data, where, "minutes", written.whole),
        tuple(_page(place, page) for place, page in enumerate(pages, start=1)),
    )
    _check_codes([page.code for page in definition.pages], "page")
    _check_codes([question.code for question in definition.questions], "question")
    if not definition.pages or any(page.code in RESERVED_PAGES for page in definition.pages):
        raise DefinitionError("a questionnaire has at least one page, and none is called check or send")
    if any(question.code in RESERVED_QUESTIONS for question in definition.questions):
        raise DefinitionError("no question is called csrf_token or ticket, which are fields of every form")
    return definition


def digest(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of the definition's canonical JSON."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_answers(
    questions: Iterator[Question] | tuple[Question, ...], given: Given, rotation: int
) -> Answers:
    """Return what `questions` keep of the fields given; questions left blank are absent."""
    kept: dict[str, Answer] = {}
    problems: list[Problem] = []
    for question in questions:
        reading = question.read(given, rotation)
        problems.extend(reading.problems)
        if reading.answer is not None:
            kept[question.code] = reading.answer
    return Answers(kept, tuple(problems))


def follow(definition: Definition, given: Given, rotation: int) -> Route:
    """Return the way that the fields given lead through the whole questionnaire.

    Conditions are asked of what is kept of the pages before, so that nothing hidden decides anything.
    """
    steps: list[Step] = []
    kept: dict[str, Answer] = {}
    for page in definition.pages:
        said = _sayings(definition, kept)
        if page.shown_if is not None and not page.shown_if.holds(said):
            continue
        shown = tuple(one for one in page.questions if one.shown_if is None or one.shown_if.holds(said))
        if not shown and not page.exit and page.questions:
            continue
        answers = read_answers(shown, given, rotation)
        kept.update(answers.kept)
        steps.append(Step(page, shown, answers.problems))
        if page.exit:
            break
    return Route(tuple(steps), kept)


def _sayings(definition: Definition, kept: Mapping[str, Answer]) -> Sayings:
    before = dict(kept)

    def said(code: str) -> Said | None:
        question = definition.question(code)
        return question.said(before[code]) if question and code in before else None

    return said


def read_back(definition: Definition, answers: Mapping[str, Answer]) -> tuple[Line, ...]:
    """Return stored answers as their author reads them back."""
    return tuple(
        line
        for question in definition.questions
        if question.code in answers
        for line in question.lines(answers[question.code])
    )


def _page(place: int, data: Any) -> QuestionPage:
    if not isinstance(data, Mapping):
        raise DefinitionError(f"page {place} is not an object")
    code = _take(data, f"page {place}", "code", written.text)
    where = f"page {code}"
    questions: list[Any] = _take(data, where, "questions", written.listed, [])
    page = QuestionPage(
        code,
        _take(data, where, "title", written.text),
        _take(data, where, "intro", written.text, ""),
        tuple(_question(where, question) for question in questions),
        _condition(where, data.get("shown_if")),
        _take(data, where, "exit", written.yes_no, False),
    )
    if page.exit and page.questions:
        raise DefinitionError(f"{where}: an exit page asks nothing")
    return page


def _condition(where: str, data: Any) -> Condition | None:
    try:
        return None if data is None else read_condition(data)
    except ConditionError as error:
        raise DefinitionError(f"{where}: {error}") from error


def _question(where: str, data: Any) -> Question:
    if not isinstance(data, Mapping):
        raise DefinitionError(f"{where} has a question that is not an object")
    kind = _take(data, f"question {data.get('code', '?')}", "kind", written.text)
    if kind not in KINDS:
        raise DefinitionError(f"question {data.get('code', '?')}: kind {kind} is not known")
    return KINDS[kind].from_json(data)


def _take(
    data: Mapping[str, Any], where: str, name: str, read: Callable[[Any], T], usual: T | None = None
) -> T:
    """Return the value called `name` as `read` takes it; `usual` where it is absent."""
    if name not in data:
        if usual is None:
            raise DefinitionError(f"{where}: {name} is missing")
        return usual
    try:
        return read(data[name])
    except written.Unfit as error:
        raise DefinitionError(f"{where}: {name} {error}") from error


def _check_codes(codes: list[str], what: str) -> None:
    for code in codes:
        if not CODE.fullmatch(code):
            raise DefinitionError(f"{what} code {code!r} is not lower-case letters, digits and underscores")
        if codes.count(code) > 1:
            raise DefinitionError(f"{what} code {code!r} stands twice")
