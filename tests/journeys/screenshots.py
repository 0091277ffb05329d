"""Make the pictures of the README from a fresh demonstration: `python -m tests.journeys.screenshots`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from engage import create_app
from engage.demo import people
from engage.demo.cli import demo
from engage.demo.content import EARLIER, OPEN
from engage.foundations.settings import ROOT
from tests.fixtures.browser import CHROMIUMS, QUIET

PORT = 8017
DESK = (1280, 860)
PHONE = (390, 780)


@dataclass(frozen=True)
class Picture:
    """A page, the size of the window, and the part of it that should be at the top."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    top: str | None = None


PUBLIC = (
    Picture("front", "/"),
    Picture("postcard", f"/take-part/{OPEN}/postcard", PHONE),
    Picture("feedback", f"/consultations/{EARLIER}/feedback", top=".app-came__list"),
)
OFFICERS = (
    Picture("results", f"/officer/consultations/{OPEN}/results", top="#priorities"),
    Picture("map", f"/officer/consultations/{OPEN}/results?priority=burglary", top="#breakdown"),
)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with served_demonstration() as password, browser_page() as page:
        for picture in PUBLIC:
            take(page, picture, folder)
        page.goto(address("/sign-in"))
        page.locator("input[type=email]").fill(people.OFFICER.email)
        page.locator("input[type=password]").fill(password)
        page.get_by_role("button", name="Sign in").click()
        for picture in OFFICERS:
            take(page, picture, folder)


def take(page: BrowserPage, picture: Picture, folder: Path) -> None:
    """Photograph the window, with the part asked for at its top."""
    width, height = picture.size
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address(picture.path))
    if picture.top:
        page.locator(picture.top).first.evaluate("element => element.scrollIntoView()")
    file = folder / f"{picture.name}.png"
    page.screenshot(path=file)
    print(f"{file} ({file.stat().st_size // 1024} KiB)")


@contextmanager
def served_demonstration() -> Iterator[str]:
    """Serve a fresh demonstration, and yield its officer's password."""
    with tempfile.TemporaryDirectory() as instance:
        os.environ["ENGAGE_BASE_URL"] = address("")
        demo.main(["--no-serve", "--instance", instance], standalone_mode=False)
        app = create_app()
        with app.app_context():
            password = people.password_of(people.OFFICER)
        server = make_server("127.0.0.1", PORT, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield password
        finally:
            server.shutdown()


@contextmanager
def browser_page() -> Iterator[BrowserPage]:
    """Yield a page in a browser of its own."""
    program = next(found for name in CHROMIUMS if (found := shutil.which(name)))
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *as_root])
        yield browser.new_page(locale="en-GB", timezone_id="Europe/London")
        browser.close()


def address(path: str) -> str:
    """Return the whole address of a page of the demonstration."""
    return f"http://127.0.0.1:{PORT}{path}"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
