"""Links: short addresses that belong to a group and a consultation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment


class Link(Base):
    """A group's own way into a consultation. `submitted` counts the responses that came by it."""

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("consultation_id", "group_id"),
        CheckConstraint("submitted >= 0", name="count_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    submitted: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
