"""Checking a bundle by itself: its files, its chain, and whether what it says can be true."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engage.evidence_file.archive import MOST_FILES, Archive, Hostile, opened
from engage.evidence_file.chain import FORMAT, INDEX, MANIFEST, File, Head, Line, bundle_digest, lines
from engage.evidence_file.saying import LARGEST, Documents, contradictions, faults_of_log

LARGEST_MANIFEST = 1024 * 1024
# All documents of a bundle together. A value takes many times its letters once it is read.
LARGEST_TOGETHER, MOST_VALUES = 64 * 1024 * 1024, 1_000_000
TOO_MUCH = "Its documents hold more than the documents of a bundle can: they were not read."
_HEAD = {"slug": str, "title": str, "number": int, "as_of": str, "previous_digest": str, "format": int}
_LINE = {"path": str, "title": str, "size": int, "sha256": str, "previous": str, "hash": str}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: a sentence for each fault, and the digest that the bundle's own lines give."""

    faults: tuple[str, ...]
    digest: str = ""
    head: Head | None = None


class _Misshapen(Exception):
    """A manifest that is not one; the message says what is wrong."""


def verify(path: Path, published: str = "") -> Verdict:
    """Return everything that is wrong with a bundle. `published` is the digest that was made public."""
    try:
        with opened(path) as archive:
            return _verify(archive, published.strip().lower())
    except Hostile as refused:
        return Verdict((str(refused),))
    except OSError:
        return Verdict(("The file cannot be read.",))


def _verify(archive: Archive, published: str) -> Verdict:
    if MANIFEST not in archive.entries:
        return Verdict((f"There is no {MANIFEST}.",))
    try:
        head, told, stated = _manifest(parse(archive.whole(MANIFEST, LARGEST_MANIFEST)))
    except (_Misshapen, ValueError, RecursionError) as wrong:
        said = str(wrong) if isinstance(wrong, _Misshapen) else "it is not JSON as we write it"
        return Verdict((f"{MANIFEST}: {said}.",))
    faults = [*_chain_faults(head, told, stated), *_file_faults(archive, [line.file for line, _ in told])]
    digest = bundle_digest(head, [line for line, _ in told])
    if published and digest != published:
        faults.append("The digest is not the one that was given: this is not the bundle that was published.")
    faults += _said_faults(archive, head)
    return Verdict(tuple(faults), digest, head)


def parse(text: bytes) -> Any:
    """Return JSON; raises ValueError where it is none, or says the same thing twice."""
    return json.loads(text.decode(), object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _manifest(data: Any) -> tuple[Head, list[tuple[Line, str]], str]:
    """Return the head, each line with the hash that it states, and the digest stated."""
    if not isinstance(data, dict) or data.keys() != {"head", "lines", "digest"}:
        raise _Misshapen("it does not have the three parts of a manifest")
    head = Head(**_shaped(data["head"], _HEAD))
    if head.format != FORMAT:
        raise _Misshapen("it is of a kind that this program does not know")
    if not isinstance(data["lines"], list) or not isinstance(data["digest"], str):
        raise _Misshapen("its lines are not a list, or its digest is no text")
    if len(data["lines"]) > MOST_FILES:
        raise _Misshapen("it has more lines than a bundle can have files")
    told = []
    for each in data["lines"]:
        line = _shaped(each, _LINE)
        file = File(line["path"], line["title"], line["size"], line["sha256"])
        told.append((Line(file, line["previous"]), line["hash"]))
    return head, told, data["digest"]


def _shaped(data: Any, shape: dict[str, type]) -> dict[str, Any]:
    if not isinstance(data, dict) or data.keys() != shape.keys():
        raise _Misshapen("something in it lacks a part or has one too many")
    if any(type(data[name]) is not kind for name, kind in shape.items()):
        raise _Misshapen("something in it is a number for a text, or a text for a number")
    return data


def _chain_faults(head: Head, told: list[tuple[Line, str]], stated: str) -> Iterator[str]:
    expected = lines(head, [line.file for line, _ in told])
    previous = head.hash
    for line, said in told:
        if line.previous != previous:
            yield f"The line of {line.file.path} does not follow the line before: one was changed or removed."
        if line.hash != said:
            yield f"The line of {line.file.path} was changed: its hash is not of what it says."
        # From a broken line on, each is judged by the one before it as it stands.
        previous = said
    if not told or told[-1][0].file.path != INDEX:
        yield f"The last line is not that of {INDEX}: lines are missing at the end."
    if bundle_digest(head, [line for line, _ in told]) != stated or (
        told and told[-1][0].hash != expected[-1].hash
    ):
        yield "The digest of the bundle is not that of its lines."


def _file_faults(archive: Archive, files: list[File]) -> Iterator[str]:
    listed = Counter(file.path for file in files)
    yield from (f"{path} has two lines." for path, times in sorted(listed.items()) if times > 1)
    for path in sorted(archive.entries.keys() - {*listed, MANIFEST}):
        yield f"{path} is in the bundle and in no line."
    # Each file is read once, however many lines name it.
    for file in {file.path: file for file in files}.values():
        if file.path not in archive.entries or file.path == MANIFEST:
            yield f"{file.path} has a line and is not in the bundle."
            continue
        size, digest = 0, hashlib.sha256()
        try:
            for piece in archive.pieces(file.path):
                size += len(piece)
                digest.update(piece)
        except Hostile as damaged:
            yield str(damaged)
            continue
        if (size, digest.hexdigest()) != (file.size, file.sha256):
            yield f"{file.path} was changed: its digest is not the one in its line."


def _said_faults(archive: Archive, head: Head) -> Iterator[str]:
    """Yield where documents cannot be read, contradict each other, or the log is out of order."""
    documents: Documents = {}
    paths = sorted(path for path in archive.entries if path.endswith(".json") and path != MANIFEST)
    if sum(archive.entries[path].file_size for path in paths) > LARGEST_TOGETHER:
        yield TOO_MUCH
        return
    values = 0
    for path in paths:
        try:
            text = archive.whole(path, LARGEST)
            values += sum(text.count(mark) for mark in (b",", b"[", b"{"))
            if values > MOST_VALUES:
                yield TOO_MUCH
                return
            documents[path] = parse(text)
        except (Hostile, ValueError, RecursionError) as wrong:
            yield str(wrong) if isinstance(wrong, Hostile) else f"{path} is not JSON as we write it."
    yield from contradictions(documents, head)
    if "audit.jsonl" in archive.entries:
        try:
            yield from faults_of_log(archive.pieces("audit.jsonl"))
        except Hostile as damaged:
            yield str(damaged)
    else:
        yield "There is no log (audit.jsonl)."
