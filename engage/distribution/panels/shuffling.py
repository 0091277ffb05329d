"""Laying the invitations out anew, so that how they lie does not tell in which order they were answered.

On SQLite they always lie in the order of their random keys (WITHOUT ROWID). On PostgreSQL a row that is
changed moves to the end, and each row names the transaction that wrote it, which is the one that stored the
response: so the table is written again, whole, by one transaction, in the order of the keys.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from engage.foundations.database import is_sqlite

# Responses keep the hour they came, so there is nothing to gain from doing it oftener than once in each.
WINDOW_MINUTES = 5
# Whoever sends a form meanwhile waits for no longer than this, however busy the table is.
PATIENCE = "2s"


def shuffle_when_due(session: Session, now: datetime) -> None:
    """Lay the invitations out anew in the first minutes of each hour, if any was changed since."""
    if now.minute < WINDOW_MINUTES and _tells(session):
        shuffle(session)


def shuffle(session: Session) -> None:
    """Write the table of invitations again: every row by this transaction, in the order of its key."""
    if is_sqlite(session):
        return
    for statement in (
        f"SET LOCAL lock_timeout = '{PATIENCE}'",
        "LOCK TABLE panel_invitation IN ACCESS EXCLUSIVE MODE",
        "CREATE TEMPORARY TABLE invitation_kept ON COMMIT DROP AS SELECT * FROM panel_invitation",
        "TRUNCATE panel_invitation",
        "INSERT INTO panel_invitation SELECT * FROM invitation_kept ORDER BY id",
    ):
        session.execute(text(statement))


def _tells(session: Session) -> bool:
    """Tell whether rows were written by more than one transaction."""
    if is_sqlite(session):
        return False
    several = "SELECT count(*) FROM (SELECT DISTINCT xmin::text FROM panel_invitation LIMIT 2) AS written"
    return bool(session.scalar(text(several)) > 1)
