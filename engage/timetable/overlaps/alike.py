"""Titles that say nearly the same, found without comparing each with each. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

# Of all the words in either title, so many must be in both.
ENOUGH = 3 / 4
# Words that tell two titles apart as little as a year does.
SMALL_WORDS = frozenset((
    "a", "about", "an", "and", "are", "at", "be", "by", "do", "does", "for", "from", "how", "in", "is",
    "it", "its", "of", "on", "or", "our", "should", "the", "their", "to", "us", "we", "what", "when",
    "where", "which", "who", "why", "with", "you", "your",
))  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+")
_YEAR = re.compile(r"\b(19|20)\d\d([/-]\d\d)?\b")


def words_of(title: str) -> frozenset[str]:
    """Return the words by which a title is known: small letters, no accents, no years, no small words.

    A plural counts as its singular. Where nothing is left, what there was counts.
    """
    plain = unicodedata.normalize("NFKD", title.replace("’", "").replace("'", "")).encode("ascii", "ignore")
    said = plain.decode().lower()
    kept = [word for word in _WORD.findall(_YEAR.sub(" ", said)) if word not in SMALL_WORDS]
    return frozenset(_singular(word) for word in kept or _WORD.findall(said))


def are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two titles, as their words, say nearly the same; two words at least must be in both."""
    both = len(one & other)
    if not both or (both == 1 and one != other):
        return False
    return both >= ENOUGH * (len(one) + len(other) - both)


def pairs(titles: Mapping[Key, frozenset[str]]) -> Iterator[tuple[Key, Key]]:
    """Yield each pair of keys whose titles are alike, once.

    Two alike titles must share one of their rarest words (of n words, one of the first n - 3n/4 + 1), so only
    titles that do are compared.
    """
    often = Counter(word for words in titles.values() for word in words)
    holding: dict[str, list[Key]] = defaultdict(list)
    for key, words in titles.items():
        rarest = sorted(words, key=lambda word: (often[word], word))
        first = rarest[: len(words) - -int(-ENOUGH * len(words) // 1) + 1]
        met: set[Key] = set()
        for word in first:
            for other in holding[word]:
                if other not in met:
                    met.add(other)
                    if are_alike(words, titles[other]):
                        yield other, key
            holding[word].append(key)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
