"""Areas for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from engage.boroughs.models import Area, AreaKind


def make_area(session: Session, **overrides: Any) -> Area:
    """Return a stored area: Camden, unless told otherwise."""
    values: dict[str, Any] = {
        "code": "E09000007",
        "name": "Camden",
        "short_name": "Cmd",
        "kind": AreaKind.BOROUGH,
        "tile_row": 3,
        "tile_column": 4,
        "residents": 210131,
    }
    area = Area(**(values | overrides))
    session.add(area)
    session.flush()
    return area
