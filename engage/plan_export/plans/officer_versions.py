"""Versions of a plan: made, approved by a second person, published; and every file of them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.plan_export.models import PlanVersion, PolicingPlan
from engage.plan_export.plans import content, publishing, queries
from engage.plan_export.plans.differences import differences
from engage.plan_export.plans.exporting import Export, Format, export, of_version
from engage.plan_export.plans.forms import VersionForm
from engage.plan_export.plans.officer import by, draft_of, evidence
from engage.plan_export.plans.paper import Issue
from engage.plan_export.plans.rules import COLOURS, STAGES, Stage, years_of
from engage.plan_export.rules import OUTCOMES

pages = Pages(
    "plan_versions",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/plans/<code>",
)


@pages.route("/versions/new", methods=["GET", "POST"])
def new(code: str) -> ResponseReturnValue:
    """Keep the plan as it stands now, having seen what changed."""
    plan = queries.get_plan(db.session, code)
    form = VersionForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            version = publishing.make_version(
                db.session, by=by(), plan=plan, note=form.note.data or "", evidence=evidence()
            )
            flash(_("Version %(number)s is made. Somebody else approves it.", number=version.number))
            return redirect(url_for(".show", code=code, number=version.number))
    newest = queries.newest_version(db.session, plan.id)
    page = render_template(
        "plan_export/officer/plan_version_new.html",
        form=form,
        plan=plan,
        newest=newest,
        changes=differences(newest.content if newest else None, draft_of(plan).content),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/versions/<int:number>")
def show(code: str, number: int) -> ResponseReturnValue:
    """Show a version, and what changed since the one before."""
    plan = queries.get_plan(db.session, code)
    return _page(plan, queries.get_version(db.session, plan, number), ButtonForm())


@pages.post("/versions/<int:number>/approve")
def approve(code: str, number: int) -> ResponseReturnValue:
    """Say that a version is right."""
    return _act(code, number, publishing.approve, _("The version is approved. It can be published."))


@pages.post("/versions/<int:number>/publish")
def publish(code: str, number: int) -> ResponseReturnValue:
    """Show a version to everybody."""
    return _act(code, number, publishing.publish, _("The plan is published."))


@pages.get("/versions/<int:number>/plan.<name>")
def file(code: str, number: int, name: str) -> ResponseReturnValue:
    """Hand out a version as a file."""
    plan = queries.get_plan(db.session, code)
    return handed_out(of_version(queries.get_version(db.session, plan, number)), name)


@pages.get("/draft.<name>")
def draft_file(code: str, name: str) -> ResponseReturnValue:
    """Hand out the plan as it stands now, marked as a draft."""
    plan = queries.get_plan(db.session, code)
    return handed_out(Export(draft_of(plan).content, made_at=clock.now()), name)


def handed_out(asked: Export, name: str) -> ResponseReturnValue:
    """Return a plan as a file of that kind; 404 for no kind, or a version that is not what was made."""
    if name not in list(Format) or not asked.intact:
        abort(404)
    chosen, settings = Format(name), current_app.config["SETTINGS"]
    issue = Issue(settings.authority, address_of("plan.check"))
    answer = Response(export(asked, chosen, issue), content_type=chosen.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{asked.file_name}.{chosen}"'
    return answer


def _act(code: str, number: int, verb: Callable[..., None], said: str) -> ResponseReturnValue:
    plan = queries.get_plan(db.session, code)
    version = queries.get_version(db.session, plan, number)
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            verb(db.session, by=by(), plan=plan, version=version)
            flash(said)
            return redirect(url_for(".show", code=code, number=number))
    return _page(plan, version, form), INVALID


def _page(plan: PolicingPlan, version: PlanVersion, form: ButtonForm) -> str:
    others = queries.versions_of(db.session, plan.id)
    before = next((one for one in others if one.number == version.number - 1), None)
    return render_template(
        "plan_export/officer/plan_version.html",
        form=form,
        plan=plan,
        version=version,
        stage=queries.stage_of(version),
        intact=publishing.is_intact(version),
        mine=publishing.is_made_by(version, by()),
        before=before,
        changes=differences(before.content if before else None, version.content),
        content=version.content,
        years=years_of(version.content["plan"]["first_year"], version.content["plan"]["years"]),
        share_of=content.share_of,
        formats=list(Format),
        OUTCOMES=OUTCOMES,
        STAGES=STAGES,
        COLOURS=COLOURS,
        Stage=Stage,
    )
