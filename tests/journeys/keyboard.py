"""Somebody who has a keyboard and nothing else: Tab, Space, Enter, arrows and letters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.journeys.visitor import Visitor

FARTHEST = 80
# What shows the focus stands on the element, or on the picture of a box that its label draws.
# What has the focus must not be behind something that stays in its place while the page moves.
SHOWS = """() => {
  const element = document.activeElement;
  // Between the last thing of a page and its first, nothing has the focus.
  if (element === document.body) return '';
  const label = element.labels && element.labels[0];
  const looks = [getComputedStyle(element), ...(label ? [getComputedStyle(label, '::before')] : [])];
  const seen = looks.some(look => (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2)
    || look.boxShadow !== 'none');
  const place = element.getBoundingClientRect();
  const above = document.elementFromPoint(place.left + place.width / 2, place.top + place.height / 2);
  const clear = above && (element.contains(above) || above.contains(element) || above === label);
  return seen && clear ? '' : `${element.outerHTML.slice(0, 120)} ${seen ? 'is covered' : 'shows no focus'}`;
}"""
HAS_FOCUS = "element => element === document.activeElement"


class Keyboard:
    """The keys of one visitor. Wherever they come to, the focus must show and be in sight."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page

    def to(self, target: Locator) -> None:
        """Press Tab until the focus is on the target, and see it at every step on the way."""
        for _ in range(FARTHEST):
            if target.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
            hidden = self._hidden()
            assert not hidden, hidden
        pytest.fail(f"{target} cannot be reached with the keyboard")

    def _hidden(self) -> str:
        """Return what is wrong with where the focus is; the page may still be scrolling there."""
        hidden = ""
        for _ in range(10):
            hidden = str(self.page.evaluate(SHOWS))
            if not hidden:
                break
            self.page.wait_for_timeout(100)
        return hidden

    def field(self, label: str) -> None:
        """Go to the field with this label."""
        self.to(self.page.get_by_label(label, exact=True))

    def ticks(self, *labels: str) -> None:
        """Go to boxes and press Space."""
        for label in labels:
            self.field(label)
            self.presses("Space")

    def writes(self, label: str, text: str) -> None:
        """Go to a field and type."""
        self.field(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def follows(self, link: str) -> None:
        """Go to a link and press Enter."""
        self.to(self.page.get_by_role("link", name=link).first)
        self.presses("Enter")

    def sends(self, button: str) -> None:
        """Go to a button and press Space or Enter; both must do."""
        self.to(self.page.get_by_role("button", name=button, exact=True).last)
        self.presses("Enter")

    def presses(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            self.page.keyboard.press(key)
