"""What arrived: mail told to be delivered, news apart from the newsletter, versions that stay as made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# What a version says, and of whom: for ever. Its approval and publishing are written down later, once.
SAID = "plan_id, number, note, content, digest, made_by, made_by_id, made_at"
ONCE = ("approved_by", "approved_by_id", "approved_at", "published_at")
PEOPLE = ("made_by_id", "approved_by_id")


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("delivered_at", MOMENT))
    with op.batch_alter_table("subscription", recreate=_recreate()) as table:
        table.add_column(sa.Column("wants_news", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.create_check_constraint("wants_something", "wants_news OR newsletter")
    with op.batch_alter_table("plan_version", recreate=_recreate()) as table:
        for name in PEOPLE:
            table.add_column(sa.Column(name, sa.Integer()))
            table.create_foreign_key(f"fk_plan_version_{name}_person", "person", [name], ["id"])
        table.create_check_constraint("approved_by_another_person", "approved_by_id <> made_by_id")
    _keep_versions()


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in _triggers():
        op.execute(f"DROP TRIGGER {name}" + ("" if on_sqlite else " ON plan_version"))
    with op.batch_alter_table("plan_version", recreate=_recreate()) as table:
        table.drop_constraint("approved_by_another_person", type_="check")
        for name in PEOPLE:
            table.drop_constraint(f"fk_plan_version_{name}_person", type_="foreignkey")
            table.drop_column(name)
    with op.batch_alter_table("subscription", recreate=_recreate()) as table:
        table.drop_constraint("wants_something", type_="check")
        table.drop_column("wants_news")
    op.drop_column("outbox_message", "delivered_at")


def _recreate() -> str:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def _triggers() -> dict[str, tuple[str, str]]:
    """Return what each trigger stands before and when it refuses, by its name."""
    found = {
        "plan_version_keeps_what_it_says": (f"UPDATE OF {SAID}", ""),
        "plan_version_refuses_delete": ("DELETE", ""),
    }
    for column in ONCE:
        changed = f"OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} <> OLD.{column})"
        found[f"plan_version_keeps_{column}"] = (f"UPDATE OF {column}", f"WHEN ({changed})")
    return found


def _keep_versions() -> None:
    refusal = (
        "BEGIN SELECT RAISE(ABORT, 'plan_version is only ever added to'); END"
        if op.get_bind().dialect.name == "sqlite"
        else "EXECUTE FUNCTION refuse_change()"
    )
    for name, (what, when) in _triggers().items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON plan_version FOR EACH ROW {when} {refusal}")
