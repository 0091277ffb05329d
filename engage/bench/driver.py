"""Clients that go through the journey again and again: a new connection and cookie jar each time.

They share the machine with the server they measure, so they are light: threads on plain sockets, requests
put together from bytes made beforehand, pages searched and never parsed.
"""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Jar: TypeAlias = dict[bytes, bytes]

FORM = re.compile(rb'<form ([^>]*method="post"[^>]*)>\s*<input type="hidden" name="ticket"')
TICKET = re.compile(rb'name="ticket" value="([^"]+)"')
RECEIPT = re.compile(rb'class="app-receipt__code">([^<]+)<')
COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;\r]*)", re.IGNORECASE)
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
PLACE = re.compile(rb"\r\nlocation: ([^\r]+)", re.IGNORECASE)
CHUNK = 65_536
TIMEOUT = 30.0
SECONDS_AFTER_ERROR = 0.05


class JourneyFailed(Exception):
    """The server did not answer as the journey expects."""


@dataclass(frozen=True, slots=True)
class Script:
    """Where a journey goes and what it sends, the ticket aside; `bodies` are taken by lot.

    The form is at `path` and is sent to `sent_to`.
    """

    host: str
    port: int
    path: str
    sent_to: str
    bodies: Sequence[bytes]


@dataclass(slots=True)
class Travelled:
    """What clients saw: the seconds of each journey, the receipts shown on screen, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    elapsed: float = 0.0

    def add(self, other: Travelled) -> None:
        """Add the journeys of another client or another slice of time."""
        self.seconds += other.seconds
        self.receipts += other.receipts
        self.errors += other.errors
        self.elapsed += other.elapsed


def travel(script: Script, *, clients: int, seconds: float) -> Travelled:
    """Let `clients` go through the journey for `seconds`; each finishes the journey it is on."""
    seen = [Travelled() for _ in range(clients)]
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_client, args=(script, began + seconds, number, seen[number]))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = Travelled(elapsed=time.perf_counter() - began)
    for one in seen:
        together.add(one)
    return together


def _client(script: Script, until: float, number: int, seen: Travelled) -> None:
    chance = random.Random(number)
    while (began := time.perf_counter()) < until:
        try:
            seen.receipts.append(_journey(script, chance.choice(script.bodies)))
            seen.seconds.append(time.perf_counter() - began)
        except (JourneyFailed, OSError) as error:
            seen.errors.append(f"{type(error).__name__}: {error}")
            time.sleep(SECONDS_AFTER_ERROR)


def _journey(script: Script, answers: bytes) -> str:
    """Fetch the form, send it, follow to the receipt; return the code on the screen."""
    jar: Jar = {}
    with socket.create_connection((script.host, script.port), TIMEOUT) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        form = _ask(connection, b"GET", script.path.encode(), b"", jar)
        ticket = _found(TICKET, form, "ticket")
        filled = b"ticket=%b&%b" % (ticket, answers)
        sent = _ask(connection, b"POST", script.sent_to.encode(), filled, jar)
        received = _ask(connection, b"GET", _found(PLACE, sent, "redirect"), b"", jar)
        return _found(RECEIPT, received, "receipt").decode()


def _ask(connection: socket.socket, method: bytes, path: bytes, body: bytes, jar: Jar) -> bytes:
    """Send one request and return its answer, head and body; cookies go into the jar."""
    cookies = b"; ".join(b"%b=%b" % pair for pair in jar.items())
    head = b"%b %b HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en-GB\r\n" % (method, path)
    if cookies:
        head += b"Cookie: %b\r\n" % cookies
    if body:
        head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(body)
    connection.sendall(head + b"\r\n" + body)
    answer = _receive(connection)
    if answer[9:12] not in (b"200", b"303"):
        raise JourneyFailed(f"{method.decode()} {path.decode()} answered {answer[9:12].decode()}")
    jar.update(COOKIE.findall(answer))
    return answer


def _receive(connection: socket.socket) -> bytes:
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    length = LENGTH.search(answer, 0, end + 2)
    if length is None:
        raise JourneyFailed("an answer without its length")
    whole = end + 4 + int(length[1])
    while len(answer) < whole:
        answer += _more(connection)
    return answer


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(CHUNK)
    if not received:
        raise JourneyFailed("the server hung up")
    return received


def _found(pattern: re.Pattern[bytes], answer: bytes, what: str) -> bytes:
    match = pattern.search(answer)
    if match is None:
        raise JourneyFailed(f"no {what} in the answer")
    return match[1]
