from __future__ import annotations

import pytest

from engage.plan_export.deciding.likeness import alike


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Knife crime", "Knives", True),
        ("Knife crime", "Tackling knife crime among young people", True),
        ("Burglary", "Burglaries of homes", True),
        ("Anti-social behaviour", "Antisocial crime", False),
        ("Knife crime", "Gun crime", False),
        ("Crime", "Police", False),
        ("Road safety", "Community safety", False),
        ("", "Burglary", False),
    ],
)
def test_labels_are_alike_by_what_they_mean(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is alike(other, one) is same
