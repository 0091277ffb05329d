from __future__ import annotations

import re
from pathlib import Path

import engage
from engage.audit.labels import ACTIONS, SUBJECTS, action_in_words, subject_in_words
from engage.consultations.rules import LIFE


def test_a_known_action_and_subject_are_said_in_words() -> None:
    assert action_in_words("entry.added") is ACTIONS["entry.added"]
    assert subject_in_words("entry:autumn") == (SUBJECTS["entry"], "autumn")


def test_an_action_nobody_put_into_words_is_shown_as_its_code() -> None:
    assert action_in_words("comet.sighted") == "comet.sighted"
    assert subject_in_words("comet:1P:Halley") == ("comet", "1P:Halley")
    assert subject_in_words("comet") == ("comet", "")


def test_every_action_that_the_code_names_is_said_in_words() -> None:
    named = set()
    for path in Path(engage.__file__).parent.rglob("*.py"):
        named |= set(re.findall(r'\baction="([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    assert "entry.added" in named
    assert named <= set(ACTIONS)


def test_every_state_that_a_consultation_moves_to_is_said_in_words() -> None:
    assert {f"consultation.{state.value}" for state in LIFE[1:]} <= set(ACTIONS)
