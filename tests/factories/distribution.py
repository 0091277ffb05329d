"""Links for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from engage.distribution.models import Link

_numbers = count(1)


def make_link(session: Session, *, consultation_id: int, group_id: int, **overrides: Any) -> Link:
    """Return a stored link that nobody has come by yet."""
    link = Link(
        **(
            {
                "code": f"place-{next(_numbers):04d}",
                "consultation_id": consultation_id,
                "group_id": group_id,
                "submitted": 0,
            }
            | overrides
        )
    )
    session.add(link)
    session.flush()
    return link
