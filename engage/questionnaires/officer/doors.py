"""Where the builder's pages lead on to."""

from __future__ import annotations

from typing import TypeAlias

from engage.foundations.language import Text, lazy

Doors: TypeAlias = tuple[tuple[str, Text], ...]

FROM_THE_LIST: Doors = (
    (".import_", lazy("Import one from a file")),
    (".bank", lazy("Saved questions")),
)
FROM_A_DRAFT: Doors = (
    (".add_saved", lazy("Add a saved question")),
    (".save_question", lazy("Save a question to the bank")),
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
