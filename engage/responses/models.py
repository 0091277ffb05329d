"""What people answered, and, with no key between them, the addresses some left to hear what came of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Document, Moment, one_of


class Channel(StrEnum):
    """How a response reached us."""

    WEB = "web"
    PAPER = "paper"
    TELEPHONE = "telephone"
    MEETING = "meeting"


class RevisionKind(StrEnum):
    """Why a revision was written; each is a whole statement of the response, and the last one counts."""

    SUBMITTED = "submitted"
    EQUALITY = "equality"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Draft(Base):
    """Answers on their way through a form of several pages; not a response, and gone once sent or stale.

    `key` is the hash of the secret the browser holds.
    """

    __tablename__ = "draft"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))
    rotation: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    touched_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Response(Base):
    """One person's (or organisation's) response: how it came, never who they are.

    `received_at` is cut to the hour, so that no clock can lead from a response to an address left minutes
    later. `submission_key` is the hash of the form's own token: the same form sent twice is one response.
    `receipt_hash` is the keyed hash of the receipt code. Area and group are copied on at submission.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("length(submission_key) = 32", name="submission_key_is_a_hash"),
        CheckConstraint("length(receipt_hash) = 32", name="receipt_is_hashed"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel_known"))
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"))
    received_at: Mapped[datetime] = mapped_column(Moment)
    submission_key: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    synthetic: Mapped[bool] = mapped_column(default=False)


class ResponseRevision(Base):
    """One statement of a response; `id` is the order in which the evidence grew. Rows are never changed.

    `answers` maps question codes to what the question's kind keeps; `equality` likewise, for the optional
    questions asked after the answers were stored. A withdrawal has neither.
    """

    __tablename__ = "response_revision"
    __table_args__ = (
        UniqueConstraint("response_id", "number"),
        CheckConstraint("(kind = 'withdrawn') = (answers IS NULL)", name="withdrawn_has_no_answers"),
        CheckConstraint("kind <> 'withdrawn' OR equality IS NULL", name="withdrawn_has_no_equality"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    number: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(one_of(RevisionKind, "kind_known"))
    answers: Mapped[dict[str, Any] | None] = mapped_column(Document)
    equality: Mapped[dict[str, Any] | None] = mapped_column(Document)


class Contact(Base):
    """An address left to hear what came of a consultation. It shares no key with any response.

    The key is random and, on SQLite, the order of the rows too (WITHOUT ROWID); only the day is kept.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("consultation_id", "address"),
        CheckConstraint("address = lower(address)", name="address_is_lower"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    address: Mapped[str] = mapped_column(String(320))
    left_on: Mapped[date]
    unsubscribed_on: Mapped[date | None]
