"""The bundles that were made, each naming the one before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment


class EvidenceBundle(Base):
    """A bundle as it was made: the digest of its manifest, and of the bundle before. Rows are only added."""

    __tablename__ = "evidence_bundle"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    previous_digest: Mapped[str] = mapped_column(String(64), default="")
    made_by: Mapped[str] = mapped_column(String(320))
    made_at: Mapped[datetime] = mapped_column(Moment)
