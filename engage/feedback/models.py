"""The feedback of a consultation, and the ledger of everybody who is owed it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from engage.feedback.rules import DeliveryState, Route
from engage.foundations.database import Base, Moment, one_of


class Feedback(Base):
    """The feedback in its three parts: said, decided, and the two reconciled. Plain text, published once.

    Figures in it are placeholders that fill themselves. A second person approves it before it is published.
    `mailed_at` is when the ledger held a row for everybody owed. It is done when `target_percent` of them
    have it, or a named person has signed why not.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_has_a_moment"),
        CheckConstraint("approved_by <> submitted_by", name="approved_by_another"),
        CheckConstraint("target_percent BETWEEN 1 AND 100", name="target_is_a_share"),
        CheckConstraint("(signed_off_at IS NULL) = (signed_off_reason = '')", name="signed_off_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), unique=True)
    said: Mapped[str] = mapped_column(Text)
    decided: Mapped[str] = mapped_column(Text)
    reconciled: Mapped[str] = mapped_column(Text)
    easy_read: Mapped[str] = mapped_column(Text, default="")
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)
    target_percent: Mapped[int] = mapped_column(default=95)
    signed_off_by: Mapped[str] = mapped_column(String(320), default="")
    signed_off_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_off_reason: Mapped[str] = mapped_column(Text, default="")


class PostalContact(Base):
    """A postal address left for feedback, on paper. Like other contacts it shares no key with a response."""

    __tablename__ = "postal_contact"
    __table_args__ = (
        UniqueConstraint("consultation_id", "name", "lines", "postcode"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    name: Mapped[str] = mapped_column(String(160))
    lines: Mapped[str] = mapped_column(String(400))
    postcode: Mapped[str] = mapped_column(String(10))
    left_on: Mapped[date]


class PostBatch(Base):
    """Letters printed together; `posted_on` is when somebody took them to the post."""

    __tablename__ = "post_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"), index=True)
    letters: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(320))
    made_at: Mapped[datetime] = mapped_column(Moment)
    posted_on: Mapped[date | None]


class Delivery(Base):
    """A row of the ledger: one address (or group) and one route. It stays when the address is deleted.

    `state` follows what became of the message; `reason` is why it never came. `attempts` beyond the first may
    have brought a second copy, with the same Message-ID.
    """

    __tablename__ = "feedback_delivery"
    __table_args__ = (
        UniqueConstraint("feedback_id", "contact_id", "route"),
        UniqueConstraint("feedback_id", "group_id", "route"),
        UniqueConstraint("feedback_id", "postal_id", "route"),
        CheckConstraint("(route = 'cascade') = (group_id IS NOT NULL)", name="groups_pass_it_on"),
        CheckConstraint(
            "(state IN ('delivered', 'confirmed', 'sent')) <= (settled_at IS NOT NULL)",
            name="settled_has_a_moment",
        ),
        CheckConstraint("(state = 'undeliverable') <= (reason <> '')", name="undeliverable_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"))
    route: Mapped[Route] = mapped_column(one_of(Route, "route_known"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), index=True)
    postal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("postal_contact.id", ondelete="SET NULL"), index=True
    )
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("outbox_message.id", ondelete="SET NULL"), unique=True
    )
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("post_batch.id"), index=True)
    state: Mapped[DeliveryState] = mapped_column(
        one_of(DeliveryState, "state_known"), default=DeliveryState.DUE
    )
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text, default="")


class RetentionRun(Base):
    """What was deleted because its purpose had ended. It names nobody. Rows are only added."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    ran_at: Mapped[datetime] = mapped_column(Moment)
    contacts: Mapped[int]
    messages: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)


class Newsletter(Base):
    """An issue of the newsletter of engagement: what happened from `since` to `until`."""

    __tablename__ = "newsletter"
    __table_args__ = (CheckConstraint("until > since", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    foreword: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(320))
    made_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
