"""The feedback of a consultation, and the ledger of everybody who is owed it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment, one_of


class Route(StrEnum):
    """How feedback reaches somebody."""

    EMAIL = "email"


class Feedback(Base):
    """The feedback in its three parts: said, decided, and the two reconciled. Plain text, published once.

    `mailed_at` is when the ledger held a row for every address left.
    """

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), unique=True)
    said: Mapped[str] = mapped_column(Text)
    decided: Mapped[str] = mapped_column(Text)
    reconciled: Mapped[str] = mapped_column(Text)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)


class Delivery(Base):
    """A row of the ledger: one address, one route. How it went is the state of its outbox message."""

    __tablename__ = "feedback_delivery"
    __table_args__ = (UniqueConstraint("feedback_id", "contact_id", "route"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"))
    route: Mapped[Route] = mapped_column(one_of(Route, "route_known"))
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"), unique=True)
