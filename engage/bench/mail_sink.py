"""A mail server to measure against: it takes everything at once and keeps who was sent which message.

Run as a process of its own; it says its port and writes a line for each message it took: when, the address,
the Message-ID and whether it hung up before saying so. Rude, it refuses, delays and closes at random.
"""

from __future__ import annotations

import asyncio
import random
import re
import signal
import sys
import time
from pathlib import Path
from typing import TextIO

HOST = "127.0.0.1"
FLUSH_SECONDS = 0.2
GREETING = b"220 sink ESMTP\r\n"
ABLE = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
# How addresses begin that do not exist.
GONE = "gone"
_MESSAGE_ID = re.compile(rb"\r\nMessage-ID: ([^\r]+)", re.IGNORECASE)
_ADDRESS = re.compile(rb"<([^>]*)>")
_LONGEST_DELAY = 0.3


class Connection(asyncio.Protocol):
    """One client. Commands may come together, and are answered in their order."""

    def __init__(self, kept: TextIO, chance: random.Random | None) -> None:
        self._kept = kept
        self._chance = chance
        self._buffer = bytearray()
        self._looked_at = 0
        self._in_text = False
        self._resting = False
        self._hang_up = False
        self._recipient = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        """Answer what is whole of what came."""
        self._buffer += data
        self._go_on()

    def _go_on(self) -> None:
        self._resting = False
        while not self._resting and not self._transport.is_closing() and self._step():
            pass

    def _step(self) -> bool:
        """Answer one command or message; False where none is whole."""
        if self._in_text:
            return self._take_text()
        end = self._buffer.find(b"\n")
        if end < 0:
            return False
        line = bytes(self._buffer[: end + 1]).strip()
        del self._buffer[: end + 1]
        self._answer(line[:4].upper(), line)
        return True

    def _answer(self, verb: bytes, line: bytes) -> None:
        if verb == b"RCPT":
            self._answer_recipient(line)
        elif verb == b"DATA":
            self._in_text = bool(self._recipient)
            self._transport.write(
                b"354 Go ahead\r\n" if self._recipient else b"554 5.5.1 No valid recipients\r\n"
            )
        elif verb == b"EHLO":
            self._transport.write(ABLE)
        elif verb == b"QUIT":
            self._transport.write(b"221 Bye\r\n")
            self._transport.close()
        else:
            self._recipient = ""
            self._transport.write(b"250 OK\r\n")

    def _answer_recipient(self, line: bytes) -> None:
        found = _ADDRESS.search(line)
        address = found[1].decode() if found else ""
        roll = self._chance.random() if self._chance else 1.0
        self._hang_up = 0.04 <= roll < 0.06
        if address.startswith(GONE):
            self._transport.write(b"550 5.1.1 No such mailbox\r\n")
        elif roll < 0.02:
            self._transport.write(b"451 4.3.0 Come back later\r\n")
        elif roll < 0.04:
            self._transport.abort()
        else:
            self._recipient = address
            self._transport.write(b"250 OK\r\n")

    def _take_text(self) -> bool:
        if self._buffer.startswith(b".\r\n"):
            end, after = 0, 3
        else:
            end = self._buffer.find(b"\r\n.\r\n", max(0, self._looked_at - 4))
            after = end + 5
        if end < 0:
            self._looked_at = len(self._buffer)
            return False
        text = bytes(self._buffer[:end])
        del self._buffer[:after]
        self._looked_at, self._in_text = 0, False
        self._keep(text)
        return True

    def _keep(self, text: bytes) -> None:
        found = _MESSAGE_ID.search(text)
        named = found[1].decode() if found else ""
        self._kept.write(f"{time.time():.6f}\t{self._recipient}\t{named}\t{int(self._hang_up)}\n")
        self._recipient = ""
        if self._hang_up:
            self._transport.abort()
        elif self._chance is not None and self._chance.random() < 0.01:
            self._resting = True
            wait = self._chance.random() * _LONGEST_DELAY
            asyncio.get_running_loop().call_later(wait, self._say_taken)
        else:
            self._transport.write(b"250 OK\r\n")

    def _say_taken(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(b"250 OK\r\n")
            self._go_on()


async def run(path: Path, *, rude: bool) -> None:
    """Serve until told to stop; the port is said on standard output."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    chance = random.Random(20261122) if rude else None
    with path.open("a", encoding="ascii") as kept:
        server = await loop.create_server(lambda: Connection(kept, chance), HOST, 0)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        while not stopping.is_set():
            kept.flush()
            try:
                await asyncio.wait_for(stopping.wait(), FLUSH_SECONDS)
            except TimeoutError:
                continue
        server.close()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), rude=sys.argv[2:] == ["rude"]))
