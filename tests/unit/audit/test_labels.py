from __future__ import annotations

from engage.audit.labels import ACTIONS, SUBJECTS, action_in_words, subject_in_words


def test_a_known_action_and_subject_are_said_in_words() -> None:
    assert action_in_words("entry.added") is ACTIONS["entry.added"]
    assert subject_in_words("entry:autumn") == (SUBJECTS["entry"], "autumn")


def test_an_action_nobody_put_into_words_is_shown_as_its_code() -> None:
    assert action_in_words("comet.sighted") == "comet.sighted"
    assert subject_in_words("comet:1P:Halley") == ("comet", "1P:Halley")
    assert subject_in_words("comet") == ("comet", "")
