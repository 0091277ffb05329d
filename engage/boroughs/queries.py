"""Areas and census figures, to read."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import case, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.boroughs.models import Area, AreaKind, CensusCount
from engage.boroughs.rules import slug_of

PLACES = (AreaKind.BOROUGH, AreaKind.CITY)


def areas(session: Session) -> list[Area]:
    """Return the boroughs and the City by name, then "outside London", then "prefer not to say"."""
    turn = case((Area.kind.in_(PLACES), 0), (Area.kind == AreaKind.OUTSIDE, 1), else_=2)
    return list(session.scalars(select(Area).order_by(turn, Area.name, Area.code)))


def places(session: Session) -> list[Area]:
    """Return the boroughs and the City by name: the areas that have residents and a tile."""
    return list(session.scalars(select(Area).where(Area.kind.in_(PLACES)).order_by(Area.name, Area.code)))


def get_place(session: Session, slug: str) -> Area:
    """Return the borough, or the City, of this address (`waltham-forest`). Raises `NoResultFound`."""
    for area in places(session):
        if slug_of(area.name) == slug:
            return area
    raise NoResultFound


def census_counts(session: Session, measure: str) -> dict[str, dict[str, int]]:
    """Return residents by area code and then by category, categories in the published order."""
    rows = session.execute(
        select(CensusCount.area_code, CensusCount.category, CensusCount.residents)
        .where(CensusCount.measure == measure)
        .order_by(CensusCount.area_code, CensusCount.position, CensusCount.category)
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for area_code, category, residents in rows:
        counts[area_code][category] = residents
    return dict(counts)
