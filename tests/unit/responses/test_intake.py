"""Reading a file of answers: what an export says comes back as it was."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engage.foundations.spreadsheets import write_csv, write_xlsx
from engage.foundations.tables.broken import Broken
from engage.foundations.tables.reading import read_rows, written
from engage.questionnaires.definitions import Definition, follow, parse
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.priorities_list import PrioritiesList
from engage.responses.intake.detecting import heading_lines, headings
from engage.responses.intake.mapping import Decided, guessed
from engage.responses.intake.matching import Choices, Strange
from engage.responses.intake.trying import Agreed, Meant, Outcome, read_file
from tests.factories.answers import all_valid_fields
from tests.factories.intake import csv_of, our_rows
from tests.factories.paper import every_kind
from tests.factories.questionnaires import AREAS, definitions

AREAS_BY_CODE = {area.code: str(area.label) for area in AREAS}


def meant_by(definition: Definition, columns: dict[int, str], **what: Any) -> Meant:
    return Meant(definition, Decided(columns, what.pop("by_hand", {})), AREAS_BY_CODE, {}, ("full",), **what)


def come_back(content: bytes, definition: Definition) -> tuple[list[dict[str, Any]], Outcome]:
    """Return the answers in a file whose columns are as guessed, and what became of it."""
    rows = list(read_rows(content, written(content)))
    heads = headings([cells for _number, cells in rows[:1]], max(len(cells) for _number, cells in rows))
    outcome = Outcome()
    meant = meant_by(definition, guessed(heads, definition))
    return [dict(one.answers) for one in read_file(rows[1:], meant, outcome)], outcome


def tells_apart(question: Question) -> bool:
    """Whether its labels tell its options apart; where they do not, no export could."""
    labels = [str(label).strip() for label in question.marks.values()]
    if question.kind in ("matrix", "statements"):
        labels = [str(option.label).strip() for option in question.choices]  # type: ignore[attr-defined]
    return len(set(labels)) == len(labels)


def shown(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers with the rotation as an export has it: where the list began."""
    found = {}
    for code, answer in answers.items():
        question = definition.question(code)
        if isinstance(question, PrioritiesList):
            answer = answer | {"rotation": answer["rotation"] % len(question.options)}
        found[code] = answer
    return found


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_our_export_says_comes_back_as_the_same_answers(data: st.DataObject) -> None:
    definition = parse(data.draw(definitions(most_pages=3, most_questions=3)))
    assume(all(tells_apart(question) for question in definition.questions))
    given_ = []
    for _ in range(data.draw(st.integers(1, 3))):
        route = follow(definition, data.draw(all_valid_fields(definition)), data.draw(st.integers(0, 50)))
        assume(not route.exits and not route.unfinished and route.kept)
        given_.append(shown(definition, dict(route.kept)))
    back, outcome = come_back(write_csv(our_rows(definition, given_)), definition)
    assert outcome.wrong == []
    assert back == given_
    assert come_back(write_xlsx(our_rows(definition, given_)), definition)[0] == given_


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_encoding_and_the_delimiter_are_found(encoding: str, delimiter: str) -> None:
    said = "O’Brien’s café, £2; a|b\ttwice"
    lines = [f"how{delimiter}Which line?", f'By bus{delimiter}"{said}"', f'{delimiter}"two\r\nlines"']
    content = "\r\n".join(lines).encode(encoding)
    found = written(content)
    assert found.delimiter == delimiter
    assert list(read_rows(content, found)) == [
        (1, ["how", "Which line?"]),
        (2, ["By bus", said]),
        (3, ["", "two\r\nlines"]),
    ]


def test_rows_have_the_numbers_that_a_spreadsheet_shows() -> None:
    content = b'a,b\r\n\r\n"two\nlines",2\r\n3,4\r\n'
    assert [number for number, _cells in read_rows(content, written(content))] == [1, 3, 4]


