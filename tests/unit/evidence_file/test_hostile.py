"""Bundles that were built to do harm are refused at once, and cost little memory."""

from __future__ import annotations

import io
import stat
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import pytest

from engage.evidence_file.chain import MANIFEST
from engage.evidence_file.verifying import verify

MOST_SECONDS, MOST_MEMORY = 5, 64 * 1024 * 1024


def bomb(archive: ZipFile) -> None:
    with archive.open("timetable.json", "w") as target:
        for _ in range(300):
            target.write(bytes(1024 * 1024))


def outside(archive: ZipFile) -> None:
    archive.writestr("../outside.json", "{}")


def rooted(archive: ZipFile) -> None:
    archive.writestr("/etc/passwd", "{}")


def windows(archive: ZipFile) -> None:
    archive.writestr("C:\\outside.json", "{}")


def twice(archive: ZipFile) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("timetable.json", "{}")
        archive.writestr("timetable.json", "[]")


def other_case(archive: ZipFile) -> None:
    archive.writestr("timetable.json", "{}")
    archive.writestr("TIMETABLE.json", "{}")


def symlink(archive: ZipFile) -> None:
    entry = ZipInfo("timetable.json")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


def many(archive: ZipFile) -> None:
    for number in range(2_000):
        archive.writestr(f"f{number}.json", "")


def strange_packing(archive: ZipFile) -> None:
    archive.writestr("timetable.json", "{}" * 100, compress_type=ZIP_LZMA)


def huge_manifest(archive: ZipFile) -> None:
    archive.writestr(MANIFEST, b"[" + b"[]," * 2_000_000 + b"[]]")


def deep_manifest(archive: ZipFile) -> None:
    archive.writestr(MANIFEST, b"[" * 500_000)


def twofold_manifest(archive: ZipFile) -> None:
    archive.writestr(MANIFEST, b'{"head": {}, "head": {}, "lines": [], "digest": ""}')


def misshapen_manifest(archive: ZipFile) -> None:
    archive.writestr(MANIFEST, b'{"head": [1], "lines": {"a": 1}, "digest": null}')


def empty(archive: ZipFile) -> None:
    pass


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (bomb, "swell"),
        (outside, "leads out"),
        (rooted, "leads out"),
        (windows, "leads out"),
        (twice, "in it twice"),
        (other_case, "in it twice"),
        (symlink, "not a plain file"),
        (many, "more files"),
        (strange_packing, "packed in a way"),
        (huge_manifest, "larger than"),
        (deep_manifest, "not JSON"),
        (twofold_manifest, "not JSON"),
        (misshapen_manifest, "lacks a part"),
        (empty, "There is no manifest.json"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_hostile_bundle_is_refused_at_once(
    tmp_path: Path, build: Callable[[ZipFile], None], said: str
) -> None:
    file = tmp_path / "hostile.zip"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        build(archive)
    assert said in refused(file)


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100, b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "no.zip"
    file.write_bytes(content)
    assert "ZIP" in refused(file) or "lists more" in refused(file)


def test_something_before_or_after_the_zip_is_refused(tmp_path: Path) -> None:
    written = io.BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("timetable.json", "{}")
    for content in (b"before" + written.getvalue(), written.getvalue() + b"after"):
        file = tmp_path / "more.zip"
        file.write_bytes(content)
        assert refused(file)


def test_a_damaged_file_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    file = tmp_path / "damaged.zip"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, bytes(range(256)) * 20)
    content = bytearray(file.read_bytes())
    content[60] ^= 0xFF
    file.write_bytes(bytes(content))
    assert "damaged" in refused(file)


def refused(file: Path) -> str:
    tracemalloc.start()
    began = time.perf_counter()
    faults = verify(file).faults
    took, (_, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < MOST_SECONDS
    assert most < MOST_MEMORY
    return "\n".join(faults)
