"""The texts of a pack: every promise in each of them, whatever the entry's facts are."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.distribution.packs.rules import Obstacle, obstacle, right_to_left, shortened, spoken
from engage.distribution.packs.sentences import dates, offline
from engage.distribution.packs.texts import LONGEST_MESSAGE, Kind, PackText, texts
from engage.timetable.rules import Method
from tests.factories.packs import pack_facts, worst_facts

pytestmark = pytest.mark.usefixtures("in_english")

NOW = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 10, 1, tzinfo=UTC)


def text(kind: Kind, *, easy: bool = False) -> PackText:
    return next(one for one in texts(pack_facts()) if one.kind is kind and one.easy is easy)


def test_each_text_says_where_when_what_for_how_else_anonymous_and_what_follows() -> None:
    made = texts(pack_facts())
    assert [(one.kind, one.easy) for one in made] == [(kind, easy) for kind in Kind for easy in (False, True)]
    named = ("anonymous", "no name needed", "do not say who you are")
    for one in made:
        for said in (
            "engage.example.gov.uk/go/camden-7KQ4",
            "1 July",
            "30 September 2027",
            "riorities for 2028/29",
            "No internet?",
            "what was decided",
            "23 December 2027",
        ):
            assert said in one.body, (one.code, said)
        assert any(word in one.body.lower() for word in named), one.code


def test_the_address_is_whole_where_it_is_pressed_and_short_where_it_is_read() -> None:
    assert "https://www.engage.example.gov.uk/go/camden-7KQ4" in text(Kind.EMAIL).body
    assert "https://www.engage.example.gov.uk/go/camden-7KQ4" in text(Kind.MESSAGE).body
    assert "https" not in text(Kind.NEWSLETTER).body
    assert "www" not in text(Kind.MINUTES).body


def test_a_newsletter_is_about_120_words_long() -> None:
    assert 90 <= len(text(Kind.NEWSLETTER).body.split()) <= 150


@pytest.mark.parametrize("easy", [False, True])
def test_a_message_stays_under_300_characters_with_its_address(easy: bool) -> None:
    for facts in (pack_facts(), worst_facts(), pack_facts(title="W" * 200)):
        made = [one for one in texts(facts) if one.kind is Kind.MESSAGE and one.easy is easy]
        assert len(made[0].body) <= LONGEST_MESSAGE
        assert facts.address in made[0].body


@given(st.text(max_size=400), st.integers(2, 200))
def test_shortening_never_grows_and_never_exceeds(words: str, most: int) -> None:
    short = shortened(words, most)
    assert len(short) <= most
    assert "\n" not in short


def test_shortening_ends_with_a_sentence_where_one_fits() -> None:
    words = "The police cannot put everything first, so tell us what should. " + "More " * 60
    assert shortened(words, 80) == "The police cannot put everything first, so tell us what should."
    assert shortened("one two three four", 12) == "one two…"


def test_missing_facts_leave_whole_sentences() -> None:
    bare = pack_facts(
        purpose="",
        group="",
        decision_maker="",
        decision_due_on=None,
        feedback_due_on=None,
        methods=frozenset(),
    )
    for one in texts(bare):
        for broken in ("None", "“”", " .", "  ", "by .", "()"):
            assert broken not in one.whole, one.code
    assert "Afterwards everybody can read" in texts(bare)[0].body
    assert "Ask the Metropolitan Police Authority" in texts(bare)[0].body


def test_ways_without_the_internet_are_those_of_the_entry() -> None:
    assert "on paper, by telephone or at a meeting" in offline(
        pack_facts(methods=frozenset({Method.PAPER, Method.TELEPHONE, Method.MEETING, Method.ONLINE}))
    )
    assert "another way" in offline(pack_facts(methods=frozenset({Method.ONLINE})))


def test_a_year_is_said_once_and_an_hour_where_there_is_one() -> None:
    assert dates(pack_facts()) == "1 July to 30 September 2027"
    assert dates(pack_facts(closing=date(2028, 1, 5))) == "1 July 2027 to 5 January 2028"
    assert dates(pack_facts(closing=datetime(2027, 9, 30, 16, 0, tzinfo=UTC))).endswith("2027 at 5pm")


def test_a_call_is_not_said_twice() -> None:
    assert texts(pack_facts(title="Have your say on policing"))[0].subject == "Have your say on policing"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://www.example.org/go/a-2", "example.org/go/a-2"),
        ("http://example.org/go/a-2", "example.org/go/a-2"),
        ("https://wwwest.example.org/go/a-2", "wwwest.example.org/go/a-2"),
    ],
)
def test_an_address_is_said_without_what_nobody_says(address: str, said: str) -> None:
    assert spoken(address) == said


def test_there_is_no_pack_for_what_is_over_or_taken_back() -> None:
    fine = {"revoked_at": None, "cancelled_at": None, "closes_at": LATER, "now": NOW}
    assert obstacle(**fine) is None
    assert obstacle(**fine | {"revoked_at": NOW}) is Obstacle.REVOKED
    assert obstacle(**fine | {"cancelled_at": NOW}) is Obstacle.CANCELLED
    assert obstacle(**fine | {"now": LATER}) is Obstacle.CLOSED


def test_where_writing_begins_is_told_by_its_first_letter() -> None:
    assert right_to_left("2027 مرحبا hello")
    assert right_to_left("שלום")
    assert not right_to_left("hello مرحبا")
    assert not right_to_left("2027")
