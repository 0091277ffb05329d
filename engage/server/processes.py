"""The processes of a running platform: web workers under Granian, and `engage worker` beside them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from granian import Granian
from granian.constants import Interfaces
from structlog.stdlib import get_logger

APPLICATION = "engage.server.web:application"
WORKERS = 2
# Python runs one thread of a process at a time, and more of them hinder each other: with four instead of two,
# eight people at once got a fifth fewer journeys through (docs/performance.md).
THREADS = 2
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_FINISH = 20.0
# What ends sooner than this cannot run at all (a port that is taken): starting it again would not help.
SHORTEST_LIFE = 5.0


@dataclass(frozen=True, slots=True)
class Serving:
    """How the web side runs: `workers` processes of `threads` threads each, at `host`:`port`."""

    host: str
    port: int
    workers: int
    threads: int
    application: str = APPLICATION

    @property
    def command(self) -> tuple[str, ...]:
        """The `engage` command that runs it alone."""
        numbers = {"host": self.host, "port": self.port, "workers": self.workers, "threads": self.threads}
        return ("serve", "--no-worker", *(f"--{name}={value}" for name, value in numbers.items()))


def serve(serving: Serving, *, with_worker: bool) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished, and so is what the worker has in hand.

    No line is written for a request: addresses may hold secrets.
    """
    if with_worker:
        Supervisor(serving.command, ("worker",)).run()
    else:
        _serve_pages(serving)


def _serve_pages(serving: Serving) -> None:
    Granian(
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
    ).serve()


class Supervisor:
    """Keeps `engage` commands running as processes of their own, and stops them together.

    It looks round on the main thread instead of waiting in threads: a signal that arrives while another
    thread starts a process may otherwise never be acted on.
    """

    def __init__(self, *commands: tuple[str, ...]) -> None:
        self.commands = commands
        self.running: dict[tuple[str, ...], _Running] = {}
        self.stopping = False
        self.status = 0

    def run(self) -> None:
        """Run until SIGTERM or SIGINT, or until a command cannot be run; then exit with its status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                for command in self.commands:
                    self._see_to(command)
                time.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            self._end_all()
        if self.status:
            sys.exit(self.status)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _see_to(self, command: tuple[str, ...]) -> None:
        running = self.running.get(command)
        if running and running.process.poll() is None:
            return
        if running:
            status = running.process.returncode
            get_logger("engage.server").error("ended by itself", command=command[0], status=status)
            if running.age < SHORTEST_LIFE:
                self.stopping, self.status = True, 1
                return
        self.running[command] = _Running(command)

    def _end_all(self) -> None:
        for running in self.running.values():
            running.process.terminate()
        give_up = time.monotonic() + SECONDS_TO_FINISH
        for running in self.running.values():
            running.end_by(give_up)


class _Running:
    """One process. It also ends by itself when its parent does, even where that one was killed."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "engage.server.child", str(os.getpid()), *command]
        )

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.began

    def end_by(self, moment: float) -> None:
        """Wait for the end until `moment` on the monotonic clock, then kill."""
        try:
            self.process.wait(max(0.0, moment - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
