"""Pictures: what is withheld is never drawn, and the same figures stand beside in words."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fixtures.page import Page, text_of
from tests.integration.desks.conftest import Draw

SVG = "{http://www.w3.org/2000/svg}"
BARS = '{% from "components/bars.html" import bars %}{{ bars(rows, "Top priorities") }}'
MAP = '{% from "components/tile_map.html" import tile_map %}{{ tile_map(tiles, "Responses by borough") }}'


@dataclass
class Row:
    label: str
    value: int | None
    share: float | None = None
    text: str = ""


@dataclass
class Tile:
    row: int
    column: int
    name: str
    short: str
    text: str
    step: int | None = 0
    href: str = ""


def rects(page: Page) -> list[str]:
    return [rect.get("width", "") for tag in ("rect", f"{SVG}rect") for rect in page.root.iter(tag)]


def test_the_longest_bar_is_the_largest_count(draw: Draw) -> None:
    page = draw(BARS, rows=[Row("Knives", 40), Row("Dogs", 10)])
    assert rects(page) == ["74.0%", "18.5%"]


def test_a_withheld_count_has_no_bar_and_no_figure(draw: Draw) -> None:
    page = draw(BARS, rows=[Row("Knives", 40), Row("Dogs", None, text="fewer than 5")])
    assert rects(page) == ["74.0%"]
    assert "fewer than 5" in text_of(page.find("table"))


def test_a_withheld_count_is_not_a_count_of_nobody(draw: Draw) -> None:
    page = draw(BARS, rows=[Row("Knives", 0), Row("Dogs", None)])
    assert rects(page) == ["0%"]
    cells = [text_of(cell) for cell in page.find("table").iter("td")]
    assert cells == ["0", "withheld"]


def test_a_picture_of_nothing_but_withheld_counts_has_no_bars(draw: Draw) -> None:
    assert rects(draw(BARS, rows=[Row("Knives", None), Row("Dogs", None)])) == []


def test_a_share_of_a_withheld_count_is_withheld_too(draw: Draw) -> None:
    page = draw(BARS, rows=[Row("Knives", 40, 0.8), Row("Dogs", None, 0.06)])
    assert rects(page) == ["74.0%"]
    assert "6%" not in page.text


def test_a_picture_of_bars_has_a_name_and_a_table_with_the_same_figures(draw: Draw) -> None:
    page = draw(BARS, rows=[Row("Knives", 1200, 0.8), Row("Dogs", 300, 0.2)])
    picture = next(iter([*page.root.iter("svg"), *page.root.iter(f"{SVG}svg")][1:]))
    assert picture.get("role") == "img"
    assert (picture.get("aria-labelledby") or "").split() == [
        "bars-top-priorities-title",
        "bars-top-priorities-desc",
    ]
    cells = [text_of(cell) for cell in page.find("table").iter("td")]
    assert cells == ["1,200", "80%", "300", "20%"]


def test_a_map_says_of_each_tile_in_words_what_its_shade_says(draw: Draw) -> None:
    page = draw(
        MAP,
        tiles=[Tile(1, 1, "Camden", "Cmd", "40 responses", 4), Tile(1, 2, "Brent", "Brt", "withheld", None)],
    )
    assert "app-map__tile--4" in page.html
    assert "app-map__tile--withheld" in page.html
    table = text_of(page.find("table"))
    assert "Camden Cmd40 responses" in table
    assert "Brent Brtwithheld" in table


def test_a_map_without_links_is_one_image_and_with_links_a_group_of_them(draw: Draw) -> None:
    still = draw(MAP, tiles=[Tile(1, 1, "Camden", "Cmd", "40 responses")])
    linked = draw(MAP, tiles=[Tile(1, 1, "Camden", "Cmd", "40 responses", href="/timetable/")])
    assert 'role="img"' in still.html
    assert 'role="group"' in linked.html
    assert 'aria-label="Camden: 40 responses"' in linked.html
