"""Addresses left to hear what came of a consultation. Nothing here, or in the table, knows a response."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engage.foundations.inserts import insert_new
from engage.outbox import service as outbox
from engage.outbox.addresses import tidy_address
from engage.responses.models import Contact

# Why a message to somebody who unsubscribed never left, in the ledger.
STOPPED = "Not sent: unsubscribed before it left"


def leave_contact(
    session: Session, *, consultation_id: int, address: str, today: date, wants_updates: bool = False
) -> None:
    """Keep an address for a consultation's feedback; leaving it twice keeps it once.

    With `wants_updates` it hears later, too, what became of the decisions, whenever that was asked for.
    Raises `Refused` beside `address` where it cannot be an email address.
    """
    row = {
        "id": uuid4(),
        "consultation_id": consultation_id,
        "address": tidy_address(address),
        "left_on": today,
        "unsubscribed_on": None,
        "wants_updates": wants_updates,
    }
    insert_new(session, Contact, [row], conflict=("consultation_id", "address"))
    if wants_updates:
        left_before = (Contact.consultation_id == consultation_id, Contact.address == row["address"])
        session.execute(
            update(Contact).where(*left_before, Contact.wants_updates.is_(False)).values(wants_updates=True)
        )


def contacts_owed(session: Session, *, consultation_id: int, after: UUID | None, limit: int) -> list[Contact]:
    """Return up to `limit` contacts to be written to, in the order of their random keys, after `after`."""
    owed = select(Contact).where(
        Contact.consultation_id == consultation_id, Contact.unsubscribed_on.is_(None)
    )
    if after is not None:
        owed = owed.where(Contact.id > after)
    return list(session.scalars(owed.order_by(Contact.id).limit(limit)))


def count_contacts_owed(session: Session, consultation_id: int) -> int:
    """Return how many contacts of a consultation are still to be written to."""
    owed = select(func.count()).where(
        Contact.consultation_id == consultation_id, Contact.unsubscribed_on.is_(None)
    )
    return session.execute(owed.select_from(Contact)).scalar_one()


def find_contact(session: Session, contact_id: UUID) -> Contact | None:
    """Return a contact, or None once it is gone."""
    return session.get(Contact, contact_id)


def unsubscribe(session: Session, *, contact_id: UUID, today: date) -> None:
    """Write to this contact no more, not even what waits already. Doing it again changes nothing.

    The keys of all messages to a contact end with its id.
    """
    outbox.give_up(session, endings=(f":{contact_id}", f":{contact_id.hex}"), reason=STOPPED)
    session.execute(
        update(Contact)
        .where(Contact.id == contact_id, Contact.unsubscribed_on.is_(None))
        .values(unsubscribed_on=today)
    )
