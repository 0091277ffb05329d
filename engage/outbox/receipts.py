"""What GOV.UK Notify tells of messages it took: that they arrived, or why they did not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.outbox import bounces
from engage.outbox.models import OutboxMessage
from engage.outbox.notify_rules import DELIVERED, FAILURES, Receipt
from engage.outbox.reports import Report


def note(session: Session, *, receipt: Receipt, now: datetime) -> bool:
    """Write down what became of a message; False where there is none (any more) of that reference.

    The same receipt again changes nothing. What failed for good stays so, whatever is said later; what
    arrived has failed only where that is said for good.
    """
    chosen = select(OutboxMessage).where(OutboxMessage.message_id == receipt.reference).with_for_update()
    message = session.scalars(chosen, execution_options={"populate_existing": True}).one_or_none()
    if message is None:
        return False
    failed_for_good = (message.bounce_status or "").startswith("5.")
    if receipt.status == DELIVERED and not failed_for_good:
        _arrived(session, message, now)
    elif (failure := FAILURES.get(receipt.status)) and not failed_for_good:
        _failed(session, message, failure, now)
    return True


def _arrived(session: Session, message: OutboxMessage, now: datetime) -> None:
    message.delivered_at = message.delivered_at or now
    # What was said of it for the time being is past.
    message.bounced_at = message.bounce_status = message.bounce_reason = None
    session.flush()


def _failed(session: Session, message: OutboxMessage, failure: Report, now: datetime) -> None:
    for_good = failure.status.startswith("5.")
    if for_good or (message.delivered_at is None and message.bounce_status is None):
        bounces.come_back(session, message=message, report=failure, now=now)
