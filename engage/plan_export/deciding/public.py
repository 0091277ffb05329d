"""What was decided, for everybody: each decision with its reason, its progress, and what its gates lacked."""

from __future__ import annotations

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from engage.analysis import disclosure
from engage.analysis.queries import evidence_folder
from engage.consultations.queries import get_consultation
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.plan_export.deciding import gates, reports
from engage.plan_export.queries import find_plan
from engage.plan_export.rules import GATES, OUTCOMES, STANDINGS, TOLD

pages = Pages("decided", __name__, admits=Audience.EVERYBODY)


@pages.get("/consultations/<slug>/decisions")
def show(slug: str) -> ResponseReturnValue:
    """Show every decision once the consultation is decided; nobody can see them before."""
    consultation = get_consultation(db.session, slug)
    if consultation.state not in TOLD:
        abort(404)
    settings = current_app.config["SETTINGS"]
    threshold = settings.disclosure_threshold
    plan = find_plan(
        db.session, consultation=consultation, folder=evidence_folder(settings), threshold=threshold
    )
    report = reports.decided_from(db.session, consultation.id)
    return render_template(
        "plan_export/public/decisions.html",
        consultation=consultation,
        lines=[line for line in plan.lines if line.decision] if plan else [],
        report=report,
        readings=reports.readings(db.session, [report.id]) if report else [],
        exceptions=gates.exceptions(db.session, consultation.id),
        GATES=GATES,
        OUTCOMES=OUTCOMES,
        STANDINGS=STANDINGS,
        rule=disclosure.rule(threshold),
    )
