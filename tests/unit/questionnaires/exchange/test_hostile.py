"""Files written to harm: each is refused in under a second, and with flat memory."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from engage.foundations.tables.broken import Broken
from engage.questionnaires.exchange.opening import detected, open_file
from engage.questionnaires.exchange.report import Source
from tests.factories.exchange import lss, repacked, small_lss, surveyjs, xlsform, zipped

MEBIBYTE = 1024 * 1024
SECONDS = 1.0
MOST_MEMORY = 32 * MEBIBYTE

HEAD = "<?xml version='1.0'?>"
SURVEY = "<document><LimeSurveyDocType>Survey</LimeSurveyDocType>"
SHEET = "xl/worksheets/sheet1.xml"
SHEET_HEAD = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"


def laughs() -> bytes:
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha'}'>" for n in range(10))
    return f"{HEAD}<!DOCTYPE d [{entities}]><d>&l9;</d>".encode()


def external_entity() -> bytes:
    return f"{HEAD}<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{SURVEY}&x;</document>".encode()


def external_document_type() -> bytes:
    return f"{HEAD}<!DOCTYPE document SYSTEM 'http://example.test/x.dtd'>{SURVEY}</document>".encode()


def quadratic_blowup() -> bytes:
    return f"{HEAD}<!DOCTYPE d [<!ENTITY a '{'a' * 50_000}'>]><d>{'&a;' * 50_000}</d>".encode()


def utf16_entity() -> bytes:
    return "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>".encode("utf-16")


def deep_xml() -> bytes:
    return f"{SURVEY}{'<a>' * 100_000}".encode()


def many_elements() -> bytes:
    return f"{SURVEY}{'<a/>' * 250_000}</document>".encode()


def many_attributes() -> bytes:
    attributes = " ".join(f"a{n}=''" for n in range(100_000))
    return f"{SURVEY}<a {attributes}/></document>".encode()


def unknown_encoding() -> bytes:
    return b"<?xml version='1.0' encoding='x-nobody'?><document/>"


def deep_json() -> bytes:
    return b'{"pages":' + b"[" * 500_000


def deep_objects() -> bytes:
    return b'{"a":' * 100_000 + b"1" + b"}" * 100_000


def many_parts() -> bytes:
    return b'{"pages":[' + b"[]," * 300_000 + b"[]]}"


def endless_string() -> bytes:
    return b'{"pages":"' + b'\\"' * 500_000


def nuls() -> bytes:
    return b'{"pages":[]}' + b"\x00" * 1000


def long_texts() -> bytes:
    return surveyjs({"type": "comment", "name": "a", "title": "<a " * 300_000})


def many_slow_texts() -> bytes:
    return surveyjs(
        *({"type": "comment", "name": f"q{n}", "title": "<a " * 6_000} for n in range(50)), pages2=1
    )


def many_slow_conditions() -> bytes:
    slow = "(" * 400
    return surveyjs(*({"type": "comment", "name": f"q{n}", "visibleIf": slow} for n in range(450)))


def endless_conditions() -> bytes:
    slow = "(" * 1_900
    return surveyjs(*({"type": "comment", "name": f"q{n}", "visibleIf": slow} for n in range(450)))


def endless_report() -> bytes:
    return surveyjs(
        *({"type": "comment", "name": f"q{n}"} | dict.fromkeys("abcdefghijklmnop") for n in range(400))
    )


def deep_panels() -> bytes:
    panel: dict[str, object] = {"type": "comment", "name": "q"}
    for place in range(15):
        panel = {"type": "panel", "name": f"p{place}", "elements": [panel]}
    return surveyjs(panel)


def zip_bomb() -> bytes:
    return repacked(xlsform(("text", "q", "Q?")), {SHEET: b" " * (100 * MEBIBYTE)})


def bomb_in_a_part_nobody_reads() -> bytes:
    return repacked(xlsform(("text", "q", "Q?")), {"xl/media/image.png": b"a" * (100 * MEBIBYTE)})


def lying_sizes() -> bytes:
    """A bomb whose directory says that it is small."""
    content = bytearray(zip_bomb())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.find(signature)
        while place >= 0:
            if struct.unpack_from("<I", content, place + offset)[0] > MEBIBYTE:
                struct.pack_into("<I", content, place + offset, 1000)
            place = content.find(signature, place + 4)
    return bytes(content)


def many_members() -> bytes:
    return zipped({f"{n}": b"" for n in range(9_000)})


def other_compression() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", b"a" * MEBIBYTE)
    return out.getvalue()


def entities_in_a_sheet() -> bytes:
    return repacked(xlsform(("text", "q", "Q?")), {SHEET: laughs()})


def entities_in_another_encoding() -> bytes:
    return repacked(xlsform(("text", "q", "Q?")), {SHEET: utf16_entity()})


def entities_in_shared_strings() -> bytes:
    return repacked(xlsform(("text", "q", "Q?")), {"xl/sharedStrings.xml": quadratic_blowup()})


def million_rows() -> bytes:
    row = b"<row r='1048576'><c r='A1048576' t='inlineStr'><is><t>text</t></is></c></row>"
    first = b"<row r='1'><c r='A1' t='inlineStr'><is><t>type</t></is></c></row>"
    head = b"<dimension ref='A1:XFD1048576'/><sheetData>" + first
    return repacked(
        xlsform(("text", "q", "Q?")), {SHEET: SHEET_HEAD + head + row + b"</sheetData></worksheet>"}
    )


def endless_rows() -> bytes:
    rows = b"<row/>" * 1_000_000
    return repacked(xlsform(("text", "q", "Q?")), {SHEET: SHEET_HEAD + b"<sheetData>" + rows})


def many_strings() -> bytes:
    strings = (
        b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        + b"<si><t>a</t></si>" * 400_000
    )
    return repacked(xlsform(("text", "q", "Q?")), {"xl/sharedStrings.xml": strings + b"</sst>"})


def too_large() -> bytes:
    return b"{" + b" " * (2 * MEBIBYTE)


HOSTILE: list[Callable[[], bytes]] = [
    laughs,
    external_entity,
    external_document_type,
    quadratic_blowup,
    utf16_entity,
    deep_xml,
    many_elements,
    many_attributes,
    unknown_encoding,
    deep_json,
    deep_objects,
    many_parts,
    endless_string,
    nuls,
    long_texts,
    endless_conditions,
    endless_report,
    deep_panels,
    zip_bomb,
    bomb_in_a_part_nobody_reads,
    lying_sizes,
    many_members,
    other_compression,
    entities_in_a_sheet,
    entities_in_another_encoding,
    entities_in_shared_strings,
    million_rows,
    endless_rows,
    many_strings,
    too_large,
]


@contextmanager
def measured() -> Iterator[None]:
    """Fail where the block takes a second of the processor."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("written", HOSTILE, ids=lambda written: written.__name__)
