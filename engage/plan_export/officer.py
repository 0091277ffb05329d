"""Decisions, and their export into the policing plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.analysis import disclosure
from engage.analysis.queries import evidence_folder
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.plan_export import service
from engage.plan_export.deciding import gates, reports, similar
from engage.plan_export.deciding.empty_phrases import PHRASES
from engage.plan_export.export import TYPES, Format, write
from engage.plan_export.forms import DecisionForm, ThemeForm
from engage.plan_export.queries import Plan, PlanLine, find_plan
from engage.plan_export.rules import NO_DIFFERENT_EFFECT, OUTCOMES, STANDINGS, TOLD, Subject
from engage.plan_export.service import Decided
from engage.timetable.queries import get_entry

pages = Pages(
    "decisions",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)


@pages.get("/<slug>/decisions")
def index(slug: str) -> ResponseReturnValue:
    """Show every priority with its figures and what was decided on it."""
    return _index(slug, ButtonForm())


@pages.route("/<slug>/decisions/<code>", methods=["GET", "POST"])
def edit(slug: str, code: str) -> ResponseReturnValue:
    """Record what was decided on one priority or theme, and why."""
    consultation = get_consultation(db.session, slug)
    line = _line(consultation, code)
    form = ThemeForm(obj=line.decision) if line.subject is Subject.THEME else DecisionForm(obj=line.decision)
    if not form.is_submitted() and line.decision is None:
        _begin(form, slug)
    return _decide(consultation, form, line, code)


@pages.route("/<slug>/themes/new", methods=["GET", "POST"])
def new_theme(slug: str) -> ResponseReturnValue:
    """Record what was decided on something that many people wrote and no priority covers."""
    form = ThemeForm()
    if not form.is_submitted():
        _begin(form, slug)
    return _decide(get_consultation(db.session, slug), form, None, "")


def _begin(form: DecisionForm, slug: str) -> None:
    form.decision_maker.data = get_entry(db.session, slug).decision_maker
    form.equality_note.data = f"{NO_DIFFERENT_EFFECT} "


def _decide(
    consultation: Consultation, form: DecisionForm, line: PlanLine | None, code: str
) -> ResponseReturnValue:
    slug = consultation.slug
    if form.validate_on_submit():
        with refusals_beside(form):
            decision = service.record_decision(
                db.session,
                actor=current_user.label,
                person_id=current_user.id,
                now=clock.now(),
                consultation=consultation,
                decided=_decided(code, form),
                folder=_folder(),
            )
            named = decision.label or (line.label if line else "")
            flash(_("The decision on “%(priority)s” is recorded.", priority=named))
            return redirect(url_for(".index", slug=slug))
    consultation = get_consultation(db.session, slug)
    page = render_template(
        "plan_export/officer/edit.html",
        form=form,
        consultation=consultation,
        line=line,
        **_of_report(consultation),
        cases=similar.cases(db.session, consultation, code=code, label=line.label) if line else (),
        phrases=PHRASES,
        OUTCOMES=OUTCOMES,
        rule=disclosure.rule(_threshold()),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/<slug>/decisions/finish")
def finish(slug: str) -> ResponseReturnValue:
    """Say that every top priority is decided."""
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.finish(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation=get_consultation(db.session, slug),
                folder=_folder(),
                threshold=_threshold(),
            )
            flash(_("The consultation is decided. Feedback comes next."))
            return redirect(url_for(".index", slug=slug))
    return _index(slug, form), INVALID


@pages.get("/<slug>/decisions/export.<name>")
def export(slug: str, name: str) -> ResponseReturnValue:
    """Hand out the plan's lines as a file."""
    if name not in list(Format):
        abort(404)
    chosen = Format(name)
    plan = _plan(get_consultation(db.session, slug))
    if plan is None:
        abort(404)
    answer = Response(write(plan, chosen, _threshold()), content_type=TYPES[chosen])
    answer.headers["Content-Disposition"] = f'attachment; filename="priorities-{slug}.{chosen}"'
    return answer


def _index(slug: str, form: ButtonForm) -> str:
    consultation = get_consultation(db.session, slug)
    return render_template(
        "plan_export/officer/index.html",
        consultation=consultation,
        plan=_plan(consultation),
        form=form,
        formats=list(Format),
        **_of_report(consultation),
        standings=gates.standing(db.session, consultation.id),
        OUTCOMES=OUTCOMES,
        STANDINGS=STANDINGS,
        State=State,
        decidable=consultation.state in reports.DECIDABLE,
        told=consultation.state in TOLD,
        rule=disclosure.rule(_threshold()),
    )


def _of_report(consultation: Consultation) -> dict[str, Any]:
    """Return what a page says of the report to decide on: itself, who has read it, whether it still holds."""
    report = reports.current(db.session, consultation.id)
    return {
        "report": report,
        "readings": reports.readings(db.session, [report.id]) if report else [],
        "is_current": report is not None and reports.is_current(db.session, report, clock.now()),
    }


def _decided(code: str, form: DecisionForm) -> Decided:
    assert form.decided_on.data is not None
    return Decided(
        priority_code=code,
        outcome=form.outcome.data,
        reason=form.reason.data or "",
        decided_on=form.decided_on.data,
        decision_maker=form.decision_maker.data or "",
        owner=form.owner.data or "",
        equality_note=form.equality_note.data or "",
        subject=Subject.THEME if isinstance(form, ThemeForm) else Subject.PRIORITY,
        label=(form.label.data or "") if isinstance(form, ThemeForm) else "",
        mentions=(form.mentions.data or 0) if isinstance(form, ThemeForm) else 0,
    )


def _line(consultation: Consultation, code: str) -> PlanLine:
    plan = _plan(consultation)
    line = plan.line(code) if plan else None
    if line is None:
        abort(404)
    return line


def _plan(consultation: Consultation) -> Plan | None:
    return find_plan(db.session, consultation=consultation, folder=_folder(), threshold=_threshold())


def _folder() -> Path:
    return evidence_folder(current_app.config["SETTINGS"])


def _threshold() -> int:
    return int(current_app.config["SETTINGS"].disclosure_threshold)