def test_only_what_our_exports_guard_is_unguarded() -> None:
    rows = [["=1+1", "'tis", "it's; 'quoted'", "-"]]
    ours = write_csv(rows)
    assert list(read_rows(ours, written(ours))) == [(1, rows[0])]
    foreign = csv_of(("'tis", "rock 'n' roll", "'=1+1"))
    assert list(read_rows(foreign, written(foreign))) == [(1, ["'tis", "rock 'n' roll", "=1+1"])]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([["Which?", "", "Why?"], ["Bus", "Tube", "Open-Ended Response"], ["Bus", "", "Fast"]], 2),
        ([["Respondent ID", "Which?", ""], ["", "Bus", "Tube"], ["11", "Bus", ""]], 2),
        ([["Which?", "Why?"], ["Response", "Open-Ended Response"], ["Bus", "Fast"]], 2),
        ([["Which?", "Why?"], ["Bus", "Fast"], ["Tube", "Cheap"]], 1),
        ([["ID", "", "Which?"], ["1", "x", "Bus"], ["2", "x", "Bus"]], 1),
        ([["Which?", "Why?"]], 1),
    ],
)
def test_headings_of_two_lines_are_found(rows: list[list[str]], lines: int) -> None:
    assert heading_lines(rows) == lines


def test_a_blank_in_the_first_line_of_headings_goes_on_with_the_question() -> None:
    found = headings([["Who", "Which?", "", "Why?"], ["", "Bus", "Tube", "Response"]], 4)
    assert [heading.whole for heading in found] == ["Who", "Which? (Bus)", "Which? (Tube)", "Why?"]


def test_columns_are_guessed_from_codes_from_labels_and_from_words_that_are_alike() -> None:
    named = ["how", "HOW ELSE? (by bus)", "How long do you usually wait?", "at your stop (I feel safe)", "x"]
    lines = [[*named, "Post Code", "priority", "What comes first? (2)"]]
    assert guessed(headings(lines, 8), every_kind()) == {
        0: "how",
        1: "also-bus",
        2: "wait",
        3: "stops-safe",
        5: "area",
        7: "first-2",
    }


BASE = {"how": "bus", "first-1": "asb", "wait": "3", "area": "undisclosed"}


def read_one(columns: dict[str, str], **what: Any) -> tuple[dict[str, Any] | None, list[str]]:
    """Return what one row with these columns comes to, beside what must be answered; and what is wrong."""
    row = BASE | columns
    row = {key: cell for key, cell in row.items() if cell}
    outcome = Outcome()
    meant = meant_by(every_kind(), dict(enumerate(row)), **what)
    found = list(read_file([(2, list(row.values()))], meant, outcome))
    return (dict(found[0].answers) if found else None), [str(fault.sentence) for fault in outcome.wrong]


