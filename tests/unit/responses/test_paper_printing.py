"""The paper form: its words, its blocks, and the PDF."""

from __future__ import annotations

import io
import time
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from engage.foundations.refusals import Refused
from engage.questionnaires.conditions import read_condition
from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.kinds import KINDS
from engage.responses.paper.blocks import KINDS_ON_PAPER
from engage.responses.paper.printing import Leaflet, print_forms
from engage.responses.paper.rules import Serial
from engage.responses.paper.words import numbers, only_if
from tests.factories.paper import EVERY_KIND, every_kind

MADE = datetime(2027, 9, 20, 9, 0, 0, 5, tzinfo=UTC)
HOSTILE = '#eval("1+1") $x^2$ [b] \\ *c* _d_ `e` <f> @g ~ // h /* i */ #panic("j") = k'


def leaflet(**overrides: Any) -> Leaflet:
    values: dict[str, Any] = {
        "consultation": "Policing priorities",
        "authority": "Metropolitan Police Authority",
        "privacy_notice": "We do not ask who you are.",
        "closing": "27 November 2027",
        "return_to": "FREEPOST PRIORITIES\nLondon",
    }
    return Leaflet(**(values | overrides))


def printed(definition: Definition, forms: int = 1, **overrides: Any) -> PdfReader:
    serials = [Serial("KQWD", number) for number in range(1, forms + 1)]
    return PdfReader(io.BytesIO(print_forms(definition, serials, leaflet(**overrides), made_at=MADE)))