def test_a_hostile_file_is_refused_in_under_a_second(written: Callable[[], bytes]) -> None:
    content = written()
    with measured(), pytest.raises(Broken):
        open_file(content, None, ())


@pytest.mark.parametrize("written", HOSTILE, ids=lambda written: written.__name__)
def test_a_hostile_file_is_refused_with_flat_memory(written: Callable[[], bytes]) -> None:
    content = written()
    tracemalloc.start()
    try:
        with pytest.raises(Broken):
            open_file(content, None, ())
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("written", [many_slow_texts, many_slow_conditions], ids=lambda one: one.__name__)
def test_a_file_that_may_be_read_is_read_in_under_a_second(written: Callable[[], bytes]) -> None:
    content = written()
    with measured():
        found = open_file(content, None, ())
    assert found.taken


def test_nothing_in_a_file_is_fetched_or_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("socket.socket.connect", lambda *rest: opened.append(rest))
    monkeypatch.setattr("builtins.open", lambda *rest, **named: opened.append(rest))
    for written in (external_entity, external_document_type):
        with pytest.raises(Broken):
            open_file(written(), None, ())
    open_file(
        small_lss({"title": "a", "type": "S", "question": "<img src='http://example.test/x.png'>?"}), None, ()
    )
    assert opened == []


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (b'{"format": "engage-questionnaire"}', Source.OWN),
        (b'\xef\xbb\xbf {"pages": []}', Source.SURVEYJS),
        (xlsform(("text", "q", "Q?")), Source.XLSFORM),
        (lss(groups=[]), Source.LIMESURVEY),
    ],
)
def test_a_file_tells_its_format(content: bytes, source: Source) -> None:
    assert detected(content) is source


@pytest.mark.parametrize("content", [b"", b"title,label", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"[]"])
def test_another_file_is_refused(content: bytes) -> None:
    with pytest.raises(Broken):
        open_file(content, None, ())


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize(
    "content",
    [b"{}", b"<a/>", b"PK\x03\x04", b"text", zipped({"a": b"b"})],
    ids=["json", "xml", "pk", "text", "zip"],
)
def test_a_file_of_another_format_than_chosen_is_refused(source: Source, content: bytes) -> None:
    with pytest.raises(Broken):
        open_file(content, source, ())
