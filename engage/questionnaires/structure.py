"""What keeps a questionnaire from being published: each as one sentence, with the place it is about."""

from __future__ import annotations

from collections.abc import Iterator

from engage.foundations.language import Text, lazy
from engage.questionnaires.changes import LISTS, offered
from engage.questionnaires.definitions import Definition, QuestionPage
from engage.questionnaires.faults import Fault, page_name, question_name
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.structure_ways import faulty_conditions, unreached
from engage.questionnaires.wording import quoted

AREA = "area"

__all__ = ["Fault", "problems"]


def problems(definition: Definition) -> tuple[Fault, ...]:
    """Return everything that keeps `definition` from being published: of the whole, then page by page."""
    places: dict[str | None, int] = {page.code: place for place, page in enumerate(definition.pages)}
    found = [
        *_pages(definition),
        *_questions(definition),
        *faulty_conditions(definition),
        *unreached(definition),
    ]
    return (*_whole(definition), *sorted(found, key=lambda fault: places[fault.page]))


def _whole(definition: Definition) -> Iterator[Fault]:
    if not definition.title.strip():
        yield Fault("no_title", None, None, lazy("Give the questionnaire a title."))
    questions = list(definition.questions)
    if not questions:
        yield Fault("no_question", None, None, lazy("Add a question: this questionnaire asks nothing."))
    elif not any(question.asks for question in questions):
        sentence = lazy("Add a question that can be answered: this questionnaire only gives information.")
        yield Fault("nothing_kept", None, None, sentence)
    conditions = [page.shown_if for page in definition.pages] + [question.shown_if for question in questions]
    if len(definition.pages) == 1 and any(conditions):
        sentence = lazy(
            "Split this questionnaire into pages or take out its conditions: what is shown can only depend on"
            " answers on earlier pages, and there is one page."
        )
        yield Fault("one_page", None, None, sentence)


def _pages(definition: Definition) -> Iterator[Fault]:
    for page in definition.pages:
        if not page.title.strip():
            sentence = lazy("Give the page with the code “%(code)s” a title.", code=page.code)
            yield Fault("no_page_title", page.code, None, sentence)
        if not page.questions and not page.intro.strip() and not page.exit:
            sentence = lazy("Put a question or a text on %(page)s: it is empty.", page=page_name(page))
            yield Fault("empty_page", page.code, None, sentence)


def _questions(definition: Definition) -> Iterator[Fault]:
    area: Question | None = None
    for page in definition.pages:
        for question in page.questions:
            yield from _offered_twice(page, question)
            if question.kind == AREA and area is not None:
                sentence = lazy(
                    "%(question)s asks for the place again, after %(first)s: a response has one place.",
                    question=question_name(question),
                    first=question_name(area),
                )
                yield Fault("second_area", page.code, question.code, sentence)
            elif question.kind == AREA:
                area = question


def _offered_twice(page: QuestionPage, question: Question) -> Iterator[Fault]:
    for name in LISTS:
        labels: dict[str, Text] = {}
        for option in offered(question, name):
            plain = " ".join(str(option.label).casefold().split())
            if plain in labels:
                sentence = lazy(
                    "%(question)s offers %(label)s more than once.",
                    question=question_name(question),
                    label=quoted(labels[plain]),
                )
                yield Fault("same_label", page.code, question.code, sentence)
            labels.setdefault(plain, option.label)
