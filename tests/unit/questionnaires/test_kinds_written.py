"""A definition may come from anybody's file: what is not a question is refused in words, by its setting."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from engage.questionnaires.definitions import parse
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import READERS, DefinitionError, Shape
from tests.unit.questionnaires.test_kinds_matrix import ABC, QUESTIONS

WRONG: list[tuple[str, str, Any, str]] = [
    ("one_choice", "options", "abc", "not a list"),
    ("one_choice", "options", [], "0 entries"),
    ("one_choice", "options", ABC * 40, "120 entries"),
    ("one_choice", "options", [*ABC, ABC[0]], "“a” twice"),
    ("one_choice", "options", ["a"], "a code, a label"),
    ("one_choice", "options", [{"code": "a"}], "a code, a label"),
    ("one_choice", "options", [{"code": "a", "label": "A", "x": 1}], "a code, a label"),
    ("one_choice", "options", [{"code": 1, "label": "A"}], "not a text"),
    ("one_choice", "options", [{"code": "a b", "label": "A"}], "'a b'"),
    ("one_choice", "options", [{"code": "a--b", "label": "A"}], "'a--b'"),
    ("one_choice", "options", [{"code": "a" * 41, "label": "A"}], "not letters"),
    ("one_choice", "options", [{"code": "a:b", "label": "A"}], "'a:b'"),
    ("one_choice", "options", [{"code": "a", "label": "  "}], "blank"),
    ("one_choice", "label", None, "not a text"),
    ("one_choice", "label", "", "blank"),
    ("one_choice", "label", "x" * 3000, "longer than 2,000"),
    ("one_choice", "label", "a\x00", "cannot be kept"),
    ("one_choice", "label", "\ud800", "cannot be kept"),
    ("one_choice", "hint", ["x"], "not a text"),
    ("one_choice", "required", "no", "neither true nor false"),
    ("one_choice", "required", 1, "neither true nor false"),
    ("one_choice", "shown_if", {"question": "x"}, "says none of"),
    ("one_choice", "shown_if", "always", "a condition is an object"),
    ("priorities_list", "at_most", "three", "not a whole number"),
    ("priorities_list", "at_most", True, "not a whole number"),
    ("priorities_list", "at_most", 0, "not 1 to 3"),
    ("priorities_list", "at_most", 4, "not 1 to 3"),
    ("priorities_list", "at_most", 10**400, "too large"),
    ("priorities_list", "at_most", None, "not a whole number"),
    ("priorities_list", "options", [{"code": "other", "label": "A"}, *ABC], "“other”"),
    ("priorities_list", "exactly", "yes", "neither true nor false"),
    ("priorities_own_words", "at_most", 11, "not 1 to 10"),
    ("priorities_own_words", "reason_limit", 0, "not 1 to"),
    ("several_choices", "at_least", 3, "at_most is 2, not 3 to 3"),
    ("several_choices", "at_least", 4, "not 1 to 3"),
    ("several_choices", "at_most", 4, "not 1 to 3"),
    ("several_choices", "none_of", "z", "not the code of an option"),
    ("scale", "high", 0, "not 1 to 10"),
    ("scale", "high", 11, "not 1 to 10"),
    ("scale", "low", -1000, "low is -1000"),
    ("scale", "low", 1.5, "not a whole number"),
    ("matrix", "rows", {}, "not a list"),
    ("statements", "rows", [], "0 entries"),
    ("short_text", "limit", 501, "not 1 to 500"),
    ("long_text", "limit", -5, "not 1 to"),
    ("long_text", "limit", 10**6, "not 1 to"),
    ("number", "least", 9000, "more than most"),
    ("number", "least", 0.5, "only whole numbers"),
    ("number", "most", float("nan"), "too large"),
    ("number", "most", float("inf"), "too large"),
    ("number", "unit", "x" * 50, "longer than 40"),
    ("date", "earliest", "2028-01-01", "after latest"),
    ("date", "earliest", "2027-02-29", "not a day of the calendar"),
    ("date", "earliest", "1 May", "not a day like"),
    ("date", "latest", 2027, "not a day like"),
    ("organisation", "name_label", 5, "not a text"),
    ("information", "text", None, "not a text"),
]


@pytest.mark.parametrize(("kind", "setting", "value", "says"), WRONG)
def test_a_setting_of_the_wrong_sort_is_refused_by_question_and_setting(
    kind: str, setting: str, value: Any, says: str
) -> None:
    data = {"code": "q", "kind": kind, "label": "What?"} | QUESTIONS[kind] | {setting: value}
    with pytest.raises(DefinitionError) as refusal:
        KINDS[kind].from_json(data)
    assert str(refusal.value).startswith("question q: ")
    assert says in str(refusal.value)
    assert setting in str(refusal.value) or says.startswith("at_most") or setting == "shown_if"


JUNK: list[Any] = [None, True, 0, -1, 10**400, 1.5, "x", "", [], ["x"], [[]], [{}], {}, {"a": {}}]


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("kind", KINDS)
def test_no_value_in_any_place_is_more_than_a_refusal(kind: str, junk: Any) -> None:
    data = {"code": "q", "kind": kind, "label": "What?"} | QUESTIONS[kind]
    page = {"code": "p", "title": "P", "questions": [data]}
    whole = {"title": "T", "minutes": 1, "pages": [page]}
    broken = [page | {"questions": [data | {name: junk}]} for name in (*data, "hint", "required", "shown_if")]
    broken += [page | {name: junk} for name in ("code", "title", "intro", "shown_if", "exit", "questions")]
    pages = [whole | {"pages": [one]} for one in broken]
    pages += [whole | {name: junk} for name in ("title", "intro", "minutes", "pages")]
    pages += [whole | {"pages": [junk]}, whole | {"pages": [page | {"questions": [junk]}]}]
    for definition in [*pages, junk]:
        # Anything else that is raised is a crash on somebody's file.
        with suppress(DefinitionError):
            found = parse(definition)
            assert parse(found.to_json()) == found


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_every_kind_is_named_explained_and_says_what_can_be_decided(kind: Any) -> None:
    question = kind.from_json({"code": "q", "kind": kind.kind, "label": "What?"} | QUESTIONS[kind.kind])
    fields = {field.name: str(field.type) for field in question.__dataclass_fields__.values()}
    assert str(kind.name)
    assert str(kind.what).endswith(".")
    known = set(READERS) | {f"{name} | None" for name in READERS}
    assert {spelling for spelling in fields.values() if "ClassVar" not in spelling} <= known
    own = {name for name, spelling in fields.items() if "ClassVar" not in spelling}
    own -= {"code", "label", "hint", "required", "shown_if", "priority_limit", "reason_limit"}
    assert [setting.name for setting in kind.settings if setting.name not in own] == []
    assert own == {setting.name for setting in kind.settings}
    assert all(setting.choices or setting.shape is not Shape.CHOICE for setting in kind.settings)


def test_what_is_as_usual_is_not_written() -> None:
    question = KINDS["priorities_list"].from_json(
        {"code": "q", "kind": "priorities_list", "label": "First?", "options": ABC, "at_most": 3}
    )
    assert question.to_json() == {"code": "q", "kind": "priorities_list", "label": "First?", "options": ABC}


def test_fields_of_the_form_itself_are_no_questions() -> None:
    question = {"code": "ticket", "kind": "short_text", "label": "Which ticket?"}
    page = {"code": "p", "title": "P", "questions": [question]}
    with pytest.raises(DefinitionError, match="ticket"):
        parse({"title": "T", "minutes": 1, "pages": [page]})
