"""The timetable: what will be asked, why, by whom, of whom and when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment, one_of
from engage.timetable.rules import (
    Level,
    MarkKind,
    NewsKind,
    NoticeKind,
    Outcome,
    PeriodKind,
    PlanPart,
    PlanTier,
    Repeats,
    WishKind,
)


class StatutoryDuty(Base):
    """A legal duty that an entry may serve: what it is, the law it comes from, what must be done how often.

    The row `none` stands for entries that serve none; `every_months` None means no set rhythm. A duty that
    has ended is kept for the entries that served it.
    """

    __tablename__ = "duty"
    __table_args__ = (CheckConstraint("every_months >= 1", name="rhythm_is_positive"),)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    law: Mapped[str] = mapped_column(Text, default="")
    requires: Mapped[str] = mapped_column(Text, default="")
    every_months: Mapped[int | None]
    position: Mapped[int]
    ended_on: Mapped[date | None]


class Entry(Base):
    """A line of the timetable. Texts are plain text; empty means not yet written.

    Only published entries are public. `uid` and `number_of_changes` name it and its versions in calendars for
    good. `repeated_from_id` is the entry of the time before, where it was drafted from one.
    `opened_at`, `closed_at` and `fed_back_at` are told by the consultation that runs the entry; an entry run
    elsewhere (`run_here` false) has none and is read by its dates alone. `closes_at` is the first moment when
    nobody can answer any more. Shorter notice than the groups were promised needs a published reason and the
    role that allowed it.
    """

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint(
            "decision_due_on IS NULL OR feedback_due_on IS NULL OR feedback_due_on >= decision_due_on",
            name="feedback_after_decision",
        ),
        CheckConstraint(
            "plan_year IS NULL OR plan_year > consultation_year", name="plan_follows_consultation"
        ),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_reason = '')", name="cancelled_has_a_reason"),
        CheckConstraint("urgent_reason = '' OR urgent_authorised_by <> ''", name="urgency_has_an_author"),
        Index(None, "opens_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(160))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)
    level: Mapped[Level] = mapped_column(one_of(Level, "level_known"))
    duty: Mapped[str] = mapped_column(ForeignKey("duty.code"), index=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    can_change: Mapped[str] = mapped_column(Text, default="")
    cannot_change: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(Text, default="")
    methods: Mapped[str] = mapped_column(Text, default="")
    how_to_take_part: Mapped[str] = mapped_column(Text, default="")
    web_address: Mapped[str] = mapped_column(String(500), default="")
    decision_maker: Mapped[str] = mapped_column(String(200), default="")
    consultation_year: Mapped[int]
    plan_year: Mapped[int | None]
    notice_given_on: Mapped[date | None]
    urgent_reason: Mapped[str] = mapped_column(Text, default="")
    urgent_authorised_by: Mapped[str] = mapped_column(String(200), default="")
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    decision_due_on: Mapped[date | None]
    feedback_due_on: Mapped[date | None]
    feedback_late_reason: Mapped[str] = mapped_column(Text, default="")
    run_here: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    fed_back_at: Mapped[datetime | None] = mapped_column(Moment)
    uid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    number_of_changes: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")
    repeats: Mapped[Repeats] = mapped_column(one_of(Repeats, "repeats_known"), default=Repeats.NEVER)
    repeated_from_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)


class EntryMark(Base):
    """A topic, method or audience of an entry; `code` is of `Topic`, `Method` or the groups' `Community`."""

    __tablename__ = "entry_mark"
    __table_args__ = (Index(None, "kind", "code"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    kind: Mapped[MarkKind] = mapped_column(one_of(MarkKind, "kind_known"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)


class EntryGroup(Base):
    """A group that an entry asks to pass it on."""

    __tablename__ = "entry_group"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), primary_key=True, index=True)


class EntryNews(Base):
    """Something that happened to a published entry, for everybody: feeds and mails are made of it."""

    __tablename__ = "entry_news"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[NewsKind] = mapped_column(one_of(NewsKind, "kind_known"))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    said: Mapped[str] = mapped_column(Text, default="")


class Notice(Base):
    """What the groups of an entry were told, with the dates as they were then; never changed."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(one_of(NoticeKind, "kind_known"))
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    said: Mapped[str] = mapped_column(Text, default="")
    given_by: Mapped[str] = mapped_column(String(320))
    given_at: Mapped[datetime] = mapped_column(Moment)


class NoticeReceipt(Base):
    """A group's side of a notice: when it was issued to them, seen and acknowledged, and what they remarked.

    A group that is added later has its own day of issue, and its three months begin there.
    """

    __tablename__ = "notice_receipt"
    __table_args__ = (
        UniqueConstraint("notice_id", "group_id"),
        CheckConstraint("acknowledged_at IS NULL OR seen_at IS NOT NULL", name="acknowledged_was_seen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_by: Mapped[str] = mapped_column(String(320), default="")
    remark: Mapped[str] = mapped_column(Text, default="")


class OverlapDecision(Base):
    """What was decided about two entries that ask the same at once, and why."""

    __tablename__ = "overlap_decision"
    __table_args__ = (
        UniqueConstraint("entry_id", "other_id"),
        CheckConstraint("entry_id < other_id", name="each_pair_once"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "outcome_known"))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(320))
    decided_at: Mapped[datetime] = mapped_column(Moment)


class CalendarPeriod(Base):
    """Days that an officer has entered as a bad time to ask, both included. Bank holidays are known."""

    __tablename__ = "calendar_period"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PeriodKind] = mapped_column(one_of(PeriodKind, "kind_known"))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class PlanPeriod(Base):
    """A stretch of a plan's life in the calendar of plans, both days included.

    `feeds_id` is what it leads to. `area_code` None means all of London or wider;
    `source` names or links where the dates are from.
    """

    __tablename__ = "plan_period"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("feeds_id <> id", name="does_not_feed_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(160))
    tier: Mapped[PlanTier] = mapped_column(one_of(PlanTier, "tier_known"))
    part: Mapped[PlanPart] = mapped_column(one_of(PlanPart, "part_known"))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    feeds_id: Mapped[int | None] = mapped_column(ForeignKey("plan_period.id"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(500), default="")


class Subscription(Base):
    """An address that asked for news of new and changed entries, the newsletter, or both.

    Without wishes it hears of all. It counts once confirmed; one that was not confirmed is deleted after some
    days, one that is stopped at once. `told_until` is how far the news has been sent.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("address = lower(address)", name="address_is_lower"),
        CheckConstraint("wants_news OR newsletter", name="wants_something"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    address: Mapped[str] = mapped_column(String(320), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    told_until: Mapped[datetime] = mapped_column(Moment)
    wants_news: Mapped[bool] = mapped_column(default=True)
    newsletter: Mapped[bool] = mapped_column(default=False)


class SubscriptionWish(Base):
    """An area or a topic that somebody wants to hear of."""

    __tablename__ = "subscription_wish"

    subscription_id: Mapped[UUID] = mapped_column(
        ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[WishKind] = mapped_column(one_of(WishKind, "kind_known"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
