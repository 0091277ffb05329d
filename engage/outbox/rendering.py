"""A message as it is sent: blanks filled, both parts, every header."""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from itertools import groupby

from markupsafe import escape

from engage.foundations.settings import SettingsError
from engage.outbox.addresses import is_usual

_BLANK = re.compile(r"\{\{(\w+)\}\}")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message is made of: the mailing's text with its blanks, and what is this recipient's own."""

    subject: str
    text_body: str
    html_body: str | None
    recipient: str
    personal: Mapping[str, str]
    message_id: str


def render(letter: Letter, *, sender: Address, at: datetime) -> bytes:
    """Return the message from `sender` dated `at`, in ASCII with CRLF line ends.

    Written out by hand: the same through `email.message` takes longer than the mail server. Raises
    `ValueError` where the recipient's address cannot stand in a header.
    """
    headers = [
        ("Subject", _encoded(subject_of(letter.subject, letter.personal))),
        ("From", _from(sender.display_name, sender.addr_spec)),
        ("To", _recipient(letter.recipient)),
        ("Date", _date(at.replace(microsecond=0))),
        ("Message-ID", letter.message_id),
        ("Auto-Submitted", "auto-generated"),
    ]
    if unsubscribe := letter.personal.get("unsubscribe_url"):
        # On one line: folded, it would be sent as encoded words, which no mail program reads.
        headers.append(("List-Unsubscribe", f"<{_one_line(unsubscribe)}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    headers.append(("MIME-Version", "1.0"))
    return _lines(headers) + _body(letter)


def _body(letter: Letter) -> bytes:
    text = _part("plain", letter.text_body, letter.personal)
    if letter.html_body is None:
        return text
    escaped = {name: str(escape(value)) for name, value in letter.personal.items()}
    html = _part("html", letter.html_body, escaped)
    # Quoted-printable never has "=_", so no text can end a part.
    boundary = f"=_{hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]}"
    edge = f"\r\n--{boundary}".encode("ascii")
    head = _lines([("Content-Type", f'multipart/alternative; boundary="{boundary}"')])
    return b"".join((head, edge, b"\r\n", text, edge, b"\r\n", html, edge, b"--\r\n"))


def _part(kind: str, text: str, personal: Mapping[str, str]) -> bytes:
    return b"".join(
        piece if isinstance(piece, bytes) else _quoted(fill(piece, personal))
        for piece in _prepared(kind, text)
    )


@lru_cache(maxsize=16)
def _prepared(kind: str, text: str) -> tuple[bytes | str, ...]:
    """Return a part with its headers: what is the same in every message encoded, lines with blanks as text.

    Quoted-printable encodes line by line, so lines can be encoded apart.
    """
    head = [
        ("Content-Type", f"text/{kind}; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
        ("", ""),
    ]
    lines = _LINE_END.sub("\n", text.rstrip("\r\n")).split("\n")
    runs = groupby(lines, lambda line: _BLANK.search(line) is not None)
    return (
        _lines(head),
        *("\n".join(run) if blanks else _quoted("\n".join(run)) for blanks, run in runs),
    )


def _quoted(text: str) -> bytes:
    # The line end that is added also tells the encoder which kind to use.
    return b2a_qp(_LINE_END.sub("\r\n", text + "\n").encode())


def _lines(headers: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" if name else "\r\n" for name, value in headers).encode("ascii")


@lru_cache(maxsize=2)
def _date(second: datetime) -> str:
    """Return a moment as the header has it; some thousand messages leave in the same second."""
    return format_datetime(second)


@lru_cache(maxsize=4)
def _from(name: str, address: str) -> str:
    return formataddr((name, address))


@lru_cache(maxsize=64)
def _encoded(subject: str) -> str:
    """Return the subject as a header may hold it, in encoded words where it is not ASCII."""
    return subject if subject.isascii() else Header(subject, "utf-8", 76, "Subject").encode(linesep="\r\n")


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


def _recipient(address: str) -> str:
    """Return the address as a header holds it; the usual ones are not parsed, which takes long."""
    return address if is_usual(address) else _address("", address).addr_spec


def _address(name: str, address: str) -> Address:
    try:
        return Address(display_name=name, addr_spec=address)
    except (MessageError, IndexError) as error:
        raise ValueError("this is not an email address") from error


def _one_line(text: str) -> str:
    printable = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())
