"""Links for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from engage.distribution.models import Link

_numbers = count(1)
MADE = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


def make_link(session: Session, *, consultation_id: int, group_id: int | None, **overrides: Any) -> Link:
    """Return a stored link that nobody has come by yet."""
    link = Link(
        **(
            {
                "code": f"place-{next(_numbers):04d}",
                "consultation_id": consultation_id,
                "group_id": group_id,
                "submitted": 0,
                "made_at": MADE,
            }
            | overrides
        )
    )
    session.add(link)
    session.flush()
    return link
