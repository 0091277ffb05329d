"""Handing a message over in two turns instead of four, where the server takes commands together (RFC 2920).

Every usual mail server does. `smtplib` waits for the answer to each command.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable

from engage.outbox.addresses import is_usual

GO_AHEAD = 354
OK = 250
SERVICE_CLOSES = 421


def nothing() -> None:
    """Do nothing."""


def hand_over(
    connection: smtplib.SMTP,
    sender: str,
    recipient: str,
    content: bytes,
    meanwhile: Callable[[], None] = nothing,
) -> None:
    """Send one message to one address; raises what `SMTP.sendmail` raises.

    `content` has CRLF line ends. Raises `ValueError` where an address cannot stand in a command. `meanwhile`
    is done while a server that takes commands together takes the text in; it raises nothing.
    """
    connection.ehlo_or_helo_if_needed()
    if not connection.has_extn("pipelining"):
        connection.sendmail(sender, [recipient], content)
        return
    connection.send(_commands(sender, recipient))
    mail, rcpt, data = connection.getreply(), connection.getreply(), connection.getreply()
    if data[0] == GO_AHEAD:
        # Asked for although there is nobody to send it to, the text is empty and goes nowhere.
        refused = mail[0] != OK or rcpt[0] not in (OK, 251)
        connection.send(b".\r\n" if refused else _text(content))
        meanwhile()
        data = connection.getreply()
    else:
        refused = True
    if refused:
        _reset(connection, mail, rcpt, data)
    _judge(sender, recipient, mail, rcpt, data)


def _commands(sender: str, recipient: str) -> bytes:
    if not (sender.isprintable() and recipient.isprintable()):
        raise ValueError("an address holds a character that ends a command")
    whole = f"MAIL FROM:{_path(sender)}\r\nRCPT TO:{_path(recipient)}\r\nDATA\r\n"
    return whole.encode("ascii")


def _path(address: str) -> str:
    return f"<{address}>" if is_usual(address) else smtplib.quoteaddr(address)


def _text(content: bytes) -> bytes:
    """Return a text as DATA takes it: no line of it can end it (RFC 5321, 4.5.2)."""
    return content.replace(b"\r\n.", b"\r\n..") + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _reset(connection: smtplib.SMTP, *replies: tuple[int, bytes]) -> None:
    """Make the connection ready for the next message, or close it; what was refused stays refused."""
    if any(code == SERVICE_CLOSES for code, _ in replies):
        connection.close()
        return
    try:
        code, _ = connection.rset()
    except (smtplib.SMTPException, OSError):
        code = SERVICE_CLOSES
    if code == SERVICE_CLOSES:
        connection.close()


def _judge(
    sender: str, recipient: str, mail: tuple[int, bytes], rcpt: tuple[int, bytes], data: tuple[int, bytes]
) -> None:
    if mail[0] != OK:
        raise smtplib.SMTPSenderRefused(*mail, sender)
    if rcpt[0] not in (OK, 251):
        raise smtplib.SMTPRecipientsRefused({recipient: rcpt})
    if data[0] != OK:
        raise smtplib.SMTPDataError(*data)
