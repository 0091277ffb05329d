"""How long a questionnaire takes, from its words and from what its questions ask people to do."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from engage.questionnaires.definitions import Definition, QuestionPage
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.plain_english import words
from engage.questionnaires.routes import Way, routes

# Silent reading of English prose by adults, words a minute: Brysbaert, "How many words do we read per
# minute?", Journal of Memory and Language 109 (2019).
READ = 238
# Typing on a phone, words a minute: Palin, Feit, Kim, Kristensson and Oulasvirta, "How do people type on
# mobile devices?", MobileHCI 2019.
TYPED = 36
# Typing while making up what to say: Karat, Halverson, Horn and Karat, "Patterns of entry and correction in
# large vocabulary continuous speech recognition systems", CHI 1999.
COMPOSED = 19
# What follows is assumed: nobody has published it for questionnaires like ours.
# Seconds to make up one's mind and press, for each thing chosen; to think of something; to open a page.
CHOOSE = 4
THINK = 10
OPEN = 3
# Of those who may leave a question blank, how many answer it.
OPTIONAL_SHARE = 0.5
# Words that people write.
COMPOSED_WORDS = {"short_text": 5, "long_text": 30}
TYPED_WORDS = {"organisation": 15, "number": 1, "date": 3}
PRIORITY_WRITTEN = 6
REASON_WRITTEN = 15
# A place is found by writing a postcode of two parts; its list is not read.
PLACE_WRITTEN = 2
# How many ways are looked at for the longest.
WAYS = 50


def estimated_minutes(definition: Definition) -> int:
    """Return how many minutes the longest way through takes, at least 1.

    Everything is read once, at 238 words a minute; own words are written at 19, and names and figures at 36.
    Every second person answers what may be left blank. Where there are too many ways to look at, everything
    is taken to be shown.
    """
    found = routes(definition, limit=WAYS)
    if found.complete and found.found:
        seconds = max(_way(definition, way) for way in found.found)
    else:
        seconds = sum(_page(page, page.questions) for page in definition.pages)
    seconds += _reading([definition.title, definition.intro])
    return max(1, round(seconds / 60))


def _way(definition: Definition, way: Way) -> float:
    return sum(
        _page(page, (one for one in page.questions if one.shown_if is None or one.code in way.questions))
        for page in definition.pages
        if page.code in way.pages
    )


def _page(page: QuestionPage, questions: Iterable[Question]) -> float:
    return OPEN + _reading([page.title, page.intro]) + sum(_question(question) for question in questions)


def _question(question: Question) -> float:
    text = _reading([question.label, question.hint, getattr(question, "text", "")])
    return text + _answering(question) * (1 if question.required else OPTIONAL_SHARE)


def _answering(question: Any) -> float:
    match question.kind:
        case "information":
            return 0
        case "area":
            return CHOOSE + _typing(PLACE_WRITTEN)
        case "priorities_own_words":
            # Each has a why and a what.
            each = THINK + _composing(PRIORITY_WRITTEN + 2 * REASON_WRITTEN)
            return float(question.at_most * each)
        case "matrix" | "statements":
            read = _reading(row.label for row in question.rows) + _reading(
                one.label for one in question.options
            )
            return read + CHOOSE * len(question.rows)
        case kind if kind in COMPOSED_WORDS:
            return THINK + _composing(COMPOSED_WORDS[kind])
        case kind if kind in TYPED_WORDS:
            return CHOOSE + _typing(TYPED_WORDS[kind])
    options = getattr(question, "options", ())
    chosen = getattr(question, "at_most", 1) or math.ceil(len(options) / 3)
    return _reading(f"{one.label} {one.hint}" for one in options) + CHOOSE * chosen


def _reading(texts: Iterable[object]) -> float:
    return sum(len(words(str(text))) for text in texts) * 60 / READ


def _composing(count: int) -> float:
    return count * 60 / COMPOSED


def _typing(count: int) -> float:
    return count * 60 / TYPED
