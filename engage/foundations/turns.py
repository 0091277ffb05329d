"""A queue for SQLite's one writer.

SQLite itself lets writers sleep and try again, so under load some wait for seconds while others pass them.
Here they wait for a lock on a file beside the database, which the system hands on at once, between threads
and between processes, and takes from a process that dies.
"""

from __future__ import annotations

import fcntl
import threading
from typing import IO

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, Pool

SUFFIX = "-turns"
_TURN = "engage_turn"
_FILE = "engage_turn_file"
_holding = threading.local()


def take_turn(connection: Connection) -> None:
    """Wait until no other connection writes; the turn lasts until `connection` goes back to its pool.

    A thread that writes on one connection and begins on another does not wait here for itself: SQLite's own
    time limit ends that.
    """
    path = connection.engine.url.database
    if not path or path == ":memory:" or getattr(_holding, "turn", False):
        return
    file: IO[bytes] | None = connection.info.get(_FILE)
    if file is None:
        file = connection.info[_FILE] = open(path + SUFFIX, "ab")  # noqa: SIM115, PTH123
    fcntl.flock(file, fcntl.LOCK_EX)
    connection.info[_TURN] = _holding.turn = True


@event.listens_for(Pool, "checkin")
def _give_turn(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    if record.info.pop(_TURN, False):
        _holding.turn = False
        fcntl.flock(record.info[_FILE], fcntl.LOCK_UN)


@event.listens_for(Pool, "close")
def _close_file(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    if file := record.info.pop(_FILE, None):
        file.close()
