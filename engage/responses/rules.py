"""How a response is counted, and how its receipt code is written. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

RECEIPT_LENGTH = 12
RECEIPT_GROUP = 4
RETURN_LENGTH = 12
DRAFT_LIFE = timedelta(hours=24)


def received_hour(moment: datetime) -> datetime:
    """Return the hour of `moment`: all that is kept of the time, so that no clock leads to a person."""
    return moment.replace(minute=0, second=0, microsecond=0)


def show_receipt(code: str) -> str:
    """Return a receipt code in groups of four, as it is shown and read aloud."""
    return "-".join(code[start : start + RECEIPT_GROUP] for start in range(0, len(code), RECEIPT_GROUP))
