from __future__ import annotations

import pytest

from engage.analysis.coding import suggest

LABELS = {
    "knife_crime": "Knife crime",
    "asb": "Anti-social behaviour",
    "burglary": "Burglary",
    "theft_person": "Theft from the person and phone snatching",
    "vehicle_crime": "Theft of and from motor vehicles",
    "vawg": "Violence against women and girls",
}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Knife crime", "knife_crime"),
        ("KNIVES!", "knife_crime"),
        ("burglaries", "burglary"),
        ("anti social behavior", "asb"),
        ("Violence against women", "vawg"),
        ("Tackle phone snatching", "theft_person"),
    ],
)
def test_a_text_that_says_or_nearly_says_a_label_is_suggested(text: str, code: str) -> None:
    assert suggest(text, LABELS) == code


@pytest.mark.parametrize("text", ["", "theft", "!!!", "Trees", "crime", "More police", "knife burglary"])
def test_a_text_that_may_be_none_or_two_is_left_to_the_officer(text: str) -> None:
    assert suggest(text, LABELS) is None
