"""The groups that pass consultations on: CPEGs, their member groups and other stakeholders."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, one_of


class GroupKind(StrEnum):
    """What sort of group it is (the stakeholder kinds of the 2010 mapping report, annex 2)."""

    CPEG = "cpeg"
    MEMBER_GROUP = "member_group"
    VOLUNTARY = "voluntary"
    SAFER_NEIGHBOURHOODS_PANEL = "safer_neighbourhoods_panel"
    ADVISORY_GROUP = "advisory_group"
    BUSINESS_FORUM = "business_forum"
    YOUTH = "youth"
    FAITH = "faith"


class Group(Base):
    """A group; `area_code` None means London-wide. A member group has its CPEG as `parent_id`."""

    __tablename__ = "community_group"
    __table_args__ = (
        CheckConstraint("(kind = 'cpeg') <= (parent_id IS NULL)", name="cpegs_have_no_parent"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind, "kind_known"))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
