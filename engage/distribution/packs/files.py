"""The files of a pack, each by its name; and archives of one pack or of many, at constant memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from engage.distribution import qr
from engage.distribution.packs import sentences, sheets
from engage.distribution.packs.rules import Facts, one_line
from engage.distribution.packs.sheets import Shape
from engage.distribution.packs.texts import PackText, texts
from engage.foundations.clock import in_london
from engage.foundations.language import Text, _, lazy
from engage.foundations.refusals import Refused
from engage.foundations.typesetting import Form

File: TypeAlias = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed file of a pack."""

    name: str
    title: Text
    shape: Shape
    form: Form


@dataclass(frozen=True, slots=True)
class Code:
    """A picture of the QR code alone."""

    name: str
    title: Text
    draw: Callable[[str], bytes]


SHEETS = (
    Sheet("poster-a4.pdf", lazy("Poster, A4 (PDF)"), Shape.A4, Form.PDF),
    Sheet("poster-a5.pdf", lazy("Poster, A5 (PDF)"), Shape.A5, Form.PDF),
    Sheet("poster-large-print.pdf", lazy("Poster in large print, A4 (PDF)"), Shape.LARGE, Form.PDF),
    Sheet("slide.pdf", lazy("Slide, 16:9 (PDF)"), Shape.SLIDE, Form.PDF),
    Sheet("slide.png", lazy("Slide, 16:9 (picture)"), Shape.SLIDE, Form.PNG),
)
CODES = (
    Code("qr.svg", lazy("QR code for print (SVG)"), qr.svg),
    Code("qr.png", lazy("QR code for messages (PNG)"), qr.png),
)
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}


def find_file(facts: Facts, name: str, *, made_at: datetime) -> bytes | None:
    """Return the file called `name`, None where a pack has no such file; raises `Refused`."""
    for code in CODES:
        if code.name == name:
            return code.draw(facts.address)
    for sheet in SHEETS:
        if sheet.name == name:
            return sheets.print_sheets(facts, [(sheet.shape, sheet.form)], made_at=made_at)[0]
    return None


def pack_files(facts: Facts, *, made_at: datetime) -> Iterator[File]:
    """Yield every file of a pack, what it is first.

    Where a poster cannot be printed the rest is there all the same, and the first file says why it is not.
    """
    printed, refused = _sheets(facts, made_at)
    yield "README.txt", _readme(facts, refused).encode()
    yield from printed
    for code in CODES:
        yield code.name, code.draw(facts.address)
    for text in texts(facts):
        # With the mark of its encoding, so that an old Notepad reads dashes and quotes.
        yield f"texts/{text.code}.txt", text.whole.replace("\n", "\r\n").encode("utf-8-sig")


def archive(files: Iterable[File], *, made_at: datetime) -> Iterator[bytes]:
    """Yield the bytes of a ZIP archive of `files`, taking one file at a time."""
    out = _Drained()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archived:
        for name, content in files:
            entry = zipfile.ZipInfo(name, in_london(made_at).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archived.writestr(entry, content)
            yield out.drain()
    yield out.drain()


def in_folder(folder: str, files: Iterable[File]) -> Iterator[File]:
    """Yield `files` under a folder of that name."""
    for name, content in files:
        yield f"{folder}/{name}", content


class _Drained(io.RawIOBase):
    """A file that cannot be gone back in, and gives up what was written."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._held += piece
        return len(piece)

    def drain(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held


def _sheets(facts: Facts, made_at: datetime) -> tuple[list[File], str]:
    try:
        made = sheets.print_sheets(facts, [(sheet.shape, sheet.form) for sheet in SHEETS], made_at=made_at)
    except Refused as refusal:
        return [], str(refusal.message)
    return [(sheet.name, content) for sheet, content in zip(SHEETS, made, strict=True)], ""


def _readme(facts: Facts, refused: str) -> str:
    lines = [
        one_line(facts.title),
        one_line(facts.group) or facts.authority,
        facts.address,
        sentences.when(facts),
        "",
        *((f"{sheet.name}: {sheet.title}" for sheet in SHEETS) if not refused else [refused]),
        *(f"{code.name}: {code.title}" for code in CODES),
        *(f"texts/{text.code}.txt: {_called(text)}" for text in texts(facts)),
        "",
        str(
            _(
                "Please use them until %(closes)s and take them down afterwards.",
                closes=sentences.closing(facts),
            )
        ),
    ]
    return "\r\n".join(lines) + "\r\n"


def _called(text: PackText) -> str:
    said = _("%(kind)s, in easy words") if text.easy else _("%(kind)s, in plain English")
    return str(said % {"kind": text.name})
