"""Decisions: what became of each priority, and why."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment, one_of
from engage.plan_export.rules import Outcome


class Decision(Base):
    """What was decided on one priority, with the figures it was decided from.

    `mentions` is how many responses named the priority, `base` how many could have, both as they stood in
    the snapshot named.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("consultation_id", "priority_code"),
        CheckConstraint("length(trim(reason)) > 0", name="reason_given"),
        CheckConstraint("mentions >= 0 AND mentions <= base", name="mentions_within_base"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    priority_code: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "outcome_known"))
    reason: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    decision_maker: Mapped[str] = mapped_column(String(200))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("evidence_snapshot.id"))
    mentions: Mapped[int]
    base: Mapped[int]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
