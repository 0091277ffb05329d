"""The limit: one message sent again and again by `smtplib`, over one connection, and nothing else."""

from __future__ import annotations

import smtplib
import sys
from pathlib import Path

from engage.bench.mail_sink import HOST


def send(port: int, content: bytes, count: int) -> None:
    """Send `content` to `count` addresses."""
    with smtplib.SMTP(HOST, port) as connection:
        for number in range(count):
            connection.sendmail("bench@example.org", [f"plain{number}@example.org"], content)


if __name__ == "__main__":
    send(int(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3]))
