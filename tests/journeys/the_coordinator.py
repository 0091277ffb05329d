"""What the coordinator of a CPEG does on the pages."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import COORDINATOR, PASSWORD
from tests.journeys.the_officer import TITLE
from tests.journeys.visitor import Visitor


def finds_the_link(coordinator: Visitor) -> str:
    """Sign in, see the group's link with its QR code, and return the address to pass on."""
    coordinator.signs_in(COORDINATOR, PASSWORD)
    coordinator.sees("Waltham Forest", "desk of a coordinator")
    coordinator.follows("Links and posters")
    coordinator.sees("Links and posters")
    coordinator.follows("Poster to print")
    coordinator.sees(TITLE, "poster")
    picture = coordinator.page.get_by_alt_text("QR code of")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0"), "the QR code is broken"
    address = str(picture.get_attribute("alt")).removeprefix("QR code of ")
    coordinator.reads(address.removeprefix("http://"))
    return address


def sees_how_many_came(coordinator: Visitor, words: str) -> None:
    """Look again at how many responses came by the group's link."""
    coordinator.go("/coordinator/links/")
    coordinator.sees("Links and posters")
    expect(coordinator.page.locator(".app-count").first).to_contain_text(words)
