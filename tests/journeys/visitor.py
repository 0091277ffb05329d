"""Somebody with a browser: they read pages, fill in forms by the labels they see, and press buttons."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, TimeoutError, expect
from playwright.sync_api import Page as BrowserPage

from tests.fixtures.browser import PHONE, screenshot

SECONDS = 10
BACK_MILLISECONDS = 1500


class Visitor:
    """One person. Every page they `see` must be free of what axe finds, fit a phone and report no error."""

    def __init__(
        self,
        page: BrowserPage,
        base: str,
        axe: Callable[[BrowserPage], None] | None,
        pictures: Path | None,
    ) -> None:
        self.page = page
        self._base = base
        self._axe = axe
        self._pictures = pictures
        self._seen: set[str] = set()
        self.errors: list[str] = []
        page.set_default_timeout(SECONDS * 1000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)

    def go(self, address: str) -> None:
        """Open an address of the site, or a whole one."""
        self.page.goto(address if address.startswith("http") else f"{self._base}{address}")

    def visits(self, address: str) -> None:
        """Open an address of the site that must be there, and look at it closely."""
        answer = self.page.goto(f"{self._base}{address}")
        assert answer is not None
        assert answer.status == 200, f"{address} answers {answer.status}"
        self._look(address)

    def goes_back(self) -> None:
        """Press Back. Of a page that is shown again as it was left, Playwright does not see the end."""
        with contextlib.suppress(TimeoutError):
            self.page.go_back(timeout=BACK_MILLISECONDS)

    def sees(self, heading: str, name: str | None = None) -> None:
        """Expect the page with this heading, and look at it closely once; `name` is its picture's."""
        expect(self.page.locator("h1")).to_have_text(re.compile(re.escape(heading)))
        key = name or heading
        if key not in self._seen:
            self._seen.add(key)
            self._look(key)

    def reads(self, *texts: str) -> None:
        """Expect each text somewhere on the page."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def does_not_read(self, *texts: str) -> None:
        """Expect none of the texts on the page."""
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def follows(self, link: str, *, within: str | None = None) -> None:
        """Follow the first link with this name, on the page or in one of its named parts."""
        part = self.page.get_by_role("navigation", name=within) if within else self.page
        part.get_by_role("link", name=link).first.click()

    def downloads(self, link: str, folder: Path) -> Path:
        """Follow a link to a file, and return where it was saved."""
        with self.page.expect_download() as arriving:
            self.follows(link)
        saved = folder / arriving.value.suggested_filename
        arriving.value.save_as(saved)
        return saved

    def presses(self, button: str) -> None:
        """Press the first button with this name."""
        self.page.get_by_role("button", name=button).first.click()

    def writes(self, label: str, text: str) -> None:
        """Fill in the field with this label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def ticks(self, *labels: str) -> None:
        """Tick boxes or choose options, by their labels."""
        for label in labels:
            self.page.get_by_label(label, exact=True).check()

    def chooses(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def dates(self, question: str, day: date) -> None:
        """Fill in the three boxes of a day."""
        boxes = self.group(question)
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            boxes.get_by_label(label, exact=True).fill(str(value))

    def group(self, question: str) -> Locator:
        """Return the part of the form that belongs to a question."""
        return self.page.get_by_role("group", name=question).first

    def signs_in(self, email: str, password: str) -> None:
        """Sign in from the sign-in page."""
        self.go("/sign-in")
        self.sees("Sign in")
        self.page.locator("input[type=email]").fill(email)
        self.page.locator("input[type=password]").fill(password)
        self.presses("Sign in")

    def _look(self, name: str) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{self.page.url} is {wide} pixels wide on a phone"
        assert self.errors == [], f"{self.page.url}: {self.errors}"
        if self._axe:
            self._axe(self.page)
        if self._pictures:
            self._pictures.mkdir(parents=True, exist_ok=True)
            number = len(list(self._pictures.glob("*-375.png"))) + 1
            words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50]
            screenshot(self.page, self._pictures, f"{number:02d}-{words}")

    def _note(self, message: ConsoleMessage) -> None:
        # A form with mistakes answers 422, and the browser says so; that is no error of the page.
        if message.type == "error" and "status of 422" not in message.text:
            self.errors.append(message.text)
