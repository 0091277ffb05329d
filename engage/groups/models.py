"""The groups that pass consultations on: CPEGs, their member groups and other stakeholders."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment, one_of
from engage.groups.rules import Community, GroupKind


class Group(Base):
    """A group; `area_code` None means London-wide. A member group has its CPEG as `parent_id`.

    `members` is how many people it speaks to, None where nobody has said. Vacant since a day: nobody carries
    it for the time being, and `covered_by` says who does instead. One that was merged is no longer active and
    what is asked of it is asked of the group it became.
    """

    __tablename__ = "community_group"
    __table_args__ = (
        CheckConstraint("(kind = 'cpeg') <= (parent_id IS NULL)", name="cpegs_have_no_parent"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("merged_into_id IS NULL OR NOT active", name="merged_is_not_active"),
        CheckConstraint("vacant_since IS NULL OR covered_by <> ''", name="vacancy_is_covered"),
        CheckConstraint("members >= 0", name="members_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind, "kind_known"))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    about: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    members: Mapped[int | None]
    vacant_since: Mapped[date | None]
    covered_by: Mapped[str] = mapped_column(String(300), default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), index=True)


class GroupCommunity(Base):
    """A community that a group reaches."""

    __tablename__ = "group_community"

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), primary_key=True)
    community: Mapped[Community] = mapped_column(one_of(Community, "community_known"), primary_key=True)


class GroupContact(Base):
    """Somebody to write to or ring about a group; what is sent to the group goes to each with an address."""

    __tablename__ = "group_contact"
    __table_args__ = (
        CheckConstraint("email <> '' OR telephone <> ''", name="can_be_reached"),
        CheckConstraint("email = lower(email)", name="email_is_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    telephone: Mapped[str] = mapped_column(String(40), default="")


class GroupMeeting(Base):
    """A meeting of a group."""

    __tablename__ = "group_meeting"
    __table_args__ = (UniqueConstraint("group_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    place: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    open_to_public: Mapped[bool] = mapped_column(default=False)


class BoroughDetail(Base):
    """What a borough's page says besides its groups: the authority's link member and local arrangements."""

    __tablename__ = "borough_detail"

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    link_member: Mapped[str] = mapped_column(String(200), default="")
    link_member_contact: Mapped[str] = mapped_column(String(320), default="")
    custody_visitors: Mapped[str] = mapped_column(Text, default="")
    partnership: Mapped[str] = mapped_column(Text, default="")
