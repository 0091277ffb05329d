"""Decisions: what became of each priority, and why; and the policing plan that is made of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Document, Moment, one_of
from engage.plan_export.rules import Gate, Outcome, Standing, Subject


class Decision(Base):
    """What was decided on one priority or theme, with the figures it was decided from.

    `priority_code` is the framework's, or for a theme its own, with `label` its words. `mentions` is
    how many responses named the priority, `base` how many could have, both as they stood in
    the snapshot named.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("consultation_id", "priority_code"),
        CheckConstraint("length(trim(reason)) > 0", name="reason_given"),
        CheckConstraint("mentions >= 0 AND mentions <= base", name="mentions_within_base"),
        CheckConstraint("(subject = 'theme') = (label <> '')", name="themes_have_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    priority_code: Mapped[str] = mapped_column(String(40))
    subject: Mapped[Subject] = mapped_column(one_of(Subject, "subject_known"), default=Subject.PRIORITY)
    label: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "outcome_known"))
    reason: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    decision_maker: Mapped[str] = mapped_column(String(200))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("evidence_snapshot.id"))
    mentions: Mapped[int]
    base: Mapped[int]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("decision_report.id"), index=True)
    owner: Mapped[str] = mapped_column(String(200), default="")
    equality_note: Mapped[str] = mapped_column(Text, default="")


class DecisionReport(Base):
    """The report that a decision maker reads, as it stood: figures of one snapshot, and how they were made.

    `content` is everything the report says, `digest` the SHA-256 of it in canonical JSON. Only added.
    """

    __tablename__ = "decision_report"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("evidence_snapshot.id"))
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(320))
    made_at: Mapped[datetime] = mapped_column(Moment)


class ReportReading(Base):
    """That a decision maker has read a report. No decision on it may be dated before. Rows are only added."""

    __tablename__ = "report_reading"
    __table_args__ = (UniqueConstraint("report_id", "reader"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("decision_report.id"))
    reader: Mapped[str] = mapped_column(String(200))
    read_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(320))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class GateException(Base):
    """A gate passed though something is missing: a named person's published reason."""

    __tablename__ = "gate_exception"
    __table_args__ = (
        UniqueConstraint("consultation_id", "gate"),
        CheckConstraint("length(trim(reason)) > 0", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    gate: Mapped[Gate] = mapped_column(one_of(Gate, "gate_known"))
    reason: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(String(320))
    signed_at: Mapped[datetime] = mapped_column(Moment)


class DecisionProgress(Base):
    """How far a decision has come, told to everybody and to those who asked for updates. Only added."""

    __tablename__ = "decision_progress"
    __table_args__ = (CheckConstraint("length(trim(said)) > 0", name="something_said"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    standing: Mapped[Standing] = mapped_column(one_of(Standing, "standing_known"))
    said: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str] = mapped_column(String(320))
    said_at: Mapped[datetime] = mapped_column(Moment)


class PolicingPlan(Base):
    """A plan for one or more financial years, the first beginning in April of `first_year`."""

    __tablename__ = "policing_plan"
    __table_args__ = (CheckConstraint("years >= 1", name="some_years"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    first_year: Mapped[int]
    years: Mapped[int] = mapped_column(default=1)
    foreword: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(String(320))
    made_at: Mapped[datetime] = mapped_column(Moment)


class PlanObjective(Base):
    """An objective of a plan as it is being written; `position` orders it, the lowest first."""

    __tablename__ = "plan_objective"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("policing_plan.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(String(200), default="")


class PlanMeasure(Base):
    """How it will be seen whether an objective is met."""

    __tablename__ = "plan_measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey("plan_objective.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(String(200), default="")


class PlanPriority(Base):
    """A decision taken up under an objective, in the plan's own words; empty: in the priority's."""

    __tablename__ = "plan_priority"
    __table_args__ = (UniqueConstraint("objective_id", "decision_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey("plan_objective.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    position: Mapped[int]
    wording: Mapped[str] = mapped_column(Text, default="")


class PlanVersion(Base):
    """A plan as it stood: `content` is all it says, with the figures and their snapshots; it never changes.

    A second person approves it, and only then is it published. Triggers refuse any other change.
    """

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_has_a_moment"),
        CheckConstraint("approved_by <> made_by", name="approved_by_another"),
        CheckConstraint("approved_by_id <> made_by_id", name="approved_by_another_person"),
        CheckConstraint("published_at IS NULL OR approved_at IS NOT NULL", name="published_was_approved"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("policing_plan.id"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    made_by: Mapped[str] = mapped_column(String(320))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    approved_by: Mapped[str | None] = mapped_column(String(320))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
