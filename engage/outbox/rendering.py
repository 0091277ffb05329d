"""A message as it is sent: blanks filled, both parts, every header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from markupsafe import escape

from engage.foundations.settings import SettingsError

# A long List-Unsubscribe folded at 78 characters is sent as encoded words, which no mail program reads.
POLICY = SMTP.clone(max_line_length=990)
_BLANK = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message is made of: the mailing's text with its blanks, and what is this recipient's own."""

    subject: str
    text_body: str
    html_body: str | None
    recipient: str
    personal: Mapping[str, str]
    message_id: str


def render(letter: Letter, *, sender: Address, at: datetime) -> EmailMessage:
    """Return the message from `sender` dated `at`.

    Raises `ValueError` where the recipient's address cannot stand in a header.
    """
    message = EmailMessage(policy=POLICY)
    message["Subject"] = subject_of(letter.subject, letter.personal)
    message["From"] = sender
    message["To"] = _address("", letter.recipient)
    message["Date"] = at
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe := letter.personal.get("unsubscribe_url"):
        message["List-Unsubscribe"] = f"<{_one_line(unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(fill(letter.text_body, letter.personal), cte="quoted-printable")
    if letter.html_body is not None:
        html = fill(letter.html_body, {name: str(escape(value)) for name, value in letter.personal.items()})
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def fill(text: str, personal: Mapping[str, str]) -> str:
    """Return `text` with each `{{name}}` that `personal` knows replaced, once; others stay as they are."""
    return _BLANK.sub(lambda blank: personal.get(blank[1], blank[0]), text)


def subject_of(subject: str, personal: Mapping[str, str]) -> str:
    """Return the filled subject on one line, so that no value can begin a header of its own."""
    return _one_line(fill(subject, personal))


def read_sender(text: str) -> Address:
    """Return the sender that the settings name as `Name <address>`; raises `SettingsError`."""
    try:
        return _address(*parseaddr(text))
    except ValueError:
        raise SettingsError("ENGAGE_MAIL_FROM must look like Name <address@example.org>.") from None


def _address(name: str, address: str) -> Address:
    try:
        return Address(display_name=name, addr_spec=address)
    except (MessageError, IndexError) as error:
        raise ValueError("this is not an email address") from error


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
