"""Mail that a transaction has promised and a worker sends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.foundations.database import Base, Document, Moment
from engage.foundations.jobs import Claimable
from engage.outbox.rules import LONGEST_SUBJECT


class Mailing(Base):
    """One text for many people, kept once; `{{name}}` in it is filled from each message's `personal`."""

    __tablename__ = "mailing"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    text_body: Mapped[str] = mapped_column(Text)
    html_body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)


class OutboxMessage(Claimable, Base):
    """One message to one address. `message_id` is fixed when it is written, so that copies are known.

    `key` makes promising the same message twice harmless. `personal` fills the mailing's blanks; its
    `unsubscribe_url`, where present, also becomes the List-Unsubscribe header (RFC 8058).
    A message that left may come back: `bounce_status` is its enhanced status code (RFC 3463), like 5.1.1.
    `delivered_at` is known only where whoever took the message tells that it arrived.
    """

    __tablename__ = "outbox_message"

    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(320))
    personal: Mapped[dict[str, str]] = mapped_column(Document)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    bounced_at: Mapped[datetime | None] = mapped_column(Moment)
    bounce_status: Mapped[str | None] = mapped_column(String(20))
    bounce_reason: Mapped[str | None] = mapped_column(Text)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)

    mailing: Mapped[Mailing] = relationship(lazy="raise")


class BouncedAddress(Base):
    """An address at which mail was refused for good; nothing is sent there until an officer takes it off."""

    __tablename__ = "bounced_address"

    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[str] = mapped_column(String(20))
