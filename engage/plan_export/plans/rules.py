"""What a plan and its versions may be. Pure decisions on plain values."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from engage.foundations.language import Text, lazy
from engage.plan_export.rules import Outcome

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
MOST_YEARS: Final = 10
MOST_OBJECTIVES: Final = 200
LONGEST_TEXT: Final = 4000
LONGEST_WORDING: Final = 1000
DIGEST_LENGTH: Final = 64
FEWEST_SIGNS: Final = 16
# What a plan takes up; a decision against a priority has its reason instead.
TAKEN_UP: Final = frozenset({Outcome.ADOPTED, Outcome.IN_PART})
NO_CODES: Final = frozenset({"check", "schema.json"})
# No text that a person typed has them, and neither a database nor a document can keep them all.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Stage(StrEnum):
    """How far a version has come."""

    MADE = "made"
    APPROVED = "approved"
    PUBLISHED = "published"


STAGES: Mapping[Stage, Text] = {
    Stage.MADE: lazy("Waits for approval"),
    Stage.APPROVED: lazy("Approved"),
    Stage.PUBLISHED: lazy("Published"),
}
COLOURS: Mapping[Stage, str] = {Stage.MADE: "yellow", Stage.APPROVED: "teal", Stage.PUBLISHED: "green"}


def stage(approved_at: datetime | None, published_at: datetime | None) -> Stage:
    """Return how far a version has come."""
    if published_at is not None:
        return Stage.PUBLISHED
    return Stage.MADE if approved_at is None else Stage.APPROVED


def years_of(first_year: int, years: int) -> str:
    """Return the years as they are written: 2028/29, or 2028/29 to 2030/31."""
    first = _financial(first_year)
    return first if years == 1 else f"{first} to {_financial(first_year + years - 1)}"


def _financial(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def code_for(first_year: int, years: int, taken: Collection[str]) -> str:
    """Return the code of a plan, as its address says it: 2028-29; a second of the same years is 2028-29-2."""
    stem = f"{first_year}-{(first_year + years) % 100:02d}"
    unused = {stem, *(f"{stem}-{turn}" for turn in range(2, len(taken) + 3))} - {*taken, *NO_CODES}
    return min(unused, key=lambda code: (len(code), code))


def digest_typed(text: str) -> str | None:
    """Return the beginning of a digest as we keep it, of what somebody typed from paper; None: it is none.

    Any case, with blanks or strokes between, at least the first 16 signs.
    """
    signs = re.sub(r"[\s\u00ad\u200b\u2010-\u2015-]", "", text).casefold()
    whole = FEWEST_SIGNS <= len(signs) <= DIGEST_LENGTH and re.fullmatch("[0-9a-f]+", signs)
    return signs if whole else None


def clean(text: str | None) -> str:
    """Return a text as it is kept: line ends alike, no control characters, nothing around it."""
    return _CONTROL.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def moved(ids: list[int], which: int, up: bool) -> list[int]:
    """Return `ids` with one a place up or down; at the end of the list it stays."""
    place = ids.index(which)
    to = place - 1 if up else place + 1
    if not 0 <= to < len(ids):
        return ids
    rest = [each for each in ids if each != which]
    return [*rest[:to], which, *rest[to:]]
