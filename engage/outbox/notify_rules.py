"""What GOV.UK Notify's answers and reports mean for a message. Pure decisions."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engage.outbox.checking_rules import Verdict
from engage.outbox.reports import LONGEST_REASON, Report
from engage.outbox.transports import Deferred, Rejected, Unreachable

# A day's limit ends with the day; asking four times an hour costs nothing.
DAY_IS_FULL = timedelta(minutes=15)

DELIVERED = "delivered"
# For good because of the address, and otherwise: the first closes it, the others do not.
FAILURES: Mapping[str, Report] = {
    "permanent-failure": Report("5.1.1", "GOV.UK Notify: there is no such mailbox (permanent failure)"),
    "temporary-failure": Report("4.4.7", "GOV.UK Notify: its server did not take it (temporary failure)"),
    "technical-failure": Report("4.3.0", "GOV.UK Notify: it could not send it (technical failure)"),
}

_ADDRESS = re.compile(r"email_address\b|recipient can.t be empty", re.IGNORECASE)
_TEXT = re.compile(r"message is (?:too long|empty)", re.IGNORECASE)
_SET_UP = re.compile(
    r"template|missing personalisation|email_reply_to_id|not allowed to send|archived", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What Notify says became of a message: `reference` is its Message-ID, `status` a word of Notify's."""

    reference: str
    status: str


def refusal(status: int, errors: Sequence[Mapping[str, str]]) -> Deferred | Rejected | Unreachable:
    """Return what an answer that is no success means: for this message, or for all of them.

    Only what cannot be about one message stops all, or that one would stand in the way of the others.
    """
    words = _words(status, errors)
    said = " ".join(error.get("message", "") for error in errors)
    kinds = {error.get("error", "") for error in errors}
    if status == 429:
        return Unreachable(words, DAY_IS_FULL if "TooManyRequestsError" in kinds else None)
    if status in (401, 403, 502, 503):
        return Unreachable(words)
    if status != 400:
        return Deferred(words)
    if "InvalidEmailError" in kinds or _ADDRESS.match(said) or _TEXT.search(said):
        return Rejected(words)
    # A template that does not fit fails every message; the settings may be put right.
    return (Unreachable if _SET_UP.search(said) else Deferred)(words)


def is_bearer(header: str, token: str) -> bool:
    """Tell whether an Authorization header bears `token`, in a time that tells nothing about it."""
    kind, _, given = header.partition(" ")
    return hmac.compare_digest(given.strip().encode(), token.encode()) and kind.lower() == "bearer"


def read_receipt(payload: object) -> Receipt | None:
    """Return what a delivery report says, None where it says nothing of a message of ours."""
    if not isinstance(payload, dict):
        return None
    reference, status = payload.get("reference"), payload.get("status")
    if not isinstance(reference, str) or not isinstance(status, str) or not reference.strip():
        return None
    return Receipt(reference.strip(), status)


def judge_template(template: Mapping[str, Any]) -> Verdict:
    """Tell whether a template at Notify takes what we write, and nothing else."""
    subject, body = ("".join(str(template.get(part, "")).lower().split()) for part in ("subject", "body"))
    if template.get("type") != "email":
        return Verdict("template", False, "ENGAGE_NOTIFY_TEMPLATE is not a template of an email.")
    if (subject, body) != ("((subject))", "((body))"):
        return Verdict(
            "template", False, "Its subject must be ((subject)) and its message ((body)), and no more."
        )
    return Verdict("template", True, "The key is taken, and the template takes our subject and text.")


def judge_set_up(*, reports: bool, https: bool) -> tuple[Verdict, ...]:
    """Tell whether Notify can tell us what arrived, and readers can stop our mail with one press."""
    return (
        Verdict(
            "reports",
            reports,
            "Notify tells us what arrived."
            if reports
            else "Nobody tells us what arrived or came back. Set ENGAGE_NOTIFY_CALLBACK_TOKEN.",
        ),
        Verdict(
            "unsubscribe",
            https,
            "Mail programs are given the address that stops our mail."
            if https
            else "Notify takes addresses that stop our mail by https only. Set ENGAGE_BASE_URL to https.",
        ),
    )


def _words(status: int, errors: Sequence[Mapping[str, str]]) -> str:
    said = "; ".join(error.get("message", "") for error in errors)
    return " ".join(f"GOV.UK Notify: {status} {said}".split())[:LONGEST_REASON]
