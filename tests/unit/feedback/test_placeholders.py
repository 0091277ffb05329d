"""Placeholders fill themselves, and cannot be wrong."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from engage.feedback.contradictions import contradictions
from engage.feedback.drafting import easy_text, starting_texts
from engage.feedback.figures import Figure
from engage.feedback.placeholders import Facts, fill, placeholders, problem_with, unknown
from engage.feedback.wording import advise
from engage.plan_export.rules import Outcome

KNIVES = Figure(
    code="knife_crime",
    priority="Knife crime",
    outcome=Outcome.ADOPTED,
    reason="It is the first objective.",
    mentions=1140,
    base=3000,
    share=0.38,
    decided_on=date(2027, 10, 1),
    decision_maker="the full Authority",
)
PARKING = Figure("parking", "Parking", Outcome.NOT_ADOPTED, "Use {share:knife_crime}.", 600, 3000, 0.2)
DRONES = Figure("drones", "Drones", Outcome.NOT_ADOPTED, "Nobody could say what to do.", None, 3000, None)
FACTS = Facts(
    [KNIVES, PARKING, DRONES],
    responses=3000,
    boroughs=33,
    closed_on=date(2027, 9, 30),
    ranks={"knife_crime": 1, "parking": 4, "drones": 9},
)


@pytest.fixture(autouse=True)
def words() -> object:
    app = Flask("words")
    Babel(app)
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{responses} of you", "3,000 of you"),
        ("{share:knife_crime}", "38%"),
        ("{ Share : Knife_Crime }", "38%"),
        ("{count:knife_crime} and {rank:parking}", "1,140 and 4"),
        ("{outcome:parking}", "not adopted"),
        ("{boroughs_heard} boroughs", "33 boroughs"),
        ("{how_many:not_adopted}", "2"),
        ("{decided_by}", "the full Authority"),
        ("no brace { here", "no brace { here"),
    ],
)
def test_a_placeholder_says_what_was_counted(written: str, read: str) -> None:
    assert fill(written, FACTS) == read


@pytest.mark.parametrize("name", ["share", "count", "rank"])
def test_a_withheld_figure_is_too_few_to_say_also_by_its_rank(name: str) -> None:
    assert fill(f"{{{name}:drones}}", FACTS) == "too few to say"


def test_what_a_value_holds_is_not_filled_again() -> None:
    assert fill("{reason:parking}", FACTS) == "Use {share:knife_crime}."


def test_an_unknown_placeholder_is_named_and_stays_as_it_is() -> None:
    text = "{share:knives} {responses} {} {share:knives}"
    assert unknown(text, FACTS) == ("{share:knives}", "{}")
    assert "{share:knives}" in str(problem_with(text, FACTS))
    assert fill(text, FACTS) == "{share:knives} 3,000 {} {share:knives}"
    assert problem_with("{responses}", FACTS) is None


def test_each_placeholder_is_listed_once() -> None:
    names = [each.name for each in placeholders(FACTS)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "text",
    [
        "Knife crime was named by 42% of you.",
        "Knife crime was named by 20 per cent.",
        "We had 4,000 responses.",
        "3 people named drones.",
    ],
)
def test_a_figure_typed_by_hand_that_contradicts_the_counts_is_pointed_out(text: str) -> None:
    assert len(contradictions("said", text, FACTS)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Knife crime was named by 38% of you.",
        "20% named parking.",
        "We had 3,000 responses from 33 boroughs.",
        "Since 2008, 12 officers in 3 wards.",
        "{share:knife_crime} of you",
    ],
)
def test_a_figure_that_is_the_count_or_no_count_at_all_is_left_alone(text: str) -> None:
    assert contradictions("said", text, FACTS) == ()


def test_what_is_proposed_has_known_placeholders_only_and_reads_easily() -> None:
    parts = starting_texts(FACTS.figures)
    for text in (parts.said, parts.decided, parts.reconciled, parts.easy_read):
        assert unknown(text, FACTS) == ()
    assert advise({"easy_read": easy_text(FACTS.figures)}, FACTS) == ()


def test_without_decisions_nothing_is_proposed() -> None:
    parts = starting_texts([])
    assert (parts.said, parts.decided, parts.reconciled, parts.easy_read) == ("", "", "", "")


def test_a_long_sentence_an_unknown_acronym_and_an_empty_phrase_are_pointed_out_with_the_fix() -> None:
    long = " ".join(["word"] * 30) + "."
    found = advise({"said": f"{long} The QZX said so.", "easy_read": " ".join(["word"] * 16)}, FACTS)
    assert {(one.code, one.page) for one in found} >= {
        ("long_sentence", "said"),
        ("acronym", "said"),
        ("long_sentence", "easy_read"),
    }
    assert all(str(one.fix) for one in found)
