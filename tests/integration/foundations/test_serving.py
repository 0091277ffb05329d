"""`engage serve` as an operator runs it: processes of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from engage.server.processes import SHORTEST_LIFE
from tests.fixtures.serving import free_port

SECONDS = 60

# One database is enough: the other is asked by every other test.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    return os.environ | {
        "ENGAGE_MODE": "production",
        "ENGAGE_SECRET_KEY": "s" * 40,
        "ENGAGE_INSTANCE": str(tmp_path),
        "ENGAGE_DATABASE_URL": database_url,
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "engage.cli", *arguments]


def test_an_old_database_is_not_served(environment: dict[str, str], tmp_path: Path) -> None:
    environment["ENGAGE_DATABASE_URL"] = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    done = subprocess.run(command("serve"), env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Run: engage upgrade" in done.stderr


def test_a_default_secret_is_not_served(environment: dict[str, str]) -> None:
    environment["ENGAGE_SECRET_KEY"] = ""
    done = subprocess.run(command("serve"), env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "engage: ENGAGE_SECRET_KEY is not set" in done.stderr


def test_pages_are_served_and_what_dies_is_started_again(environment: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command("serve", "--port", str(port), "--workers", "1"),
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/?secret=in-the-address"))
        killed = children_of(server.pid)
        assert {*killed} == {"serve", "worker"}
        time.sleep(SHORTEST_LIFE)
        for process in killed.values():
            os.kill(process, signal.SIGKILL)
        wait_for(lambda: all_new(children_of(server.pid), killed))
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/"))
    finally:
        server.terminate()
        assert server.wait(SECONDS) == 0
    assert children_of(server.pid) == {}
    assert "in-the-address" not in log.read_text()


def wait_for(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def all_new(running: dict[str, int], before: dict[str, int]) -> bool:
    return {*running} == {*before} and not {*running.values()} & {*before.values()}


def children_of(server: int) -> dict[str, int]:
    """Return the processes that `server` keeps running, by command."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if child := re.search(rf"engage\.server\.child {server} (\w+)", line):
            found[child[1]] = int(path.parent.name)
    return found
