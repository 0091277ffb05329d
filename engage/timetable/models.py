"""The timetable: what will be asked, why, by whom, of whom and when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment, one_of
from engage.timetable.rules import Duty, Level


class Entry(Base):
    """A line of the timetable. Texts are plain text; empty means not yet written.

    `opened_at`, `closed_at` and `fed_back_at` are told by the consultation that runs the entry; an entry run
    elsewhere (`run_here` false) has none and is read by its dates alone. `closes_at` is the first moment when
    nobody can answer any more. Shorter notice than the groups were promised needs a published reason and the
    role that allowed it.
    """

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint(
            "decision_due_on IS NULL OR feedback_due_on IS NULL OR feedback_due_on >= decision_due_on",
            name="feedback_after_decision",
        ),
        CheckConstraint(
            "plan_year IS NULL OR plan_year > consultation_year", name="plan_follows_consultation"
        ),
        CheckConstraint("urgent_reason = '' OR urgent_authorised_by <> ''", name="urgency_has_an_author"),
        Index(None, "opens_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(160))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)
    level: Mapped[Level] = mapped_column(one_of(Level, "level_known"))
    duty: Mapped[Duty] = mapped_column(one_of(Duty, "duty_known"))
    purpose: Mapped[str] = mapped_column(Text, default="")
    can_change: Mapped[str] = mapped_column(Text, default="")
    cannot_change: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(Text, default="")
    methods: Mapped[str] = mapped_column(Text, default="")
    how_to_take_part: Mapped[str] = mapped_column(Text, default="")
    decision_maker: Mapped[str] = mapped_column(String(200), default="")
    consultation_year: Mapped[int]
    plan_year: Mapped[int | None]
    notice_given_on: Mapped[date | None]
    urgent_reason: Mapped[str] = mapped_column(Text, default="")
    urgent_authorised_by: Mapped[str] = mapped_column(String(200), default="")
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    decision_due_on: Mapped[date | None]
    feedback_due_on: Mapped[date | None]
    feedback_late_reason: Mapped[str] = mapped_column(Text, default="")
    run_here: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    fed_back_at: Mapped[datetime | None] = mapped_column(Moment)
