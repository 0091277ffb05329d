"""A questionnaire as data: pages of questions, read from and written to JSON, checked as a whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import lcm
from typing import Any

from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import Answer, DefinitionError, Given, Line, Problem, Question

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED_PAGES = frozenset({"check", "send"})


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Questions shown together."""

    code: str
    title: str
    intro: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
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

    @property
    def rotations(self) -> int:
        """In how many orders the questionnaire may be shown."""
        return lcm(*(question.rotations for question in self.questions))

    def page(self, code: str) -> QuestionPage | None:
        """Return the page with this code, or None."""
        return next((page for page in self.pages if page.code == code), None)

    def after(self, page: QuestionPage) -> QuestionPage | None:
        """Return the page after `page`, None after the last."""
        place = self.pages.index(page) + 1
        return self.pages[place] if place < len(self.pages) else None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers read from what was given, by question code, and everything that is wrong with it."""

    kept: dict[str, Answer]
    problems: tuple[Problem, ...]


def parse(data: Mapping[str, Any]) -> Definition:
    """Return the definition that `data` (JSON) describes; raises `DefinitionError` saying what is wrong."""
    try:
        pages = tuple(_page(page) for page in data["pages"])
        definition = Definition(data["title"], data.get("intro", ""), int(data["minutes"]), pages)
    except (KeyError, TypeError) as error:
        raise DefinitionError(f"the definition lacks or misnames {error}") from error
    _check_codes([page.code for page in pages], "page")
    _check_codes([question.code for question in definition.questions], "question")
    if not pages or any(page.code in RESERVED_PAGES for page in pages):
        raise DefinitionError("a questionnaire has at least one page, and none is called check or send")
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


def read_back(definition: Definition, answers: Mapping[str, Answer]) -> tuple[Line, ...]:
    """Return stored answers as their author reads them back."""
    return tuple(
        line
        for question in definition.questions
        if question.code in answers
        for line in question.lines(answers[question.code])
    )


def _page(data: Mapping[str, Any]) -> QuestionPage:
    questions = tuple(_question(question) for question in data["questions"])
    return QuestionPage(data["code"], data["title"], data.get("intro", ""), questions)


def _question(data: Mapping[str, Any]) -> Question:
    kind = KINDS.get(data["kind"])
    if kind is None:
        raise DefinitionError(f"question {data.get('code', '?')}: kind {data['kind']} is not known")
    return kind.from_json(data)


def _check_codes(codes: list[str], what: str) -> None:
    for code in codes:
        if not CODE.fullmatch(code):
            raise DefinitionError(f"{what} code {code!r} is not lower-case letters, digits and underscores")
        if codes.count(code) > 1:
            raise DefinitionError(f"{what} code {code!r} stands twice")
