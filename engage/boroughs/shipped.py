"""The areas as the package brings them, for what must name them before any database does."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

# As `queries.areas` orders them.
_TURNS = {"borough": 0, "city": 0, "outside": 1}


@cache
def shipped_areas() -> tuple[tuple[str, str], ...]:
    """Return code and name of the boroughs and the City by name, then "outside", then "not to say"."""
    text = files(__package__).joinpath("data", "areas.csv").read_text(encoding="utf-8")
    rows = sorted(
        csv.DictReader(text.splitlines()), key=lambda row: (_TURNS.get(row["kind"], 2), row["name"])
    )
    return tuple((row["code"], row["name"]) for row in rows)
