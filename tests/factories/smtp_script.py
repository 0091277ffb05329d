"""A mail server that answers each command as a test says, on a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

# Instead of a reply: the connection ends, before or after the reply before it is sent.
HANGS_UP: Final = "hangs up"
SILENT: Final = "says nothing"
KIND = {"EHLO": "250-script\r\n250-PIPELINING\r\n250 8BITMIME", "DATA": "354 Go ahead", "QUIT": "221 Bye"}
PLAIN = {"EHLO": "250 script"}


class Script:
    """What the server says, by command (`TEXT`: to the text itself), and what it was told.

    A list of replies is used up one by one, the last one stays. `split`: every reply comes in single bytes.
    """

    def __init__(self, replies: Mapping[str, str | list[str]], *, split: bool) -> None:
        self._replies = {
            verb: [said] if isinstance(said, str) else list(said)
            for verb, said in (KIND | dict(replies)).items()
        }
        self._split = split
        self.commands: list[str] = []
        self.texts: list[bytes] = []
        self.connections = 0
        # How many bytes of commands came together, at most.
        self.together = 0
        self.url = ""

    def serve(self, listening: socket.socket) -> None:
        """Answer one connection after the other until `listening` is closed."""
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._say(connection, "220 script")
            self._answer_all(connection)
        except OSError:
            return

    def _answer_all(self, connection: socket.socket) -> None:
        buffer, in_text = b"", False
        while True:
            end = (b".\r\n" if buffer.startswith(b".\r\n") else b"\r\n.\r\n") if in_text else b"\r\n"
            if end not in buffer:
                came = connection.recv(65_536)
                if not came:
                    return
                if not in_text:
                    self.together = max(self.together, len(came.splitlines()))
                buffer += came
                continue
            said, _, buffer = buffer.partition(end)
            verb = "TEXT" if in_text else said[:4].decode().upper()
            (self.texts if in_text else self.commands).append(said if in_text else said.decode())  # type: ignore[arg-type]
            reply = self._reply(verb)
            if reply == HANGS_UP:
                return
            if reply != SILENT:
                self._say(connection, reply)
            in_text = verb == "DATA" and reply.startswith("354")
            if verb == "QUIT" or reply.startswith("421"):
                return

    def _reply(self, verb: str) -> str:
        replies = self._replies.get(verb, ["250 OK"])
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def _say(self, connection: socket.socket, reply: str) -> None:
        data = f"{reply}\r\n".encode()
        for piece in (bytes([byte]) for byte in data) if self._split else [data]:
            connection.sendall(piece)


@contextmanager
def scripted(
    replies: Mapping[str, str | list[str]] | None = None, *, split: bool = False
) -> Iterator[Script]:
    """Run such a server for the length of the block."""
    script = Script(replies or {}, split=split)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        script.url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        serving = threading.Thread(target=script.serve, args=(listening,), daemon=True)
        serving.start()
        try:
            yield script
        finally:
            # Closing alone does not wake who waits for a connection.
            listening.shutdown(socket.SHUT_RDWR)
    serving.join(5)
