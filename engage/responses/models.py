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
    PANEL = "panel"


class RevisionKind(StrEnum):
    """Why a revision was written; each is a whole statement of the response, and the last one counts."""

    SUBMITTED = "submitted"
    EQUALITY = "equality"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Draft(Base):
    """Answers on their way through a form of several pages; not a response, and gone once sent or stale.

    `key` is the hash of the secret the browser holds. Where somebody asked for a return code, `return_hash`
    is its keyed hash and `nonce` that secret itself: whoever has the code goes on with the very same form.
    `invitation_hash` is that of the panel invitation it was begun by, which sending it uses up.
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("(return_hash IS NULL) = (nonce IS NULL)", name="return_needs_the_secret"),
    )

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))
    rotation: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime] = mapped_column(Moment)
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    touched_at: Mapped[datetime] = mapped_column(Moment, index=True)
    return_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    nonce: Mapped[str | None] = mapped_column(String(64))
    invitation_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Response(Base):
    """One person's (or organisation's) response: how it came, never who they are.

    `received_at` is cut to the hour, so that no clock can lead from a response to an address left minutes
    later. `submission_key` is the keyed hash of the receipt code, which follows from the form's own token:
    the same form sent twice is one response, found by its receipt. Area and group are copied on with it.
    `late`: begun before the closing and sent within the grace.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("length(submission_key) = 32", name="submission_key_is_a_hash"),
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
    synthetic: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)


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
    `wants_updates`: they asked to hear later what became of the decisions, too.
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
    wants_updates: Mapped[bool] = mapped_column(default=False)


class PaperBatch(Base):
    """Forms printed with serial numbers, or taken down by telephone, that officers type in.

    Numbers run from `first_number` to `last_number`; a serial is the batch's code and the number. With
    `twice` each form is typed by two people before it counts.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        CheckConstraint("channel IN ('paper', 'telephone')", name="typed_in_by_us"),
        CheckConstraint("first_number >= 1 AND last_number >= first_number", name="numbers_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel_known"))
    title: Mapped[str] = mapped_column(String(200))
    first_number: Mapped[int]
    last_number: Mapped[int]
    twice: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str] = mapped_column(String(320))
    made_at: Mapped[datetime] = mapped_column(Moment)


class PaperForm(Base):
    """One form of a batch as it was typed. `response_id` is set once it counts."""

    __tablename__ = "paper_form"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint("(second IS NULL) = (second_by IS NULL)", name="second_has_a_typist"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    number: Mapped[int]
    first: Mapped[dict[str, Any]] = mapped_column(Document)
    first_by: Mapped[str] = mapped_column(String(320))
    second: Mapped[dict[str, Any] | None] = mapped_column(Document)
    second_by: Mapped[str | None] = mapped_column(String(320))
    typed_at: Mapped[datetime] = mapped_column(Moment)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"), unique=True)


class MeetingVote(Base):
    """How a meeting voted on one question, with how many were there; never mixed with responses.

    `votes` maps option codes to hands counted.
    """

    __tablename__ = "meeting_vote"
    __table_args__ = (
        UniqueConstraint("consultation_id", "group_id", "held_on", "question_code"),
        CheckConstraint("attendance >= 1", name="somebody_was_there"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"))
    held_on: Mapped[date]
    question_code: Mapped[str] = mapped_column(String(40))
    attendance: Mapped[int]
    votes: Mapped[dict[str, int]] = mapped_column(Document)
    noted_by: Mapped[str] = mapped_column(String(320))
    noted_at: Mapped[datetime] = mapped_column(Moment)


class ImportedFile(Base):
    """A file of responses that was taken in whole. The same content twice changes nothing."""

    __tablename__ = "imported_file"
    __table_args__ = (UniqueConstraint("instrument_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    mapping: Mapped[dict[str, Any]] = mapped_column(Document)
    responses: Mapped[int]
    imported_by: Mapped[str] = mapped_column(String(320))
    imported_at: Mapped[datetime] = mapped_column(Moment)
