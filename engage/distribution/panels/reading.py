"""A file of addresses, read whole or refused whole with the row and the column. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engage.distribution.panels.rules import LARGEST_FILE
from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused
from engage.foundations.tables.reading import read_rows, written
from engage.outbox.addresses import tidy_address

FIELD = "file"
ADDRESS, BOROUGH = "address", "borough"
NAMES = {
    "address": ADDRESS,
    "email": ADDRESS,
    "e-mail": ADDRESS,
    "email address": ADDRESS,
    "borough": BOROUGH,
}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be asked whether they want to be on a panel."""

    address: str
    area_code: str | None = None


def read_newcomers(content: bytes, areas: Mapping[str, str]) -> list[Newcomer]:
    """Return who stands in a CSV or workbook with a column `address` and perhaps one `borough`.

    `areas`: the code of each area by its name in small letters; a code stands for itself. Raises `Refused`
    beside `file`, naming the first row and column that cannot be read.
    """
    rows = list(read_rows(content, written(content)))
    if not rows:
        raise Refused(lazy("The file is empty."), FIELD)
    columns = _columns(rows[0][1])
    people = rows[1:]
    if not people:
        raise Refused(lazy("The file has no row below its headings."), FIELD)
    if len(people) > LARGEST_FILE:
        raise Refused(lazy("The file has more than %(most)s rows.", most=f"{LARGEST_FILE:,}"), FIELD)
    seen: dict[str, int] = {}
    return [_newcomer(number, row, columns, areas, seen) for number, row in people]


def _columns(headings: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = NAMES.get(heading.strip().lower())
        if name is None:
            text = lazy(
                "Row 1, column “%(name)s”: the columns are “address” and “borough”.", name=heading[:80]
            )
            raise Refused(text, FIELD)
        if name in found:
            raise Refused(lazy("Row 1: the column “%(name)s” is there twice.", name=name), FIELD)
        found[name] = place
    if ADDRESS not in found:
        raise Refused(lazy("Row 1: there is no column “address”."), FIELD)
    return found


def _newcomer(
    number: int,
    row: Sequence[str],
    columns: Mapping[str, int],
    areas: Mapping[str, str],
    seen: dict[str, int],
) -> Newcomer:
    try:
        address = tidy_address(_cell(row, columns.get(ADDRESS)))
    except Refused:
        raise _wrong(number, ADDRESS, lazy("this is not a whole email address")) from None
    if address in seen:
        raise _wrong(number, ADDRESS, lazy("it is in row %(row)s already", row=seen[address]))
    seen[address] = number
    borough = _cell(row, columns.get(BOROUGH)).strip()
    area_code = areas.get(borough.lower()) if borough else None
    if borough and area_code is None:
        raise _wrong(number, BOROUGH, lazy("“%(name)s” is not a borough of London", name=borough[:80]))
    return Newcomer(address, area_code)


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def _wrong(number: int, column: str, why: Text) -> Refused:
    text = lazy("Row %(row)s, column “%(column)s”: %(why)s.", row=number, column=column, why=why)
    return Refused(text, FIELD)
