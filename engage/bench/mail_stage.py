"""Feedback that is published, and people who wait for it, for measuring its mail."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback.models import Feedback
from engage.foundations.clock import in_london
from engage.responses.models import Contact

CHUNK = 5_000
GONE_OF_A_HUNDRED = 1


def made_feedback(session: Session, now: datetime) -> tuple[Consultation, Feedback]:
    """Return the only consultation, decided, with published feedback."""
    consultation = session.scalars(select(Consultation)).one()
    session.execute(update(Consultation).values(state=State.DECIDED))
    feedback = Feedback(
        consultation_id=consultation.id,
        said="Knives first.",
        decided="We will.",
        reconciled="Because you asked.",
        published_at=now,
    )
    session.add(feedback)
    session.flush()
    return consultation, feedback


def leave_addresses(session: Session, *, consultation_id: int, count: int, now: datetime) -> None:
    """Leave so many addresses; one in a hundred does not exist."""
    today = in_london(now).date()
    rows = [
        {
            "id": uuid4(),
            "consultation_id": consultation_id,
            "address": f"{'gone' if n % 100 < GONE_OF_A_HUNDRED else 'n'}{n}@d{n % 50}.example.org",
            "left_on": today,
        }
        for n in range(count)
    ]
    for start in range(0, count, CHUNK):
        session.execute(insert(Contact), rows[start : start + CHUNK])


def written(number: int) -> str:
    """Return an address to unsubscribe at, as long as a real one."""
    return f"https://engage.example.org/unsubscribe?token={number:08d}{'x' * 90}"
