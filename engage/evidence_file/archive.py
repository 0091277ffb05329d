"""Opening a bundle that anybody may have made: nothing is believed, and nothing is unpacked.

The directory is measured before it is read, so that a hostile file costs neither memory nor time.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IFMT, S_ISREG
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

PIECE = 64 * 1024
MOST_FILES = 1_000
# A directory entry is 46 bytes and its name; ours have nothing else.
LARGEST_DIRECTORY = 300_000
# The log, which repeats itself, shrinks to a thirtieth; a bomb to a thousandth.
MOST_GROWTH, FREE_GROWTH = 150, 8 * 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_BYTES = 20
_ENCRYPTED = 0x1
# What reading raises where the bytes are not what the directory says.
_DAMAGED = (
    *(BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError),
    *(struct.error, zlib.error),
)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*", re.IGNORECASE)


class Hostile(Exception):
    """This is no bundle that we would open; the message says why in a sentence."""


class Archive:
    """The files of a bundle by path, read in pieces."""

    def __init__(self, opened: ZipFile) -> None:
        self._zip = opened
        self.entries: dict[str, ZipInfo] = {entry.filename: entry for entry in opened.infolist()}

    def pieces(self, path: str) -> Iterator[bytes]:
        """Yield a file's bytes; raises `Hostile` where they are not what the directory says."""
        try:
            with self._zip.open(self.entries[path]) as source:
                while piece := source.read(PIECE):
                    yield piece
        except _DAMAGED as broken:
            raise Hostile(f"{path} cannot be read: it is damaged.") from broken

    def whole(self, path: str, most: int) -> bytes:
        """Return a file of up to `most` bytes; raises `Hostile` for a larger one."""
        if self.entries[path].file_size > most:
            raise Hostile(f"{path} is larger than such a file can be.")
        return b"".join(self.pieces(path))


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a bundle; raises `Hostile` where it is none, or built to do harm."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        _check_directory(file, size)
        try:
            with ZipFile(file) as found:
                _check_entries(found.infolist(), size)
                yield Archive(found)
        except (BadZipFile, struct.error, UnicodeDecodeError, NotImplementedError) as broken:
            raise Hostile("This is not a ZIP file, or a damaged one.") from broken


def _check_directory(file: IO[bytes], size: int) -> None:
    """Refuse a directory that is too large, or not exactly where and what the end of the file says."""
    if size < _END.size:
        raise Hostile("This is not a ZIP file.")
    file.seek(max(0, size - _END.size - _ZIP64_LOCATOR_BYTES))
    tail = file.read()
    mark, disk, first, here, files, length, offset, comment = _END.unpack(tail[-_END.size :])
    if mark != b"PK\x05\x06" or comment:
        raise Hostile("This is not a ZIP file as we write them.")
    if disk or first or here != files or tail.startswith(b"PK\x06\x07"):
        raise Hostile("It is a ZIP file in parts or of the large kind, which a bundle never is.")
    if files > MOST_FILES or length > LARGEST_DIRECTORY:
        raise Hostile("It lists more files than a bundle can have.")
    if offset + length + _END.size != size:
        raise Hostile("There is something in the file beside the ZIP itself.")


def _check_entries(entries: list[ZipInfo], size: int) -> None:
    """Refuse names that lead elsewhere, are there twice or are no plain files; and anything that swells."""
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if len(name) > 200 or _NAME.fullmatch(name) is None or name != entry.orig_filename:
            raise Hostile("It has a file whose name leads out of the bundle, or could.")
        if name.casefold() in seen:
            raise Hostile(f"{name} is in it twice.")
        seen.add(name.casefold())
        mode = entry.external_attr >> 16
        if S_IFMT(mode) and not S_ISREG(mode):
            raise Hostile(f"{name} is not a plain file.")
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Hostile(f"{name} is locked, or packed in a way that a bundle never is.")
    if sum(entry.file_size for entry in entries) > MOST_GROWTH * size + FREE_GROWTH:
        raise Hostile("It would swell to many times its size when unpacked.")
