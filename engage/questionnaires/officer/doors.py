"""Where the builder's pages lead on to."""

from __future__ import annotations

from typing import TypeAlias

from flask import current_app

from engage.foundations.language import Text, lazy

NAME = "officer_questionnaires"
Doors: TypeAlias = tuple[tuple[str, Text], ...]

FROM_THE_LIST: Doors = (
    (".import_", lazy("Import one from a file")),
    (".bank", lazy("Saved questions")),
)
FROM_A_DRAFT: Doors = (
    (".preview", lazy("Preview")),
    (".checks", lazy("Check words and length")),
    (".routes", lazy("Ways through it")),
    (".versions", lazy("Versions, and what changes")),
    (".export", lazy("Export")),
)
FROM_A_VERSION: Doors = (
    (".versions", lazy("Versions")),
    (".preview", lazy("Preview")),
    (".export", lazy("Export")),
)


def leading_on(doors: Doors) -> Doors:
    """Return those of the doors behind which there is a room."""
    return tuple(door for door in doors if f"{NAME}{door[0]}" in current_app.view_functions)
