"""A consultation: the run of a timetable entry, with its state and its instruments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.consultations.rules import State
from engage.foundations.database import Base, Moment, one_of


class Consultation(Base):
    """The run of one entry. `slug` and title are the entry's; the dates that matter are the entry's too.

    `closes_at` repeats the entry's closing so that taking part asks one table only; the service keeps the
    two alike. Somebody who began before it may still send until `grace_ends_at`, and is marked late.
    `synthetic` is set for good once made-up responses are among the answers.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('planned', 'announced')) = (opened_at IS NULL)", name="opened_has_a_moment"
        ),
        CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", name="closed_after_opening"),
        CheckConstraint("(state = 'fed_back') = (fed_back_at IS NOT NULL)", name="fed_back_has_a_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    framework_id: Mapped[int] = mapped_column(ForeignKey("priority_framework.id"))
    state: Mapped[State] = mapped_column(one_of(State, "state_known"), default=State.PLANNED)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    analysed_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    fed_back_at: Mapped[datetime | None] = mapped_column(Moment)
    synthetic: Mapped[bool] = mapped_column(default=False)
    grace_ends_at: Mapped[datetime] = mapped_column(Moment)
    children_may_answer: Mapped[bool] = mapped_column(default=False)


class Instrument(Base):
    """One questionnaire of a consultation, with the version that is given out now."""

    __tablename__ = "instrument"
    __table_args__ = (
        UniqueConstraint("consultation_id", "code"),
        UniqueConstraint("consultation_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))


class Extension(Base):
    """A closing that was put off, with the reason the public reads. Rows are only ever added."""

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("closes_after > closed_before", name="later_than_before"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    closed_before: Mapped[datetime] = mapped_column(Moment)
    closes_after: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text)
    extended_by: Mapped[str] = mapped_column(String(320))
    extended_at: Mapped[datetime] = mapped_column(Moment)
