"""The processes of a running platform: web workers under Granian, and `engage worker` beside them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from granian import Granian
from granian.constants import Interfaces
from structlog.stdlib import get_logger

APPLICATION = "engage.server.web:application"
SECONDS_BEFORE_AGAIN = 2.0
SECONDS_TO_FINISH = 20.0


@dataclass(frozen=True, slots=True)
class Serving:
    """How the web side runs: `workers` processes of `threads` threads each, at `host`:`port`."""

    host: str
    port: int
    workers: int
    threads: int
    application: str = APPLICATION


def serve(serving: Serving, *, with_worker: bool) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished, and so is what the worker has in hand.

    No line is written for a request: addresses may hold secrets.
    """
    server = Granian(
        serving.application,
        address=serving.host,
        port=serving.port,
        interface=Interfaces.WSGI,
        workers=serving.workers,
        blocking_threads=serving.threads,
        factory=True,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=int(SECONDS_TO_FINISH),
    )
    if not with_worker:
        server.serve()
        return
    with kept_running(["worker"]):
        server.serve()


@contextmanager
def kept_running(command: list[str]) -> Iterator[None]:
    """Run `engage COMMAND` beside the block, start it again whenever it ends, and stop it afterwards."""
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(command, stopping), name="keeper")
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def _keep(command: list[str], stopping: threading.Event) -> None:
    logger = get_logger("engage.server")
    while not stopping.is_set():
        child = subprocess.Popen([sys.executable, "-m", "engage.server.child", str(os.getpid()), *command])
        while child.poll() is None and not stopping.wait(0.2):
            pass
        if stopping.is_set():
            _stop(child)
        else:
            logger.error("a process ended and is started again", command=command, status=child.returncode)
            stopping.wait(SECONDS_BEFORE_AGAIN)


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(SECONDS_TO_FINISH)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
