"""The report as it stood: made from the latest figures, read by who decides, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis.manifests import canonical, digest_of
from engage.analysis.queries import is_behind, latest_snapshot
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.consultations.service import hold
from engage.foundations.clock import in_london
from engage.foundations.language import day, lazy
from engage.foundations.refusals import Refused
from engage.plan_export.deciding.keeping import keep
from engage.plan_export.deciding.report_content import compose
from engage.plan_export.models import Decision, DecisionReport, ReportReading
from engage.plan_export.rules import LONGEST_NAME, TOO_LONG

DECIDABLE = frozenset({State.ANALYSED, State.DECIDED})


def current(session: Session, consultation_id: int) -> DecisionReport | None:
    """Return the consultation's last report, None where none has been made."""
    return session.scalars(
        select(DecisionReport)
        .where(DecisionReport.consultation_id == consultation_id)
        .order_by(DecisionReport.number.desc())
        .limit(1)
    ).one_or_none()


def decided_from(session: Session, consultation_id: int) -> DecisionReport | None:
    """Return the last report that a decision of the consultation was taken from, None where there is none."""
    return session.scalars(
        select(DecisionReport)
        .join(Decision, Decision.report_id == DecisionReport.id)
        .where(Decision.consultation_id == consultation_id)
        .order_by(DecisionReport.number.desc())
        .limit(1)
    ).one_or_none()


def get(session: Session, consultation_id: int, number: int) -> DecisionReport:
    """Return a report of this consultation by its number; raises `NoResultFound`."""
    return session.scalars(
        select(DecisionReport).where(
            DecisionReport.consultation_id == consultation_id, DecisionReport.number == number
        )
    ).one()


def all_of(session: Session, consultation_id: int) -> list[DecisionReport]:
    """Return every report of a consultation, the last first."""
    return list(
        session.scalars(
            select(DecisionReport)
            .where(DecisionReport.consultation_id == consultation_id)
            .order_by(DecisionReport.number.desc())
        )
    )


def readings(session: Session, report_ids: Sequence[int]) -> list[ReportReading]:
    """Return who has read these reports, the first reader first."""
    return list(
        session.scalars(
            select(ReportReading)
            .where(ReportReading.report_id.in_(report_ids))
            .order_by(ReportReading.read_on, ReportReading.id)
        )
    )


def first_read_on(session: Session, report_id: int) -> date | None:
    """Return the first day on which somebody had read the report, None where nobody has."""
    return session.scalar(select(func.min(ReportReading.read_on)).where(ReportReading.report_id == report_id))


def is_current(session: Session, report: DecisionReport, now: datetime | None = None) -> bool:
    """Tell whether the report is of the latest snapshot and, at `now`, whether that is of all responses."""
    snapshot = latest_snapshot(session, report.consultation_id)
    if snapshot is None or snapshot.id != report.snapshot_id:
        return False
    return now is None or not is_behind(session, snapshot, now)


def text_of(report: DecisionReport) -> bytes:
    """Return the report as the one text that its digest is of."""
    return canonical(report.content).encode()


def is_intact(report: DecisionReport) -> bool:
    """Tell whether the content is what its digest was made of."""
    return digest_of(report.content) == report.digest


def make(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation: Consultation,
    folder: Path,
    threshold: int,
    composed: dict[str, Any] | None = None,
) -> DecisionReport:
    """Make the report of the latest figures and return it; of the same figures there is only one.

    `composed` is what `compose` returned outside this transaction, so that reading holds up nobody's writing.
    Raises `Refused` before the analysis, after the feedback and where the figures lag behind.
    """
    hold(session, consultation.id)
    refuse_wrong_state(consultation)
    snapshot = latest_snapshot(session, consultation.id)
    if snapshot is None:
        raise Refused(lazy("Nothing has been counted yet."))
    if is_behind(session, snapshot, now):
        raise Refused(lazy("The figures lag behind the responses: bring the results up to date first."))
    last = current(session, consultation.id)
    if last is not None and last.snapshot_id == snapshot.id:
        return last
    if composed is None or composed["snapshot"]["digest"] != snapshot.digest:
        composed = compose(session, consultation=consultation, folder=folder, threshold=threshold)
    number = last.number + 1 if last else 1
    content = composed | {"number": number, "made_on": in_london(now).date().isoformat()}
    report = DecisionReport(
        consultation_id=consultation.id,
        number=number,
        snapshot_id=snapshot.id,
        content=content,
        digest=digest_of(content),
        made_by=actor,
        made_at=now,
    )
    keep(
        session,
        report,
        actor=actor,
        now=now,
        consultation=consultation,
        action="report.made",
        details={"number": number, "digest": report.digest, "snapshot": snapshot.digest},
    )
    return report


def acknowledge(
    session: Session, *, actor: str, now: datetime, report_id: int, reader: str, read_on: date
) -> ReportReading:
    """Keep that `reader` (name and role) had read the report on that day, and return it; each reader once.

    Raises `Refused` where a day is before the report or still to come, and for a second day of one reader.
    """
    report = session.scalars(select(DecisionReport).where(DecisionReport.id == report_id)).one()
    reader = " ".join(reader.split())
    _refuse_reading(report, reader, read_on, now)
    consultation = hold(session, report.consultation_id)
    for reading in readings(session, [report_id]):
        if reading.reader.casefold() == reader.casefold():
            if reading.read_on == read_on:
                return reading
            raise Refused(
                lazy("It is recorded that they read it on %(day)s.", day=day(reading.read_on)), "reader"
            )
    refuse_wrong_state(consultation)
    reading = ReportReading(
        report_id=report_id, reader=reader, read_on=read_on, recorded_by=actor, recorded_at=now
    )
    keep(
        session,
        reading,
        actor=actor,
        now=now,
        consultation=consultation,
        action="report.read",
        details={"number": report.number, "reader": reader, "read_on": read_on.isoformat()},
    )
    return reading


def refuse_wrong_state(consultation: Consultation) -> None:
    """Raise `Refused` before the analysis and after the feedback."""
    if consultation.state is State.FED_BACK:
        raise Refused(lazy("Feedback has been given: its decisions stay as everybody was told."))
    if consultation.state not in DECIDABLE:
        raise Refused(lazy("The answers have not been analysed yet: decisions follow their report."))


def _refuse_reading(report: DecisionReport, reader: str, read_on: date, now: datetime) -> None:
    if not reader:
        raise Refused(lazy("Give the name and the role of who has read it."), "reader")
    if len(reader) > LONGEST_NAME:
        raise Refused(TOO_LONG, "reader")
    made_on = in_london(report.made_at).date()
    if read_on < made_on:
        raise Refused(
            lazy("The report was made on %(day)s: nobody can have read it before.", day=day(made_on)),
            "read_on",
        )
    if read_on > in_london(now).date():
        raise Refused(lazy("This day is still to come: record it when they have read it."), "read_on")
