"""Every way through a questionnaire."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.questionnaires.definitions import Definition, follow, parse
from engage.questionnaires.reach import Reach
from engage.questionnaires.routes import routes

OPTIONS = [{"code": code, "label": code.title()} for code in "abc"]
# What a browser may send for each kind, besides nothing; together everything that conditions can tell apart.
SENT: dict[str, list[dict[str, list[str]]]] = {
    "one_choice": [{"": [code]} for code in "abc"],
    "several_choices": [{"": list(codes)} for codes in ("a", "b", "c", "ab", "ac", "bc", "abc")],
    "scale": [{"": [str(point)]} for point in (1, 2, 3)],
    "number": [{"": [str(amount)]} for amount in (0, 1, 2, 3, 4)],
    "matrix": [
        {f"-{row}": [option] for row, option in zip("xy", options, strict=True) if option}
        for options in product(("", "a", "b", "c"), repeat=2)
    ],
    "priorities_list": [
        {"": list(codes)} | ({"-other": ["Noise"]} if other else {})
        for codes in ("", "a", "b", "c", "ab", "ac", "bc")
        for other in (False, True)
    ],
    "long_text": [{"": ["Words"]}],
    "organisation": [
        {"-name": ["Shop"], **({"-speaks_for": [people]} if people else {})} for people in ("", "1", "3", "9")
    ],
}
EXTRAS: dict[str, dict[str, Any]] = {
    "one_choice": {"options": OPTIONS},
    "several_choices": {"options": OPTIONS},
    "scale": {"low": 1, "high": 3},
    "number": {"least": 0, "most": 4, "whole": True},
    "matrix": {"rows": [{"code": "x", "label": "X"}, {"code": "y", "label": "Y"}], "options": OPTIONS},
    "priorities_list": {"options": OPTIONS, "at_most": 2},
    "organisation": {"name_label": "Name", "speaks_for_label": "For", "agreed_label": "How"},
}
MARKS = {"matrix": ["x:a", "x:b", "y:a", "x:z"], "scale": ["1", "2", "3", "9"]}


def question(code: str, kind: str = "one_choice", **changes: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "label": f"{code}?"} | EXTRAS.get(kind, {}) | changes


def page(code: str, *questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"code": code, "title": code.title(), "questions": list(questions)} | changes


def questionnaire(*pages: dict[str, Any]) -> Definition:
    return parse({"title": "T", "minutes": 1, "pages": list(pages)})


def has(code: str, mark: str) -> dict[str, Any]:
    return {"question": code, "has": mark}


def ways(definition: Definition) -> list[tuple[tuple[str, ...], tuple[str, ...], bool]]:
    found = routes(definition)
    assert found.complete
    return [(way.pages, way.questions, way.exits) for way in found.found]


def sent(definition: Definition) -> Iterator[dict[str, list[str]]]:
    """Yield everything that a browser may send that conditions can tell apart."""
    choices = [
        [
            {},
            *(
                {question.code + field: values for field, values in one.items()}
                for one in SENT[question.kind]
            ),
        ]
        for question in definition.questions
    ]
    for chosen in product(*choices):
        yield {field: values for one in chosen for field, values in one.items()}


def walked(definition: Definition) -> set[tuple[tuple[str, ...], tuple[str, ...], bool]]:
    """Return the ways that trying everything leads."""
    found = set()
    for fields in sent(definition):
        route = follow(definition, fields, 0)
        if route.unfinished is None:
            conditional = [
                one.code for step in route.steps for one in step.questions if one.shown_if is not None
            ]
            found.add((tuple(step.page.code for step in route.steps), tuple(conditional), route.exits))
    return found


@st.composite
def conditions(draw: st.DrawFn, asked: list[dict[str, Any]], depth: int = 2) -> dict[str, Any]:
    shape = draw(st.sampled_from(["leaf", "leaf", "all", "any", "not"] if depth else ["leaf"]))
    if shape == "not":
        return {"not": draw(conditions(asked, depth - 1))}
    if shape in ("all", "any"):
        return {shape: draw(st.lists(conditions(asked, depth - 1), min_size=1, max_size=3))}
    one = draw(st.sampled_from(asked))
    says = draw(st.sampled_from(["has", "has", "answered", "compare"]))
    if says == "has":
        return has(one["code"], draw(st.sampled_from(MARKS.get(one["kind"], ["a", "b", "c", "other"]))))
    if says == "answered":
        return {"question": one["code"], "answered": True}
    limits = draw(
        st.sampled_from([{"at_least": 2}, {"at_most": 2}, {"at_least": 1.5, "at_most": 3}, {"at_least": 9}])
    )
    return {"question": one["code"]} | limits


@st.composite
def small(draw: st.DrawFn) -> Definition:
    """A questionnaire of up to four pages and four questions, whose conditions name any question at all."""
    kinds = draw(st.lists(st.sampled_from(sorted(SENT)), min_size=2, max_size=4))
    asked = [question(f"q{place}", kind, required=draw(st.booleans())) for place, kind in enumerate(kinds)]
    named = [*asked, question("gone")]
    pages: list[dict[str, Any]] = []
    for place, one in enumerate(asked):
        if place and draw(st.integers(0, 2)):
            one["shown_if"] = draw(conditions(named))
        if not pages or draw(st.booleans()):
            pages.append(page(f"p{place}"))
            if place and draw(st.booleans()):
                pages[-1]["shown_if"] = draw(conditions(named))
            if place and not draw(st.integers(0, 3)):
                pages.append(page(f"exit{place}", exit=True, shown_if=draw(conditions(named))))
                pages.append(page(f"after{place}"))
        pages[-1]["questions"].append(one)
    return questionnaire(*pages)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small())
def test_the_ways_are_those_that_trying_every_answer_leads(definition: Definition) -> None:
    found = ways(definition)
    assert len(found) == len(set(found))
    assert set(found) == walked(definition)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small())
def test_what_somebody_reaches_is_on_some_way_and_what_everybody_reaches_on_all(
    definition: Definition,
) -> None:
    reach, found = Reach(definition), routes(definition).found
    for one in definition.pages:
        on = [one.code in way.pages for way in found]
        assert reach.somebody(reach.pages[one.code]) is any(on)
        assert reach.everybody(reach.pages[one.code]) is all(on)
    for asked in definition.questions:
        if asked.shown_if is not None:
            on = [asked.code in way.questions for way in found]
            assert reach.somebody(reach.questions[asked.code]) is any(on)
