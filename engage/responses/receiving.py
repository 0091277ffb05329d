"""Storing a response that reached us by another way than the web, written down by an officer.

Where a form on the web is stored or refused by the clock, a form on paper was received by the closing and may
be written down later: its caller has decided that it may, while it holds the consultation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.responses.models import Channel, RevisionKind
from engage.responses.rules import received_hour
from engage.responses.storing import revision, store_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A whole response that we wrote down. `submission_key`: the keyed hash of what makes it one response."""

    consultation_id: int
    instrument_id: int
    version_id: int
    channel: Channel
    area_code: str
    group_id: int | None
    submission_key: bytes
    received_at: datetime
    answers: Mapping[str, Any]


def receive(session: Session, received: Received) -> int:
    """Store a response with its first revision, and return its id.

    Its key is unique: to be stored twice is a mistake of the caller's, which the database refuses.
    """
    values = {
        "consultation_id": received.consultation_id,
        "instrument_id": received.instrument_id,
        "version_id": received.version_id,
        "channel": received.channel,
        "area_code": received.area_code,
        "group_id": received.group_id,
        "received_at": received_hour(received.received_at),
        "submission_key": received.submission_key,
        "synthetic": False,
        "late": False,
    }
    (response_id,) = store_rows(session, [(values, [revision(RevisionKind.SUBMITTED, received.answers)])])
    return response_id
