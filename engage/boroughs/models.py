"""The areas a response can come from, and who lives there."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, one_of


class AreaKind(StrEnum):
    """What an area is. The last two are answers of their own, not gaps."""

    BOROUGH = "borough"
    CITY = "city"
    OUTSIDE = "outside"
    UNDISCLOSED = "undisclosed"


class Area(Base):
    """A borough, the City of London, "outside London" or "prefer not to say".

    `code` is the ONS GSS code (E09000001..33), or `outside` / `undisclosed`. `tile_row`, `tile_column`: the
    place in London's tile map, from 1. `residents`: Census 2021, TS009.
    """

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("tile_row", "tile_column"),
        CheckConstraint(
            "(kind IN ('borough', 'city')) = (tile_row IS NOT NULL AND tile_column IS NOT NULL)",
            name="places_have_tiles",
        ),
    )

    code: Mapped[str] = mapped_column(String(11), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    short_name: Mapped[str] = mapped_column(String(3))
    kind: Mapped[AreaKind] = mapped_column(one_of(AreaKind, "kind_known"))
    tile_row: Mapped[int | None]
    tile_column: Mapped[int | None]
    residents: Mapped[int | None]


class CensusCount(Base):
    """Usual residents of an area in one category of one census measure (Census 2021, England and Wales).

    `measure` is `sex`, `age_band` or `ethnic_group`; `position` keeps the published order.
    """

    __tablename__ = "census_count"
    __table_args__ = (CheckConstraint("residents >= 0", name="residents_not_negative"),)

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(20), primary_key=True)
    category: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]
    residents: Mapped[int]
