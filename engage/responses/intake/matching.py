"""Which answer a cell means: its label or its code, first as written, then without case and blanks. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from engage.boroughs.postcodes import Outcome, look_up
from engage.foundations.language import Text, lazy

YES = frozenset({"1", "yes", "y", "true", "x", "✓", "✔", "ticked", "checked", "selected", "on"})
NO = frozenset({"0", "no", "n", "false", "unticked", "unchecked", "not selected", "off", "-"})
# What a postcode is called where somebody decides by hand what it stands for: no postcode is kept.
ELSEWHERE = "postcode-elsewhere"
HALF = "postcode-half"
POSTCODES: Mapping[str, Text] = {
    ELSEWHERE: lazy("A whole postcode that is not known in London"),
    HALF: lazy("Half a postcode"),
}
_CALLED = {Outcome.LONDON: ELSEWHERE, Outcome.NOT_LONDON: ELSEWHERE, Outcome.INCOMPLETE: HALF}
_WHOLE_FLOAT = re.compile(r"(-?\d+)\.0+")
_PARTED = (re.compile(r"[;|\n]"), re.compile(r"[;|\n,]"))


class Strange(Exception):
    """A cell that says nothing known. `values` are what in it is not known, as somebody decides on it."""

    def __init__(self, *values: str) -> None:
        super().__init__(*values)
        self.values = values


def plain(text: str) -> str:
    """Return a text without case, and with its blanks as single ones."""
    return " ".join(text.split()).casefold()


@dataclass(frozen=True)
class Choices:
    """What may be chosen: code -> label. Labels that read alike stand for none of theirs."""

    labels: Mapping[str, Text]

    def find(self, cell: str, by_hand: Mapping[str, str]) -> str:
        """Return the code that a cell means, blank where it was decided to be; raises `Strange`."""
        if cell in by_hand:
            return by_hand[cell]
        loose = plain(cell)
        for known, written in zip(self._known, (cell, cell, loose, loose), strict=True):
            if written in known:
                return known[written]
        if (whole := _WHOLE_FLOAT.fullmatch(cell)) and whole[1] in self.labels:
            return whole[1]
        raise Strange(cell)

    def find_all(self, cell: str, by_hand: Mapping[str, str]) -> list[str]:
        """Return the codes of several answers in one cell; a comma parts them where nothing else does."""
        try:
            return [code] if (code := self.find(cell, by_hand)) else []
        except Strange:
            pass
        last: Strange | None = None
        for parting in _PARTED:
            pieces = [piece.strip() for piece in parting.split(cell) if piece.strip()]
            found, strange = _each(pieces, lambda piece: self.find(piece, by_hand))
            if not strange:
                return [code for code in found if code]
            last = last if last and len(pieces) == 1 else Strange(*strange)
        raise last or Strange(cell)

    @cached_property
    def _known(self) -> tuple[Mapping[str, str], ...]:
        labels = [(str(label).strip(), code) for code, label in self.labels.items()]
        codes = [(code, code) for code in self.labels]
        return (
            _unique(labels),
            _unique(codes),
            _unique((plain(label), code) for label, code in labels),
            _unique((plain(written), code) for written, code in codes),
        )


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    listed = list(pairs)
    times = Counter(written for written, _code in listed)
    return {written: code for written, code in listed if times[written] == 1}


def _each(pieces: list[str], find: Callable[[str], str]) -> tuple[list[str], list[str]]:
    found: list[str] = []
    strange: list[str] = []
    for piece in pieces:
        try:
            found.append(find(piece))
        except Strange as error:
            strange += error.values
    return found, strange


def ticked(cell: str, code: str, label: Text, by_hand: Mapping[str, str]) -> bool:
    """Tell whether a column of one answer says yes: in figures, in words, or as the answer itself."""
    if cell in by_hand:
        return bool(by_hand[cell])
    written = plain(cell)
    if written in (plain(str(label)), plain(code)) and written not in NO:
        return True
    written = whole[1] if (whole := _WHOLE_FLOAT.fullmatch(written)) else written
    if written in YES or written in NO:
        return written in YES
    raise Strange(cell)


def place(cell: str, choices: Choices, by_hand: Mapping[str, str]) -> str:
    """Return the code of a place by its name, its code, or a whole postcode, which is then forgotten."""
    try:
        return choices.find(cell, by_hand)
    except Strange:
        finding = look_up(cell)
    if finding.area_code in choices.labels:
        return str(finding.area_code)
    called = _CALLED.get(finding.outcome, cell)
    if called in by_hand:
        return by_hand[called]
    raise Strange(called)
