"""The chain of a bundle: a line for each file, each line's hash over the line before. Pure.

The first line follows the hash of the head, which says what the bundle is of and names the bundle before;
the bundle's digest is of the last line's hash and of the bundle before. So nothing can be changed, left out
or put elsewhere without another digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engage.analysis.manifests import digest_of

FORMAT = 1
MANIFEST = "manifest.json"
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Head:
    """What a bundle is of. `as_of` is an ISO moment in UTC, `previous_digest` "" for the first."""

    slug: str
    title: str
    number: int
    as_of: str
    previous_digest: str
    format: int = FORMAT

    @property
    def hash(self) -> str:
        """What the first line follows."""
        return digest_of(asdict(self))


@dataclass(frozen=True, slots=True)
class File:
    """A file of the bundle as it lies there."""

    path: str
    title: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Line:
    """A file's line in the manifest, with the hash of the line before and its own."""

    file: File
    previous: str

    @property
    def hash(self) -> str:
        """The SHA-256 of all that the line says."""
        return digest_of(asdict(self.file) | {"previous": self.previous})


def lines(head: Head, files: Sequence[File]) -> tuple[Line, ...]:
    """Return the chained lines of files in their order."""
    chained: list[Line] = []
    previous = head.hash
    for file in files:
        chained.append(Line(file, previous))
        previous = chained[-1].hash
    return tuple(chained)


def bundle_digest(head: Head, chained: Sequence[Line]) -> str:
    """Return the digest that a bundle is known by."""
    last = chained[-1].hash if chained else head.hash
    return hashlib.sha256(f"{last}\n{head.previous_digest}".encode()).hexdigest()


def manifest(head: Head, chained: Sequence[Line]) -> dict[str, Any]:
    """Return the manifest as plain data."""
    return {
        "head": asdict(head),
        "lines": [asdict(line.file) | {"previous": line.previous, "hash": line.hash} for line in chained],
        "digest": bundle_digest(head, chained),
    }
