"""A file of addresses is read whole, or refused with the row and the column."""

from __future__ import annotations

import pytest

from engage.distribution.panels.reading import Newcomer, read_newcomers
from engage.foundations.refusals import Refused

AREAS = {"camden": "E09000007", "e09000007": "E09000007"}


def test_addresses_are_read_with_their_boroughs_in_any_case_and_order() -> None:
    rows = "Borough,Email\r\nCamden,Ann@Example.test\r\n,ben@example.test\r\nE09000007,cy@example.test\r\n"
    assert read_newcomers(rows.encode(), AREAS) == [
        Newcomer("ann@example.test", "E09000007"),
        Newcomer("ben@example.test", None),
        Newcomer("cy@example.test", "E09000007"),
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "The file is empty."),
        ("address\n", "no row below its headings"),
        ("name\nAnn\n", "Row 1, column “name”"),
        ("borough\nCamden\n", "Row 1: there is no column “address”."),
        ("address,email\na@example.test,b@example.test\n", "Row 1: the column “address” is there twice."),
        (
            "address\nann@example.test\nnobody\n",
            "Row 3, column “address”: this is not a whole email address.",
        ),
        (
            "address\nann@example.test\n\nANN@example.test\n",
            "Row 4, column “address”: it is in row 2 already.",
        ),
        ("address,borough\nann@example.test,Paris\n", "Row 2, column “borough”: “Paris” is not a borough"),
        ("address\n" + "".join(f"p{n}@example.test\n" for n in range(5001)), "more than 5,000 rows"),
    ],
)
def test_one_row_that_cannot_be_read_refuses_the_whole_file(rows: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_newcomers(rows.encode(), AREAS)
    assert said in str(refusal.value)
    assert refusal.value.field == "file"
