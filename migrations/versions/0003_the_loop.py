"""The loop: reports that are read, the plan and its versions, what is kept of it all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)

TABLES = (
    "report_reading",
    "gate_exception",
    "decision_progress",
    "policing_plan",
    "plan_objective",
    "plan_measure",
    "plan_priority",
    "plan_version",
    "retention_run",
    "newsletter",
    "evidence_bundle",
)

# Tables whose rows are only ever added; the function that refuses is that of the first migration.
APPEND_ONLY = ("report_reading", "decision_progress", "retention_run", "evidence_bundle")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _deciding()
    _the_plan()
    _afterwards()
    _refuse_changes()


def downgrade() -> None:
    # A table takes its triggers with it.
    for table in reversed(TABLES):
        op.drop_table(table)


def _refuse_changes() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        for statement in ("update", "delete"):
            refusal = (
                f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
                if on_sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{statement} BEFORE {statement.upper()} ON {table} {refusal}"
            )


def _deciding() -> None:
    op.create_table(
        "report_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=200), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["decision_report.id"], name=op.f("fk_report_reading_report_id_decision_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_reading")),
        sa.UniqueConstraint("report_id", "reader", name=op.f("uq_report_reading_report_id_reader")),
    )
    op.create_table(
        "gate_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "gate",
            one_of("gate_known", "formative", "reasons", "time", "consideration", "equality"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(length=320), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_gate_exception_reason_given")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_gate_exception_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_exception")),
        sa.UniqueConstraint("consultation_id", "gate", name=op.f("uq_gate_exception_consultation_id_gate")),
    )
    op.create_table(
        "decision_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("standing", one_of("standing_known", "under_way", "done", "dropped"), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(length=320), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(trim(said)) > 0", name=op.f("ck_decision_progress_something_said")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_progress_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_progress")),
    )
    op.create_index(op.f("ix_decision_progress_decision_id"), "decision_progress", ["decision_id"])


def _the_plan() -> None:
    op.create_table(
        "policing_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("foreword", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("years >= 1", name=op.f("ck_policing_plan_some_years")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policing_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_policing_plan_code")),
    )
    op.create_table(
        "plan_objective",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["policing_plan.id"], name=op.f("fk_plan_objective_plan_id_policing_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_objective")),
    )
    op.create_index(op.f("ix_plan_objective_plan_id"), "plan_objective", ["plan_id"])
    op.create_table(
        "plan_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["plan_objective.id"], name=op.f("fk_plan_measure_objective_id_plan_objective")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_measure")),
    )
    op.create_index(op.f("ix_plan_measure_objective_id"), "plan_measure", ["objective_id"])
    op.create_table(
        "plan_priority",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_plan_priority_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["plan_objective.id"], name=op.f("fk_plan_priority_objective_id_plan_objective")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_priority")),
        sa.UniqueConstraint(
            "objective_id", "decision_id", name=op.f("uq_plan_priority_objective_id_decision_id")
        ),
    )
    op.create_index(op.f("ix_plan_priority_decision_id"), "plan_priority", ["decision_id"])
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(length=320), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_plan_version_approved_has_a_moment"),
        ),
        sa.CheckConstraint("approved_by <> made_by", name=op.f("ck_plan_version_approved_by_another")),
        sa.CheckConstraint(
            "published_at IS NULL OR approved_at IS NOT NULL",
            name=op.f("ck_plan_version_published_was_approved"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["policing_plan.id"], name=op.f("fk_plan_version_plan_id_policing_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_index(op.f("ix_plan_version_digest"), "plan_version", ["digest"])


def _afterwards() -> None:
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("ran_at", MOMENT, nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_retention_run_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index(op.f("ix_retention_run_consultation_id"), "retention_run", ["consultation_id"])
    op.create_table(
        "newsletter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("foreword", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint("until > since", name=op.f("ck_newsletter_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter")),
    )
    op.create_table(
        "evidence_bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_evidence_bundle_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_bundle")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_evidence_bundle_consultation_id_number")
        ),
        sa.UniqueConstraint("digest", name=op.f("uq_evidence_bundle_digest")),
    )
