"""Each kind of question as a page: labelled, described, with what was typed and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, render_template_string
from hypothesis import given, settings
from hypothesis import strategies as st

from engage import create_app
from engage.foundations.settings import read_settings
from engage.questionnaires.definitions import Definition, parse, read_answers
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import Problem
from tests.factories.questionnaires import (
    HOSTILE_WORDS,
    PLACES,
    Fields,
    all_valid_fields,
    definitions,
    question_data,
)
from tests.fixtures.page import Page, faults, text_of

FORM = """{% extends "layouts/take_part.html" %}
{% block title %}Questions{% endblock %}
{% block main %}
{% include "responses/public/problems.html" %}
<h1 class="govuk-heading-xl">Questions</h1>
<form class="app-form" method="post" novalidate>
{% for q in questions %}
{% import "questionnaires/kinds/" ~ q.kind ~ ".html" as kind with context %}
{{ kind.question(q, given, errors, rotation) }}
{% endfor %}
</form>
{% endblock %}"""

LETTERS = [{"code": code, "label": f"The {code}", "hint": f"About {code}"} for code in "abc"]
ASKED: dict[str, dict[str, Any]] = {
    "priorities_list": {"options": LETTERS},
    "priorities_own_words": {},
    "one_choice": {"options": LETTERS},
    "several_choices": {"options": LETTERS, "none_of": "c", "at_most": 2},
    "scale": {"low": 0, "high": 10, "low_label": "Never", "high_label": "Always"},
    "matrix": {"rows": LETTERS, "options": LETTERS},
    "statements": {"rows": LETTERS},
    "short_text": {},
    "long_text": {},
    "number": {"unit": "years"},
    "date": {},
    "area": {"options": PLACES},
    "age_band": {"options": LETTERS},
    "organisation": {"name_label": "Name", "speaks_for_label": "People", "agreed_label": "How"},
    "information": {"text": "One.\n\nTwo."},
}
ORDERED = {"options": LETTERS, "ordered": True}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with no database behind it: showing a question asks none."""
    values = {
        "ENGAGE_MODE": "test",
        "ENGAGE_SECRET_KEY": "test-secret-" + "x" * 40,
        "ENGAGE_INSTANCE": str(tmp_path_factory.mktemp("instance")),
        "ENGAGE_BASE_URL": "http://localhost",
    }
    return create_app(read_settings(values))


def show(
    app: Flask,
    definition: Definition,
    given: Mapping[str, Sequence[str]],
    problems: Sequence[Problem] = (),
    rotation: int = 0,
) -> Page:
    """Return all questions on one page, checked as every page is."""
    with app.test_request_context("/"):
        html = render_template_string(
            FORM,
            questions=list(definition.questions),
            given=given,
            problems=problems,
            errors={problem.field: problem.message for problem in problems},
            rotation=rotation,
        )
    page = Page(html, 200, "/questions")
    assert faults(page) == []
    return page


def one(kind: str, **changes: Any) -> Definition:
    question = {"code": "q", "kind": kind, "label": "What?", "hint": "A hint."} | ASKED[kind] | changes
    page = {"code": "p", "title": "P", "questions": [question]}
    return parse({"title": "T", "minutes": 1, "pages": [page]})


def fields_of(page: Page) -> list[Element]:
    return [field for tag in ("input", "select", "textarea") for field in page.all(tag)]


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("kind", [*KINDS, "ordered"])
def test_a_blank_question_and_one_refused_are_good_pages(app: Flask, kind: str, required: bool) -> None:
    changes: dict[str, Any] = {"required": required} | (ORDERED if kind == "ordered" else {})
    definition = one("priorities_list" if kind == "ordered" else kind, **changes)
    blank = show(app, definition, {}, rotation=1)
    assert "What?" in blank.main
    assert "A hint." in blank.main
    if kind != "information":
        asked = (blank.all("legend") or blank.all("label"))[0]
        assert ("(optional)" in text_of(asked)) is not required
    answers = read_answers(definition.questions, {}, 1)
    refused = show(app, definition, {}, answers.problems, rotation=1)
    assert bool(answers.problems) is (required and kind != "information")
    for problem in answers.problems:
        link = next(link for link in refused.links if link.href == f"#{problem.field}")
        assert link.text == str(problem.message)
        (field,) = [field for field in fields_of(refused) if field.get("id") == problem.field]
        assert str(problem.message) in described(refused, field)


def described(page: Page, field: Element) -> str:
    """Return what a screen reader adds to a field: its own descriptions and those of its fieldsets."""
    sets = [found for found in page.all("fieldset") if field in list(found.iter())]
    ids = [name for element in (field, *sets) for name in element.get("aria-describedby", "").split()]
    return " ".join(text_of(element) for element in page.root.iter() if element.get("id") in ids)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].asks])
def test_every_field_is_described_by_the_hint_of_its_question(app: Flask, kind: str) -> None:
    page = show(app, one(kind), {})
    fields = [field for field in fields_of(page) if field.get("name", "").startswith("q")]
    assert fields
    undescribed = [field.get("id") for field in fields if "A hint." not in described(page, field)]
    # Priorities in own words have one hint for all: it is read with the first.
    if kind == "priorities_own_words":
        undescribed = [name for name in undescribed if name and name.startswith("q-1-")]
    assert undescribed == []


