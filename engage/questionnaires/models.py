"""Questionnaires, their versions, and the priority frameworks that all instruments are coded to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Document, Moment


class PriorityFramework(Base):
    """The list of priorities of one plan year."""

    __tablename__ = "priority_framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    plan_year: Mapped[int]


class Priority(Base):
    """A priority with its stable code; `position` is its place in the published list, from 1."""

    __tablename__ = "priority"
    __table_args__ = (UniqueConstraint("framework_id", "code"), UniqueConstraint("framework_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("priority_framework.id"))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    theme: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]


class Questionnaire(Base):
    """A questionnaire, whatever its version."""

    __tablename__ = "questionnaire"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    framework_id: Mapped[int | None] = mapped_column(ForeignKey("priority_framework.id"))


class QuestionnaireVersion(Base):
    """What was asked, word for word. Once published it never changes; `digest` is SHA-256 of the definition.

    `definition` is the JSON of `questionnaires.definitions.Definition`; `privacy_notice` is the notice given.
    """

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(Document)
    privacy_notice: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(Moment)


class QuestionnaireDraft(Base):
    """What officers are writing, beside whatever is published; nobody answers it.

    `revision` grows with each change, so that of two officers who change at once the second is told.
    """

    __tablename__ = "questionnaire_draft"
    __table_args__ = (CheckConstraint("revision >= 1", name="revised_from_one"),)

    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire.id"), primary_key=True, autoincrement=False
    )
    definition: Mapped[dict[str, Any]] = mapped_column(Document)
    privacy_notice: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    edited_by: Mapped[str] = mapped_column(String(320))
    edited_at: Mapped[datetime] = mapped_column(Moment)


class SavedQuestion(Base):
    """A question kept to be asked again: the bank. `question` is its JSON as in a definition."""

    __tablename__ = "saved_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    question: Mapped[dict[str, Any]] = mapped_column(Document)
    saved_by: Mapped[str] = mapped_column(String(320))
    saved_at: Mapped[datetime] = mapped_column(Moment)
