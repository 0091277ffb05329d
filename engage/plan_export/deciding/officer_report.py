"""The report for deciding: made, read, and kept as it stood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.analysis.queries import evidence_folder, latest_snapshot
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.foundations import clock
from engage.foundations.database import db, reading
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.plan_export.deciding import reports
from engage.plan_export.deciding.report_content import compose, withheld
from engage.plan_export.forms import ReadingForm
from engage.plan_export.models import DecisionReport
from engage.timetable.queries import get_entry

pages = Pages(
    "decision_report",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)


@pages.get("/<slug>/report")
def show(slug: str) -> ResponseReturnValue:
    """Show the last report, or offer to make the first."""
    consultation = get_consultation(db.session, slug)
    return _page(consultation, reports.current(db.session, consultation.id), ReadingForm())


@pages.get("/<slug>/report/<int:number>")
def numbered(slug: str, number: int) -> ResponseReturnValue:
    """Show a report, the last one or an earlier one."""
    consultation = get_consultation(db.session, slug)
    return _page(consultation, reports.get(db.session, consultation.id, number), ReadingForm())


@pages.get("/<slug>/report/<int:number>.json")
def text(slug: str, number: int) -> ResponseReturnValue:
    """Hand out the report as the very text that its digest is of."""
    consultation = get_consultation(db.session, slug)
    report = reports.get(db.session, consultation.id, number)
    answer = Response(reports.text_of(report), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="report-{slug}-{number}.json"'
    return answer


@pages.post("/<slug>/report")
def make(slug: str) -> ResponseReturnValue:
    """Make the report of the latest figures."""
    button, actor, now = ButtonForm(), current_user.label, clock.now()
    if button.validate_on_submit():
        composed = _composed(slug)
        with refusals_beside(button):
            report = reports.make(
                db.session,
                actor=actor,
                now=now,
                consultation=get_consultation(db.session, slug),
                folder=_folder(),
                threshold=_threshold(),
                composed=composed,
            )
            flash(_("Report %(number)s is made. Whoever decides reads it next.", number=report.number))
            return redirect(url_for(".show", slug=slug))
    consultation = get_consultation(db.session, slug)
    form = ReadingForm(formdata=None)
    form.form_errors.extend(button.form_errors)
    return _page(consultation, reports.current(db.session, consultation.id), form), INVALID


@pages.post("/<slug>/report/<int:number>/read")
def read(slug: str, number: int) -> ResponseReturnValue:
    """Record who has read the report."""
    consultation = get_consultation(db.session, slug)
    report = reports.get(db.session, consultation.id, number)
    form = ReadingForm()
    if form.validate_on_submit():
        assert form.read_on.data is not None
        with refusals_beside(form):
            reports.acknowledge(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                report_id=report.id,
                reader=form.reader.data or "",
                read_on=form.read_on.data,
            )
            flash(_("It is recorded that the report was read."))
            return redirect(url_for(".numbered", slug=slug, number=number))
    consultation = get_consultation(db.session, slug)
    return _page(consultation, reports.get(db.session, consultation.id, number), form), INVALID


def _composed(slug: str) -> dict[str, Any] | None:
    """Read what the report will say outside the transaction that holds the write lock: it may take long."""
    db.session.rollback()
    with reading():
        consultation = get_consultation(db.session, slug)
        known = latest_snapshot(db.session, consultation.id)
        composed = (
            compose(db.session, consultation=consultation, folder=_folder(), threshold=_threshold())
            if known is not None
            else None
        )
        db.session.rollback()
    return composed


def _page(consultation: Consultation, report: DecisionReport | None, form: ReadingForm) -> str:
    now = clock.now()
    known = reports.all_of(db.session, consultation.id)
    newest = known[0] if known else None
    if form.reader.data is None:
        form.reader.data = get_entry(db.session, consultation.slug).decision_maker
    return render_template(
        "plan_export/officer/report.html",
        consultation=consultation,
        report=report,
        content=report.content if report else None,
        hidden=withheld(report.content["figures"]) if report else 0,
        intact=report is None or reports.is_intact(report),
        readings=reports.readings(db.session, [report.id]) if report else [],
        others=[each for each in known if report is None or each.id != report.id],
        is_newest=report is not None and newest is not None and report.id == newest.id,
        is_current=newest is not None and reports.is_current(db.session, newest, now),
        counted=latest_snapshot(db.session, consultation.id) is not None,
        open_to_change=consultation.state in reports.DECIDABLE,
        form=form,
    )


def _folder() -> Path:
    return evidence_folder(current_app.config["SETTINGS"])


def _threshold() -> int:
    return int(current_app.config["SETTINGS"].disclosure_threshold)
