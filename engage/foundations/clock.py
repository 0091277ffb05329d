"""The one place that reads the time. The database keeps UTC; people see London."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_stopped: ContextVar[datetime | None] = ContextVar("stopped_clock", default=None)


def now() -> datetime:
    """Return the present moment in UTC."""
    return _stopped.get() or datetime.now(UTC)


def today() -> date:
    """Return today's date as a Londoner would name it."""
    return in_london(now()).date()


def in_london(moment: datetime) -> datetime:
    """Return an aware `moment` as London's clocks show it."""
    return moment.astimezone(LONDON)


def london_moment(day: date, at: time = time()) -> datetime:
    """Return, in UTC, the moment when London's clocks show `at` on `day`."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware `moment`: for tests and for building a demonstration's past."""
    token = _stopped.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _stopped.reset(token)
