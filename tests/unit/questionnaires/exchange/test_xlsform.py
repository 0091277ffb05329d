from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engage.foundations.tables.broken import Broken
from engage.questionnaires.definitions import parse
from engage.questionnaires.exchange.report import Imported
from engage.questionnaires.exchange.xlsform import read_form
from engage.questionnaires.structure import problems
from tests.factories.exchange import workbook, xlsform

YES_NO = [("yn", "yes", "Yes"), ("yn", "no", "No")]


def questions(found: Imported) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for page in found.definition["pages"] for one in page["questions"]}


def left(found: Imported) -> str:
    return "\n".join(f"{item.where}: {item.what} {item.instead}" for item in found.left_out)


@pytest.mark.parametrize(
    ("row", "kind", "settings"),
    [
        (("select_one yn", "q", "Q?"), "one_choice", {}),
        (("select_multiple yn", "q", "Q?"), "several_choices", {}),
        (("rank yn", "q", "Q?"), "priorities_list", {"ordered": True}),
        (("text", "q", "Q?"), "short_text", {}),
        (("text", "q", "Q?", "", "", "", "multiline"), "long_text", {}),
        (("integer", "q", "Q?"), "number", {"whole": True}),
        (("decimal", "q", "Q?"), "number", {"whole": False}),
        (("date", "q", "Q?"), "date", {}),
        (("dateTime", "q", "Q?"), "short_text", {}),
        (("range", "q", "Q?"), "scale", {"low": 1, "high": 10}),
        (("acknowledge", "q", "Q?"), "several_choices", {}),
        (("integer", "q", "Q?", "", "", "", "", ". >= 0 and . < 10"), "number", {"least": 0, "most": 9}),
    ],
)
def test_every_type_that_has_a_counterpart_becomes_it(
    row: Sequence[str], kind: str, settings: dict[str, Any]
) -> None:
    found = read_form(xlsform(row, choices=YES_NO))
    (question,) = questions(found).values()
    assert question["kind"] == kind
    assert settings.items() <= question.items()
    assert [item.where for item in found.taken] == ["survey, row 2 (q)"]
    assert problems(parse(found.definition)) == ()


def test_words_required_and_the_form_itself_are_read() -> None:
    row = ("select_one yn", "q", "<b>Really</b>?", "yes", "", "Say so")
    found = read_form(
        xlsform(row, choices=YES_NO, settings=[("form_title", "form_id"), ("Noise", "noise_1")])
    )
    question = questions(found)["q"]
    assert (question["label"], question["hint"], question["required"]) == ("Really?", "Say so", True)
    assert (found.title, found.code) == ("Noise", "noise-1")
    assert [one["code"] for one in question["options"]] == ["yes", "no"]


def test_numbers_in_cells_are_names_too() -> None:
    row = ("select_one l", "q", "Q?")
    found = read_form(xlsform(row, choices=[("l", 1, "One"), ("l", 2.0, "Two"), ("l", 2.5, "More")]))
    assert [one["code"] for one in questions(found)["q"]["options"]] == ["1", "2", "2_5"]


def test_groups_are_pages_and_groups_inside_are_headings() -> None:
    found = read_form(
        xlsform(
            ("text", "name", "Name?"),
            ("begin_group", "g1", "First", "", "${name} != ''"),
            ("text", "a", "A?"),
            ("begin group", "g2", "Inside", "", "${name} = ''"),
            ("text", "b", "B?"),
            ("end group",),
            ("end_group",),
            ("text", "c", "C?"),
            settings=[("form_title",), ("Noise",)],
        )
    )
    pages = found.definition["pages"]
    assert [(page["title"], [one["code"] for one in page["questions"]]) for page in pages] == [
        ("Noise", ["name"]),
        ("First", ["a", "g2", "b"]),
        ("Noise", ["c"]),
    ]
    answered = {"question": "name", "answered": True}
    assert pages[1]["shown_if"] == answered
    assert questions(found)["b"]["shown_if"] == {"not": answered}
    assert "shown_if" not in questions(found)["a"]


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("${q} = 'yes'", {"question": "q", "has": "yes"}),
        ("selected(${m}, 'no')", {"question": "m", "has": "no"}),
        ("not(selected(${m}, 'no'))", {"not": {"question": "m", "has": "no"}}),
        ("${n} >= 3", {"question": "n", "at_least": 3}),
        (
            "${q} = 'yes' or selected(${m}, 'yes') and ${n} <= 2",
            {
                "any": [
                    {"question": "q", "has": "yes"},
                    {"all": [{"question": "m", "has": "yes"}, {"question": "n", "at_most": 2}]},
                ]
            },
        ),
    ],
)
def test_relevance_becomes_data(written: str, condition: dict[str, Any]) -> None:
    rows = [("select_one yn", "q", "Q?"), ("select_multiple yn", "m", "M?"), ("integer", "n", "N?")]
    found = read_form(xlsform(*rows, ("text", "why", "Why?", "", written), choices=YES_NO))
    assert questions(found)["why"]["shown_if"] == condition
    assert problems(parse(found.definition)) == ()


