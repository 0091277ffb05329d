"""The tiles of the front page's map."""

from __future__ import annotations

from engage.boroughs.models import Area, AreaKind
from engage.desks.rules import Shade, tiles

CAMDEN = Area(
    code="E09000007", name="Camden", short_name="Cmd", kind=AreaKind.BOROUGH, tile_row=3, tile_column=4
)
CITY = Area(
    code="E09000001", name="City of London", short_name="Cty", kind=AreaKind.CITY, tile_row=4, tile_column=5
)


def shades(opened: list[str], coming: list[str]) -> list[Shade]:
    return [tile.step for tile in tiles([CAMDEN, CITY], opened, coming)]


def test_a_borough_with_nothing_of_its_own_is_asked_with_london() -> None:
    assert shades([], []) == [Shade.WITH_LONDON, Shade.WITH_LONDON]


def test_a_borough_is_shaded_by_what_is_its_own_alone() -> None:
    assert shades([CAMDEN.code], [CITY.code]) == [Shade.OPEN, Shade.COMING]


def test_open_outshines_coming() -> None:
    assert shades([CAMDEN.code], [CAMDEN.code, CAMDEN.code]) == [Shade.OPEN, Shade.WITH_LONDON]


def test_a_tile_stands_where_its_area_says() -> None:
    (camden, city) = tiles([CAMDEN, CITY], [], [])
    assert (camden.row, camden.column, camden.short) == (3, 4, "Cmd")
    assert (city.row, city.column, city.short) == (4, 5, "Cty")
