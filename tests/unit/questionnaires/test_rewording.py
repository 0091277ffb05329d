"""How far words have moved."""

from __future__ import annotations

import pytest

from engage.questionnaires.rewording import Rewording, rewording

SAME, LIGHT, STRONG, COMPLETE = Rewording


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Knife crime", "Knife crime", SAME),
        ("Knife crime", "knife crime.", LIGHT),
        ("Anti-social behaviour", "Antisocial behavior", LIGHT),
        ("Theft from the person and phone snatching", "Theft from a person, and phone snatching", LIGHT),
        ("Anti social behaviour", "ASB", LIGHT),
        ("ASB", "Anti social behaviour", LIGHT),
        ("Burglary", "Burglaries", STRONG),
        ("Burglry", "Burglary", LIGHT),
        ("Organisations", "organization", LIGHT),
        ("Yes", "Yes.", LIGHT),
        ("Don’t know", "Don't know", LIGHT),
        ("Knife crime", "Knife crime and gun crime by young people", STRONG),
        ("16 to 24", "16 to 25", STRONG),
        ("Under 16", "Under 18", STRONG),
        ("I feel safe", "I do not feel safe", STRONG),
        ("Within 3 months", "Within three months", STRONG),
        ("Employer", "Employee", STRONG),
        ("Woman", "Women", STRONG),
        ("16 to 24", "25 to 34", COMPLETE),
        ("Yes", "No", COMPLETE),
        ("Agree", "Disagree", COMPLETE),
        ("Satisfied", "Dissatisfied", COMPLETE),
        ("Safe", "Unsafe", COMPLETE),
        ("Knife crime", "Burglary", COMPLETE),
        ("Male", "Female", COMPLETE),
        ("Do", "Be", COMPLETE),
        ("刀", "火", COMPLETE),
        ("Ja", "Ja!", LIGHT),
    ],
)
def test_words_have_moved_as_far_as_a_reader_would_say(before: str, after: str, expected: Rewording) -> None:
    assert rewording(before, after) is expected
