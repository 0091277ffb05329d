"""How hard an English text is to read, counted in words, sentences and syllables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from engage.questionnaires.shipped import read_json

# GOV.UK's content guide asks for sentences of no more than 25 words.
LONGEST_SENTENCE = 25

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# A full stop within a number, an abbreviation or a single letter ends nothing.
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|no|st|mr|mrs|ms|dr|approx|[a-z])\.(?=\s+[^\s])", re.IGNORECASE)
_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"”’)]))\s+|\n+")
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:&[A-Z]+)*s?\b")
_SHOUTED = re.compile(r"\b[A-Z]{2,}(?:\s+[A-Z]+)*\s+[A-Z]{2,}\b")
_ROMAN = re.compile(r"[IVX]+")

_BRACKET = re.compile(r"\(([^()]{1,200})\)")
_ACRONYM_INSIDE = re.compile(r"(?:the\s+|or\s+)?[“\"‘']?([A-Z]{2,}(?:&[A-Z]+)*)s?[”\"’']?")
LONGEST_WORD = 60

_VOWELS = re.compile(r"[aeiouy]+")
# Vowels that stand together and are spoken apart: ma-te-ri-al, vi-o-lence, ac-tu-al, so-ci-e-ty, do-ing.
_APART = re.compile(
    r"(?<![ct])ia(?!ge)|(?<![cgnltsx])io(?!ur)|[^q]ua(?!r)|(?<=l)uen|(?<![ct])ien|iet|ier(?=s?$)|[aeiou]ing(?=s?$)"
    r"|[^aeiou]ying(?=s?$)|sms?$"
)
_SILENT = re.compile(
    r"(?<![aeiouy])(?<!^)(?<![^aeiouy]l)e$|(?<![aeiouysxz])(?<![sc]h)(?<![cg])(?<![^aeiouy]l)es$"
    r"|(?<![aeiouytd])(?<![^aeiouyl]l)ed$|(?<=[aeiouy][^aeiouyl])e(?=(?:ments?|ful|ly|less|ness|some)$)"
)


@cache
def lists() -> dict[str, Any]:
    """Return the lists of words that a text is looked through for."""
    data: dict[str, Any] = read_json("plain-english.json")
    return data


def words(text: str) -> list[str]:
    """Return the words and numbers of a text."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line of its own is one."""
    marked = _ABBREVIATED.sub(lambda found: found[0].replace(".", "\u2024"), text)
    return [part.replace("\u2024", ".").strip() for part in _END.split(marked) if words(part)]


def syllables(word: str) -> int:
    """Return how many syllables an English word has, by rules and a list of exceptions; a number has one."""
    parts = [part for part in re.split(r"[-'’]", word.casefold()) if part]
    return max(1, sum(_syllables(part) for part in parts if part not in ("s", "t", "d", "ll", "re", "ve")))


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> int:
    if word in (exceptions := lists()["syllables"]):
        return int(exceptions[word])
    # A y before a vowel and the u after a q are consonants.
    spoken = re.sub(r"(?:^|(?<=[aeiou]))y(?=[aeiou])", "j", word).replace("qu", "kw")
    found = len(_VOWELS.findall(spoken))
    return max(1, found - len(_SILENT.findall(spoken)) + len(_APART.findall(spoken)))


def grade(texts: Iterable[str]) -> float | None:
    """Return the Flesch-Kincaid grade of texts taken together, None where they have no words.

    0.39 x words per sentence + 11.8 x syllables per word - 15.59: the school year (United States) in which it
    is understood, about five years below the age. From Kincaid, Fishburne, Rogers and Chissom, "Derivation of
    new readability formulas for Navy enlisted personnel", Research Branch Report 8-75, 1975.
    """
    found = [sentence for text in texts for sentence in sentences(text)]
    spoken = [word for sentence in found for word in words(sentence)]
    if not spoken:
        return None
    per_word = sum(map(syllables, spoken)) / len(spoken)
    return 0.39 * len(spoken) / len(found) + 11.8 * per_word - 15.59


def long_sentences(text: str) -> list[str]:
    """Return the sentences of more than 25 words."""
    return [sentence for sentence in sentences(text) if len(words(sentence)) > LONGEST_SENTENCE]


def acronyms(text: str) -> list[str]:
    """Return the acronyms of a text that not everybody knows, once each, in order."""
    plain = _SHOUTED.sub(" ", text)
    found = (one.removesuffix("s") for one in _CAPITALS.findall(plain))
    usual = set(lists()["acronyms"].split()) | set(lists()["emphasis"].split())
    return [one for one in dict.fromkeys(found) if one.upper() not in usual and not _ROMAN.fullmatch(one)]


def explained(text: str) -> set[str]:
    """Return the acronyms that a text explains in brackets: "safe streets (SS)" or "SS (safe streets)"."""
    found = set()
    for bracket in _BRACKET.finditer(text):
        before = words(text[max(0, bracket.start() - LONGEST_WORD) : bracket.start()])
        inside = _ACRONYM_INSIDE.fullmatch(bracket[1].strip())
        if inside and before and before[-1].isalpha():
            found.add(inside[1])
        elif before and re.search("[a-z]{2}", bracket[1]):
            found.add(before[-1].removesuffix("s"))
    return found
