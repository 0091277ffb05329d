from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engage.foundations.spreadsheets import csv_chunks, guarded, read_csv, unguarded, write_csv, write_xlsx

TEXTS = st.text(alphabet=st.one_of(st.sampled_from("=+-@'\";|, \t\r\na"), st.characters(codec="utf-8")))
ATTACKS = (
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    '"=1',
    "\ufeff=1",
    "＝1+1",
    "fine; =1+1",
    "first line\n=1+1",
)


@given(st.lists(st.lists(TEXTS, min_size=1), min_size=1))
@example([["'"], ["''=1"], ["a;'=1"], ["\r\n"], ["\x00"], [""]])
def test_any_text_written_to_csv_and_read_back_is_the_same_text(rows: list[list[str]]) -> None:
    assert read_csv(write_csv(rows)) == rows


@given(TEXTS)
def test_guarding_adds_apostrophes_only_and_is_undone_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize("separator", [",", ";"])
def test_no_cell_of_a_csv_begins_like_a_formula_whatever_the_separator(text: str, separator: str) -> None:
    data = write_csv([["x", text, "y"], [text, "x", "y"]]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(data, newline=""), delimiter=separator):
        assert all(cell.strip('"\ufeff \t\r\n')[:1] not in set("=+-@＝＋") or cell == "" for cell in row)


def test_numbers_and_days_are_written_as_they_are() -> None:
    data = write_csv([["count", "share", "day", "nothing"], [-3, 0.25, date(2026, 11, 3), None]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b'-3,0.25,"2026-11-03",""\r\n')


def test_the_pieces_of_a_long_file_are_the_file() -> None:
    rows = [[f"row {place}", place] for place in range(2500)]
    pieces = list(csv_chunks(rows))
    assert len(pieces) == 3
    assert b"".join(pieces) == write_csv(rows)


@pytest.mark.parametrize(
    "text", [*ATTACKS, "http://example.org/", "_x0041_", "a\r\nb\x00\x0bc", "\uffff", "007"]
)
def test_a_workbook_keeps_text_as_text(text: str) -> None:
    data = write_xlsx([["heading"], [text]])
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["A2"]
    assert cell.data_type in ("s", "inlineStr")
    assert openpyxl.utils.escape.unescape(cell.value) == text
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_a_workbook_keeps_numbers_and_days() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([["a", "b", "c"], [5, 0.5, date(2026, 11, 3)]])))
    first, second, third = next(book.active.iter_rows(min_row=2, values_only=True))
    assert (first, second, third.date()) == (5, 0.5, date(2026, 11, 3))


def test_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([["heading"], ["x" * 40_000]])))
    value = book.active["A2"].value
    assert len(value) == 32_767
    assert value.endswith("x [...]")
