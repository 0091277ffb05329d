"""Every way through a questionnaire."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engage.questionnaires import shipped
from engage.questionnaires.definitions import Definition, follow, parse
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.possible import ROOMS
from engage.questionnaires.reach import Reach
from engage.questionnaires.routes import routes
from tests.factories.questionnaires import all_valid_fields, definitions, shipped_definition

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
MOST_SENT = 2000
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
    assume(prod(len(SENT[kind]) + 1 for kind in kinds) <= MOST_SENT)
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


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_built_and_answered_goes_one_of_the_ways(data: st.DataObject) -> None:
    definition = parse(data.draw(definitions()))
    found = routes(definition)
    route = follow(definition, data.draw(all_valid_fields(definition)), 0)
    assert route.unfinished is None
    conditional = [one.code for step in route.steps for one in step.questions if one.shown_if is not None]
    way = (tuple(step.page.code for step in route.steps), tuple(conditional), route.exits)
    assert not found.complete or way in ways(definition)


A_B = {"any": [has("q", "a"), has("q", "b")]}


@pytest.mark.parametrize(
    ("first", "condition", "expected"),
    [
        (question("q"), has("q", "a"), ["one two", "one"]),
        (question("q"), has("q", "z"), ["one"]),
        (question("q"), {"question": "q", "answered": True}, ["one two"]),
        (question("q", required=False), {"question": "q", "answered": True}, ["one two", "one"]),
        (question("q"), {"all": [has("q", "a"), has("q", "b")]}, ["one"]),
        (question("q", "several_choices"), {"all": [has("q", "a"), has("q", "b")]}, ["one two", "one"]),
        (
            question("q", "several_choices", at_most=1),
            {"all": [has("q", "a"), has("q", "b")]},
            ["one"],
        ),
        (question("q", "several_choices", at_least=3), {"not": A_B}, ["one"]),
        (
            question("q", "several_choices", at_least=2, none_of="c"),
            {"not": A_B},
            ["one two", "one"],
        ),
        (
            question("q", "several_choices", none_of="c"),
            {"all": [has("q", "a"), has("q", "c")]},
            ["one"],
        ),
        (question("q", "priorities_list", exactly=True), {"not": A_B}, ["one two", "one"]),
        (question("q", "priorities_list", exactly=True, other=False), {"not": A_B}, ["one"]),
        (question("q", "number"), {"question": "q", "at_least": 5}, ["one"]),
        (question("q", "number"), {"question": "q", "at_least": 4}, ["one two", "one"]),
        (question("q", "number"), {"question": "q", "at_least": 1.2, "at_most": 1.8}, ["one"]),
        (
            question("q", "number", whole=False),
            {"question": "q", "at_least": 1.2, "at_most": 1.8},
            ["one two", "one"],
        ),
        (question("q", "scale"), {"question": "q", "at_most": 3}, ["one two"]),
        (
            question("q", "scale"),
            {"all": [has("q", "3"), {"question": "q", "at_most": 2}]},
            ["one"],
        ),
        (question("q", "matrix"), {"all": [has("q", "x:a"), has("q", "x:b")]}, ["one"]),
        (question("q", "matrix"), {"all": [has("q", "x:a"), has("q", "y:b")]}, ["one two", "one"]),
        (
            question("q", "matrix"),
            {"not": {"any": [has("q", f"x:{code}") for code in "abc"]}},
            ["one"],
        ),
        (question("q", "organisation"), {"question": "q", "at_least": 2}, ["one two", "one"]),
        (question("q", "information"), {"question": "q", "answered": True}, ["one"]),
        (question("q"), {"not": has("gone", "a")}, ["one two"]),
    ],
)
def test_only_answers_that_are_accepted_lead_anywhere(
    first: dict[str, Any], condition: dict[str, Any], expected: list[str]
) -> None:
    asked = questionnaire(page("one", first), page("two", question("r"), shown_if=condition))
    assert [" ".join(pages) for pages, _, _ in ways(asked)] == expected


def test_every_kind_that_chooses_or_measures_says_what_its_answers_may_be() -> None:
    for kind in KINDS.values():
        says_more = (
            "marks" in vars(kind) or kind.amount is not Question.amount or kind.marks is not Question.marks
        )
        assert (kind.kind in ROOMS) is says_more, kind.kind


def test_a_question_that_is_hidden_decides_nothing() -> None:
    asked = questionnaire(
        page("one", question("q")),
        page("two", question("r"), shown_if=has("q", "a")),
        page("three", question("s"), shown_if={"not": has("r", "a")}),
    )
    assert ways(asked) == [
        (("one", "two", "three"), (), False),
        (("one", "two"), (), False),
        (("one", "three"), (), False),
    ]


def test_a_page_whose_questions_are_all_hidden_is_passed_by() -> None:
    asked = questionnaire(
        page("one", question("q")),
        page("two", question("r", shown_if=has("q", "a")), question("s", shown_if=has("q", "b"))),
    )
    assert ways(asked) == [
        (("one", "two"), ("r",), False),
        (("one", "two"), ("s",), False),
        (("one",), (), False),
    ]


def test_a_way_ends_at_an_exit_and_says_which_answers_lead_there() -> None:
    asked = questionnaire(
        page(
            "place",
            question(
                "area",
                label="Where do you live?",
                options=[
                    {"code": "camden", "label": "Camden"},
                    {"code": "outside", "label": "Outside London"},
                ],
            ),
        ),
        page("leave", exit=True, shown_if=has("area", "outside")),
        page("more", question("q")),
    )
    found = routes(asked)
    assert [(way.pages, way.exits) for way in found.found] == [
        (("place", "leave"), True),
        (("place", "more"), False),
    ]
    assert [[str(words) for words in way.why] for way in found.found] == [
        ["“Where do you live?” is “Outside London”"],
        ["“Where do you live?” is not “Outside London”"],
    ]


@pytest.mark.parametrize("instrument", shipped.INSTRUMENTS)
def test_a_questionnaire_without_conditions_has_one_way_that_needs_no_reason(instrument: str) -> None:
    asked = shipped_definition(instrument)
    (way,) = routes(asked).found
    assert way.pages == tuple(page.code for page in asked.pages)
    assert way.why == ()


def forty_pages(asked_on: str) -> Definition:
    """Forty pages; fifteen of them depend on the first, on the one before, or on a question of their own."""
    pages = []
    for place in range(40):
        on = {"first": "q0_0", "before": f"q{place - 1}_0", "each": f"each{place}"}[asked_on]
        shown = {"shown_if": {"any": [has(on, "abc"[place % 3]), has(on, "a")]}} if 0 < place <= 15 else {}
        pages.append(page(f"p{place}", *(question(f"q{place}_{one}") for one in range(3)), **shown))
    pages[0]["questions"] += [question(f"each{place}") for place in range(1, 16)]
    return questionnaire(*pages)


@pytest.mark.parametrize(
    ("asked_on", "count", "complete"), [("first", 3, True), ("before", 16, True), ("each", 200, False)]
)
def test_forty_pages_with_fifteen_conditions_take_less_than_a_second(
    asked_on: str, count: int, complete: bool
) -> None:
    asked = forty_pages(asked_on)
    began = time.process_time()
    found = routes(asked)
    assert time.process_time() - began < 1
    assert (len(found.found), found.complete) == (count, complete)


def test_the_search_stops_at_the_limit_and_says_so() -> None:
    asked = questionnaire(
        page("one", question("q", "several_choices")),
        *(page(f"p{code}", question(f"r{code}"), shown_if=has("q", code)) for code in "abc"),
    )
    # Seven: some of the three must be chosen.
    assert len(routes(asked).found) == 7
    assert routes(asked, limit=7).complete
    assert not routes(asked, limit=6).complete
    assert len(routes(asked, limit=6).found) == 6


def test_a_knot_that_takes_too_long_is_given_up_and_not_called_complete() -> None:
    """Seven choose different ones of six: nobody can, and no short search shows it."""
    six = [{"code": f"o{place}", "label": str(place)} for place in range(6)]
    asked = [question(f"q{place}", options=six) for place in range(7)]
    same = [
        {"all": [has(f"q{one}", f"o{choice}"), has(f"q{other}", f"o{choice}")]}
        for one in range(7)
        for other in range(one)
        for choice in range(6)
    ]
    parts = [{"any": same[start : start + 50]} for start in range(0, len(same), 50)]
    hard = questionnaire(page("one", *asked), page("two", question("r"), shown_if={"not": {"any": parts}}))
    began = time.process_time()
    assert not routes(hard).complete
    assert Reach(hard).somebody(Reach(hard).pages["two"])
    assert time.process_time() - began < 10
