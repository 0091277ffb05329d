"""Mail that comes back: addresses that tell which message it was, and addresses that take no more.

Each message leaves with a return address of its own (VERP), signed, so that nobody can have an address
closed but whoever was sent mail there. What comes back to it is read by `engage bounce`.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations import jobs
from engage.foundations.inserts import insert_new
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.settings import SettingsError
from engage.foundations.tokens import keyed_hash
from engage.outbox.models import BouncedAddress, OutboxMessage
from engage.outbox.rendering import read_sender
from engage.outbox.reports import LONGEST_REASON, Report
from engage.outbox.rules import closes_address, find_status

PURPOSE = "bounce"
# The task by which a later package stops what a complaint is about.
COMPLAINT = "mail.complaint"
# 80 bits, in letters that no mail server changes.
SIGNED_BYTES = 10
# Servers try for five days, and then say so.
REPORTS_COME_WITHIN = timedelta(days=7)
LONGEST_NAME = 64 - len("+") - 18 - len("-") - 16


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return address says: which message, and the proof that the address is ours."""

    message_id: int
    proof: str


def read_bounce_address(text: str | None) -> Address | None:
    """Return the address of the settings to which reports come; raises `SettingsError`."""
    if text is None:
        return None
    try:
        address = read_sender(text)
    except SettingsError:
        address = None
    # 64 characters are all that an address may have before the @, and ours are added to these.
    if address is None or not 0 < len(address.username) <= LONGEST_NAME:
        raise SettingsError("ENGAGE_BOUNCE_ADDRESS must look like bounces@mail.example.org.")
    return address


def return_address(bounces: Address, message: OutboxMessage) -> str:
    """Return the address to which reports about `message` are to be sent."""
    return f"{bounces.username}+{message.id}-{_proof(message)}@{bounces.domain}"


def read_return_address(bounces: Address, text: str) -> Returned | None:
    """Return what the first return address of ours in `text` says, None where there is none."""
    ours = rf"{re.escape(bounces.username)}\+(\d{{1,18}})-([a-z2-7]{{16}})@{re.escape(bounces.domain)}"
    found = re.search(ours, text, re.IGNORECASE)
    return Returned(int(found[1]), found[2].lower()) if found else None


def note(session: Session, *, returned: Returned, report: Report, now: datetime) -> bool:
    """Write down that a message came back, and close its address where that is the reason.

    The same report again changes nothing, even after an officer opened the address again. False where there
    is no such message (any more), or the return address is not one of ours.
    """
    chosen = select(OutboxMessage).where(OutboxMessage.id == returned.message_id).with_for_update()
    message = session.scalars(chosen, execution_options={"populate_existing": True}).one_or_none()
    if message is None or not hmac.compare_digest(_proof(message), returned.proof):
        return False
    if not (message.bounce_status or "").startswith("5."):
        come_back(session, message=message, report=report, now=now)
    return True


def find_returned(session: Session, returned: Returned) -> OutboxMessage | None:
    """Return the message that a return address is of; None where it is gone, or the address is not ours."""
    message = session.get(OutboxMessage, returned.message_id)
    known = message is not None and hmac.compare_digest(_proof(message), returned.proof)
    return message if known else None


def complain(session: Session, *, returned: Returned, now: datetime) -> bool:
    """Ask for what a message belonged to be stopped for its reader. False where there is no such message."""
    message = find_returned(session, returned)
    if message is None:
        return False
    key = f"{COMPLAINT}:{message.id}:{message.message_id}"[:200]
    jobs.ask(session, name=COMPLAINT, arguments={"key": message.key}, at=now, key=key)
    return True


def note_refusal(session: Session, *, message: OutboxMessage, reply: str, now: datetime) -> None:
    """Write down that a mail server refused a message at once, where it says that its address is why."""
    status = find_status(reply)
    # Servers give a bare 550 for anything; 5.1 is about the address.
    if status and status.startswith("5.1.") and closes_address(status):
        held = session.get_one(OutboxMessage, message.id)
        come_back(session, message=held, report=Report(status, reply[:LONGEST_REASON]), now=now)


def come_back(session: Session, *, message: OutboxMessage, report: Report, now: datetime) -> None:
    """Write down that a message came back, and close its address where that is the reason."""
    message.bounced_at, message.bounce_status, message.bounce_reason = now, report.status, report.reason
    session.flush()
    # Once its purpose is past, a message is of no address.
    if message.recipient and closes_address(report.status):
        row = {"address": message.recipient.lower(), "since": now, "status": report.status}
        insert_new(session, BouncedAddress, [row], conflict=("address",))


def closed(session: Session, addresses: Collection[str]) -> dict[str, str]:
    """Return the status with which mail came back, by those of `addresses` that take no more."""
    wanted = {address.lower() for address in addresses}
    rows = select(BouncedAddress.address, BouncedAddress.status).where(BouncedAddress.address.in_(wanted))
    return dict(session.execute(rows).all())


def open_again(session: Session, *, actor: str, address: str, now: datetime) -> None:
    """Take an address off the list of those that take no mail; raises `Refused` where it is not on it."""
    taken = delete(BouncedAddress).where(BouncedAddress.address == address.lower())
    if session.scalar(taken.returning(BouncedAddress.address)) is None:
        raise Refused(lazy("Mail is sent to this address already."))
    name, _, domain = address.partition("@")
    # The log is for ever, and people may ask to be forgotten.
    subject = f"address:{name[:1]}…@{domain}"
    audit.record(session, actor=actor, action="address.opened_again", subject=subject, at=now)


def _proof(message: OutboxMessage) -> str:
    # The key too: the number of a message that was deleted may be given out again.
    signed = keyed_hash(f"{message.id} {message.message_id}", PURPOSE)[:SIGNED_BYTES]
    return b32encode(signed).decode("ascii").lower()
