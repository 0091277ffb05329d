"""Who has been heard so far, beside who lives here: figures that can still change what officers do.

Shares are of those who said; residents are of the Census 2021. A part of the population is called less heard
where its share of the answers is under four fifths of its share of the residents, and hardly heard under a
half: the four-fifths rule is a common first look, not a test of significance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from engage.analysis import disclosure
from engage.analysis.disclosure import Cell
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.parquet import connect
from engage.analysis.snapshots import ensure_files
from engage.analysis.tallies import open_evidence
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind
from engage.foundations.language import Text, lazy
from engage.groups.models import Group
from engage.groups.rules import Community

LESS, HARDLY = 0.8, 0.5
# Below this many answers a share says more about chance than about who was asked.
FEWEST = 50
UNDISCLOSED = "undisclosed"
UNDER_16 = "under_16"

# The census measure (and equality question) of each comparison, with the communities that reach its parts.
MEASURES: Mapping[str, Mapping[str, Community]] = {
    "age_band": {
        UNDER_16: Community.YOUNG_PEOPLE,
        "16-24": Community.YOUNG_PEOPLE,
        "65_plus": Community.OLDER_PEOPLE,
    },
    "sex": {"female": Community.WOMEN, "male": Community.MEN},
    "ethnic_group": {
        "asian": Community.ETHNIC_MINORITIES,
        "black": Community.ETHNIC_MINORITIES,
        "mixed": Community.ETHNIC_MINORITIES,
        "other": Community.ETHNIC_MINORITIES,
    },
}
MEASURE_NAMES: Mapping[str, Text] = {
    "age_band": lazy("Age"),
    "sex": lazy("Sex"),
    "ethnic_group": lazy("Ethnic group"),
}


class Standing(StrEnum):
    """How well a part of the population has been heard, beside the whole."""

    HARDLY = "hardly"
    LESS = "less"
    LIKE_OTHERS = "like_others"
    TOO_EARLY = "too_early"


STANDINGS: Mapping[Standing, Text] = {
    Standing.HARDLY: lazy("Hardly heard"),
    Standing.LESS: lazy("Less than others"),
    Standing.LIKE_OTHERS: lazy("As much as others"),
    Standing.TOO_EARLY: lazy("Too early to say"),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a snapshot holds: responses by area, and by measure those who chose each category."""

    areas: Mapping[str, int]
    measures: Mapping[str, Mapping[str, int]]


class Place(Protocol):
    """A borough or the City."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def residents(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A borough: responses so far (withheld where few), and for every 10,000 residents."""

    code: str
    name: str
    residents: int
    responses: Cell
    rate: float | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of the population: its share of those who said, beside its share of the residents."""

    measure: str
    category: str
    said: Cell
    share: float | None
    of_residents: float
    standing: Standing
    community: Community | None


def read(session: Session, *, snapshot: EvidenceSnapshot, folder: Path) -> Heard:
    """Return who had been heard when the snapshot was made."""
    manifest, place = ensure_files(session, snapshot=snapshot, folder=folder)
    if not manifest.segments:
        return Heard({}, {measure: {} for measure in MEASURES})
    with connect() as connection:
        open_evidence(connection, manifest, place)
        areas = dict(connection.execute("SELECT area, count(*) FROM present GROUP BY area").fetchall())
        measures = {
            measure: dict(connection.execute(_SAID, {"path": f"$.answers.{measure}"}).fetchall())
            for measure in MEASURES
        }
    return Heard(areas, measures)


_SAID = """
SELECT json_extract_string(equality, $path) AS category, count(*)
FROM revisions SEMI JOIN present USING (revision)
WHERE json_extract_string(equality, $path) IS NOT NULL
GROUP BY category
"""


def standing(share: float | None, of_residents: float, *, answers: int) -> Standing:
    """Return how well a part has been heard whose share of `answers` is `share`."""
    if share is None or answers < FEWEST or not of_residents:
        return Standing.TOO_EARLY
    # Rounded, so that four fifths is four fifths.
    ratio = round(share / of_residents, 6)
    if ratio < HARDLY:
        return Standing.HARDLY
    return Standing.LESS if ratio < LESS else Standing.LIKE_OTHERS


def area_lines(heard: Heard, places: Sequence[Place], threshold: int) -> list[AreaLine]:
    """Return a line for each place, the least heard for its residents first."""
    residents = sum(place.residents or 0 for place in places)
    counts = tuple(heard.areas.get(place.code, 0) for place in places)
    total = sum(counts)
    cells = disclosure.protect_line(tuple(place.code for place in places), counts, threshold)
    lines = [
        AreaLine(
            code=place.code,
            name=place.name,
            residents=place.residents or 0,
            responses=cell,
            rate=_rate(cell, place.residents),
            standing=standing(
                count / total if total else None, (place.residents or 0) / residents, answers=total
            ),
        )
        for place, cell, count in zip(places, cells, counts, strict=True)
    ]
    order = list(Standing)
    return sorted(lines, key=lambda line: (order.index(line.standing), line.rate or 0, line.name))


def part_lines(
    heard: Heard, residents: Mapping[str, Mapping[str, int]], *, children: bool, threshold: int
) -> list[PartLine]:
    """Return a line for each category of each measure, in the census's order.

    `residents` maps measure to category to residents of London. Where `children` may not answer, they are
    left out of both sides.
    """
    return [line for measure in MEASURES for line in _parts(measure, heard, residents, children, threshold)]


def _parts(
    measure: str,
    heard: Heard,
    residents: Mapping[str, Mapping[str, int]],
    children: bool,
    threshold: int,
) -> Iterable[PartLine]:
    lived = {
        category: number
        for category, number in residents.get(measure, {}).items()
        if children or category != UNDER_16
    }
    counts = {category: heard.measures.get(measure, {}).get(category, 0) for category in lived}
    people, answers = sum(lived.values()), sum(counts.values())
    cells = disclosure.protect_line(tuple(counts), tuple(counts.values()), threshold)
    for (category, number), cell in zip(lived.items(), cells, strict=True):
        of_residents = number / people if people else 0.0
        share = counts[category] / answers if answers else None
        yield PartLine(
            measure=measure,
            category=category,
            said=cell,
            share=None if cell.withheld else share,
            of_residents=of_residents,
            standing=standing(share, of_residents, answers=answers),
            community=MEASURES[measure].get(category),
        )


def _rate(cell: Cell, residents: int | None) -> float | None:
    return None if cell.count is None or not residents else 10_000 * cell.count / residents


@dataclass(frozen=True, slots=True)
class ByLinks:
    """What came by the links of an area's groups, and what their own links aim for (None: no target)."""

    submitted: int
    target: int | None


def links_by_area(session: Session, consultation_id: int) -> dict[str, ByLinks]:
    """Return what came by the links of each area's groups; one query."""
    own = case((Link.kind == LinkKind.GROUP, Link.target))
    rows = session.execute(
        select(Group.area_code, func.sum(Link.submitted), func.sum(own))
        .join(Group, Group.id == Link.group_id)
        .where(Link.consultation_id == consultation_id, Group.area_code.is_not(None))
        .group_by(Group.area_code)
        .order_by(Group.area_code)
    )
    return {area: ByLinks(int(came), int(hoped) if hoped else None) for area, came, hoped in rows}
