"""Bundles that were built to do harm are refused at once, and cost little memory."""

from __future__ import annotations

import io
import json
import stat
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest
from click.testing import CliRunner

from engage.evidence_file.chain import MANIFEST
from engage.evidence_file.cli import verify as command
from engage.evidence_file.verifying import verify

MOST_SECONDS, MOST_MEMORY = 5, 64 * 1024 * 1024
SOUND_HEAD = {"slug": "a", "title": "A", "number": 1, "as_of": "", "previous_digest": "", "format": 1}


LINE_IN_COLOUR = {"path": "\x1b[2J", "title": "", "size": 1, "sha256": "", "previous": "", "hash": ""}


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


def manifest_of_a_hundred_megabytes(archive: ZipFile) -> None:
    with archive.open(ZipInfo(MANIFEST), "w") as target:
        for _ in range(100):
            target.write(b" " * 1024 * 1024)


def many_lines_of_one_file(archive: ZipFile) -> None:
    line = {"path": "a.bin", "title": "", "size": 1, "sha256": "", "previous": "", "hash": ""}
    archive.writestr("a.bin", bytes(7 * 1024 * 1024))
    archive.writestr(MANIFEST, json.dumps({"head": SOUND_HEAD, "lines": [line] * 900, "digest": ""}))


def too_many_lines(archive: ZipFile) -> None:
    manifest = {"head": SOUND_HEAD, "lines": [{}] * 100_000, "digest": ""}
    archive.writestr(MANIFEST, json.dumps(manifest))


def documents_that_swell_when_read(archive: ZipFile) -> None:
    with_manifest(archive)
    weight(archive)
    # Whether a comma parts two values is only known once all is read; that many are refused before.
    archive.writestr("reports/report-1.json", b'"' + b"," * 600_000 + b'"')
    for number in range(2, 30):
        archive.writestr(f"reports/report-{number}.json", b"[" + b"[]," * 300_000 + b"[]]")


def documents_too_large_together(archive: ZipFile) -> None:
    with_manifest(archive)
    weight(archive)
    for number in range(10):
        archive.writestr(f"reports/report-{number}.json", b'"' + b"x" * 7 * 1024 * 1024 + b'"')


def weight(archive: ZipFile) -> None:
    """Let a bundle be so large that what is in it may be larger still."""
    archive.writestr("heavy.bin", bytes(range(256)) * 4096, compress_type=ZIP_STORED)


def half_a_letter(archive: ZipFile) -> None:
    with_manifest(archive, slug="\ud800", title="\udfff")


def with_manifest(archive: ZipFile, **head: str) -> None:
    archive.writestr(MANIFEST, json.dumps({"head": SOUND_HEAD | head, "lines": [], "digest": ""}))


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
        (manifest_of_a_hundred_megabytes, "larger than"),
        (many_lines_of_one_file, "a.bin has two lines"),
        (too_many_lines, "more lines than"),
        (documents_that_swell_when_read, "hold more than"),
        (documents_too_large_together, "hold more than"),
        (half_a_letter, "lines are missing"),
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


def test_a_bundle_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        with_manifest(archive)
        archive.writestr("timetable.json", "{}")
    whole, file = written.getvalue(), tmp_path / "cut.zip"
    for length in range(0, len(whole), 7):
        file.write_bytes(whole[:length])
        assert "ZIP" in "\n".join(verify(file).faults), length


def test_a_file_that_is_larger_than_it_says_is_a_fault_and_read_no_further(tmp_path: Path) -> None:
    file = tmp_path / "lies.zip"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, bytes(60 * 1024 * 1024))
    # The real size stands before the content and again in the directory; both are made to say 500.
    said = (60 * 1024 * 1024).to_bytes(4, "little")
    content = file.read_bytes()
    assert content.count(said) == 2
    file.write_bytes(content.replace(said, (500).to_bytes(4, "little")))
    assert "damaged" in refused(file)


def test_whatever_is_changed_in_a_bundle_there_is_a_sentence_and_no_crash(tmp_path: Path) -> None:
    chance, written, file = Random(2027), io.BytesIO(), tmp_path / "changed.zip"
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        with_manifest(archive)
        archive.writestr("timetable.json", json.dumps({"slug": "a"}))
        archive.writestr("audit.jsonl", '{"number": 1}\n' * 50)
    whole = written.getvalue()
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        file.write_bytes(content)
        assert all(isinstance(fault, str) and fault for fault in verify(file).faults)


def test_a_bundle_cannot_steer_the_terminal_of_who_checks_it(tmp_path: Path) -> None:
    file = tmp_path / "colours.zip"
    with ZipFile(file, "w") as archive:
        archive.writestr(MANIFEST, json.dumps({"head": SOUND_HEAD, "lines": [LINE_IN_COLOUR], "digest": ""}))
    said = CliRunner().invoke(command, [str(file)])
    assert said.exit_code == 1
    assert "\x1b" not in said.output
    assert "?[2J" in said.output


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
