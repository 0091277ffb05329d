"""Writing a bundle: the same content gives the same bytes, whatever the clock of the machine says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engage.evidence_file.chain import INDEX, MANIFEST, File, Head, bundle_digest, lines, manifest

# ZIP knows no earlier day, and no time zone: the day of a file would only tell when this was run.
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX, REGULAR = 3, 0o100644 << 16
LEVEL = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A file to be: its path and title, and its content in pieces, never held whole.

    `content` is the same as plain data, where it is small.
    """

    path: str
    title: str
    pieces: Iterable[bytes]
    content: Any = None


def document(path: str, title: str, content: Any) -> Part:
    """Return a part that is JSON for people and programs: its keys in order, a line for each value."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return Part(path, title, (text.encode(),), content)


def write(
    target: Path, head: Head, parts: Iterable[Part], index: Callable[[tuple[File, ...]], Iterator[bytes]]
) -> str:
    """Write the bundle to `target` and return its digest.

    `index` is given all files and makes the page that leads to them; it is the last of the chain.
    """
    with ZipFile(target, "w", ZIP_DEFLATED, allowZip64=False, compresslevel=LEVEL) as archive:
        files = [_add(archive, part) for part in parts]
        files.append(_add(archive, Part(INDEX, "What is in this bundle", index(tuple(files)))))
        chained = lines(head, files)
        _add(archive, document(MANIFEST, "", manifest(head, chained)))
    return bundle_digest(head, chained)


def _add(archive: ZipFile, part: Part) -> File:
    entry = ZipInfo(part.path, EPOCH)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, UNIX, REGULAR
    size, digest = 0, hashlib.sha256()
    with archive.open(entry, "w") as target:
        for piece in part.pieces:
            size += len(piece)
            digest.update(piece)
            target.write(piece)
    return File(part.path, part.title, size, digest.hexdigest())
