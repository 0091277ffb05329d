"""Questions as the shipped instruments ask them, over a few places; any questionnaire that can be built."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from engage.questionnaires import shipped
from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import Option, Question
from tests.factories.answers import HOSTILE_WORDS, Fields, all_valid_fields, valid_fields, words

AREAS = (
    Option("E09000003", "Barnet"),
    Option("E09000007", "Camden"),
    Option("outside", "Outside London"),
    Option("undisclosed", "Prefer not to say"),
)

__all__ = [
    "AREAS",
    "HOSTILE_WORDS",
    "PLACES",
    "Fields",
    "Json",
    "all_valid_fields",
    "conditions",
    "definitions",
    "question_data",
    "shipped_definition",
    "valid_fields",
    "words",
]

Json = dict[str, Any]
CODE_LETTERS = string.ascii_lowercase + string.digits + "_"
# Among them those that could become the id of something else on a page.
OPTION_CODES = ("a", "b_2", "16-24", "2", "E09000007", "hint", "error", "something-else", "rank-a", "none")


def shipped_definition(instrument: str) -> Definition:
    """Return the shipped definition of `full`, `postcard` or `business`, offering `AREAS`."""
    return parse(shipped.questionnaire(instrument, AREAS).definition)


def question_data(code: str, kind: str) -> st.SearchStrategy[Json]:
    """Any question of a kind, as JSON."""
    usual = {
        "code": st.just(code),
        "kind": st.just(kind),
        "label": words(),
        "hint": st.just("") | words(),
        "required": st.booleans(),
    }
    return st.fixed_dictionaries(usual).flatmap(
        lambda data: SETTINGS[kind]().map(lambda settings: data | settings)
    )


@st.composite
def definitions(draw: st.DrawFn, most_pages: int = 4, most_questions: int = 4) -> Json:
    """Any questionnaire that the builder can make, as JSON: all kinds, conditions on earlier pages, exits."""
    pages: list[Json] = []
    asked: list[Question] = []
    for number in range(1, draw(st.integers(1, most_pages)) + 1):
        page: Json = {"code": f"page_{number}", "title": draw(words()), "intro": draw(st.just("") | words())}
        if draw(st.booleans()) and (condition := draw(conditions(asked))):
            page["shown_if"] = condition
            if draw(st.integers(0, 5)) == 0:
                pages.append(page | {"exit": True})
                continue
        page["questions"] = _questions(draw, number, most_questions, asked)
        pages.append(page)
        asked.extend(KINDS[data["kind"]].from_json(data) for data in page["questions"])
    return {
        "title": draw(words()),
        "intro": draw(st.just("") | words()),
        "minutes": draw(st.integers(1, 60)),
        "pages": pages,
    }


def _questions(draw: st.DrawFn, page: int, most: int, asked: list[Question]) -> list[Json]:
    questions = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        code = f"q{page}_{number}_{draw(st.text(CODE_LETTERS, max_size=5))}"
        data = draw(question_data(code, draw(st.sampled_from(sorted(KINDS)))))
        if draw(st.integers(0, 3)) == 0 and (condition := draw(conditions(asked))):
            data["shown_if"] = condition
        questions.append(data)
    return questions


def conditions(asked: list[Question]) -> st.SearchStrategy[Json | None]:
    """Any condition on questions asked before, as JSON; None where there are none."""
    leaves = [leaf for question in asked if question.asks for leaf in _leaves(question)]
    if not leaves:
        return st.none()
    return st.recursive(
        st.one_of(leaves),
        lambda part: (
            st.builds(lambda parts: {"all": parts}, st.lists(part, min_size=1, max_size=3))
            | st.builds(lambda parts: {"any": parts}, st.lists(part, min_size=1, max_size=3))
            | st.builds(lambda inner: {"not": inner}, part)
        ),
        max_leaves=4,
    )


def _leaves(question: Question) -> list[st.SearchStrategy[Json]]:
    about = {"question": question.code}
    leaves: list[st.SearchStrategy[Json]] = [st.just(about | {"answered": True})]
    if question.marks:
        leaves.append(st.sampled_from(sorted(question.marks)).map(lambda mark: about | {"has": mark}))
    if question.kind in ("scale", "number", "organisation"):
        leaves.append(st.integers(-5, 20).map(lambda limit: about | {"at_least": limit}))
        leaves.append(st.integers(-5, 20).map(lambda limit: about | {"at_most": limit}))
    return leaves


def options(least: int = 1, most: int = 6) -> st.SearchStrategy[list[Json]]:
    """Options with codes of their own, some with hints."""
    one = st.fixed_dictionaries(
        {"code": st.sampled_from(OPTION_CODES), "label": words()}, optional={"hint": words()}
    )
    return st.lists(one, min_size=least, max_size=most, unique_by=lambda option: option["code"])


@st.composite
def _priorities(draw: st.DrawFn) -> Json:
    listed = draw(options(1, 8))
    settings = {name: draw(st.booleans()) for name in ("other", "exactly", "ordered")}
    return settings | {"options": listed, "at_most": draw(st.integers(1, len(listed)))}


@st.composite
def _several(draw: st.DrawFn) -> Json:
    listed = draw(options(2, 6))
    alone = draw(st.sampled_from(["", listed[-1]["code"]]))
    together = len(listed) - bool(alone)
    least = draw(st.integers(1, together))
    most = draw(st.none() | st.integers(least, together))
    return {"options": listed, "at_least": least, "at_most": most, "none_of": alone}


@st.composite
def _scale(draw: st.DrawFn) -> Json:
    low = draw(st.integers(-3, 3))
    ends = {"low_label": draw(st.just("") | words()), "high_label": draw(st.just("") | words())}
    return ends | {"low": low, "high": draw(st.integers(low + 1, low + 10))}


@st.composite
def _number(draw: st.DrawFn) -> Json:
    whole = draw(st.booleans())
    limit = (
        st.integers(-1000, 10**6)
        if whole
        else st.integers(-1000, 10**8).map(lambda hundredths: hundredths / 100)
    )
    limits = sorted((draw(limit), draw(limit)))
    kept = [draw(st.sampled_from([None, limit])) for limit in limits]
    unit = draw(st.sampled_from(["", "years", "£", "%", "<b>"]))
    return {"whole": whole, "least": kept[0], "most": kept[1], "unit": unit}


@st.composite
def _date(draw: st.DrawFn) -> Json:
    days = sorted((draw(DAYS), draw(DAYS)))
    kept = [draw(st.sampled_from([None, day.isoformat()])) for day in days]
    return {"earliest": kept[0], "latest": kept[1]}


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
PLACES = [{"code": area.code, "label": area.label} for area in AREAS]

SETTINGS: Mapping[str, Callable[[], st.SearchStrategy[Json]]] = {
    "priorities_list": _priorities,
    "priorities_own_words": lambda: st.fixed_dictionaries({"at_most": st.integers(1, 3)}),
    "one_choice": lambda: st.fixed_dictionaries({"options": options()}),
    "several_choices": _several,
    "scale": _scale,
    "matrix": lambda: st.fixed_dictionaries({"rows": options(1, 4), "options": options(2, 9)}),
    "statements": lambda: st.fixed_dictionaries({"rows": options(1, 4)}),
    "short_text": lambda: st.fixed_dictionaries({"limit": st.integers(1, 500)}),
    "long_text": lambda: st.fixed_dictionaries({"limit": st.integers(1, 20_000)}),
    "number": _number,
    "date": _date,
    "area": lambda: st.just({"options": PLACES}),
    "age_band": lambda: st.fixed_dictionaries({"options": options()}),
    "organisation": lambda: st.fixed_dictionaries(
        {"name_label": words(), "speaks_for_label": words(), "agreed_label": words()}
    ),
    "information": lambda: st.fixed_dictionaries({"text": st.just("") | words(200)}),
}
"""What an officer may decide about a question of each kind."""
