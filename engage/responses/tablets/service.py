"""The one thing the platform writes down of an event: that it was started, and for what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engage.audit.service import record
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.responses.queries import Offer

NOT_OPEN = lazy("This consultation is not open for answers, so no device can be started for it.")


def note_start(session: Session, *, actor: str, now: datetime, offer: Offer, link: str) -> None:
    """Write down that a device was started at an event. Raises `Refused` where nobody could answer on it."""
    if not offer.is_open(now):
        raise Refused(NOT_OPEN)
    record(
        session,
        actor=actor,
        action="tablet.started",
        subject=f"consultation:{offer.slug}",
        at=now,
        details={"instrument": offer.code, "link": link},
    )
