from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.boroughs import queries, service
from engage.boroughs.models import Area, AreaKind, CensusCount
from engage.boroughs.rules import CATEGORIES, OUTSIDE, UNDISCLOSED, Measure

# Published London totals; ONS perturbs each table, so they differ by a few people.
TOTALS = {Measure.SEX: 8_799_697, Measure.AGE_BAND: 8_799_687, Measure.ETHNIC_GROUP: 8_799_736}


@pytest.fixture
def london(session: Session) -> Session:
    service.load_london(session)
    return session


def test_london_is_33_places_and_two_answers_that_are_none(london: Session) -> None:
    areas = queries.areas(london)
    assert [area.code for area in areas[-2:]] == [OUTSIDE, UNDISCLOSED]
    assert [area.name for area in areas[:-2]] == sorted(area.name for area in areas[:-2])
    kinds = [area.kind for area in areas]
    assert (kinds.count(AreaKind.BOROUGH), kinds.count(AreaKind.CITY)) == (32, 1)
    assert queries.places(london) == areas[:-2]


def test_every_place_has_residents_and_a_tile_of_its_own(london: Session) -> None:
    places = queries.places(london)
    assert sum(place.residents or 0 for place in places) == 8_799_697
    assert len({(place.tile_row, place.tile_column) for place in places}) == 33
    assert len({place.short_name for place in places}) == 33


@pytest.mark.parametrize("measure", list(Measure))
def test_census_figures_add_up_to_the_published_total(london: Session, measure: Measure) -> None:
    counts = queries.census_counts(london, measure)
    assert len(counts) == 33
    assert sum(sum(one.values()) for one in counts.values()) == TOTALS[measure]
    for one in counts.values():
        assert list(one) == list(CATEGORIES[measure])


def test_a_measure_nobody_took_has_no_figures(london: Session) -> None:
    assert queries.census_counts(london, "shoe_size") == {}


def test_loading_again_changes_nothing_and_says_the_same(london: Session) -> None:
    london.commit()
    again = service.load_london(london)
    assert again == service.Loaded(areas=35, census_counts=429, postcodes=331_981)
    assert london.scalar(select(func.count()).select_from(Area)) == 35
    assert london.scalar(select(func.count()).select_from(CensusCount)) == 429


def test_loading_again_mends_what_was_changed(london: Session) -> None:
    camden = london.get_one(Area, "E09000007")
    camden.name = "Camdem"
    london.flush()
    service.load_london(london)
    assert camden.name == "Camden"
