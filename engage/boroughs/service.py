"""Loading London from the files that come with the package."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.boroughs import postcodes
from engage.boroughs.models import Area, AreaKind, CensusCount
from engage.boroughs.rules import POSTCODES


class DamagedDataError(Exception):
    """A file that comes with the package is not what it was when it was packed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was read from the files, whether or not the database already held it."""

    areas: int
    census_counts: int
    postcodes: int


def load_london(session: Session) -> Loaded:
    """Bring areas and census figures to what the files say, and check the postcode file.

    Doing it again changes nothing. Raises `DamagedDataError` where postcodes are missing or too many.
    """
    known = postcodes.count()
    if known != POSTCODES:
        raise DamagedDataError(f"{known} postcodes in the file, not {POSTCODES}")
    # Figures refer to their areas, so the areas go first.
    area_count = _load_areas(session)
    session.flush()
    census_count = _load_census(session)
    session.flush()
    return Loaded(areas=area_count, census_counts=census_count, postcodes=known)


def _load_areas(session: Session) -> int:
    held = {area.code: area for area in session.scalars(select(Area))}
    rows = _rows("areas.csv")
    for row in rows:
        area = held.get(row["code"]) or Area(code=row["code"])
        area.name = row["name"]
        area.short_name = row["short_name"]
        area.kind = AreaKind(row["kind"])
        area.tile_row = _whole(row["tile_row"])
        area.tile_column = _whole(row["tile_column"])
        area.residents = _whole(row["residents"])
        session.add(area)
    return len(rows)


def _load_census(session: Session) -> int:
    held = {(one.area_code, one.measure, one.category): one for one in session.scalars(select(CensusCount))}
    rows = _rows("census.csv")
    for row in rows:
        key = (row["area_code"], row["measure"], row["category"])
        figure = held.get(key) or CensusCount(area_code=key[0], measure=key[1], category=key[2])
        figure.position = int(row["position"])
        figure.residents = int(row["residents"])
        session.add(figure)
    return len(rows)


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _whole(text: str) -> int | None:
    return int(text) if text else None
