"""Something that keeps a questionnaire from being published."""

from __future__ import annotations

from dataclasses import dataclass

from engage.foundations.language import Text
from engage.questionnaires.definitions import QuestionPage
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.wording import quoted


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence, with the codes of the page and question it is about (None: of no one of them).

    `code` says what it is, for what wants to tell faults apart.
    """

    code: str
    page: str | None
    question: str | None
    sentence: Text


def page_name(page: QuestionPage) -> Text:
    """Return what a sentence calls a page."""
    return quoted(page.title.strip() or page.code)


def question_name(question: Question) -> Text:
    """Return what a sentence calls a question."""
    return quoted(question.label.strip() or question.code)
