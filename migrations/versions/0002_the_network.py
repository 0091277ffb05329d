"""The network: groups with contacts and meetings, notices, panels, and everything the timetable says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

TABLES = (
    "borough_detail",
    "group_community",
    "group_contact",
    "group_meeting",
    "account_key",
    "recovery_code",
    "entry_mark",
    "entry_group",
    "entry_news",
    "overlap_decision",
    "notice",
    "notice_receipt",
    "calendar_period",
    "plan_period",
    "subscription",
    "subscription_wish",
    "panel",
    "panellist",
    "panel_round",
    "panel_invitation",
    "outreach_request",
    "bounced_address",
)


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _groups()
    _accounts()
    _what_an_entry_says()
    _notices()
    _calendars()
    _subscriptions()
    _panels()
    _reach()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _groups() -> None:
    op.create_table(
        "borough_detail",
        sa.Column("area_code", sa.String(length=11), nullable=False),
        sa.Column("link_member", sa.String(length=200), nullable=False),
        sa.Column("link_member_contact", sa.String(length=320), nullable=False),
        sa.Column("custody_visitors", sa.Text(), nullable=False),
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_borough_detail_area_code_area")),
        sa.PrimaryKeyConstraint("area_code", name=op.f("pk_borough_detail")),
    )
    op.create_table(
        "group_community",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "community",
            one_of(
                "community_known",
                "everybody",
                "young_people",
                "older_people",
                "disabled_people",
                "trans_people",
                "parents",
                "ethnic_minorities",
                "faith_communities",
                "women",
                "men",
                "lgb_people",
                "businesses",
                "victims",
                "homeless_people",
                "migrants",
                "mental_health",
                "learning_disability",
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_group_community_group_id_community_group")
        ),
        sa.PrimaryKeyConstraint("group_id", "community", name=op.f("pk_group_community")),
    )
    op.create_table(
        "group_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.CheckConstraint("email <> '' OR telephone <> ''", name=op.f("ck_group_contact_can_be_reached")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_group_contact_email_is_lower")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_group_contact_group_id_community_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_contact")),
    )
    op.create_index(op.f("ix_group_contact_group_id"), "group_contact", ["group_id"])
    op.create_table(
        "group_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("open_to_public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_group_meeting_group_id_community_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meeting")),
        sa.UniqueConstraint("group_id", "starts_at", name=op.f("uq_group_meeting_group_id_starts_at")),
    )


def _accounts() -> None:
    op.create_table(
        "account_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", one_of("purpose_known", "join", "reset"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "replaces_id IS NULL OR purpose = 'join'", name=op.f("ck_account_key_only_joining_replaces")
        ),
        sa.CheckConstraint("length(token_hash) = 32", name=op.f("ck_account_key_token_is_a_hash")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_key_person_id_person")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["person.id"], name=op.f("fk_account_key_replaces_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_key_token_hash")),
    )
    op.create_index(op.f("ix_account_key_person_id"), "account_key", ["person_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("length(code_hash) = 32", name=op.f("ck_recovery_code_code_is_a_hash")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])


def _what_an_entry_says() -> None:
    op.create_table(
        "entry_mark",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind_known", "topic", "method", "audience"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_mark_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", "kind", "code", name=op.f("pk_entry_mark")),
    )
    op.create_index(op.f("ix_entry_mark_kind_code"), "entry_mark", ["kind", "code"])
    op.create_table(
        "entry_group",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_group_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_entry_group_group_id_community_group")
        ),
        sa.PrimaryKeyConstraint("entry_id", "group_id", name=op.f("pk_entry_group")),
    )
    op.create_index(op.f("ix_entry_group_group_id"), "entry_group", ["group_id"])
    op.create_table(
        "entry_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            one_of(
                "kind_known",
                "announced",
                "changed",
                "opened",
                "postponed",
                "extended",
                "closed",
                "results",
                "decided",
                "fed_back",
                "cancelled",
            ),
            nullable=False,
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_news_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_news")),
    )
    op.create_index(op.f("ix_entry_news_at"), "entry_news", ["at"])
    op.create_index(op.f("ix_entry_news_entry_id"), "entry_news", ["entry_id"])
    op.create_table(
        "overlap_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("outcome", one_of("outcome_known", "join_up", "keep_apart", "move"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_overlap_decision_has_a_reason")),
        sa.CheckConstraint("entry_id < other_id", name=op.f("ck_overlap_decision_each_pair_once")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_overlap_decision_entry_id_entry")),
        sa.ForeignKeyConstraint(["other_id"], ["entry.id"], name=op.f("fk_overlap_decision_other_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlap_decision")),
        sa.UniqueConstraint("entry_id", "other_id", name=op.f("uq_overlap_decision_entry_id_other_id")),
    )
    op.create_index(op.f("ix_overlap_decision_other_id"), "overlap_decision", ["other_id"])


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            one_of("kind_known", "issued", "changed", "postponed", "extended", "cancelled"),
            nullable=False,
        ),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("given_by", sa.String(length=320), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_notice_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_entry_id"), "notice", ["entry_id"])
    op.create_table(
        "notice_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.String(length=320), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "acknowledged_at IS NULL OR seen_at IS NOT NULL",
            name=op.f("ck_notice_receipt_acknowledged_was_seen"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_notice_receipt_group_id_community_group")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_receipt_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_receipt")),
        sa.UniqueConstraint("notice_id", "group_id", name=op.f("uq_notice_receipt_notice_id_group_id")),
    )
    op.create_index(op.f("ix_notice_receipt_group_id"), "notice_receipt", ["group_id"])


def _calendars() -> None:
    op.create_table(
        "calendar_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind_known", "school_holiday", "pre_election", "other"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_calendar_period_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_period")),
    )
    op.create_table(
        "plan_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=160), nullable=False),
        sa.Column(
            "tier", one_of("tier_known", "national", "force", "authority", "partnership"), nullable=False
        ),
        sa.Column(
            "part",
            one_of("part_known", "preparing", "consulting", "deciding", "running", "reporting"),
            nullable=False,
        ),
        sa.Column("area_code", sa.String(length=11), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("feeds_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plan_period_ends_after_start")),
        sa.CheckConstraint("feeds_id <> id", name=op.f("ck_plan_period_does_not_feed_itself")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_plan_period_area_code_area")),
        sa.ForeignKeyConstraint(
            ["feeds_id"], ["plan_period.id"], name=op.f("fk_plan_period_feeds_id_plan_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_period")),
    )
    op.create_index(op.f("ix_plan_period_feeds_id"), "plan_period", ["feeds_id"])


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.Column("newsletter", sa.Boolean(), nullable=False),
        sa.CheckConstraint("address = lower(address)", name=op.f("ck_subscription_address_is_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("address", name=op.f("uq_subscription_address")),
    )
    op.create_table(
        "subscription_wish",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("kind", one_of("kind_known", "area", "topic"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_subscription_wish_subscription_id_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "kind", "code", name=op.f("pk_subscription_wish")),
    )


def _panels() -> None:
    op.create_table(
        "panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("rest_days", sa.Integer(), nullable=False),
        sa.Column("most_a_year", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("most_a_year >= 1", name=op.f("ck_panel_some_a_year")),
        sa.CheckConstraint("rest_days >= 0", name=op.f("ck_panel_rest_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("code", name=op.f("uq_panel_code")),
    )
    op.create_table(
        "panellist",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("area_code", sa.String(length=11), nullable=True),
        sa.Column("asked_to_join_on", sa.Date(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.CheckConstraint("address = lower(address)", name=op.f("ck_panellist_address_is_lower")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_panellist_area_code_area")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_panellist_panel_id_panel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panellist")),
        sa.UniqueConstraint("panel_id", "address", name=op.f("uq_panellist_panel_id_address")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "panel_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.String(length=320), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.CheckConstraint("size >= 1", name=op.f("ck_panel_round_somebody_is_asked")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_panel_round_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_panel_round_instrument_id_instrument")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_panel_round_panel_id_panel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_round")),
    )
    op.create_index(op.f("ix_panel_round_consultation_id"), "panel_round", ["consultation_id"])
    op.create_index(op.f("ix_panel_round_panel_id"), "panel_round", ["panel_id"])
    op.create_table(
        "panel_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("panellist_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(token_hash) = 32", name=op.f("ck_panel_invitation_token_is_a_hash")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_panel_invitation_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["panellist_id"],
            ["panellist.id"],
            name=op.f("fk_panel_invitation_panellist_id_panellist"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["panel_round.id"], name=op.f("fk_panel_invitation_round_id_panel_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_invitation")),
        sa.UniqueConstraint(
            "consultation_id", "panellist_id", name=op.f("uq_panel_invitation_consultation_id_panellist_id")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_panel_invitation_token_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_panel_invitation_panellist_id"), "panel_invitation", ["panellist_id"])
    op.create_index(op.f("ix_panel_invitation_round_id"), "panel_invitation", ["round_id"])


def _reach() -> None:
    op.create_table(
        "outreach_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(length=11), nullable=True),
        sa.Column("community", sa.String(length=40), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=320), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["area_code"], ["area.code"], name=op.f("fk_outreach_request_area_code_area")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_outreach_request_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_outreach_request_group_id_community_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_request")),
    )
    op.create_index(op.f("ix_outreach_request_consultation_id"), "outreach_request", ["consultation_id"])
    op.create_index(op.f("ix_outreach_request_group_id"), "outreach_request", ["group_id"])
    op.create_table(
        "bounced_address",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_bounced_address")),
    )
