"""Every table of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# Tables whose rows are only ever added, with the statements refused on each.
APPEND_ONLY = ("audit_event", "response_revision", "extension", "decision_report")
STATEMENTS = ("update", "delete")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _foundations()
    _london_and_its_groups()
    _outbox()
    _audit_and_people()
    _timetable()
    _questionnaires()
    _consultations_and_links()
    _responses()
    _analysis_and_decisions()
    _feedback()
    _the_rest()
    _refuse_changes()


def downgrade() -> None:
    _allow_changes()
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = (
    "job",
    "area",
    "census_count",
    "community_group",
    "mailing",
    "outbox_message",
    "audit_event",
    "person",
    "duty",
    "entry",
    "priority_framework",
    "priority",
    "questionnaire",
    "questionnaire_version",
    "questionnaire_draft",
    "saved_question",
    "consultation",
    "extension",
    "instrument",
    "link",
    "draft",
    "response",
    "response_revision",
    "contact",
    "paper_batch",
    "paper_form",
    "meeting_vote",
    "imported_file",
    "evidence_snapshot",
    "coding",
    "decision_report",
    "decision",
    "feedback",
    "postal_contact",
    "post_batch",
    "feedback_delivery",
    "sign_in_try",
)


def _refuse_changes() -> None:
    """Have the database itself refuse to change or delete what is only ever added to."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$"
        )
    for table in APPEND_ONLY:
        for statement in STATEMENTS:
            refusal = (
                f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
                if on_sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{statement} BEFORE {statement.upper()} ON {table} {refusal}"
            )


def _allow_changes() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        for statement in STATEMENTS:
            op.execute(f"DROP TRIGGER {table}_refuses_{statement}" + ("" if on_sqlite else f" ON {table}"))
    if not on_sqlite:
        op.execute("DROP FUNCTION refuse_change()")


