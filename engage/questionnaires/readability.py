"""Checks before opening: what in the words of a questionnaire makes it hard to answer, and what to do.

Nothing here keeps a questionnaire from being published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engage.foundations.language import Text, lazy
from engage.questionnaires.advice import Advice
from engage.questionnaires.changes import LISTS, offered
from engage.questionnaires.definitions import Definition
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.minutes import estimated_minutes
from engage.questionnaires.plain_english import (
    LONGEST_SENTENCE,
    acronyms,
    explained,
    grade,
    long_sentences,
    words,
)
from engage.questionnaires.readability_of_questions import question_advice

__all__ = ["Advice", "advise", "estimated_minutes"]

# What somebody of 13 understands. GOV.UK writes for a reading age of 9, which the formula does not allow to a
# text that says "neighbourhood" and "anti-social behaviour".
HARD_GRADE = 8
# The formula was made for passages; on a few words it says nothing.
FEWEST_WORDS = 30
QUOTED_WORDS = 8
# An estimate is rough: the stated minutes may differ by a minute and by a third.
MINUTES_APART = 1
SHARE_APART = 1 / 3


@dataclass(frozen=True, slots=True)
class _Passage:
    """Words that people read together. `sentences`: they are written in sentences, not as a label."""

    page: str | None
    question: str | None
    text: str
    sentences: bool = True


def advise(definition: Definition, privacy_notice: str) -> tuple[Advice, ...]:
    """Return advice on the whole, then page by page in the order asked, then on the privacy notice."""
    passages = list(_passages(definition))
    notice = _Passage(None, None, privacy_notice)
    known: set[str] = set()
    found = [*_level(passages), *_minutes(definition), *_acronyms(passages, known), *_long(passages)]
    found += question_advice(definition)
    places: dict[str | None, int] = {page.code: place for place, page in enumerate(definition.pages)}
    found.sort(key=lambda advice: places.get(advice.page, -1))
    return (*found, *_notice(notice, known))


def _passages(definition: Definition) -> Iterator[_Passage]:
    yield _Passage(None, None, definition.title, sentences=False)
    yield _Passage(None, None, definition.intro)
    for page in definition.pages:
        yield _Passage(page.code, None, page.title, sentences=False)
        yield _Passage(page.code, None, page.intro)
        for question in page.questions:
            yield from _question(page.code, question)


def _question(page: str, question: Question) -> Iterator[_Passage]:
    for text in (question.label, question.hint, getattr(question, "text", "")):
        yield _Passage(page, question.code, text)
    for name in LISTS:
        for option in offered(question, name):
            yield _Passage(page, question.code, str(option.label), sentences=False)
            yield _Passage(page, question.code, option.hint)


def _level(passages: list[_Passage]) -> Iterator[Advice]:
    """Yield advice on the whole, or else on each passage that is hard by itself."""
    texts = [passage.text for passage in passages if passage.sentences]
    if (level := _hard(texts)) is not None:
        yield _reading_level(None, None, lazy("This questionnaire"), level)
        return
    for passage in passages:
        if passage.sentences and (level := _hard([passage.text])) is not None:
            yield _reading_level(passage.page, passage.question, _opening(passage.text), level)


def _hard(texts: list[str]) -> int | None:
    """Return the grade of texts where they are long enough to tell and too hard."""
    level = grade(texts)
    if level is None or sum(len(words(text)) for text in texts) < FEWEST_WORDS:
        return None
    return round(level) if round(level) > HARD_GRADE else None


def _reading_level(page: str | None, question: str | None, what: Text, level: int) -> Advice:
    # The grade is a school year; a child is about five years older.
    sentence = lazy(
        "%(what)s is written for readers of %(age)s or more (Flesch-Kincaid grade %(level)s).",
        what=what,
        age=level + 5,
        level=level,
    )
    fix = lazy("Use shorter sentences and everyday words, so that readers of 13 understand it.")
    return Advice("reading_level", page, question, sentence, fix)


def _long(passages: list[_Passage]) -> Iterator[Advice]:
    for passage in passages:
        for found in long_sentences(passage.text):
            sentence = lazy(
                "%(what)s is a sentence of %(count)s words.", what=_opening(found), count=len(words(found))
            )
            fix = lazy("Split it: sentences of up to %(most)s words are understood.", most=LONGEST_SENTENCE)
            yield Advice("long_sentence", passage.page, passage.question, sentence, fix)


def _acronyms(passages: list[_Passage], known: set[str]) -> Iterator[Advice]:
    """Yield each acronym that is not `known` where it first stands, unless it is explained there."""
    for passage in passages:
        told = explained(passage.text)
        for acronym in acronyms(passage.text):
            if acronym in known:
                continue
            known.add(acronym)
            if acronym not in told:
                sentence = lazy(
                    "Not everybody knows what %(acronym)s stands for, in %(where)s.",
                    acronym=acronym,
                    where=_opening(next(one for one in passage.text.splitlines() if acronym in one)),
                )
                fix = lazy("Write it out, or explain it in brackets where it first stands.")
                yield Advice("acronym", passage.page, passage.question, sentence, fix)


def _minutes(definition: Definition) -> Iterator[Advice]:
    estimate, stated = estimated_minutes(definition), definition.minutes
    apart = max(MINUTES_APART, SHARE_APART * max(estimate, stated))
    if abs(estimate - stated) > apart:
        sentence = lazy(
            "It says %(stated)s minutes, and is likely to take about %(estimate)s.",
            stated=stated,
            estimate=estimate,
        )
        fix = lazy("Say about %(estimate)s minutes.", estimate=estimate)
        if estimate > stated:
            fix = lazy("Say about %(estimate)s minutes, or ask less.", estimate=estimate)
        yield Advice("minutes", None, None, sentence, fix)


def _notice(notice: _Passage, known: set[str]) -> Iterator[Advice]:
    if not notice.text.strip():
        sentence = lazy("There is no privacy notice: people are not told what becomes of their answers.")
        fix = lazy("Write what is kept, who reads it, what it is for and when it is deleted.")
        yield Advice("privacy_notice", None, None, sentence, fix)
        return
    if (level := _hard([notice.text])) is not None:
        yield _reading_level(None, None, lazy("The privacy notice"), level)
    yield from _acronyms([notice], known)
    yield from _long([notice])


def _opening(text: str) -> Text:
    """Return the first words of a text, quoted."""
    first = text.split()
    return "“" + " ".join(first[:QUOTED_WORDS]) + ("…" if len(first) > QUOTED_WORDS else "") + "”"
