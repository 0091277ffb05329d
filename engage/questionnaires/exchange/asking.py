"""Questions as the foreign formats share them: choices with "other" and "none", rankings, grids, scales."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engage.foundations.language import lazy
from engage.questionnaires.exchange.building import Building, Choices, Shown
from engage.questionnaires.exchange.showing import Target
from engage.questionnaires.kinds.scale import FARTHEST, MOST_POINTS


@dataclass(frozen=True, slots=True)
class Asked:
    """What every question of a file has: `where` for the report, `name` for conditions."""

    where: str
    name: str
    label: str
    hint: str = ""
    required: bool = False
    shown: tuple[Shown, ...] = ()

    def json(self, kind: str, **settings: Any) -> dict[str, Any]:
        """Return it as JSON of a kind, without the settings that are None."""
        said = {name: value for name, value in settings.items() if value is not None}
        hint = {"hint": self.hint} if self.hint else {}
        return {"kind": kind, "label": self.label, "required": self.required} | hint | said


def ask(building: Building, asked: Asked, kind: str, *, counts: bool = False, **settings: Any) -> str:
    """Ask a question whose answer is not chosen from a list; `counts`: it is a number."""
    target = Target("", counts=counts)
    return building.ask(asked.where, asked.name, asked.json(kind, **settings), asked.shown, target=target)


def inform(building: Building, asked: Asked) -> None:
    """Show a text that asks nothing: its first line as the heading."""
    question = {"kind": "information", "label": asked.label} | ({"hint": asked.hint} if asked.hint else {})
    building.ask(asked.where, asked.name, question, asked.shown)


def ask_one(building: Building, asked: Asked, choices: Choices, *, other: str = "") -> str:
    """Ask to choose one; `other` is the label of the answer that has a box for another."""
    code = building.ask(
        asked.where,
        asked.name,
        asked.json("one_choice", options=choices.options),
        asked.shown,
        target=Target("", marks=choices.codes),
    )
    _other_box(building, asked, other)
    return code


def ask_several(
    building: Building,
    asked: Asked,
    choices: Choices,
    *,
    other: str = "",
    none_of: str = "",
    at_least: int | None = None,
    at_most: int | None = None,
) -> str:
    """Ask to choose several; `none_of` is the code of the answer that excludes the others."""
    most = len(choices.options) - bool(none_of)
    question = asked.json(
        "several_choices",
        options=choices.options,
        none_of=none_of or None,
        at_least=at_least if at_least and at_least > 1 else None,
        # As many as there are is no limit.
        at_most=at_most if at_most and at_most < most else None,
    )
    target = Target("", marks=choices.codes, many=True)
    code = building.ask(asked.where, asked.name, question, asked.shown, target=target)
    _other_box(building, asked, other)
    return code


def ask_ranking(building: Building, asked: Asked, choices: Choices, *, at_most: int | None = None) -> str:
    """Ask to put options in order: priorities from a list with their order, all of them or the first few."""
    limited = at_most is not None and 0 < at_most < len(choices.options)
    question = asked.json(
        "priorities_list",
        options=choices.options,
        at_most=at_most if limited else len(choices.options),
        exactly=None if limited else True,
        ordered=True,
        other=False,
    )
    target = Target("", marks=choices.codes, many=True)
    return building.ask(asked.where, asked.name, question, asked.shown, target=target)


def ask_grid(
    building: Building, asked: Asked, rows: Choices, options: Choices, part: Callable[[str], str]
) -> str:
    """Ask for the same choice in each row; `part` gives the name of a row in conditions."""
    question = asked.json("matrix", rows=rows.options, options=options.options)
    code = building.ask(asked.where, asked.name, question, asked.shown, target=Target(""))
    for value, row in rows.codes.items():
        marks = {choice: f"{row}:{option}" for choice, option in options.codes.items()}
        building.know(part(value), Target(code, marks=marks, part=True))
    return code


def ask_scale(
    building: Building, asked: Asked, low: int, high: int, labels: Mapping[str, str] | None = None
) -> str:
    """Ask for a point on a scale, and for a number within the limits where a scale would be too long."""
    fits = -FARTHEST <= low <= FARTHEST and low < high < low + MOST_POINTS
    if fits:
        return ask(building, asked, "scale", counts=True, low=low, high=high, **(labels or {}))
    what = lazy("A scale from %(low)s to %(high)s.", low=low, high=high)
    building.leave(asked.where, what, lazy("It is asked as a number."))
    return ask(building, asked, "number", counts=True, least=low, most=high)


def _other_box(building: Building, asked: Asked, other: str) -> None:
    if not other:
        return
    what = lazy("A box for an answer that is not in the list.")
    building.leave(asked.where, what, lazy("It became a question of its own, after it."))
    label = str(lazy("If you chose “%(other)s”, what is it?", other=other))
    building.ask(
        asked.where,
        f"{asked.name}_other",
        {"kind": "short_text", "label": label, "required": False},
        asked.shown,
    )
