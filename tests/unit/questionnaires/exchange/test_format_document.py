from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from engage.foundations.settings import ROOT
from engage.questionnaires.conditions import MOST_NESTED, MOST_PARTS
from engage.questionnaires.exchange import reading
from engage.questionnaires.exchange.own import DEFINITION, FILE, PAGE, Element, question_elements, read_own
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.statements import Statements
from engage.questionnaires.kinds.written import LONGEST_LABEL, LONGEST_TEXT, MOST_OPTIONS

TEXT = (ROOT / "docs" / "questionnaire-format.md").read_text(encoding="utf-8")
COMMON = {"code", "kind", "label", "hint", "required", "shown_if"}


def table(heading: str) -> dict[str, str]:
    """Return the elements that the section under `heading` lists, with their types."""
    section = TEXT.split(f"\n{heading}", 1)[1].split("\n#", 1)[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE)
    assert len(rows) == len(dict(rows))
    return {name: kind.strip() for name, kind in rows}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.kind))
def test_every_kind_is_documented_with_every_element(kind: type[Question]) -> None:
    elements = question_elements(kind)
    listed = table(f"### `{kind.kind}`")
    assert listed.keys() == elements.keys() - COMMON
    for name, kind_of_value in listed.items():
        assert ("needed" in kind_of_value) == elements[name][1], name
    assert table("## A question").keys() == COMMON


@pytest.mark.parametrize(
    ("heading", "elements"),
    [("## The file", FILE), ("## The definition", DEFINITION), ("## A page", PAGE)],
)
def test_every_element_around_the_questions_is_documented(
    heading: str, elements: Mapping[str, Element]
) -> None:
    listed = table(heading)
    assert {name: "needed" in kind for name, kind in listed.items()} == {
        name: needed for name, (_read, needed) in elements.items()
    }


def test_no_kind_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^### `(\w+)`", TEXT, re.MULTILINE)) == KINDS.keys()


def test_the_usual_values_are_those_that_hold() -> None:
    for kind in KINDS.values():
        section = TEXT.split(f"### `{kind.kind}`", 1)[1].split("\n#", 1)[0]
        for name, said in re.findall(
            r"^\| `(\w+)` .*?([\d,]+|true) where it is not said", section, re.MULTILINE
        ):
            usual = getattr(kind, name)
            assert said.replace(",", "") == str(usual).lower(), (kind.kind, name)


def test_the_example_is_a_file_that_can_be_imported() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    found = read_own(example.encode(), ())
    assert found.definition == json.loads(example)["definition"]


def test_the_limits_are_those_that_hold() -> None:
    for limit in (
        f"{reading.MOST_PARTS:,} parts",
        f"{reading.DEEPEST} levels",
        f"at most {MOST_NESTED} deep",
        f"up to {MOST_PARTS} conditions",
        f"1 to {MOST_OPTIONS} objects",
        f"at most {LONGEST_TEXT:,} characters",
        f"at most {LONGEST_LABEL:,} characters",
    ):
        assert limit in TEXT.replace("\n", " "), limit


def test_the_fixed_choices_of_statements_are_documented() -> None:
    question = Statements.from_json(
        {"code": "a", "kind": "statements", "label": "?", "rows": [{"code": "r", "label": "R"}]}
    )
    for option in question.choices:
        assert f"`{option.code}`" in TEXT
