"""How a message leaves the house: over SMTP, or as a file in a folder where no server is set.

`way_out` chooses between these and GOV.UK Notify.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from engage.foundations.settings import SettingsError
from engage.outbox.pipelining import hand_over, nothing
from engage.outbox.rendering import Letter
from engage.outbox.rules import is_permanent

SECONDS_TO_ANSWER = 15
# A server may have closed what was not used for a while; it is left before that costs a message an attempt.
SECONDS_OF_REST = 10
FOLDER = "outbox"


class Deferred(Exception):
    """This message did not leave now, and may later."""


class Rejected(Exception):
    """This message will never leave."""


class Unreachable(Exception):
    """No message can leave now, and none for as long as `rest`, where that is known."""

    def __init__(self, reason: str, rest: timedelta | None = None) -> None:
        super().__init__(reason)
        self.rest = rest


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message for one address, ready to go; `letter` is what `content` was made of.

    `tried`: some worker held it before, so whoever is handed it may have taken it already.
    """

    sender: str
    recipient: str
    message_id: str
    content: bytes
    letter: Letter
    tried: bool = False


class Transport(Protocol):
    """A way out, open for as long as the outermost `with`. `send` returns when the message was accepted."""

    def __enter__(self) -> Transport: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, envelope: Envelope, meanwhile: Callable[[], None] = nothing) -> None:
        """Hand the message over, or raise `Deferred`, `Rejected` or `Unreachable`.

        `meanwhile` may be done, once, while nothing is to do but to wait; it raises nothing.
        """


class Nested:
    """Blocks that may stand in one another: what is open is shut when the outermost ends."""

    _depth = 0

    def __enter__(self) -> Self:
        self._depth += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if not self._depth:
            self._shut()

    def _shut(self) -> None:
        """Close what is open, if anything is."""


def transport_for(smtp_url: str | None, instance: Path) -> Transport:
    """Return the way out that the settings name: the folder `outbox` of the instance without an address."""
    return SmtpTransport(read_server(smtp_url)) if smtp_url else FolderTransport(instance / FOLDER)


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server: `implicit_tls` is smtps://, `starttls` upgrades before anything is said."""

    host: str
    port: int
    user: str | None
    password: str
    implicit_tls: bool
    starttls: bool


def read_server(url: str) -> Server:
    """Return the server of `smtp://user:password@host:port?starttls=1` or `smtps://...`."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingsError("ENGAGE_SMTP_URL must look like smtp://user:password@host:port.")
    implicit_tls = parts.scheme == "smtps"
    return Server(
        host=parts.hostname,
        port=_port(parts) or (465 if implicit_tls else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        implicit_tls=implicit_tls,
        starttls=parse_qs(parts.query).get("starttls", ["0"])[-1] == "1",
    )


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise SettingsError("ENGAGE_SMTP_URL names a port that is not a number.") from None


class SmtpTransport(Nested):
    """One connection, made when the first message needs it, and again after it was lost or has rested."""

    def __init__(self, server: Server, *, timeout: float = SECONDS_TO_ANSWER) -> None:
        self._server = server
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None
        self._last_used = 0.0

    def send(self, envelope: Envelope, meanwhile: Callable[[], None] = nothing) -> None:
        """See `Transport.send`. A reply of 5xx about the recipient or the text is final, any other is not."""
        if self._is_closed() or time.monotonic() - self._last_used > SECONDS_OF_REST:
            self._shut()
        connection = self._connection = self._connection or self._connect()
        try:
            hand_over(connection, envelope.sender, envelope.recipient, envelope.content, meanwhile)
        except smtplib.SMTPRecipientsRefused as refusal:
            [(code, reply)] = refusal.recipients.values()
            raise self._refused(code, reply) from None
        except smtplib.SMTPDataError as refusal:
            raise self._refused(refusal.smtp_code, refusal.smtp_error) from None
        except smtplib.SMTPSenderRefused as refusal:
            # Our own address is at fault, not this message: the settings may be put right.
            self._drop()
            raise Deferred(f"Sender refused: {_words(refusal.smtp_code, refusal.smtp_error)}") from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Deferred(f"The connection was lost ({type(error).__name__})") from error
        finally:
            self._last_used = time.monotonic()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            if server.implicit_tls:
                secure = ssl.create_default_context()
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=self._timeout, context=secure
                )
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user is not None:
                connection.login(server.user, server.password)
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"The mail server did not answer ({type(error).__name__})") from error
        return connection

    def _refused(self, code: int, reply: bytes | str) -> Deferred | Rejected:
        # After 421 the server closes; smtplib has done so too.
        if code == 421:
            self._drop()
        return (Rejected if is_permanent(code) else Deferred)(_words(code, reply))

    def _is_closed(self) -> bool:
        return self._connection is not None and self._connection.sock is None

    def _shut(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class FolderTransport(Nested):
    """Messages as `.eml` files, one for each Message-ID, however often it is sent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, envelope: Envelope, meanwhile: Callable[[], None] = nothing) -> None:
        """See `Transport.send`. A reader of the folder never meets half a message."""
        name = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:24]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half = self._folder / f".{name}.part"
            half.write_bytes(envelope.content)
            half.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise Unreachable(f"The folder cannot be written ({type(error).__name__})") from error


def _words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"[:500]
