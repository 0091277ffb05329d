"""The evidence as it stood, and the coding of priorities given in people's own words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Document, Moment


class EvidenceSnapshot(Base):
    """The evidence of a consultation at a moment. `digest` names it; `manifest` lists segments and digests.

    `through` is the last response revision in it. The Parquet segments themselves are files of the instance,
    and can be made again from the database: the digests are of their content.
    """

    __tablename__ = "evidence_snapshot"
    __table_args__ = (UniqueConstraint("consultation_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    digest: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[dict[str, Any]] = mapped_column(Document)
    through: Mapped[int]
    responses: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)


class Coding(Base):
    """The framework priority that an officer read in one own-words answer.

    `slot` is the answer's place in the question, from 1. `priority_code` is None where the text names
    no priority of the framework. `text_digest` is of the text that was read: where a correction has put
    another in its place, that one is not yet coded.
    """

    __tablename__ = "coding"
    __table_args__ = (UniqueConstraint("response_id", "question_code", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    question_code: Mapped[str] = mapped_column(String(40))
    slot: Mapped[int]
    priority_code: Mapped[str | None] = mapped_column(String(40))
    text_digest: Mapped[str] = mapped_column(String(32))
    coded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    coded_at: Mapped[datetime] = mapped_column(Moment)
