"""Whether two priorities, or themes, of different years are about the same thing. Pure."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[^\W\d_]{3,}")
# Words that many labels have and that tell none of them apart.
_FILLERS = frozenset(
    """and the for from with that less more crime crimes offences police policing people other against your
    our their about into local london tackling tackle reducing reduce stop stopping better dealing
    fewer""".split()  # noqa: SIM905
)
ENOUGH = 0.5


def alike(one: str, other: str) -> bool:
    """Tell whether at least half of the meaning words of the shorter label stand in the other one, too."""
    mine, theirs = _meaning(one), _meaning(other)
    if not mine or not theirs:
        return False
    return len(mine & theirs) / min(len(mine), len(theirs)) > ENOUGH or mine == theirs


def _meaning(label: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORDS.findall(label.casefold()) if word not in _FILLERS)


def _stem(word: str) -> str:
    """Return a word without its plural: knives and knife are one, as burglaries and burglary are."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ves"):
        return word[:-3] + "fe"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
