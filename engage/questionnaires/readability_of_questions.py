"""What makes a single question hard to answer, or its answers hard to trust."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from engage.foundations.language import Text, lazy
from engage.questionnaires.advice import Advice
from engage.questionnaires.changes import offered
from engage.questionnaires.conditions import Condition, Has, leaves
from engage.questionnaires.definitions import Definition
from engage.questionnaires.double import asks_twice, judges_twice
from engage.questionnaires.faults import question_name
from engage.questionnaires.kinds.base import Option, Question
from engage.questionnaires.plain_english import lists, words
from engage.questionnaires.wording import joined, quoted

RATED = frozenset({"scale", "matrix", "statements"})
TEXTS = frozenset({"short_text", "long_text"})
CHOICES = frozenset({"one_choice", "several_choices"})
# In a list that is longer, what stands first is chosen more often because it stands first.
MOST_IN_ORDER = 10
NAMED = 3


def question_advice(definition: Definition) -> Iterator[Advice]:
    """Yield advice on every question, in the order asked."""
    informed = False
    for page in definition.pages:
        # Facts help whoever has read them: before the question, or above it on its page.
        for question in page.questions:
            informed = informed or question.kind == "information"
            for code, sentence, fix in (
                *_double(question),
                *_leading(question),
                *_other(definition, question),
                *_order(question),
                *(() if informed else _facts(question)),
            ):
                yield Advice(code, page.code, question.code, sentence, fix)


def _double(question: Question) -> Iterator[tuple[str, Text, Text]]:
    said = [question.label] if question.asks else []
    fix = lazy("Ask about one thing, or ask two questions.")
    rows = [row.label for row in offered(question, "rows")]
    rated = question.kind in RATED
    for text in (*said, *rows):
        if asks_twice(text) or (rated and judges_twice(text)):
            sentence = lazy("%(words)s seems to ask two things at once.", words=quoted(text))
            yield "double_question", sentence, fix


def _leading(question: Question) -> Iterator[tuple[str, Text, Text]]:
    rows = [row.label for row in offered(question, "rows")]
    for text in (question.label, *rows) if question.asks else ():
        if found := _leaders().search(text.replace("’", "'")):
            sentence = lazy(
                "“%(words)s” in %(whole)s leads people to an answer.", words=found[0], whole=quoted(text)
            )
            yield "leading_words", sentence, lazy("Ask so that every answer is as easy to give.")


@cache
def _leaders() -> re.Pattern[str]:
    phrases = sorted(map(re.escape, lists()["leading"]), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)


def _other(definition: Definition, question: Question) -> Iterator[tuple[str, Text, Text]]:
    """Yield an "other" of which nobody can say what it is."""
    if question.kind not in CHOICES:
        return
    for option in offered(question, "options"):
        plain = " ".join(words(option.label.casefold()))
        if plain in lists()["others"] and not _asked_what(definition, question.code, option.code):
            sentence = lazy(
                "%(option)s of %(question)s does not let people say what.",
                option=quoted(option.label),
                question=question_name(question),
            )
            fix = lazy("Say what it stands for, or ask on a later page, with a text, those who choose it.")
            yield "unlabelled_other", sentence, fix


def _asked_what(definition: Definition, code: str, mark: str) -> bool:
    """Tell whether a text is asked of those who chose a mark."""
    return any(
        question.kind in TEXTS
        and (_names(question.shown_if, code, mark) or _names(page.shown_if, code, mark))
        for page in definition.pages
        for question in page.questions
    )


def _names(condition: Condition | None, code: str, mark: str) -> bool:
    return condition is not None and Has(code, mark) in leaves(condition)


def _order(question: Question) -> Iterator[tuple[str, Text, Text]]:
    options = offered(question, "options")
    if question.kind not in CHOICES or question.rotations > 1 or len(options) <= MOST_IN_ORDER:
        return
    if _in_some_order(options):
        return
    sentence = lazy(
        "%(question)s lists %(count)s answers in the same order for everybody: the first are chosen more.",
        question=question_name(question),
        count=len(options),
    )
    fix = lazy("Offer at most %(most)s, or ask with a list whose order changes.", most=MOST_IN_ORDER)
    yield "fixed_order", sentence, fix


def _in_some_order(options: tuple[Option, ...]) -> bool:
    """Tell whether a list has an order to look things up by: of the alphabet, or of numbers."""
    labels = [option.label.casefold() for option in options]
    numbered = sum(any(letter.isdigit() for letter in label) for label in labels)
    # The last may be "other" or "prefer not to say".
    return labels[:-2] == sorted(labels[:-2]) or numbered >= len(labels) - 2


def _facts(question: Question) -> Iterator[tuple[str, Text, Text]]:
    """Yield the priorities that stand beside no facts."""
    if question.kind != "priorities_list":
        return
    options = offered(question, "options")
    bare = [quoted(option.label) for option in options if not option.hint.strip()]
    if not bare:
        return
    if len(bare) == len(options):
        named: Text = lazy("its %(count)s priorities", count=len(bare))
    elif len(bare) > NAMED:
        named = lazy("%(count)s of its %(all)s priorities", count=len(bare), all=len(options))
    else:
        named = joined(bare, lazy("and"))
    sentence = lazy(
        "%(question)s gives no facts beside %(named)s.", question=question_name(question), named=named
    )
    fix = lazy("Write a line of facts as the hint of each, or put an information block before the question.")
    yield "missing_facts", sentence, fix
