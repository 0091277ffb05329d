"""Entries as a list gives them, for decisions that need no database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from engage.timetable.queries import Listed
from tests.factories.timetable import PUBLISHED, entry_details


def listed(**overrides: Any) -> Listed:
    """Return an entry of all London that nobody has opened, unless told otherwise."""
    own = {
        "id": 1,
        "uid": UUID("b4f0a9de-52b2-4a4e-9d0f-6f8a6f3b1c07"),
        "slug": "entry",
        "area_name": None,
        "opened_at": None,
        "closed_at": None,
        "fed_back_at": None,
        "changed_at": PUBLISHED,
        "published_at": PUBLISHED,
        "cancelled_at": None,
        "cancelled_reason": "",
        "number_of_changes": 0,
    }
    told = {name: overrides.pop(name) for name in own if name in overrides}
    return Listed(**asdict(entry_details(**overrides)), **(own | told))
