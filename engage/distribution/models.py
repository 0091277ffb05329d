"""Links: short addresses that belong to a group and a consultation; and the panels that are asked."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engage.distribution.rules import LinkKind
from engage.foundations.database import Base, Moment, one_of

_GROUPS = text("kind = 'group'")
_AUTHORITYS = text("kind = 'authority'")


class Link(Base):
    """A way into a consultation: a group's own, or one of its events' and posters', or the authority's.

    `opened`, `started` and `submitted` count people who came by this very link, not by those below it.
    `group_id` None is the authority itself. `target` is how many responses its owner hopes for.
    """

    __tablename__ = "link"
    __table_args__ = (
        Index(
            "uq_link_one_for_each_group",
            "consultation_id",
            "group_id",
            unique=True,
            sqlite_where=_GROUPS,
            postgresql_where=_GROUPS,
        ),
        Index(
            "uq_link_one_for_the_authority",
            "consultation_id",
            unique=True,
            sqlite_where=_AUTHORITYS,
            postgresql_where=_AUTHORITYS,
        ),
        CheckConstraint("opened >= 0 AND started >= 0 AND submitted >= 0", name="count_not_negative"),
        CheckConstraint("kind <> 'group' OR group_id IS NOT NULL", name="group_links_have_a_group"),
        CheckConstraint("kind <> 'authority' OR group_id IS NULL", name="the_authority_is_no_group"),
        CheckConstraint("(kind = 'authority') <= (parent_id IS NULL)", name="the_authority_is_the_root"),
        CheckConstraint("kind IN ('authority', 'group') OR label <> ''", name="others_have_a_label"),
        CheckConstraint("target >= 1", name="target_is_positive"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(one_of(LinkKind, "kind_known"), default=LinkKind.GROUP)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"), index=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    target: Mapped[int | None]
    opened: Mapped[int] = mapped_column(default=0)
    started: Mapped[int] = mapped_column(default=0)
    submitted: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[str] = mapped_column(String(320), default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class OutreachRequest(Base):
    """Officers' request to a group: these people have not been heard yet, and you reach them."""

    __tablename__ = "outreach_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    community: Mapped[str | None] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(320))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)


class Panel(Base):
    """People who agreed to be asked from time to time. Nobody is asked again within `rest_days`."""

    __tablename__ = "panel"
    __table_args__ = (
        CheckConstraint("rest_days >= 0", name="rest_not_negative"),
        CheckConstraint("most_a_year >= 1", name="some_a_year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(Text, default="")
    consent_text: Mapped[str] = mapped_column(Text)
    rest_days: Mapped[int] = mapped_column(default=60)
    most_a_year: Mapped[int] = mapped_column(default=4)
    made_at: Mapped[datetime] = mapped_column(Moment)
    ended_on: Mapped[date | None]


class Panellist(Base):
    """An address on a panel, with the day its owner agreed (None: not yet); gone once they leave."""

    __tablename__ = "panellist"
    __table_args__ = (
        UniqueConstraint("panel_id", "address"),
        CheckConstraint("address = lower(address)", name="address_is_lower"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    address: Mapped[str] = mapped_column(String(320))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    asked_to_join_on: Mapped[date]
    consented_on: Mapped[date | None]


class PanelRound(Base):
    """A draw from a panel for one instrument of a consultation."""

    __tablename__ = "panel_round"
    __table_args__ = (CheckConstraint("size >= 1", name="somebody_is_asked"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    size: Mapped[int]
    drawn_by: Mapped[str] = mapped_column(String(320))
    drawn_at: Mapped[datetime] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)


class PanelInvitation(Base):
    """One person asked once for a consultation: good for one response, and sharing no key with it.

    `answered` says only that the invitation was used up, never when or for what.
    """

    __tablename__ = "panel_invitation"
    __table_args__ = (
        UniqueConstraint("consultation_id", "panellist_id"),
        CheckConstraint("length(token_hash) = 32", name="token_is_a_hash"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    round_id: Mapped[int] = mapped_column(ForeignKey("panel_round.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    panellist_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("panellist.id", ondelete="SET NULL"), index=True
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    asked_on: Mapped[date]
    reminded_on: Mapped[date | None]
    answered: Mapped[bool] = mapped_column(default=False)
