"""What keeps a questionnaire from being published."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from engage.questionnaires import shipped
from engage.questionnaires.definitions import parse
from engage.questionnaires.differences import differences, incompatible
from engage.questionnaires.readability import advise
from engage.questionnaires.structure import problems
from tests.factories.questionnaires import Json, definitions, shipped_definition, words

OPTIONS = [{"code": "a", "label": "Apples"}, {"code": "b", "label": "Bees"}]
A = {"question": "q", "has": "a"}
TEXT = {"code": "t", "kind": "long_text", "label": "Why?"}
FACTS = {"code": "facts", "kind": "information", "label": "Facts", "text": "Bees sting."}
EXIT = {"code": "leave", "title": "Goodbye", "exit": True}


def choice(code: str = "q", **changes: Any) -> dict[str, Any]:
    return {"code": code, "kind": "one_choice", "label": f"Which {code}?", "options": OPTIONS} | changes


def area(code: str) -> dict[str, Any]:
    return {"code": code, "kind": "area", "label": f"Where is {code}?", "options": OPTIONS}


def page(code: str, *questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"code": code, "title": code.title(), "questions": list(questions)} | changes


def found(*pages: dict[str, Any], **changes: Any) -> list[tuple[str, str | None, str | None]]:
    definition = parse({"title": "T", "minutes": 1, "pages": list(pages)} | changes)
    return [(fault.code, fault.page, fault.question) for fault in problems(definition)]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page("one", choice()), page("two", TEXT, shown_if=A)], []),
        ([page("one", choice()), EXIT | {"shown_if": A}, page("two", TEXT)], []),
        ([page("one", choice()), page("two", TEXT, FACTS | {"shown_if": A})], []),
        ([page("one", choice(), intro="Hello"), page("two", intro="Only words"), page("three", TEXT)], []),
        # Nothing asked.
        ([page("one", intro="Hello")], [("no_question", None, None)]),
        ([page("one", FACTS)], [("nothing_kept", None, None)]),
        ([page("one", TEXT), page("two")], [("empty_page", "two", None)]),
        ([page("one", TEXT, title=" ")], [("no_page_title", "one", None)]),
        # Conditions that name what they may not.
        (
            [page("one", choice()), page("two", TEXT, shown_if={"not": {"question": "gone", "has": "a"}})],
            [("unknown_question", "two", None)],
        ),
        (
            [page("one", TEXT | {"shown_if": {"not": A}}), page("two", choice())],
            [("later_question", "one", "t")],
        ),
        (
            [page("one", FACTS), page("two", choice(), TEXT | {"shown_if": {"not": A}})],
            [("later_question", "two", "t")],
        ),
        (
            [page("one", FACTS), page("two", choice(shown_if={"not": A}))],
            [("later_question", "two", "q")],
        ),
        (
            [page("one", choice()), page("two", TEXT, shown_if={"not": {"question": "q", "has": "c"}})],
            [("removed_option", "two", None)],
        ),
        (
            [page("one", choice()), page("two", TEXT, shown_if={"not": {"question": "q", "at_least": 1}})],
            [("no_amount", "two", None)],
        ),
        (
            [
                page("one", choice(), FACTS),
                page("two", TEXT, shown_if={"not": {"question": "facts", "answered": True}}),
            ],
            [("asks_nothing", "two", None)],
        ),
        # A condition says each of its faults once.
        (
            [
                page("one", choice()),
                page("two", TEXT, shown_if={"not": {"any": [{"question": "q", "has": "c"}] * 3}}),
            ],
            [("removed_option", "two", None)],
        ),
        # Nobody comes there.
        (
            [page("one", choice()), page("two", TEXT, shown_if={"all": [A, {"question": "q", "has": "b"}]})],
            [("unreachable_page", "two", None)],
        ),
        (
            [page("one", choice()), page("two", TEXT, FACTS | {"shown_if": {"all": [A, {"not": A}]}})],
            [("unreachable_question", "two", "facts")],
        ),
        (
            [
                page("one", choice()),
                page("two", choice("r"), shown_if=A),
                page("three", TEXT, shown_if={"all": [{"question": "r", "has": "a"}, {"not": A}]}),
            ],
            [("unreachable_page", "three", None)],
        ),
        (
            [page("one", choice()), EXIT | {"shown_if": A}, page("two", TEXT, shown_if=A), page("x", FACTS)],
            [("unreachable_page", "two", None)],
        ),
        # Everybody leaves.
        (
            [EXIT, page("one", TEXT)],
            [("everybody_exits", "leave", None), ("after_exit", "one", None)],
        ),
        (
            [page("one", choice()), EXIT, page("two", TEXT), page("three", FACTS)],
            [("everybody_exits", "leave", None), ("after_exit", "two", None), ("after_exit", "three", None)],
        ),
        (
            [
                page("one", choice()),
                EXIT | {"shown_if": A},
                EXIT | {"code": "rest", "shown_if": {"not": A}},
                page("two", TEXT),
            ],
            [("everybody_exits", "rest", None), ("after_exit", "two", None)],
        ),
        # What a response keeps once.
        ([page("one", area("a"), TEXT, area("b"))], [("second_area", "one", "b")]),
        (
            [page("one", choice(options=[*OPTIONS, {"code": "c", "label": " apples"}]))],
            [("same_label", "one", "q")],
        ),
        (
            [
                page("one", choice()),
                page(
                    "two",
                    {
                        "code": "m",
                        "kind": "matrix",
                        "label": "Each?",
                        "options": OPTIONS,
                        "rows": [{"code": "x", "label": "Same"}, {"code": "y", "label": "same"}],
                    },
                ),
            ],
            [("same_label", "two", "m")],
        ),
    ],
)
def test_each_fault_is_found_where_it_is_and_no_other(
    pages: list[dict[str, Any]], expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert found(*pages) == expected


def test_one_page_with_a_condition_is_told_to_split() -> None:
    faults = found(page("one", choice(), TEXT | {"shown_if": {"not": A}}))
    assert faults == [("one_page", None, None), ("later_question", "one", "t")]


def test_a_questionnaire_without_a_title_is_not_published() -> None:
    assert found(page("one", TEXT), title="  ") == [("no_title", None, None)]


@pytest.mark.parametrize("instrument", shipped.INSTRUMENTS)
def test_the_shipped_instruments_can_be_published(instrument: str) -> None:
    assert problems(shipped_definition(instrument)) == ()


def test_a_fault_is_a_sentence_in_the_words_of_the_questionnaire() -> None:
    definition = parse(
        {
            "title": "T",
            "minutes": 1,
            "pages": [
                page("one", choice(label="Which 100% fruit?")),
                page("two", TEXT, title="More", shown_if={"question": "q", "has": "pears"}),
            ],
        }
    )
    assert [str(fault.sentence) for fault in problems(definition)] == [
        "“More” depends on the answer “pears” to “Which 100% fruit?”, which cannot be chosen.",
        "Nobody can reach “More”: no answers lead to it.",
    ]


def test_two_hundred_pages_that_hang_together_are_checked_in_a_second() -> None:
    pages = [page("p0", choice("q0"))]
    for place in range(1, 200):
        leads = [{"question": f"q{place - 1}", "has": mark} for mark in "ab"]
        pages.append(page(f"p{place}", choice(f"q{place}"), shown_if={"any": leads}))
    began = time.process_time()
    assert found(*pages) == []
    assert time.process_time() - began < 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(definitions(), definitions(), words())
def test_whatever_is_built_can_be_checked_compared_and_advised_on(
    before: Json, after: Json, notice: str
) -> None:
    one, other = parse(before), parse(after)
    found = [*problems(other), *incompatible(one, other), *differences(one, other), *advise(other, notice)]
    assert all(str(fault.sentence).strip() for fault in found)
    assert not differences(one, one)
    assert not incompatible(one, one)
