"""What an area and a census figure are called, and how many postcodes London has."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from engage.foundations.language import Text, lazy

OUTSIDE = "outside"
UNDISCLOSED = "undisclosed"

# ONS Postcode Directory, November 2025, terminated postcodes included.
POSTCODES = 331_981

CENSUS_SOURCE = lazy(
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"
)
POSTCODE_SOURCES = (
    CENSUS_SOURCE,
    lazy("Contains OS data © Crown copyright and database right"),
    lazy("Contains Royal Mail data © Royal Mail copyright and database right"),
)


class Measure(StrEnum):
    """What the census counted people by."""

    SEX = "sex"
    AGE_BAND = "age_band"
    ETHNIC_GROUP = "ethnic_group"


MEASURES: Mapping[Measure, Text] = {
    Measure.SEX: lazy("Sex"),
    Measure.AGE_BAND: lazy("Age"),
    Measure.ETHNIC_GROUP: lazy("Ethnic group"),
}

# In the published order; the codes are also those of the equality questions.
CATEGORIES: Mapping[Measure, Mapping[str, Text]] = {
    Measure.SEX: {"female": lazy("Female"), "male": lazy("Male")},
    Measure.AGE_BAND: {
        "under_16": lazy("Under 16"),
        "16-24": lazy("16 to 24"),
        "25-34": lazy("25 to 34"),
        "35-49": lazy("35 to 49"),
        "50-64": lazy("50 to 64"),
        "65_plus": lazy("65 or over"),
    },
    Measure.ETHNIC_GROUP: {
        "asian": lazy("Asian or Asian British"),
        "black": lazy("Black, Black British, Caribbean or African"),
        "mixed": lazy("Mixed or multiple ethnic groups"),
        "white": lazy("White"),
        "other": lazy("Another ethnic group"),
    },
}


def slug_of(name: str) -> str:
    """Return an area's name as its address has it (`kensington-and-chelsea`)."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())
