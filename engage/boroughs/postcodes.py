"""Whole postcodes to boroughs, from a file and with no network. Nothing is guessed from half a postcode.

The 331,981 postcodes stay as the text of their sectors (under 1 MB): opened on first use in some
milliseconds, each look-up a search in one line.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

# A postcode has at most seven characters; the rest is room for blanks.
LONGEST = 40

_OUTWARD = r"[A-Z]{1,2}[0-9][0-9A-Z]?"
# The letters that no inward code uses: C I K M O V.
_WHOLE = re.compile(_OUTWARD + r"[0-9][ABD-HJLNP-UW-Z]{2}|GIR0AA")
_HALF = re.compile(_OUTWARD + r"(?:[0-9][ABD-HJLNP-UW-Z]?)?|GIR0?A?")
_IGNORED = re.compile(r"[\s.\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff]+")


class Outcome(StrEnum):
    """What a text turned out to be."""

    LONDON = "london"
    NOT_LONDON = "not_london"
    INCOMPLETE = "incomplete"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome, and for a London postcode the GSS code of its borough or the City."""

    outcome: Outcome
    area_code: str | None = None


def look_up(text: str) -> Finding:
    """Return what `text` is: case, blanks, hyphens, full stops and full-width characters do not matter.

    Never raises, whatever the text.
    """
    typed = _tidy(text)
    if _WHOLE.fullmatch(typed):
        area_code = _borough_of(typed)
        return Finding(Outcome.LONDON, area_code) if area_code else Finding(Outcome.NOT_LONDON)
    return Finding(Outcome.INCOMPLETE if _HALF.fullmatch(typed) else Outcome.MALFORMED)


def everything() -> Iterator[tuple[str, str]]:
    """Yield each whole postcode, without a blank, with the GSS code of its borough."""
    for sector, line in _sectors().items():
        for area_code, ends in _boroughs(line):
            for place in range(0, len(ends), 2):
                yield sector + ends[place : place + 2], area_code


def count() -> int:
    """Return how many postcodes are known."""
    return sum(len(ends) // 2 for line in _sectors().values() for _, ends in _boroughs(line))


def _tidy(text: str) -> str:
    if len(text) > LONGEST:
        return ""
    plain = _IGNORED.sub("", unicodedata.normalize("NFKC", text))
    # Only afterwards: upper-casing turns some foreign letters into several plain ones.
    return plain.upper() if plain.isascii() else ""


def _borough_of(postcode: str) -> str | None:
    sector, end = postcode[:-2], postcode[-2:]
    for area_code, ends in _boroughs(_sectors().get(sector, "")):
        place = ends.find(end)
        # An odd place is the second letter of one end and the first of the next.
        while place > 0 and place % 2:
            place = ends.find(end, place + 1)
        if place >= 0:
            return area_code
    return None


def _boroughs(line: str) -> Iterator[tuple[str, str]]:
    """Yield the boroughs of a sector's line (`06AAAB 11AD`), each with its ends run together."""
    for part in line.split():
        yield f"E090000{part[:2]}", part[2:]


@cache
def _sectors() -> Mapping[str, str]:
    packed = files(__package__).joinpath("data", "postcodes.txt.xz").read_bytes()
    lines = lzma.decompress(packed).decode("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if not line.startswith("#"))
