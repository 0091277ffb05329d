"""Subscriptions for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from engage.timetable.models import Subscription, SubscriptionWish
from engage.timetable.rules import WishKind

_numbers = count(1)
ASKED = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def make_subscription(
    session: Session, *, areas: tuple[str, ...] = (), topics: tuple[str, ...] = (), **overrides: Any
) -> Subscription:
    """Return a stored subscription, confirmed and told of nothing since, unless told otherwise."""
    values: dict[str, Any] = {
        "address": f"reader-{next(_numbers)}@example.test",
        "asked_at": ASKED,
        "confirmed_at": ASKED,
        "told_until": ASKED,
    }
    made = Subscription(**(values | overrides))
    session.add(made)
    session.flush()
    wishes = [(WishKind.AREA, code) for code in areas] + [(WishKind.TOPIC, code) for code in topics]
    session.add_all(SubscriptionWish(subscription_id=made.id, kind=kind, code=code) for kind, code in wishes)
    session.flush()
    return made
