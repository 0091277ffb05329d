"""Which priority a text in somebody's own words might be: a suggestion for an officer, never a decision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

NONE = "none"
NEAR = 0.82
_WORDS = re.compile(r"[^\W\d_]+")
_FILLERS = frozenset(
    """a all and any around at be by crime for from get having i in is it less more my of offences on or our
    people police stop stopping tackle tackling that the their to too with""".split()  # noqa: SIM905
)


def suggest(text: str, labels: Mapping[str, str]) -> str | None:
    """Return the code of the one priority whose label `text` is, says or nearly says; None where none or two.

    Words that every label has are not compared, plurals are their singulars.
    """
    said = " ".join(_WORDS.findall(text.casefold()))
    exact = [code for code, label in labels.items() if said == " ".join(_WORDS.findall(label.casefold()))]
    if exact:
        return exact[0]
    words = _meaning(text)
    if not words:
        return None
    close = {code for code, label in labels.items() if _is_close(said, words, label)}
    return close.pop() if len(close) == 1 else None


def _is_close(said: str, words: frozenset[str], label: str) -> bool:
    known = _meaning(label)
    if words <= known or (known and known <= words):
        return True
    return SequenceMatcher(None, said, label.casefold()).ratio() >= NEAR


def _meaning(text: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in _WORDS.findall(text.casefold()) if word not in _FILLERS)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ves") and len(word) > 4:
        return word[:-3] + "fe"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
