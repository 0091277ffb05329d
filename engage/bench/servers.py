"""The two servers that are measured, each in a temporary instance of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from engage.foundations.settings import Settings, read_settings
from engage.server.processes import THREADS, WORKERS

HOST = "127.0.0.1"
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 30.0
OURS = ("engage.server.child", str(os.getpid()), "serve", "--no-worker")
LIMIT = ("engage.bench.limit_server",)


class ServerFailed(Exception):
    """A server did not start; the message holds the end of what it said."""


class Server:
    """A running server: where it listens, and how much processor time it has used."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def cpu_seconds(self) -> float | None:
        """Return the processor time of the server's processes so far, None where /proc does not tell."""
        try:
            return sum(_cpu_seconds(process) for process in _family(self.process.pid))
        except OSError:
            return None


@contextmanager
def temporary_settings(database_url: str | None, folder: Path) -> Iterator[Settings]:
    """Yield production settings of a new instance in `folder`, with a database of its own, gone afterwards.

    `database_url` None: SQLite in the instance; else a new database on that PostgreSQL server.
    """
    with (
        tempfile.TemporaryDirectory(prefix="engage-bench-", dir=folder) as instance,
        _database(database_url, Path(instance)) as url,
    ):
        yield read_settings(
            {
                "ENGAGE_MODE": "production",
                "ENGAGE_SECRET_KEY": uuid4().hex + uuid4().hex,
                "ENGAGE_INSTANCE": instance,
                "ENGAGE_DATABASE_URL": url,
            }
        )


@contextmanager
def serving(module: tuple[str, ...], settings: Settings) -> Iterator[Server]:
    """Run a server for `settings` and stop it afterwards. Raises `ServerFailed`."""
    port = _free_port()
    numbers = ("--host", HOST, "--port", str(port), "--workers", str(WORKERS), "--threads", str(THREADS))
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *module, *numbers],
            env={**os.environ, **environment(settings)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        try:
            _wait_for(process, port)
            yield Server(process, port)
        except ServerFailed as failure:
            said.seek(0)
            raise ServerFailed(f"{failure}\n{said.read()[-3000:].decode(errors='replace')}") from None
        finally:
            _stop(process)


def environment(settings: Settings) -> Mapping[str, str]:
    return {
        "ENGAGE_MODE": settings.mode.value,
        "ENGAGE_SECRET_KEY": settings.secret_key,
        "ENGAGE_INSTANCE": str(settings.instance),
        "ENGAGE_DATABASE_URL": settings.database_url,
        "ENGAGE_BASE_URL": settings.base_url,
    }


@contextmanager
def _database(url: str | None, instance: Path) -> Iterator[str]:
    if url is None:
        yield f"sqlite:///{instance / 'engage.sqlite'}"
        return
    server = url.replace("postgresql+psycopg://", "postgresql://", 1)
    name = f"engage_bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        path, _, query = server.partition("?")
        yield f"{path.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    give_up = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < give_up:
        try:
            with socket.create_connection((HOST, port), 1.0) as connection:
                connection.sendall(b"GET /take-part/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                if connection.recv(1):
                    return
        except OSError:
            time.sleep(0.1)
    raise ServerFailed(f"the server at port {port} did not start")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _family(ancestor: int) -> list[Path]:
    """Return the folders in /proc of a process and of all that it started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(_fields(folder)[1])
        except OSError:
            continue
    family = {ancestor}
    for _ in parents:
        grown = family | {number for number, parent in parents.items() if parent in family}
        if grown == family:
            break
        family = grown
    return [Path(f"/proc/{number}") for number in sorted(family)]


def _cpu_seconds(process: Path) -> float:
    fields = _fields(process)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _fields(process: Path) -> list[str]:
    """Return the fields of a process's `stat` after its name (proc(5): field 3 is the first here)."""
    return (process / "stat").read_text().rpartition(")")[2].split()
