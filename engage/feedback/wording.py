"""The plain-English check of feedback: what is hard to read in it, and what to do. Advice, never a bar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engage.feedback.contradictions import contradictions
from engage.feedback.placeholders import Facts, fill
from engage.foundations.language import Text, lazy
from engage.plan_export.deciding.phrases import find_empty
from engage.questionnaires.advice import Advice
from engage.questionnaires.plain_english import (
    LONGEST_SENTENCE,
    acronyms,
    explained,
    grade,
    long_sentences,
    words,
)
from engage.questionnaires.readability import FEWEST_WORDS, HARD_GRADE

# Easy read is written for people with a learning disability: an idea a line, and few words in each.
LONGEST_EASY = 15
QUOTED_WORDS = 8
EASY = "easy_read"


def advise(parts: Mapping[str, str], facts: Facts) -> tuple[Advice, ...]:
    """Return advice on each part as its readers will see it, in the order of `parts`."""
    known: set[str] = set()
    found: list[Advice] = []
    for part, written in parts.items():
        shown = fill(written, facts)
        found += contradictions(part, written, facts)
        found += _easy(part, shown) if part == EASY else _plain(part, shown)
        found += _acronyms(part, shown, known)
    return tuple(found)


def _plain(part: str, text: str) -> Iterator[Advice]:
    level = grade([text])
    if level is not None and len(words(text)) >= FEWEST_WORDS and round(level) > HARD_GRADE:
        sentence = lazy(
            "This part is written for readers of %(age)s or more (Flesch-Kincaid grade %(level)s).",
            age=round(level) + 5,
            level=round(level),
        )
        fix = lazy("Use shorter sentences and everyday words, so that readers of 13 understand it.")
        yield Advice("reading_level", part, None, sentence, fix)
    for found in long_sentences(text):
        fix = lazy("Split it: sentences of up to %(most)s words are understood.", most=LONGEST_SENTENCE)
        yield _too_long(part, found, fix)
    if (empty := find_empty(text)) is not None:
        fix = lazy("Say what it depends on, who has to act, or what it would cost.")
        yield Advice("empty_phrase", part, None, empty.refusal, fix)


def _easy(part: str, text: str) -> Iterator[Advice]:
    for line in text.splitlines():
        if len(words(line)) > LONGEST_EASY:
            fix = lazy("Say it in two lines: an easy-read line has up to %(most)s words.", most=LONGEST_EASY)
            yield _too_long(part, line, fix)


def _acronyms(part: str, text: str, known: set[str]) -> Iterator[Advice]:
    told = explained(text)
    for acronym in acronyms(text):
        if acronym not in known and acronym not in told:
            sentence = lazy("Not everybody knows what %(acronym)s stands for.", acronym=acronym)
            fix = lazy("Write it out, or explain it in brackets where it first stands.")
            yield Advice("acronym", part, None, sentence, fix)
        known.add(acronym)


def _too_long(part: str, sentence: str, fix: Text) -> Advice:
    said = sentence.split()
    opening = " ".join(said[:QUOTED_WORDS]) + ("…" if len(said) > QUOTED_WORDS else "")
    told = lazy("“%(opening)s” has %(count)s words.", opening=opening, count=len(words(sentence)))
    return Advice("long_sentence", part, None, told, fix)
