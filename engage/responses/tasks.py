"""What the worker does for taking part."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from engage.responses.drafts import forget_stale_drafts
from engage.responses.intake.shelf import Shelf
from engage.responses.mails import forget_sent_codes


def forget_uploads(session: Session, now: datetime) -> None:
    """Delete files that were chosen for an import which nobody went on with."""
    Shelf(current_app.instance_path).forget_stale(now)


PERIODIC = {
    "responses.forget_stale_drafts": forget_stale_drafts,
    "responses.forget_sent_codes": forget_sent_codes,
    "responses.forget_uploads": forget_uploads,
}
