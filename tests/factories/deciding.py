"""A report that was made and read, so that something can be decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.analysis.queries import evidence_folder
from engage.consultations.models import Consultation
from engage.foundations.clock import in_london
from engage.foundations.settings import Settings
from engage.plan_export.deciding import reports
from engage.plan_export.models import DecisionReport
from engage.plan_export.rules import Outcome
from engage.plan_export.service import Decided

READER = "Ada Reader, Chair of the Authority"
NOTE = "We found no different effect because every borough and every age group named it alike."


def make_report(
    session: Session,
    settings: Settings,
    consultation: Consultation,
    now: datetime,
    *,
    read_on: date | None = None,
    reader: str = READER,
) -> DecisionReport:
    """Return the report of the latest figures, made at `now` and read on that day or on `read_on`."""
    report = reports.make(
        session,
        actor="Test",
        now=now,
        consultation=consultation,
        folder=evidence_folder(settings),
        threshold=settings.disclosure_threshold,
    )
    reports.acknowledge(
        session,
        actor="Test",
        now=now,
        report_id=report.id,
        reader=reader,
        read_on=read_on or in_london(now).date(),
    )
    return report


def decided(code: str, on: date, **said: Any) -> Decided:
    """Return what may be recorded on a priority."""
    values = {
        "outcome": Outcome.ADOPTED,
        "reason": "It becomes the first objective of the plan.",
        "decision_maker": "The full Authority",
        "owner": "The borough commanders",
        "equality_note": NOTE,
    }
    return Decided(priority_code=code, decided_on=on, **(values | said))
