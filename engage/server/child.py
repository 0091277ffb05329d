"""A process that ends with the one that started it, even where that one was killed.

`python -m engage.server.child PARENT COMMAND...` runs `engage COMMAND...`.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

SECONDS_BETWEEN_LOOKS = 1.0


def leave_with(parent: int) -> None:
    """Ask this process to end (SIGTERM) once `parent` is no longer its parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="leave-with-parent", daemon=True).start()


def run(arguments: list[str]) -> None:
    """Run an `engage` command as a child of the process named first."""
    parent, *command = arguments
    leave_with(int(parent))
    sys.argv = ["engage", *command]
    runpy.run_module("engage.cli", run_name="__main__")


if __name__ == "__main__":
    run(sys.argv[1:])
