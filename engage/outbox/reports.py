"""What a mail server says of a message that came back, read from the report itself.

A report is what RFC 3464 describes, or an old one in words. Nothing in it is believed of whom it is about:
that is known from the address it was sent to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from engage.outbox.rules import find_status

FAILED, DELAYED = "failed", "delayed"
LONGEST_REASON = 500
# Of an old report only its beginning: the message itself follows, and may hold any number.
READ_OF_TEXT = 20_000

_REPLY = re.compile(r"(?<![\d.-])([45])\d\d[ -]")
_FEEDBACK_TYPE = re.compile(r"^Feedback-Type:\s*abuse\s*$", re.IGNORECASE | re.MULTILINE)
_HOLDING = frozenset({"message/feedback-report", "message/rfc822", "text/rfc822-headers"})
_DAEMON = re.compile(r"\b(?:mailer-daemon|mail-daemon|postmaster)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """Why a message came back, or has not arrived yet. `status` is like 5.1.1 (for good) or 4.2.2."""

    status: str
    reason: str


def read_report(data: bytes) -> Report | None:
    """Return what a delivery report says, None where it is none: good news, a person's or a robot's reply."""
    message = message_from_bytes(data)
    told = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    if told:
        reports = [report for part in told for report in _recipients(part)]
        # For good before for now: a message of ours has one recipient, but servers like to say more.
        return min(reports, key=lambda report: report.status[:1] != "5", default=None)
    return _old(message)


def is_complaint(data: bytes) -> bool:
    """Tell whether a message reports that its reader called ours unwanted (RFC 5965, a feedback report).

    Only `abuse` is one: `not-spam` says the contrary, and others, like `virus`, say nothing of the reader.
    """
    for part in message_from_bytes(data).walk():
        if part.get_content_type() == "message/feedback-report":
            return _FEEDBACK_TYPE.search(_words_of(part)) is not None
    return False


def addresses_in(data: bytes) -> Iterator[str]:
    """Yield what a report and the message in it say of where they came from and went, most telling first.

    Providers forward the message; its return address is in `Original-Mail-From` or its `Return-Path`.
    """
    yield from recipients_of(data)
    for part in message_from_bytes(data).walk():
        if part.get_content_type() in _HOLDING:
            yield _words_of(part)


def recipients_of(data: bytes) -> Iterator[str]:
    """Yield what a message says of the address it was delivered to."""
    message = message_from_bytes(data)
    for name in ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To"):
        for value in message.get_all(name, []):
            yield str(value)


def _recipients(part: Message) -> Iterator[Report]:
    blocks = part.get_payload()
    if not isinstance(blocks, list):
        return
    for block in blocks:
        if not isinstance(block, Message):
            continue
        action = str(block.get("Action", "")).strip().lower()
        if action not in (FAILED, DELAYED):
            continue
        said = " ".join(str(block.get("Diagnostic-Code", "")).split())
        status = find_status(str(block.get("Status", ""))) or find_status(said)
        if action == DELAYED:
            status = f"4.{status[2:]}" if status else "4.0.0"
        yield Report(status or "5.0.0", (said or action)[:LONGEST_REASON])


def _old(message: Message) -> Report | None:
    """Read a report in words. Without a word of its own that it is one, it is somebody's reply."""
    if str(message.get("Auto-Submitted", "")).strip().lower().startswith("auto-replied"):
        return None
    to_nobody = str(message.get("Return-Path", "")).strip() == "<>"
    if not to_nobody and not _DAEMON.search(str(message.get("From", ""))):
        return None
    text = _text(message)
    said = find_status(text)
    reply = _REPLY.search(text)
    status = said or (f"{reply[1]}.0.0" if reply else "5.0.0")
    return Report(status, " ".join(text.split())[:LONGEST_REASON])


def _words_of(part: Message) -> str:
    """Return what is written in a part, whether or not it was read as messages."""
    held = part.get_payload()
    if isinstance(held, list):
        return "\n".join(one.as_string() for one in held if isinstance(one, Message))
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _text(message: Message) -> str:
    for part in message.walk():
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return content[:READ_OF_TEXT].decode("utf-8", "replace")
    return ""
