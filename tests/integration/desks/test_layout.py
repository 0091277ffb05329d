"""What stands around every page."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from engage.boroughs.rules import POSTCODE_SOURCES
from engage.foundations.settings import ROOT
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of
from tests.integration.desks.conftest import Draw, bare_app

PAGES_ABOUT_THE_SITE = ("/about", "/accessibility", "/privacy", "/cookies")


def test_the_title_is_the_heading_and_then_the_name_of_the_site(draw: Draw) -> None:
    assert draw("").title == "Try - Engage"


def test_the_page_says_its_language(draw: Draw) -> None:
    assert draw("").root.get("lang") == "en-GB"


def test_the_first_link_skips_to_the_main_content(draw: Draw) -> None:
    page = draw("")
    assert page.links[0].href == "#main"
    assert text_of(page.find("div", id="main")).startswith("Try")


def test_every_page_says_where_to_report_crime(draw: Draw) -> None:
    footer = text_of(draw("").find("footer"))
    for number in ("999", "101", "0800 555 111"):
        assert number in footer


def test_nothing_is_asked_of_another_site(draw: Draw) -> None:
    page = draw("")
    loaded = [link.get("href", "") for link in page.all("link")] + [
        s.get("src", "") for s in page.all("script")
    ]
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)


def test_the_address_of_a_file_changes_with_the_file(draw: Draw) -> None:
    (icon,) = [link.get("href", "") for link in draw("").all("link", rel="icon")]
    assert re.fullmatch(r"/static/icons/engage\.svg\?v=[0-9a-f]{10}", icon)


def test_a_demonstration_says_so_and_nothing_else_does(tmp_path: Path) -> None:
    for mode, said in (("demo", True), ("test", False)):
        html = bare_app(tmp_path / mode, mode).test_client().get("/about").get_data(as_text=True)
        assert ("made up by a program" in html) is said


@pytest.mark.parametrize("address", PAGES_ABOUT_THE_SITE)
def test_the_footer_leads_to_the_pages_about_the_site(draw: Draw, address: str) -> None:
    assert address in [link.href for link in draw("").links]


@pytest.mark.parametrize("address", PAGES_ABOUT_THE_SITE)
def test_the_pages_about_the_site_set_no_cookie(client: PageClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


def test_somebody_signed_in_finds_their_desk_and_the_way_out(
    client: PageClient, officer_client: PageClient
) -> None:
    assert "Sign in" in client.get_page("/about").text
    signed_in = officer_client.get_page("/about")
    assert "Sign in" not in signed_in.text
    assert signed_in.find("form", action="/sign-out").get("method") == "post"
    assert "/officer/" in [link.href for link in signed_in.links]


def test_error_in_the_title_comes_before_the_heading(draw: Draw) -> None:
    class Wrong:
        errors = ("something",)

    assert draw("", form=Wrong()).title == "Error: Try - Engage"


def test_the_styles_ask_for_no_font_and_no_picture_of_somebody_elses() -> None:
    styles = ROOT / "static" / "dist" / "engage.css"
    if not styles.exists():
        pytest.skip("the styles have not been built")
    css = styles.read_text(encoding="utf-8")
    # What a phone fetches once; every browser that can read the page takes it compressed.
    assert len(gzip.compress(css.encode())) < 20_000
    for foreign in ("@font-face", "url(", "GDS Transport", "@import"):
        assert foreign not in css


def test_every_page_leads_to_the_sources_of_places_and_figures(client: PageClient) -> None:
    about = client.get_page("/about")
    for source in POSTCODE_SOURCES:
        assert str(source) in about.text
    assert 'href="/about#sources"' in client.get("/cookies").get_data(as_text=True)
