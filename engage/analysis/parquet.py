"""Content lines in, Parquet out: every file is written aside and then put in its place in one step."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import duckdb

from engage.analysis.manifests import Content, canonical

REVISIONS = {
    "revision": "BIGINT",
    "response": "BIGINT",
    "number": "INTEGER",
    "kind": "VARCHAR",
    "instrument": "VARCHAR",
    "version": "INTEGER",
    "channel": "VARCHAR",
    "area": "VARCHAR",
    "group": "INTEGER",
    "received": "VARCHAR",
    "synthetic": "BOOLEAN",
    "answers": "VARCHAR",
    "equality": "VARCHAR",
}
PICKS = {
    "revision": "BIGINT",
    "response": "BIGINT",
    "question": "VARCHAR",
    "slot": "INTEGER",
    "priority": "VARCHAR",
    "source": "VARCHAR",
    "text_digest": "VARCHAR",
}
CODINGS = {
    "response": "BIGINT",
    "question": "VARCHAR",
    "slot": "INTEGER",
    "priority": "VARCHAR",
    "text_digest": "VARCHAR",
}


class Lines:
    """Rows on their way into a file. They are digested as they come and never held in memory together."""

    def __init__(self, folder: Path, kind: str, columns: Mapping[str, str]) -> None:
        self._folder = folder
        self._kind = kind
        self._columns = columns
        self._path = folder / f".{uuid4().hex}.ndjson"
        self._digest = hashlib.sha256()
        self._rows = 0

    def __enter__(self) -> Self:
        self._file = self._path.open("wb")
        return self

    def __exit__(self, *reason: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row; the order of rows is part of the content."""
        line = canonical(row).encode() + b"\n"
        self._digest.update(line)
        self._file.write(line)
        self._rows += 1

    def content(self) -> Content:
        """Return what has been added so far."""
        return Content(self._rows, self._digest.hexdigest())

    def keep(self) -> Content:
        """Put the rows into their Parquet file, unless it is there already."""
        content = self.content()
        target = self._folder / content.file(self._kind)
        if not target.exists():
            self._file.flush()
            _write_parquet(self._path, target, self._columns)
        return content


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine of our own in memory. It never reaches for the network."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "threads": 2,
        "memory_limit": "1GB",
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        yield connection


def read_files(folder: Path, names: Sequence[str]) -> str:
    """Return the SQL that stands for the rows of these files of ours."""
    paths = ", ".join("'" + str(folder / name).replace("'", "''") + "'" for name in names)
    return f"read_parquet([{paths}])"


def _write_parquet(source: Path, target: Path, columns: Mapping[str, str]) -> None:
    aside = target.with_name(f".{uuid4().hex}.tmp")
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    names = ", ".join(f'"{name}"' for name in columns)
    rows = f"read_json($source, format = 'newline_delimited', columns = {{{types}}})"
    quoted = str(aside).replace("'", "''")
    copy = f"COPY (SELECT {names} FROM {rows}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608
    try:
        with connect() as connection:
            connection.execute(copy, {"source": str(source)})
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
