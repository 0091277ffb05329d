"""What a shared device may ask, and what it checks itself, in step with what the server checks."""

from __future__ import annotations

from typing import Any

import pytest

from engage.questionnaires.definitions import Definition, parse
from engage.responses.tablets.rules import checks_of, may_be_shared, works_offline

OPTIONS = [{"code": code, "label": code} for code in ("one", "two", "three", "none")]


def asking(*questions: dict[str, Any], pages: int = 1) -> Definition:
    """Return a questionnaire with these questions on each of its pages."""
    return parse(
        {
            "title": "At an event",
            "intro": "",
            "minutes": 1,
            "pages": [
                {
                    "code": f"page{number}",
                    "title": "Page",
                    "questions": [
                        {**question, "code": f"question{number}_{place}", "label": "What?"}
                        for place, question in enumerate(questions)
                    ],
                }
                for number in range(pages)
            ],
        }
    )


SIMPLE: tuple[dict[str, Any], ...] = (
    {"kind": "priorities_list", "options": OPTIONS, "at_most": 3},
    {"kind": "several_choices", "options": OPTIONS, "at_least": 1, "at_most": 2, "none_of": "none"},
    {"kind": "one_choice", "options": OPTIONS},
    {"kind": "long_text", "limit": 30},
    {"kind": "area", "options": OPTIONS},
    {"kind": "information", "text": "Facts."},
)


@pytest.mark.parametrize("question", SIMPLE, ids=lambda question: str(question["kind"]))
def test_simple_questions_work_without_a_connection(question: dict[str, Any]) -> None:
    assert works_offline(asking(question))


def test_what_only_the_server_can_check_needs_a_connection() -> None:
    ordered = {"kind": "priorities_list", "options": OPTIONS, "at_most": 3, "ordered": True}
    for question in (ordered, {"kind": "date"}, {"kind": "number"}):
        definition = asking(SIMPLE[0], question)
        assert may_be_shared(definition)
        assert not works_offline(definition)


def test_a_form_of_several_pages_is_never_shared() -> None:
    definition = asking(SIMPLE[0], pages=2)
    assert not may_be_shared(definition)
    assert not works_offline(definition)


@pytest.mark.parametrize("chosen", [[], ["one"], ["one", "two"], ["one", "two", "three"], ["one", "none"]])
@pytest.mark.parametrize("question", SIMPLE[:3], ids=lambda question: str(question["kind"]))
def test_a_device_counts_as_the_server_does(question: dict[str, Any], chosen: list[str]) -> None:
    definition = asking(question)
    asked = next(iter(definition.questions))
    check = checks_of(definition)[0]
    within = check.least <= len(chosen) and (check.most is None or len(chosen) <= check.most)
    alone = check.alone not in chosen or len(chosen) == 1
    by_device = (within and alone) if chosen else not check.required
    # The server reads one value of a question with one answer; a browser never sends more.
    if question["kind"] != "one_choice" or len(chosen) < 2:
        assert by_device == (not asked.read({check.name: chosen}, 0).problems)


def test_facts_are_not_checked() -> None:
    assert checks_of(asking(SIMPLE[5])) == ()