GIVEN: list[tuple[str, dict[str, Any], Fields]] = [
    ("priorities_list", {}, {"q": ["b", "other"], "q-other": ["Dogs"]}),
    ("priorities_list", ORDERED, {"q-rank-b": ["1"], "q-rank-other": ["2"], "q-other": ["Dogs"]}),
    ("one_choice", {}, {"q": ["b"]}),
    ("several_choices", {}, {"q": ["a", "b"]}),
    ("several_choices", {}, {"q": ["c"]}),
    ("scale", {}, {"q": ["0"]}),
    ("matrix", {}, {"q-a": ["b"], "q-b": ["b"], "q-c": ["c"]}),
    ("statements", {}, {"q-a": ["agree"], "q-b": ["dont_know"], "q-c": ["neither"]}),
    ("short_text", {}, {"q": ["<b>"]}),
    ("number", {}, {"q": ["1,200"]}),
    ("date", {}, {"q-day": ["1"], "q-month": ["10"], "q-year": ["2027"]}),
    ("age_band", {}, {"q": ["c"]}),
]


@pytest.mark.parametrize(("kind", "changes", "given"), GIVEN)
def test_what_was_given_is_there_again(app: Flask, kind: str, changes: dict[str, Any], given: Fields) -> None:
    page = show(app, one(kind, **changes), given, rotation=2)
    shown: Fields = {}
    for field in fields_of(page):
        if field.get("type") in ("checkbox", "radio"):
            values = [field.get("value", "")] if "checked" in field.attrib else []
        elif field.tag == "select":
            values = [option.get("value", "") for option in field if "selected" in option.attrib]
        else:
            values = [field.get("value") or "".join(field.itertext())]
        if any(values):
            shown.setdefault(field.get("name", ""), []).extend(values)
    assert {name: sorted(values) for name, values in shown.items()} == {
        name: sorted(values) for name, values in given.items()
    }


def test_each_row_of_a_grid_is_a_group_of_its_own(app: Flask) -> None:
    page = show(app, one("matrix"), {})
    legends = [text_of(legend) for legend in page.all("legend")]
    assert legends == ["What?", "The a", "The b", "The c"]
    assert page.all("table") == []
    assert len(page.all("input", name="q-a", type="radio")) == 3


def test_the_choice_that_excludes_the_others_stands_last_and_says_so_to_the_script(app: Flask) -> None:
    page = show(app, one("several_choices", none_of="a"), {})
    boxes = page.all("input", type="checkbox")
    assert [box.get("value") for box in boxes] == ["b", "c", "a"]
    assert [box.get("data-behaviour") for box in boxes] == [None, None, "exclusive"]


def test_the_ends_of_a_scale_are_said_with_their_numbers(app: Flask) -> None:
    page = show(app, one("scale"), {})
    labels = [text_of(label) for label in page.all("label", class_="govuk-radios__label")]
    assert (labels[0], labels[1], labels[-1]) == ("0 Never", "1", "10 Always")


@pytest.mark.parametrize(
    ("changes", "keys"),
    [({}, "numeric"), ({"least": 0, "whole": False}, "decimal"), ({"least": -10}, "text")],
)
def test_a_phone_shows_the_keys_that_a_number_needs(app: Flask, changes: dict[str, Any], keys: str) -> None:
    field = show(app, one("number", **changes), {}).field("q")
    assert field.get("inputmode") == keys


HOSTILE = " ".join(HOSTILE_WORDS)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_are_shown_as_words(app: Flask, kind: str) -> None:
    options = [{"code": code, "label": HOSTILE, "hint": HOSTILE} for code in ("hint", "error", "b")]
    lists = {name: options for name in ("options", "rows") if name in ASKED[kind]}
    texts = {
        name: HOSTILE for name, value in ASKED[kind].items() if isinstance(value, str) and name != "none_of"
    }
    hostile = {"label": HOSTILE, "hint": HOSTILE} | texts | lists | ({"none_of": "b"} if lists else {})
    if kind != "several_choices":
        hostile.pop("none_of", None)
    if kind == "number":
        hostile["unit"] = "<script>alert(1)</script>"
    definition = one(kind, **hostile)
    question = next(definition.questions)
    names = [field.get("name", "") for field in fields_of(show(app, definition, {}))]
    given = {name: [HOSTILE] for name in names}
    page = show(app, definition, given, question.read(given, 0).problems)
    assert HOSTILE in page.main
    assert [text_of(script) for script in page.all("script")] == [""] * len(page.all("script"))
    assert not [field for field in fields_of(page) if "onfocus" in field.attrib]


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_questionnaire_is_a_good_page_blank_answered_and_refused(app: Flask, data: st.DataObject) -> None:
    definition = parse(data.draw(definitions(most_pages=2)))
    rotation = data.draw(st.integers(0, definition.rotations - 1))
    show(app, definition, {}, read_answers(definition.questions, {}, rotation).problems, rotation)
    fields = data.draw(all_valid_fields(definition))
    show(app, definition, fields, read_answers(definition.questions, fields, rotation).problems, rotation)


@settings(max_examples=3, deadline=None)
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_any_question_of_a_kind_is_a_good_page(app: Flask, kind: str, data: st.DataObject) -> None:
    question = data.draw(question_data("q", kind))
    page = {"code": "p", "title": "P", "questions": [question]}
    definition = parse({"title": "T", "minutes": 1, "pages": [page]})
    show(app, definition, {}, read_answers(definition.questions, {}, 0).problems)