def texts(pdf: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def test_every_kind_of_question_has_its_place_on_paper() -> None:
    assert KINDS_ON_PAPER.keys() == KINDS.keys()
    assert {question.kind for question in every_kind().questions} == KINDS.keys()


@pytest.mark.parametrize("large", [False, True])
def test_a_form_says_everything_that_the_web_says(large: bool) -> None:
    whole = " ".join(texts(printed(every_kind(), large=large)))
    for said in (
        "Streets and stations",
        "Tell us how you travel.",
        "Metropolitan Police Authority",
        "Not for reporting crime. Emergency 999.",
        "1. How do you mostly travel?",
        "Or by DLR",
        "Only if you ticked “I do not travel” in question 1.",
        "Please do not go on and do not send this form.",
        "Only if you ticked “By bus” in question 1.",
        "Tick no more than 3 boxes.",
        "Something else. Write what:",
        "Strongly agree",
        "1 = not at all, 5 = very long",
        "Two lines.",
        "Your postcode",
        "We do not ask who you are.",
        "FREEPOST PRIORITIES",
        "27 November 2027",
        str(Serial("KQWD", 1)),
    ):
        assert said in whole


def test_the_pdf_is_tagged_and_says_its_language_and_title() -> None:
    pdf = printed(every_kind())
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Streets and stations"
    assert "pdfuaid" in str(root["/Metadata"].get_data())


def test_each_form_begins_on_a_sheet_of_its_own_with_its_serial_on_every_page() -> None:
    found = texts(printed(every_kind(), forms=3))
    for number in range(1, 4):
        serial = str(Serial("KQWD", number))
        pages = [place for place, text in enumerate(found) if serial in text]
        assert pages == list(range(pages[0], pages[-1] + 1))
        # The front of a sheet.
        assert pages[0] % 2 == 0
        assert all(f"Page {place} of 5" in found[page] for place, page in enumerate(pages, start=1))
    # The backs of the last sheets are blank.
    assert [place for place, text in enumerate(found) if not text] == [5, 11]


def test_large_print_is_larger() -> None:
    def sizes(*, large: bool) -> set[float]:
        found: set[float] = set()

        def visit(text: str, _cm: Any, matrix: list[float], _font: Any, size: float) -> None:
            if "How do you mostly travel" in text:
                found.add(round(size * abs(matrix[0]), 1))

        printed(every_kind(), large=large).pages[0].extract_text(visitor_text=visit)
        return found

    assert min(sizes(large=True)) >= 18 > max(sizes(large=False))


def test_the_list_begins_elsewhere_on_each_form() -> None:
    found = ["".join(texts(printed(every_kind(), forms=2)))]
    first, second = found[0].split(f"Serial number: {Serial('KQWD', 2)}")
    assert first.index("Priority asb") < first.index("Priority burglary")
    assert second.index("Priority burglary") < second.index("Priority asb")


def test_what_was_written_is_printed_and_never_carried_out() -> None:
    written = deepcopy(EVERY_KIND)
    written["title"] = written["intro"] = HOSTILE
    question = written["pages"][0]["questions"][1]
    question["label"], question["hint"] = HOSTILE, "x" * 4000
    question["options"] = [{"code": "bus", "label": HOSTILE}, {"code": "none", "label": "W" * 500}]
    pdf = printed(parse(written), consultation=HOSTILE, return_to=HOSTILE, privacy_notice=HOSTILE)
    whole = " ".join(texts(pdf))
    assert whole.count('#eval("1+1") $x^2$ [b] \\ *c* _d_ `e` <f> @g ~ // h /* i */ #panic("j") = k') >= 5
    assert pdf.metadata is not None
    assert pdf.metadata.title == HOSTILE


def test_words_of_any_length_stay_on_the_page() -> None:
    written = deepcopy(EVERY_KIND)
    written["pages"][0]["questions"][1]["hint"] = "W" * 700
    lines = [line for page in printed(parse(written)).pages for line in page.extract_text().splitlines()]
    wide = [len(line) for line in lines if "WWW" in line]
    # A line holds 45 of them.
    assert sum(wide) == 700
    assert max(wide) <= 45


def test_invisible_characters_are_left_out_and_unknown_scripts_are_named() -> None:
    written = deepcopy(EVERY_KIND)
    written["title"] = "Streets\u202e and stations\u200b"
    assert "Streets and stations" in texts(printed(parse(written)))[0]
    # A letter of no alphabet that any typeface has.
    written["title"] = "Streets \U00012345\U0001f9ff"
    with pytest.raises(Refused, match="No typeface here has"):
        printed(parse(written))


@pytest.mark.slow
def test_five_hundred_forms_take_seconds() -> None:
    began = time.perf_counter()
    pdf = printed(every_kind(), forms=500)
    assert time.perf_counter() - began < 60
    assert len(pdf.pages) >= 1000


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"question": "how", "has": "bus"}, "Only if you ticked “By bus” in question 1."),
        ({"not": {"question": "how", "has": "bus"}}, "Only if you did not tick “By bus” in question 1."),
        ({"question": "line", "answered": True}, "Only if you answered question 8."),
        ({"not": {"question": "line", "answered": True}}, "Only if you left question 8 blank."),
        ({"question": "area", "has": "E09000007"}, "Only if you wrote “Camden” in question 12."),
        ({"question": "wait", "at_least": 4}, "Only if your answer to question 5 is 4 or more."),
        ({"question": "wait", "at_most": 2}, "Only if your answer to question 5 is 2 or less."),
        (
            {"question": "wait", "at_least": 2, "at_most": 3},
            "Only if your answer to question 5 is from 2 to 3.",
        ),
        (
            {
                "any": [
                    {"question": "how", "has": "bus"},
                    {"all": [{"question": "line", "answered": True}, {"question": "how", "has": "tube"}]},
                ]
            },
            "Only if you ticked “By bus” in question 1 or (you answered question 8 and you ticked"
            " “By Underground” in question 1).",
        ),
        (
            {"not": {"any": [{"question": "how", "has": "bus"}, {"question": "how", "has": "tube"}]}},
            "Only if you did not tick “By bus” in question 1 and you did not tick “By Underground”"
            " in question 1.",
        ),
    ],
)
def test_a_condition_is_said_in_words(condition: dict[str, Any], said: str) -> None:
    assert only_if(read_condition(condition), every_kind()) == said


def test_questions_are_numbered_through_and_facts_are_not() -> None:
    found = numbers(every_kind())
    assert list(found.values()) == list(range(1, len(found) + 1))
    assert "facts" not in found
