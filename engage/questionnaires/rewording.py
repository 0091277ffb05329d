"""How far the words of something with a stable code have moved from what they were."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import IntEnum

from engage.questionnaires.shipped import read_json

_WORDS = read_json("plain-english.json")
# Words that a change of wording may leave out, put in or exchange without another meaning.
SMALL = frozenset(_WORDS["small_words"].split())
NEGATIVE = frozenset(_WORDS["negatives"].split())
# Below this share of words kept, a meaning may have gone with the others.
KEPT_SHARE = 0.8
# Two words this alike may be one mistyped, or are at least about the same thing.
MISTYPED = 0.9
RELATED = 0.75
SPELLINGS = (("iz", "is"), ("our", "or"), ("yz", "ys"))


class Rewording(IntEnum):
    """From no change at all to words of which nothing is left."""

    SAME = 0
    LIGHT = 1
    STRONG = 2
    COMPLETE = 3


def rewording(before: str, after: str) -> Rewording:
    """Return how far words have moved: LIGHT keeps the meaning, STRONG may not, COMPLETE shares nothing.

    Punctuation, capitals, spelling and small words are light; a number or a "not" that comes or goes is
    strong.
    """
    if before == after:
        return Rewording.SAME
    old, new = _words(before), _words(after)
    if old == new or _initials(old) == new or _initials(new) == old:
        return Rewording.LIGHT
    told, tells = _content(old), _content(new)
    if not any(_likeness(word, other) >= RELATED for word in told for other in tells):
        return Rewording.COMPLETE
    kept = [word for word in told if any(_likeness(word, other) >= MISTYPED for other in tells)]
    share = 2 * len(kept) / (len(told) + len(tells))
    if _numbers(old) != _numbers(new) or set(old) & NEGATIVE != set(new) & NEGATIVE or share < KEPT_SHARE:
        return Rewording.STRONG
    return Rewording.LIGHT


def _words(text: str) -> list[str]:
    plain = text.casefold().replace("’", "'").replace("n't", " not").replace("-", "")
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", plain)


def _initials(words: list[str]) -> list[str]:
    """Return the acronym of words, as words; nothing reads as the acronym of fewer than two."""
    return ["".join(word[0] for word in words)] if len(words) > 1 else []


def _content(words: list[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word not in SMALL)) or list(dict.fromkeys(words))


def _numbers(words: list[str]) -> list[str]:
    return [word for word in words if any(letter.isdigit() for letter in word)]


def _likeness(one: str, other: str) -> float:
    """Return how alike two words are, from 0 to 1; a word is nothing like its opposite (dis-, un-)."""
    one, other = _spelling(one), _spelling(other)
    if one == other:
        return 1
    if one[:2] != other[:2] or any(letter.isdigit() for letter in one + other):
        return 0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _spelling(word: str) -> str:
    for american, british in SPELLINGS:
        word = word.replace(american, british)
    return word.removesuffix("s") if len(word) > 3 else word
