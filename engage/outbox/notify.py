"""Handing mail to GOV.UK Notify. The only module that needs the package of `engage[notify]`.

Notify sends our text in a layout and from an address of its own, so nothing comes back to ours: what arrived,
it tells us (see `api`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient
from requests import ConnectionError as NoConnection
from urllib3.exceptions import ProtocolError

from engage.foundations.settings import Notify
from engage.outbox.checking_rules import Verdict
from engage.outbox.notify_rules import judge_template, refusal
from engage.outbox.notify_text import body_for_notify, subject_for_notify
from engage.outbox.pipelining import nothing
from engage.outbox.rendering import fill, subject_of
from engage.outbox.transports import (
    SECONDS_TO_ANSWER,
    Deferred,
    Envelope,
    Nested,
    Rejected,
    Unreachable,
)

log = structlog.get_logger("engage.notify")


class NotifyTransport(Nested):
    """One connection to Notify, kept for as long as the outermost block."""

    def __init__(self, account: Notify, *, timeout: float = SECONDS_TO_ANSWER) -> None:
        self._account = account
        self._client: Any = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            account.api_key, base_url=account.url, timeout=timeout
        )

    def _shut(self) -> None:
        self._client.request_session.close()

    def send(self, envelope: Envelope, meanwhile: Callable[[], None] = nothing) -> None:
        """See `Transport.send`.

        Of a message that was tried before, Notify is first asked whether it has it: a worker that was killed,
        or an answer that was lost, makes no second copy.
        """
        try:
            if envelope.tried and self._has(envelope.message_id):
                log.info("notify.has_it_already")
                return
            self._client.send_email_notification(**self._asked(envelope))
        except APIError as error:
            raise _meaning(error) from error

    def look_at_template(self) -> Verdict:
        """Return whether the key and the template of the settings will do."""
        try:
            return judge_template(self._client.get_template(self._account.template))
        except APIError as error:
            return Verdict("template", False, str(_meaning(error)))

    def _has(self, message_id: str) -> bool:
        found = self._client.get_all_notifications(reference=message_id)
        return bool(found.get("notifications"))

    def _asked(self, envelope: Envelope) -> dict[str, Any]:
        letter = envelope.letter
        unsubscribe = letter.personal.get("unsubscribe_url", "")
        return {
            "email_address": envelope.recipient,
            "template_id": self._account.template,
            "personalisation": {
                "subject": subject_for_notify(subject_of(letter.subject, letter.personal)),
                "body": body_for_notify(fill(letter.text_body, letter.personal)),
            },
            "reference": envelope.message_id,
            "email_reply_to_id": self._account.reply_to,
            # Notify refuses a message with any other.
            "one_click_unsubscribe_url": unsubscribe if unsubscribe.startswith("https://") else None,
        }


def _meaning(error: APIError) -> Deferred | Rejected | Unreachable:
    """Return what a failed request means for the message, and for the others."""
    if isinstance(error, InvalidResponse):
        return Deferred("The answer was not one of GOV.UK Notify's")
    if error.response is not None:
        return refusal(error.status_code, _errors(error))
    cause = error.__cause__
    reason = f"GOV.UK Notify did not answer ({type(cause).__name__})"
    # A connection that was made and lost, or an answer that took too long, may have been this message's.
    never_made = isinstance(cause, NoConnection) and not isinstance(cause.args[0], ProtocolError)
    return Unreachable(reason) if never_made else Deferred(reason)


def _errors(error: APIError) -> Sequence[Mapping[str, str]]:
    """Return what Notify says was wrong; a proxy between us may say it in other ways."""
    said: Any = error.message
    if not isinstance(said, list):
        return [{"error": "", "message": str(said)}]
    return [{name: str(value) for name, value in one.items()} for one in said if isinstance(one, dict)]
