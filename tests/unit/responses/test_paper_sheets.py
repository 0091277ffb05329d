"""What a sheet comes to as it was typed, and in what two typings differ."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engage.questionnaires.kinds.base import Problem
from engage.responses.paper.sheets import Mark, Sheet, differing, merged, read_sheet, sheet_from
from tests.factories.paper import TYPED, every_kind

SPOILT, BLANK = Mark.SPOILT, Mark.BLANK


def read(
    given: Mapping[str, list[str]], marks: Mapping[str, Mark] | None = None
) -> tuple[Sheet, tuple[Problem, ...]]:
    return read_sheet(every_kind(), given, marks or {}, 0)


def sheet(given: Mapping[str, list[str]], marks: Mapping[str, Mark] | None = None) -> Sheet:
    found, problems = read(given, marks)
    assert problems == ()
    return found


def fields(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.field for problem in problems]


def test_a_whole_form_is_kept_by_question() -> None:
    found = sheet(TYPED)
    assert dict(found.kept) == {
        "how": {"chosen": "bus"},
        "first": {"chosen": ["asb", "roads"], "rotation": 0},
        "wait": {"point": 4},
        "area": {"area": "E09000007"},
    }
    assert found.counts


def test_a_question_that_is_required_must_be_answered_or_marked() -> None:
    without = {name: values for name, values in TYPED.items() if name != "first"}
    _found, problems = read(without)
    assert fields(problems) == ["first"]
    found = sheet(without, {"first": BLANK})
    assert found.blank == ("first",)
    assert "first" not in found.kept


def test_four_ticks_of_three_are_spoilt_and_not_counted_but_not_forgotten_either() -> None:
    four = TYPED | {"first": ["asb", "burglary", "knives", "roads"]}
    _found, problems = read(four)
    assert [str(problem.message) for problem in problems] == ["Choose no more than 3. You chose 4."]
    found = sheet(four, {"first": SPOILT})
    assert "first" not in found.kept
    assert found.spoilt == {"first": {"first": ["asb", "burglary", "knives", "roads"]}}
    assert found.counts


def test_a_question_cannot_be_answered_and_left_blank() -> None:
    _found, problems = read(TYPED, {"first": BLANK})
    assert fields(problems) == ["first"]


def test_a_postcode_is_never_kept_with_the_form() -> None:
    postcode = {name: values for name, values in TYPED.items() if name != "area"}
    found = sheet(postcode | {"area-postcode": ["N1 9ZZZ"]}, {"area": SPOILT})
    assert found.spoilt == {"area": {}}
    assert "N1" not in str(found.to_json())


def test_an_answer_past_which_the_others_lead_is_named_and_not_counted() -> None:
    found = sheet(TYPED | {"how": ["tube"]})
    assert "wait" not in found.kept
    assert found.beside == ("wait",)
    assert "4" not in str(found.to_json())


def test_a_spoilt_answer_opens_nothing() -> None:
    given = {name: values for name, values in TYPED.items() if name != "wait"}
    found = sheet(given, {"how": SPOILT})
    assert set(found.kept) == {"first", "area"}


def test_a_form_that_leads_to_an_exit_has_nothing_to_count() -> None:
    found = sheet({"how": ["none"], "first": ["asb"]})
    assert not found.counts
    assert found.beside == ("first",)


def test_a_form_that_came_back_empty_has_nothing_to_count() -> None:
    found = sheet({}, {"how": BLANK, "first": BLANK, "area": BLANK})
    assert not found.counts


def test_a_sheet_comes_back_from_the_database_as_it_was() -> None:
    found = sheet(TYPED | {"first": ["asb", "burglary", "knives", "roads"]}, {"first": SPOILT})
    assert sheet_from(found.to_json()) == found


@pytest.mark.parametrize(
    ("second", "marks", "codes"),
    [
        ({}, {}, []),
        ({"more": ["  better \r\n LIGHTS "]}, {}, []),
        ({"more": ["better lamps"]}, {}, ["more"]),
        ({"first": ["asb"]}, {}, ["first"]),
        ({"wait": ["5"], "first": ["asb"]}, {}, ["first", "wait"]),
        ({"how": ["tube"]}, {}, ["how", "wait"]),
        ({}, {"first": SPOILT}, ["first"]),
    ],
)
def test_two_typings_differ_by_question_and_not_by_blanks_or_capitals(
    second: dict[str, list[str]], marks: dict[str, Mark], codes: list[str]
) -> None:
    base = TYPED | {"more": ["Better lights"]}
    found = differing(every_kind(), sheet(base), sheet(base | second, marks))
    assert [question.code for question in found] == codes


def test_two_spoilt_questions_are_alike_whatever_was_typed_of_them() -> None:
    first = sheet(TYPED | {"first": ["asb", "burglary", "knives", "roads"]}, {"first": SPOILT})
    assert differing(every_kind(), first, sheet(TYPED, {"first": SPOILT})) == ()


def test_a_settled_sheet_takes_each_question_from_the_typing_that_is_right() -> None:
    first, second = sheet(TYPED), sheet(TYPED | {"first": ["asb"], "wait": ["5"]})
    found, problems = merged(every_kind(), first, second, frozenset({"wait"}), 0)
    assert problems == ()
    assert found.kept["wait"] == {"point": 5}
    assert found.kept["first"]["chosen"] == ["asb", "roads"]


def test_choices_that_make_no_whole_form_are_not_taken() -> None:
    given = {name: values for name, values in TYPED.items() if name != "wait"}
    by_tube, by_bus = sheet(given | {"how": ["tube"]}), sheet(TYPED)
    _found, problems = merged(every_kind(), by_tube, by_bus, frozenset({"how"}), 0)
    assert fields(problems) == ["wait"]
    found, problems = merged(every_kind(), by_tube, by_bus, frozenset({"how", "wait"}), 0)
    assert problems == ()
    assert found.kept["wait"] == {"point": 4}