def test_limits_on_choices_hold() -> None:
    row = ("select_multiple l", "q", "Q?", "", "", "", "", "count-selected(.) <= 2")
    found = read_form(xlsform(row, choices=[("l", "a", "A"), ("l", "b", "B"), ("l", "c", "C")]))
    assert questions(found)["q"]["at_most"] == 2
    assert found.left_out == ()


def test_or_other_becomes_an_answer_and_a_question_of_its_own() -> None:
    found = read_form(xlsform(("select_one yn or_other", "q", "Q?"), choices=YES_NO))
    assert [one["code"] for one in questions(found)["q"]["options"]] == ["yes", "no", "other"]
    assert "q_other" in questions(found)


@pytest.mark.parametrize(
    ("headings", "label"),
    [
        (("label::Deutsch (de)", "label::English (en)"), "two"),
        (("label::English", "label::Deutsch"), "one"),
        (("label::Deutsch", "label::Français"), "two"),
        (("label", "label::Deutsch"), "one"),
    ],
)
def test_texts_are_read_in_english_or_the_default_language(headings: tuple[str, str], label: str) -> None:
    sheets = {
        "survey": [("type", "name", *headings), ("text", "q", "one", "two")],
        "settings": [("default_language",), ("Français",)],
    }
    found = read_form(workbook(sheets))
    assert questions(found)["q"]["label"] == label
    assert "Texts in other languages" in left(found)


def test_a_formula_is_the_text_it_is() -> None:
    found = read_form(xlsform(("text", "q", "=1+1")))
    assert questions(found)["q"]["label"] == "=1+1"
    assert "A formula in the column “label”" in left(found)


def test_what_cannot_be_represented_is_listed_item_by_item() -> None:
    found = read_form(
        xlsform(
            ("start", "start"),
            ("text", "q", "Q?", "${x} = 1", "pulldata('a', ${q}) = 1", "", "", "regex(., 'a')"),
            ("image", "i", "Photo?"),
            ("calculate", "c"),
            ("begin_repeat", "r", "Each"),
            ("begin_group", "g", "In"),
            ("text", "inside", "Inside?"),
            ("end_group",),
            ("end_repeat",),
            ("text", "after", "After ${q}?"),
        )
    )
    assert set(questions(found)) == {"q", "after"}
    for words in (
        "“start”",
        "required",
        "pulldata",
        "regex",
        "“image”",
        "“calculate”",
        "repeated",
        "After ${q}",
    ):
        assert words in left(found)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("text", "", "Q?")], "Row 2 of the sheet “survey” has no name"),
        (
            [("text", "q", "Q?"), ("text", "q", "Q?")],
            "Row 3 of the sheet “survey”: the name “q” stands twice",
        ),
        ([("select_one", "q", "Q?")], "survey, row 2 (q) names no list"),
        ([("select_one nowhere", "q", "Q?")], "survey, row 2 (q): there is no list “nowhere”"),
        (
            [("text", "q", "Q?"), ("end_group",)],
            "Row 3 of the sheet “survey” ends a group that does not begin",
        ),
        ([("begin_group", "g", "G"), ("end_repeat",)], "Row 3 of the sheet “survey” ends a repeat"),
        ([("begin_group", "g", "G"), ("text", "q", "Q?")], "Row 2 of the sheet “survey” begins a group"),
        (
            [("begin_group", f"g{n}", "") for n in range(50)],
            "Row 12 of the sheet “survey”: groups are nested",
        ),
        ([("note", "n", "Only this")], "Nothing in this file can be asked"),
    ],
)
def test_a_broken_form_is_refused_with_its_row(rows: list[tuple[str, ...]], says: str) -> None:
    with pytest.raises(Broken) as refusal:
        read_form(xlsform(*rows))
    assert says in str(refusal.value.message)


def test_a_workbook_that_is_no_form_is_refused() -> None:
    for content, says in (
        (workbook({"Sheet1": [("a", "b")]}), "no sheet called “survey”"),
        (workbook({"survey": [("type", "name", "name")]}), "two columns called “name”"),
        (b"PK\x03\x04 and nothing else", "not an Excel workbook"),
    ):
        with pytest.raises(Broken) as refusal:
            read_form(content)
        assert says in str(refusal.value.message)
