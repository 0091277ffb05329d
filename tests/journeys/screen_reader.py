"""What a screen reader is told: the browser's own accessibility tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page as BrowserPage

from tests.journeys.visitor import Visitor

FIELDS = frozenset({"checkbox", "radio", "textbox", "combobox", "spinbutton"})


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing on the page: its role, name, description and states, and the names of the groups it is in."""

    role: str
    name: str
    description: str
    states: Mapping[str, Any]
    groups: tuple[str, ...]

    @property
    def checked(self) -> bool:
        """Whether it is said to be ticked or chosen."""
        return self.states.get("checked") == "true"


def listen(visitor: Visitor) -> list[Heard]:
    """Return everything that is said of the page, in its order."""
    nodes = _nodes(visitor.page)
    heard: list[Heard] = []
    _walk(nodes, next(iter(nodes)), (), heard)
    return heard


def fields_in(heard: list[Heard], group: str) -> list[Heard]:
    """Return the fields of the group with this name."""
    return [each for each in heard if each.role in FIELDS and group in each.groups]


def only(heard: list[Heard], role: str, name: str) -> Heard:
    """Return the one thing of this role and name."""
    found = [each for each in heard if each.role == role and each.name == name]
    assert len(found) == 1, f"{role} “{name}” is said {len(found)} times"
    return found[0]


def _nodes(page: BrowserPage) -> dict[str, Any]:
    session = page.context.new_cdp_session(page)
    try:
        return {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    finally:
        session.detach()


def _walk(nodes: Mapping[str, Any], number: str, groups: tuple[str, ...], heard: list[Heard]) -> None:
    node = nodes.get(number)
    if node is None:
        return
    one = Heard(
        role=_value(node, "role"),
        name=_value(node, "name"),
        description=_value(node, "description"),
        states={each["name"]: each["value"].get("value") for each in node.get("properties", ())},
        groups=groups,
    )
    if not node.get("ignored"):
        heard.append(one)
    within = (*groups, one.name) if one.role == "group" else groups
    for child in node.get("childIds", ()):
        _walk(nodes, child, within, heard)


def _value(node: Mapping[str, Any], part: str) -> str:
    # A blank that is not to be broken sounds like any other.
    return " ".join(str(node.get(part, {}).get("value", "")).split())