@pytest.mark.parametrize(
    ("columns", "question", "answer"),
    [
        ({"how": "  by   BUS "}, "how", {"chosen": "bus"}),
        ({"also-bus": "Yes", "also-tube": "0", "also-none": "no"}, "also", {"chosen": ["bus"]}),
        ({"also-bus": "By bus", "also-tube": "1.0"}, "also", {"chosen": ["bus", "tube"]}),
        ({"also--all": "By Underground; by bus"}, "also", {"chosen": ["bus", "tube"]}),
        ({"also--all": "bus, tube"}, "also", {"chosen": ["bus", "tube"]}),
        ({"first-1": "", "first--option-knives": "x"}, "first", {"chosen": ["knives"], "rotation": 0}),
        ({"first-1": "", "first-other": "Dogs"}, "first", {"chosen": [], "rotation": 0, "other": "Dogs"}),
        ({"first-rotation": "Priority knives"}, "first", {"chosen": ["asb"], "rotation": 2}),
        ({"wait": "5 (very long)"}, "wait", {"point": 5}),
        ({"wait": "4.0"}, "wait", {"point": 4}),
        ({"stops-safe": "yes", "stops-light": "NO"}, "stops", {"rows": {"safe": "yes", "light": "no"}}),
        ({"agree-safe": "strongly agree"}, "agree", {"rows": {"safe": "strongly_agree"}}),
        ({"trips": "1e+3"}, "trips", {"number": 1000}),
        ({"trips": "1,200"}, "trips", {"number": 1200}),
        ({"since": "3/2/2026"}, "since", {"date": "2026-02-03"}),
        ({"since": "3 February 2026"}, "since", {"date": "2026-02-03"}),
        ({"since": "2026-02-03 00:00:00"}, "since", {"date": "2026-02-03"}),
        ({"area": "camden"}, "area", {"area": "E09000007"}),
        ({"area": "E09000003"}, "area", {"area": "E09000003"}),
        ({"area": "nw10db"}, "area", {"area": "E09000007"}),
        ({"words-2-priority": "Dogs"}, "words", {"items": [{"priority": "Dogs", "why": "", "what": ""}]}),
        ({"club-name": "A", "club-speaks_for": "7"}, "club", {"name": "A", "speaks_for": 7, "agreed": ""}),
    ],
)
def test_a_cell_is_read_as_people_write(columns: dict[str, str], question: str, answer: Any) -> None:
    said, wrong = read_one(columns)
    assert wrong == []
    assert said is not None
    assert said[question] == answer


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"how": "Zeppelin"}, "“Zeppelin” is not an answer that we know."),
        ({"also-bus": "perhaps"}, "“perhaps” is not an answer that we know."),
        ({"also--all": "bus; broom"}, "“broom” is not an answer that we know."),
        (
            {"also-bus": "1", "also-none": "1"},
            "How else?: Choose “I do not travel” or other answers",
        ),
        ({"since": "spring"}, "“spring” cannot be read. Write a day like 2027-10-01"),
        ({"since": "31/2/2026"}, "Since when?: Write a real date, like 27 3 2027."),
        ({"trips": "1e999"}, "How many trips?: Write a whole number, 0 or more."),
        ({"trips": "-1"}, "How many trips?: Write a whole number, 0 or more."),
        ({"line": "x" * 201}, "Which line?: Shorten this to 200 characters or fewer. It has 201."),
        ({"area": "CR0 1XX"}, "A whole postcode that is not known in London: say what it stands for"),
        ({"words-1-why": "Because"}, "In your own words: Say which priority this is about."),
        ({"how": "tube"}, "How long do you wait?: the answers before lead past this question"),
        ({"how": ""}, "How do you mostly travel?: Choose one answer."),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_sentence(columns: dict[str, str], sentence: str) -> None:
    said, wrong = read_one(columns)
    assert said is None
    assert any(one.startswith(sentence) for one in wrong), wrong


def test_what_is_agreed_to_is_left_out_and_the_rest_is_kept() -> None:
    said, wrong = read_one({"how": "tube"}, agreed=Agreed(past=True))
    assert (wrong, said is not None and "wait" in said) == ([], False)
    said, wrong = read_one({"how": ""}, agreed=Agreed(past=True, blank=True))
    assert (wrong, said is not None and "how" in said) == ([], False)


def test_labels_that_read_alike_stand_for_none_of_theirs() -> None:
    alike = Choices({"a": "Yes", "b": "yes", "c": "No", "no": "Never"})
    assert alike.find("Yes", {}) == "a"
    assert alike.find("No", {}) == "c"
    assert alike.find("no", {}) == "no"
    for strange in ("YES", "b c"):
        with pytest.raises(Strange):
            alike.find(strange, {})


def test_a_workbook_that_unpacks_to_far_too_much_is_refused_at_once() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 60_000_000)
    began = time.perf_counter()
    with pytest.raises(Broken, match="unpacks to far more"):
        written(out.getvalue())
    assert time.perf_counter() - began < 1