def _foundations() -> None:
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("arguments", DOCUMENT, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", one_of("state_known", "queued", "done", "dead"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_job_done_has_a_moment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index(op.f("ix_job_state_not_before_id"), "job", ["state", "not_before", "id"])


def _london_and_its_groups() -> None:
    op.create_table(
        "area",
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("short_name", sa.String(length=3), nullable=False),
        sa.Column("kind", one_of("kind_known", "borough", "city", "outside", "undisclosed"), nullable=False),
        sa.Column("tile_row", sa.Integer(), nullable=True),
        sa.Column("tile_column", sa.Integer(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('borough', 'city')) = (tile_row IS NOT NULL AND tile_column IS NOT NULL)",
            name=op.f("ck_area_places_have_tiles"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
        sa.UniqueConstraint("name", name=op.f("uq_area_name")),
        sa.UniqueConstraint("tile_row", "tile_column", name=op.f("uq_area_tile_row_tile_column")),
    )
    op.create_table(
        "census_count",
        sa.Column("area_code", sa.String(length=11), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.CheckConstraint("residents >= 0", name=op.f("ck_census_count_residents_not_negative")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_census_count_area_code_area")),
        sa.PrimaryKeyConstraint("area_code", "measure", "category", name=op.f("pk_census_count")),
    )
    op.create_table(
        "community_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            one_of(
                "kind_known",
                "cpeg",
                "member_group",
                "voluntary",
                "voluntary_council",
                "safer_neighbourhoods_panel",
                "advisory_group",
                "custody_visitors",
                "neighbourhood_watch",
                "residents",
                "race_equality_council",
                "business_forum",
                "youth",
                "faith",
                "partnership",
                "youth_offending_team",
                "council",
                "police",
                "regional_body",
                "national_body",
                "media",
            ),
            nullable=False,
        ),
        sa.Column("area_code", sa.String(length=11), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("vacant_since", sa.Date(), nullable=True),
        sa.Column("covered_by", sa.String(length=300), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_community_group_not_merged_into_itself")),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR NOT active", name=op.f("ck_community_group_merged_is_not_active")
        ),
        sa.CheckConstraint(
            "vacant_since IS NULL OR covered_by <> ''", name=op.f("ck_community_group_vacancy_is_covered")
        ),
        sa.CheckConstraint("members >= 0", name=op.f("ck_community_group_members_not_negative")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["community_group.id"],
            name=op.f("fk_community_group_merged_into_id_community_group"),
        ),
        sa.CheckConstraint(
            "(kind = 'cpeg') <= (parent_id IS NULL)", name=op.f("ck_community_group_cpegs_have_no_parent")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_community_group_not_its_own_parent")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_community_group_area_code_area")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["community_group.id"], name=op.f("fk_community_group_parent_id_community_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_group")),
        sa.UniqueConstraint("code", name=op.f("uq_community_group_code")),
    )
    op.create_index(op.f("ix_community_group_merged_into_id"), "community_group", ["merged_into_id"])
    op.create_index(op.f("ix_community_group_area_code"), "community_group", ["area_code"])
    op.create_index(op.f("ix_community_group_parent_id"), "community_group", ["parent_id"])


def _outbox() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text_body", sa.Text(), nullable=False),
        sa.Column("html_body", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
        sa.UniqueConstraint("key", name=op.f("uq_mailing_key")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("personal", DOCUMENT, nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", one_of("state_known", "queued", "done", "dead"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("bounced_at", MOMENT, nullable=True),
        sa.Column("bounce_status", sa.String(length=20), nullable=True),
        sa.Column("bounce_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_outbox_message_done_has_a_moment")
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailing.id"], name=op.f("fk_outbox_message_mailing_id_mailing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_message_id")),
    )
    op.create_index(op.f("ix_outbox_message_mailing_id"), "outbox_message", ["mailing_id"])
    op.create_index(
        op.f("ix_outbox_message_state_not_before_id"), "outbox_message", ["state", "not_before", "id"]
    )


def _audit_and_people() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=400), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_subject_id"), "audit_event", ["subject", "id"])
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            one_of("role_known", "administrator", "planning_officer", "analyst", "member", "coordinator"),
            nullable=False,
        ),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("session_key", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("totp_nonce", sa.String(length=64), nullable=True),
        sa.Column("totp_confirmed_at", MOMENT, nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_nonce IS NOT NULL",
            name=op.f("ck_person_second_factor_has_a_secret"),
        ),
        sa.CheckConstraint(
            "(role = 'coordinator') = (group_id IS NOT NULL)",
            name=op.f("ck_person_coordinators_have_a_group"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_is_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("session_key", name=op.f("uq_person_session_key")),
    )
    op.create_index(op.f("ix_person_group_id"), "person", ["group_id"])


def _timetable() -> None:
    op.create_table(
        "duty",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("requires", sa.Text(), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("every_months >= 1", name=op.f("ck_duty_rhythm_is_positive")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_duty")),
    )
    _the_duties_of_a_police_authority()
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=160), nullable=False),
        sa.Column("area_code", sa.String(length=11), nullable=True),
        sa.Column(
            "level", one_of("level_known", "communication", "consultation", "engagement"), nullable=False
        ),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("can_change", sa.Text(), nullable=False),
        sa.Column("cannot_change", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("methods", sa.Text(), nullable=False),
        sa.Column("how_to_take_part", sa.Text(), nullable=False),
        sa.Column("web_address", sa.String(length=500), nullable=False),
        sa.Column("decision_maker", sa.String(length=200), nullable=False),
        sa.Column("consultation_year", sa.Integer(), nullable=False),
        sa.Column("plan_year", sa.Integer(), nullable=True),
        sa.Column("notice_given_on", sa.Date(), nullable=True),
        sa.Column("urgent_reason", sa.Text(), nullable=False),
        sa.Column("urgent_authorised_by", sa.String(length=200), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("decision_due_on", sa.Date(), nullable=True),
        sa.Column("feedback_due_on", sa.Date(), nullable=True),
        sa.Column("feedback_late_reason", sa.Text(), nullable=False),
        sa.Column("run_here", sa.Boolean(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("fed_back_at", MOMENT, nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("number_of_changes", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("cancelled_reason", sa.Text(), nullable=False),
        sa.Column(
            "repeats",
            one_of("repeats_known", "never", "monthly", "quarterly", "half_yearly", "yearly"),
            nullable=False,
        ),
        sa.Column("repeated_from_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_reason = '')", name=op.f("ck_entry_cancelled_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["duty"], ["duty.code"], name=op.f("fk_entry_duty_duty")),
        sa.ForeignKeyConstraint(
            ["repeated_from_id"], ["entry.id"], name=op.f("fk_entry_repeated_from_id_entry")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_entry_uid")),
        sa.CheckConstraint(
            "urgent_reason = '' OR urgent_authorised_by <> ''", name=op.f("ck_entry_urgency_has_an_author")
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_entry_closes_after_opening")),
        sa.CheckConstraint(
            "decision_due_on IS NULL OR feedback_due_on IS NULL OR feedback_due_on >= decision_due_on",
            name=op.f("ck_entry_feedback_after_decision"),
        ),
        sa.CheckConstraint(
            "plan_year IS NULL OR plan_year > consultation_year",
            name=op.f("ck_entry_plan_follows_consultation"),
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_entry_area_code_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("slug", name=op.f("uq_entry_slug")),
    )
    op.create_index(op.f("ix_entry_area_code"), "entry", ["area_code"])
    op.create_index(op.f("ix_entry_duty"), "entry", ["duty"])
    op.create_index(op.f("ix_entry_repeated_from_id"), "entry", ["repeated_from_id"])
    op.create_index(op.f("ix_entry_opens_at_id"), "entry", ["opens_at", "id"])


# Report 7 of 4 October 2010, legal implications; the law as it is today is for the officers to write.
DUTIES = (
    (
        "community_views",
        "Finding out what people think about policing in their area",
        "Police Act 1996, section 96",
        "Arrangements for obtaining the views of people about matters concerning the policing of their area, "
        "and their co-operation with the police in preventing crime.",
        None,
    ),
    (
        "policing_objectives",
        "Asking what the police’s objectives for the year should be",
        "Police Act 1996, section 6ZB, and the Policing Plan Regulations 2008",
        "Before each year’s policing plan, people’s views on its objectives are obtained and considered.",
        12,
    ),
    (
        "community_safety",
        "Asking what a borough’s partnership against crime should put first",
        "Crime and Disorder Act 1998, sections 5 and 6, and the Crime and Disorder (Formulation and "
        "Implementation of Strategy) Regulations 2007",
        "Each partnership asks its community about crime and disorder and says what it will put first.",
        12,
    ),
    (
        "local_partnerships",
        "Agreeing shared local targets with councils and other services",
        "Local Government and Public Involvement in Health Act 2007",
        "Partners are consulted before a local area agreement and its targets are settled.",
        36,
    ),
    ("none", "No legal duty: we ask because we want to know", "", "", None),
)


def _the_duties_of_a_police_authority() -> None:
    columns = ("code", "name", "law", "requires", "every_months")
    duty = sa.table("duty", *map(sa.column, (*columns, "position")))
    rows = [dict(zip((*columns, "position"), (*said, at), strict=True)) for at, said in enumerate(DUTIES, 1)]
    op.bulk_insert(duty, rows)


def _questionnaires() -> None:
    op.create_table(
        "priority_framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("plan_year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_framework")),
        sa.UniqueConstraint("code", name=op.f("uq_priority_framework_code")),
    )
    op.create_table(
        "priority",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["priority_framework.id"],
            name=op.f("fk_priority_framework_id_priority_framework"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority")),
        sa.UniqueConstraint("framework_id", "code", name=op.f("uq_priority_framework_id_code")),
        sa.UniqueConstraint("framework_id", "position", name=op.f("uq_priority_framework_id_position")),
    )
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["priority_framework.id"],
            name=op.f("fk_questionnaire_framework_id_priority_framework"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("code", name=op.f("uq_questionnaire_code")),
    )
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", DOCUMENT, nullable=False),
        sa.Column("privacy_notice", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_questionnaire_version_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_version_questionnaire_id_questionnaire"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_version")),
        sa.UniqueConstraint(
            "questionnaire_id", "number", name=op.f("uq_questionnaire_version_questionnaire_id_number")
        ),
    )
    op.create_table(
        "questionnaire_draft",
        sa.Column("questionnaire_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition", DOCUMENT, nullable=False),
        sa.Column("privacy_notice", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.String(length=320), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_questionnaire_draft_revised_from_one")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_draft_questionnaire_id_questionnaire"),
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", name=op.f("pk_questionnaire_draft")),
    )
    op.create_table(
        "saved_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", DOCUMENT, nullable=False),
        sa.Column("saved_by", sa.String(length=320), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_question")),
        sa.UniqueConstraint("title", name=op.f("uq_saved_question_title")),
    )


def _consultations_and_links() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            one_of(
                "state_known", "planned", "announced", "open", "closed", "analysed", "decided", "fed_back"
            ),
            nullable=False,
        ),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("analysed_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("fed_back_at", MOMENT, nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("grace_ends_at", MOMENT, nullable=False),
        sa.Column("children_may_answer", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(state = 'fed_back') = (fed_back_at IS NOT NULL)",
            name=op.f("ck_consultation_fed_back_has_a_moment"),
        ),
        sa.CheckConstraint(
            "(state IN ('planned', 'announced')) = (opened_at IS NULL)",
            name=op.f("ck_consultation_opened_has_a_moment"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= opened_at", name=op.f("ck_consultation_closed_after_opening")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_consultation_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["priority_framework.id"],
            name=op.f("fk_consultation_framework_id_priority_framework"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_consultation_entry_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_consultation_slug")),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("closed_before", MOMENT, nullable=False),
        sa.Column("closes_after", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extended_by", sa.String(length=320), nullable=False),
        sa.Column("extended_at", MOMENT, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_extension_has_a_reason")),
        sa.CheckConstraint("closes_after > closed_before", name=op.f("ck_extension_later_than_before")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_extension_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_consultation_id"), "extension", ["consultation_id"])
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_instrument_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_instrument_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("consultation_id", "code", name=op.f("uq_instrument_consultation_id_code")),
        sa.UniqueConstraint(
            "consultation_id", "position", name=op.f("uq_instrument_consultation_id_position")
        ),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("kind", one_of("kind_known", "authority", "group", "event", "poster"), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "opened >= 0 AND started >= 0 AND submitted >= 0", name=op.f("ck_link_count_not_negative")
        ),
        sa.CheckConstraint(
            "kind <> 'group' OR group_id IS NOT NULL", name=op.f("ck_link_group_links_have_a_group")
        ),
        sa.CheckConstraint(
            "kind <> 'authority' OR group_id IS NULL", name=op.f("ck_link_the_authority_is_no_group")
        ),
        sa.CheckConstraint(
            "(kind = 'authority') <= (parent_id IS NULL)", name=op.f("ck_link_the_authority_is_the_root")
        ),
        sa.CheckConstraint(
            "kind IN ('authority', 'group') OR label <> ''", name=op.f("ck_link_others_have_a_label")
        ),
        sa.CheckConstraint("target >= 1", name=op.f("ck_link_target_is_positive")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_link_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["link.id"], name=op.f("fk_link_parent_id_link")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_link_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_link_group_id_community_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("code", name=op.f("uq_link_code")),
    )
    op.create_index(op.f("ix_link_group_id"), "link", ["group_id"])
    op.create_index(op.f("ix_link_consultation_id"), "link", ["consultation_id"])
    op.create_index(op.f("ix_link_parent_id"), "link", ["parent_id"])
    _one_link_for_each("uq_link_one_for_each_group", "kind = 'group'", "consultation_id", "group_id")
    _one_link_for_each("uq_link_one_for_the_authority", "kind = 'authority'", "consultation_id")


def _one_link_for_each(name: str, which: str, *columns: str) -> None:
    """Links of events and posters may be many: the promise holds for one kind only."""
    only = sa.text(which)
    op.create_index(name, "link", list(columns), unique=True, sqlite_where=only, postgresql_where=only)


def _responses() -> None:
    op.create_table(
        "draft",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("answers", DOCUMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("return_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("invitation_hash", sa.LargeBinary(length=32), nullable=True),
        sa.CheckConstraint(
            "(return_hash IS NULL) = (nonce IS NULL)", name=op.f("ck_draft_return_needs_the_secret")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_draft_instrument_id_instrument")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_draft_link_id_link")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_draft_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_draft")),
        sa.UniqueConstraint("return_hash", name=op.f("uq_draft_return_hash")),
    )
    op.create_index(op.f("ix_draft_touched_at"), "draft", ["touched_at"])
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            one_of("channel_known", "web", "paper", "telephone", "meeting", "panel"),
            nullable=False,
        ),
        sa.Column("area_code", sa.String(length=11), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("submission_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(submission_key) = 32", name=op.f("ck_response_submission_key_is_a_hash")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_response_area_code_area")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_response_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_response_group_id_community_group")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_response_instrument_id_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_response_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_response_submission_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_response_consultation_id"), "response", ["consultation_id"])
    op.create_table(
        "response_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind", one_of("kind_known", "submitted", "equality", "corrected", "withdrawn"), nullable=False
        ),
        sa.Column("answers", DOCUMENT, nullable=True),
        sa.Column("equality", DOCUMENT, nullable=True),
        sa.CheckConstraint(
            "(kind = 'withdrawn') = (answers IS NULL)",
            name=op.f("ck_response_revision_withdrawn_has_no_answers"),
        ),
        sa.CheckConstraint(
            "kind <> 'withdrawn' OR equality IS NULL",
            name=op.f("ck_response_revision_withdrawn_has_no_equality"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_response_revision_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_revision")),
        sa.UniqueConstraint("response_id", "number", name=op.f("uq_response_revision_response_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("unsubscribed_on", sa.Date(), nullable=True),
        sa.Column("wants_updates", sa.Boolean(), nullable=False),
        sa.CheckConstraint("address = lower(address)", name=op.f("ck_contact_address_is_lower")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_contact_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("consultation_id", "address", name=op.f("uq_contact_consultation_id_address")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            one_of("channel_known", "web", "paper", "telephone", "meeting", "panel"),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("twice", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("channel IN ('paper', 'telephone')", name=op.f("ck_paper_batch_typed_in_by_us")),
        sa.CheckConstraint(
            "first_number >= 1 AND last_number >= first_number", name=op.f("ck_paper_batch_numbers_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_paper_batch_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_paper_batch_group_id_community_group")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_paper_batch_instrument_id_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_paper_batch_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_batch_code")),
    )
    op.create_index(op.f("ix_paper_batch_consultation_id"), "paper_batch", ["consultation_id"])
    op.create_table(
        "paper_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", DOCUMENT, nullable=False),
        sa.Column("first_by", sa.String(length=320), nullable=False),
        sa.Column("second", DOCUMENT, nullable=True),
        sa.Column("second_by", sa.String(length=320), nullable=True),
        sa.Column("typed_at", MOMENT, nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(second IS NULL) = (second_by IS NULL)", name=op.f("ck_paper_form_second_has_a_typist")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_form_batch_id_paper_batch")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_paper_form_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_paper_form_batch_id_number")),
        sa.UniqueConstraint("response_id", name=op.f("uq_paper_form_response_id")),
    )
    op.create_table(
        "meeting_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("question_code", sa.String(length=40), nullable=False),
        sa.Column("attendance", sa.Integer(), nullable=False),
        sa.Column("votes", DOCUMENT, nullable=False),
        sa.Column("noted_by", sa.String(length=320), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.CheckConstraint("attendance >= 1", name=op.f("ck_meeting_vote_somebody_was_there")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_meeting_vote_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_meeting_vote_group_id_community_group")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_meeting_vote_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_vote")),
        sa.UniqueConstraint(
            "consultation_id",
            "group_id",
            "held_on",
            "question_code",
            name=op.f("uq_meeting_vote_consultation_id_group_id_held_on_question_code"),
        ),
    )
    op.create_index(op.f("ix_meeting_vote_consultation_id"), "meeting_vote", ["consultation_id"])
    op.create_table(
        "imported_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mapping", DOCUMENT, nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(length=320), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_imported_file_instrument_id_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_imported_file_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_file")),
        sa.UniqueConstraint("instrument_id", "digest", name=op.f("uq_imported_file_instrument_id_digest")),
    )


def _analysis_and_decisions() -> None:
    op.create_table(
        "evidence_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("manifest", DOCUMENT, nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_evidence_snapshot_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_snapshot")),
        sa.UniqueConstraint(
            "consultation_id", "digest", name=op.f("uq_evidence_snapshot_consultation_id_digest")
        ),
    )
    op.create_table(
        "coding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("question_code", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("priority_code", sa.String(length=40), nullable=True),
        sa.Column("text_digest", sa.String(length=32), nullable=False),
        sa.Column("coded_by", sa.Integer(), nullable=False),
        sa.Column("coded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["coded_by"], ["person.id"], name=op.f("fk_coding_coded_by_person")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_coding_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
        sa.UniqueConstraint(
            "response_id", "question_code", "slot", name=op.f("uq_coding_response_id_question_code_slot")
        ),
    )
    op.create_table(
        "decision_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_decision_report_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["evidence_snapshot.id"],
            name=op.f("fk_decision_report_snapshot_id_evidence_snapshot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_report")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_decision_report_consultation_id_number")
        ),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("priority_code", sa.String(length=40), nullable=False),
        sa.Column("subject", one_of("subject_known", "priority", "theme"), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("outcome", one_of("outcome_known", "adopted", "in_part", "not_adopted"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decision_maker", sa.String(length=200), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("equality_note", sa.Text(), nullable=False),
        sa.CheckConstraint("(subject = 'theme') = (label <> '')", name=op.f("ck_decision_themes_have_words")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["decision_report.id"], name=op.f("fk_decision_report_id_decision_report")
        ),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_decision_reason_given")),
        sa.CheckConstraint(
            "mentions >= 0 AND mentions <= base", name=op.f("ck_decision_mentions_within_base")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_decision_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_decision_recorded_by_person")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["evidence_snapshot.id"], name=op.f("fk_decision_snapshot_id_evidence_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "consultation_id", "priority_code", name=op.f("uq_decision_consultation_id_priority_code")
        ),
    )
    op.create_index(op.f("ix_decision_report_id"), "decision", ["report_id"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("reconciled", sa.Text(), nullable=False),
        sa.Column("easy_read", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.Column("target_percent", sa.Integer(), nullable=False),
        sa.Column("signed_off_by", sa.String(length=320), nullable=False),
        sa.Column("signed_off_at", MOMENT, nullable=True),
        sa.Column("signed_off_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_feedback_approved_has_a_moment")
        ),
        sa.CheckConstraint("approved_by <> submitted_by", name=op.f("ck_feedback_approved_by_another")),
        sa.CheckConstraint("target_percent BETWEEN 1 AND 100", name=op.f("ck_feedback_target_is_a_share")),
        sa.CheckConstraint(
            "(signed_off_at IS NULL) = (signed_off_reason = '')",
            name=op.f("ck_feedback_signed_off_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["person.id"], name=op.f("fk_feedback_submitted_by_person")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_feedback_approved_by_person")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_feedback_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_feedback_published_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_feedback_consultation_id")),
    )
    op.create_table(
        "postal_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("lines", sa.String(length=400), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_postal_contact_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postal_contact")),
        sa.UniqueConstraint(
            "consultation_id",
            "name",
            "lines",
            "postcode",
            name=op.f("uq_postal_contact_consultation_id_name_lines_postcode"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "post_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_post_batch_feedback_id_feedback")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_batch")),
    )
    op.create_index(op.f("ix_post_batch_feedback_id"), "post_batch", ["feedback_id"])
    op.create_table(
        "feedback_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("route", one_of("route_known", "email", "notify", "post", "cascade"), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("postal_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            one_of(
                "state_known",
                "due",
                "queued",
                "sent",
                "bounced",
                "retried",
                "delivered",
                "confirmed",
                "undeliverable",
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(route = 'cascade') = (group_id IS NOT NULL)",
            name=op.f("ck_feedback_delivery_groups_pass_it_on"),
        ),
        sa.CheckConstraint(
            "(state IN ('delivered', 'confirmed', 'sent')) <= (settled_at IS NOT NULL)",
            name=op.f("ck_feedback_delivery_settled_has_a_moment"),
        ),
        sa.CheckConstraint(
            "(state = 'undeliverable') <= (reason <> '')",
            name=op.f("ck_feedback_delivery_undeliverable_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["post_batch.id"], name=op.f("fk_feedback_delivery_batch_id_post_batch")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_feedback_delivery_contact_id_contact"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_delivery_feedback_id_feedback")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_feedback_delivery_group_id_community_group")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbox_message.id"],
            name=op.f("fk_feedback_delivery_message_id_outbox_message"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["postal_id"],
            ["postal_contact.id"],
            name=op.f("fk_feedback_delivery_postal_id_postal_contact"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_delivery")),
        sa.UniqueConstraint(
            "feedback_id",
            "contact_id",
            "route",
            name=op.f("uq_feedback_delivery_feedback_id_contact_id_route"),
        ),
        sa.UniqueConstraint(
            "feedback_id", "group_id", "route", name=op.f("uq_feedback_delivery_feedback_id_group_id_route")
        ),
        sa.UniqueConstraint(
            "feedback_id", "postal_id", "route", name=op.f("uq_feedback_delivery_feedback_id_postal_id_route")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_feedback_delivery_message_id")),
    )
    op.create_index(op.f("ix_feedback_delivery_batch_id"), "feedback_delivery", ["batch_id"])
    op.create_index(op.f("ix_feedback_delivery_contact_id"), "feedback_delivery", ["contact_id"])
    op.create_index(op.f("ix_feedback_delivery_group_id"), "feedback_delivery", ["group_id"])
    op.create_index(op.f("ix_feedback_delivery_postal_id"), "feedback_delivery", ["postal_id"])


def _the_rest() -> None:
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(key) = 32", name=op.f("ck_sign_in_try_key_is_a_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index(op.f("ix_sign_in_try_key_tried_at"), "sign_in_try", ["key", "tried_at"])
    op.create_index(op.f("ix_sign_in_try_tried_at"), "sign_in_try", ["tried_at"])
