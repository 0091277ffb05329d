"""The frame of every page, in a browser: reachable by keyboard, the same without scripts, clean for axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PUBLIC = ("/", "/timetable/", "/sign-in", "/no-such-page")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_clean_for_axe_and_breaks_no_policy(
    page: Page, live_server: str, axe: Callable[[Page], None], path: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(live_server + path)
    axe(page)
    assert [text for text in said if "404" not in text] == []


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_says_the_same_without_scripts(page_no_js: Page, live_server: str, path: str) -> None:
    page_no_js.goto(live_server + path)
    expect(page_no_js.locator("h1")).to_be_visible()
    assert page_no_js.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_first_key_reaches_the_way_to_the_content(page: Page, live_server: str) -> None:
    page.goto(live_server)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
