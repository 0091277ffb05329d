"""Posters and slides as they leave the press: their one page, their words, and the code a telephone reads."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from engage.distribution.packs.rules import Facts
from engage.distribution.packs.sheets import LAYOUT, Shape, document, print_sheets
from engage.foundations.refusals import Refused
from engage.foundations.typesetting import Form, Piece, typeset
from tests.factories.packs import pack_facts, worst_facts
from tests.fixtures.pictures import codes_in, size_of

pytestmark = pytest.mark.usefixtures("in_english")

MADE = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
HOSTILE = '#read("/etc/passwd") ] $x^2$ \\ *b* @c <d> `e` // f /* g */ #panic("h")'
PDFS = [(shape, Form.PDF) for shape in Shape]
# Fewer than anything is printed with, and quicker to read.
FEW_DOTS = 54.0


def pages(facts: Facts) -> list[PdfReader]:
    return [PdfReader(io.BytesIO(made)) for made in print_sheets(facts, PDFS, made_at=MADE)]


def words(pdf: PdfReader) -> str:
    """Return the words of the one page; the breaks inside long ones are no blanks."""
    assert len(pdf.pages) == 1
    return " ".join(pdf.pages[0].extract_text().replace("\u200b", "").split())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("facts", [pack_facts(), worst_facts()], ids=["usual", "longest"])
def test_each_sheet_is_one_tagged_page_that_says_everything(facts: Facts) -> None:
    for shape, pdf in zip(Shape, pages(facts), strict=True):
        said = squeezed(words(pdf))
        root = pdf.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert b"pdfuaid" in root["/Metadata"].get_data()
        assert pdf.metadata is not None
        assert pdf.metadata.title == facts.title
        for sentence in (
            facts.title,
            facts.authority,
            facts.spoken,
            "1 July to 30 September 2027",
            "Anonymous",
            "No internet?",
            facts.group,
        ):
            assert squeezed(sentence) in said, (shape, sentence)
        assert "https" not in said
        assert "23December2027" in said
        if shape is not Shape.SLIDE:
            assert "Emergency999" in said


def test_the_sheets_have_the_sizes_they_are_named_for() -> None:
    boxes = [pdf.pages[0].mediabox for pdf in pages(pack_facts())]
    sizes = [(round(float(box.width)), round(float(box.height))) for box in boxes]
    assert sizes == [(595, 842), (420, 595), (595, 842), (960, 540)]
    slide = print_sheets(pack_facts(), [(Shape.SLIDE, Form.PNG)], made_at=MADE)[0]
    assert size_of(slide) == (1920, 1080)


@pytest.mark.parametrize("shape", Shape)
def test_a_telephone_reads_the_whole_address_from_every_sheet(shape: Shape) -> None:
    facts = worst_facts()
    picture = typeset(LAYOUT, [Piece(document(facts, shape), Form.PNG, FEW_DOTS)], made_at=MADE)[0]
    assert codes_in(picture) == [facts.address]


def sizes_in(pdf: PdfReader, words: str) -> set[float]:
    """Return in how many points `words` are set."""
    found: set[float] = set()

    def look(text: str, _: object, matrix: list[float], __: object, size: float) -> None:
        if words in text:
            found.add(round(size * abs(matrix[0]), 1))

    pdf.pages[0].extract_text(visitor_text=look)
    return found


@pytest.mark.parametrize("facts", [pack_facts(), worst_facts()], ids=["usual", "longest"])
def test_large_print_is_large_even_where_there_is_much_to_say(facts: Facts) -> None:
    pdf = pages(facts)[list(Shape).index(Shape.LARGE)]
    sizes = sizes_in(pdf, "You can read what")
    assert sizes
    assert min(sizes) >= 16


@pytest.mark.parametrize(
    "title",
    [
        HOSTILE,
        "W" * 200,
        "مرحبا بكم في لندن: أولويات الشرطة",
        "A title with 😀 in it",
        "Line one\nline two\x07 and\u202e more",
    ],
)
def test_what_anybody_wrote_comes_out_as_text(title: str) -> None:
    facts = pack_facts(title=title, purpose=title, group=title[:160], decision_maker=title)
    for pdf in pages(facts):
        said = squeezed(words(pdf))
        if title.isascii() and title.isprintable():
            assert squeezed(title) in said
        assert "root:" not in said


def test_an_emoji_that_no_typeface_has_is_left_out() -> None:
    said = words(pages(pack_facts(title="Safer streets \U0001fae8 \U0001f1ec\U0001f1e7"))[0])
    assert "Safer streets" in said


def test_a_letter_that_no_typeface_has_is_refused_in_a_sentence() -> None:
    with pytest.raises(Refused, match="No typeface here has"):
        print_sheets(pack_facts(title="\U00010a00\U00010a10"), PDFS, made_at=MADE)
