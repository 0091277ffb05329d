"""How hard a text is to read."""

from __future__ import annotations

import time

import pytest

from engage.questionnaires.double import asks_twice, judges_twice
from engage.questionnaires.plain_english import (
    acronyms,
    explained,
    grade,
    long_sentences,
    sentences,
    syllables,
)

BY_SYLLABLES = {
    1: "the one are where crime crimes asked called stopped crossed street made priced eyes youth knife drugs"
    " does please choose change through thought friend theft gangs don't we've 12 you your",
    2: "police police’s table people any ago being doing playing trying buying needed wanted handled houses"
    " question changes London borough neighbour postcode statement safely useful careless about answer every"
    " burglar sentence patient ancient quiet beyond lawyer player reading business something science problem"
    " street-light movement region special social station problems matches",
    3: "area idea robbery violence period serious previous officer organise families animal important actual"
    " burglary everyone vehicle vehicles neighbourhood agreement behaviour consultant influence religious"
    " initial confidence together location remember carrier easier element anti-crime graduate",
    4: "material community priorities priority experience society terrorism situation authority anybody’s"
    " everybody education vulnerable information",
    5: "communication consideration opportunity",
    6: "responsibility",
}


@pytest.mark.parametrize(
    ("word", "count"), [(word, count) for count, text in BY_SYLLABLES.items() for word in text.split()]
)
def test_a_word_has_the_syllables_it_is_spoken_with(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        (
            "Ask Mr. Bow, i.e. the warden, e.g. at St. Pancras.",
            ["Ask Mr. Bow, i.e. the warden, e.g. at St. Pancras."],
        ),
        ("It fell by 2.5 per cent. Good.", ["It fell by 2.5 per cent.", "Good."]),
        ("First line\nSecond line\n\n- third", ["First line", "Second line", "- third"]),
        ("He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]),
        ("", []),
        (" ... ", []),
    ],
)
def test_sentences_end_where_they_end(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_the_grade_is_the_published_formula() -> None:
    # Six words, one sentence, six syllables.
    assert grade(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    # Eight words in two sentences, eleven syllables.
    assert grade(["The officer came. ", "He went to Camden later."]) == pytest.approx(
        0.39 * 4 + 11.8 * 12 / 8 - 15.59
    )
    assert grade(["", " - "]) is None


def test_a_sentence_is_long_from_its_26th_word() -> None:
    assert long_sentences(" ".join(["word"] * 25) + ".") == []
    assert len(long_sentences(" ".join(["word"] * 26) + ". Short.")) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ASB and the BCU, and ASB again", ["ASB", "BCU"]),
        ("The NHS in the UK has CCTV and QR codes", []),
        ("SNTs and MPs", ["SNT"]),
        ("Please do NOT write in ANY box", []),
        ("PLEASE WRITE IN CAPITALS below", []),
        ("World War II, part IV", []),
        ("Postcode SW1A 1AA", []),
        ("A&E near the BTP", ["BTP"]),
        ("I live in a flat", []),
    ],
)
def test_only_acronyms_that_not_everybody_knows_are_found(text: str, found: list[str]) -> None:
    assert acronyms(text) == found


@pytest.mark.parametrize(
    ("text", "is_explained"),
    [
        ("Anti-social behaviour (ASB) is", True),
        ("ASB (anti-social behaviour) is", True),
        ("safer neighbourhood teams (SNTs, ASBs)", False),
        ("groups (the ASB)", True),
        ("ASB is a problem (really)", False),
        ("What about ASB?", False),
        ("ASB (2008)", False),
    ],
)
def test_an_acronym_is_explained_in_brackets(text: str, is_explained: bool) -> None:
    assert ("ASB" in explained(text)) is is_explained


@pytest.mark.parametrize(
    "hostile",
    [
        "A" * 20_000,
        "A B " * 5_000,
        "ab" * 10_000,
        "(" * 20_000,
        "AB (" * 5_000,
        "e.g. " * 4_000,
        "is " * 6_000,
        "".join(f"A{chr(65 + n % 26)}{chr(65 + n // 26 % 26)} " for n in range(5_000)),
        "a-" * 10_000,
        "\n" * 20_000,
    ],
)
def test_no_text_takes_long_to_look_through(hostile: str) -> None:
    began = time.process_time()
    for look in (acronyms, explained, long_sentences, asks_twice, judges_twice):
        look(hostile)
    grade([hostile])
    assert time.process_time() - began < 2
