"""Groups for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from engage.groups.models import Group
from engage.groups.rules import GroupKind

_numbers = count(1)


def make_group(session: Session, **overrides: Any) -> Group:
    """Return a stored group: an active CPEG with no area, unless told otherwise."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"group-{number}",
        "name": f"Group {number}",
        "kind": GroupKind.CPEG,
        "area_code": None,
        "parent_id": None,
        "active": True,
    }
    group = Group(**(values | overrides))
    session.add(group)
    session.flush()
    return group
