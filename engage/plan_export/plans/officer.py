"""Plans, to write."""

from __future__ import annotations

from pathlib import Path

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.analysis.queries import evidence_folder
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _, plural
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.plan_export.models import PlanMeasure, PlanObjective, PlanPriority, PolicingPlan
from engage.plan_export.plans import content, queries, service
from engage.plan_export.plans.content import Draft
from engage.plan_export.plans.exporting import Format
from engage.plan_export.plans.forms import (
    DECISIONS,
    DecisionsForm,
    MeasureForm,
    NewPlanForm,
    ObjectiveForm,
    PlanForm,
    WordingForm,
)
from engage.plan_export.plans.publishing import Evidence
from engage.plan_export.plans.rules import COLOURS, STAGES, TAKEN_UP, years_of
from engage.plan_export.plans.service import Actor, ObjectiveText, PlanText
from engage.plan_export.rules import OUTCOMES

pages = Pages(
    "officer_plan",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/plans",
)


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every plan with its versions."""
    return render_template(
        "plan_export/officer/plans.html",
        plans=queries.list_plans(db.session),
        stage_of=queries.stage_of,
        years_of=years_of,
        STAGES=STAGES,
        COLOURS=COLOURS,
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Begin a plan, from the decisions or empty."""
    form = NewPlanForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            plan = service.make_plan(
                db.session, by=by(), text=_plan_text(form), from_decisions=form.begin.data == DECISIONS
            )
            return redirect(url_for(".show", code=plan.code))
    page = render_template("plan_export/officer/plan_new.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show a plan as it is being written, with everything that can be done to it."""
    plan = queries.get_plan(db.session, code)
    return shown(plan, ButtonForm())


@pages.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Change what a plan is called, and for when it is."""
    plan = queries.get_plan(db.session, code)
    form = PlanForm(obj=plan)
    if form.validate_on_submit():
        with refusals_beside(form):
            service.change_plan(db.session, by=by(), plan=plan, text=_plan_text(form))
            return redirect(url_for(".show", code=code))
    return _form_page(form, plan, _("Title, years and foreword"))


@pages.route("/<code>/objectives/new", methods=["GET", "POST"])
def add_objective(code: str) -> ResponseReturnValue:
    """Add an objective."""
    return _objective_page(queries.get_plan(db.session, code), None)


@pages.route("/<code>/objectives/<int:objective_id>", methods=["GET", "POST"])
def edit_objective(code: str, objective_id: int) -> ResponseReturnValue:
    """Change what an objective says."""
    plan = queries.get_plan(db.session, code)
    return _objective_page(plan, queries.get_objective(db.session, plan, objective_id))


@pages.route("/<code>/objectives/<int:objective_id>/measures/new", methods=["GET", "POST"])
def add_measure(code: str, objective_id: int) -> ResponseReturnValue:
    """Add a measure to an objective."""
    plan = queries.get_plan(db.session, code)
    return _measure_page(plan, queries.get_objective(db.session, plan, objective_id), None)


@pages.route("/<code>/measures/<int:measure_id>", methods=["GET", "POST"])
def edit_measure(code: str, measure_id: int) -> ResponseReturnValue:
    """Change a measure."""
    plan = queries.get_plan(db.session, code)
    measure = queries.get_measure(db.session, plan, measure_id)
    return _measure_page(plan, queries.get_objective(db.session, plan, measure.objective_id), measure)


@pages.route("/<code>/objectives/<int:objective_id>/decisions", methods=["GET", "POST"])
def choose(code: str, objective_id: int) -> ResponseReturnValue:
    """Choose the decisions that an objective takes up."""
    plan = queries.get_plan(db.session, code)
    objective = queries.get_objective(db.session, plan, objective_id)
    rows = queries.rows_of(db.session, plan)
    offered = [
        each
        for each in queries.named_decisions(db.session)
        if each.final and each.decision.outcome in TAKEN_UP and each.decision.id not in rows.taken
    ]
    form = DecisionsForm([(each.decision.id, each.label) for each in offered])
    if form.validate_on_submit():
        with refusals_beside(form):
            taken = service.take_up(
                db.session, by=by(), plan=plan, objective=objective, decision_ids=form.decisions.data or ()
            )
            flash(plural("%(num)d decision is in the plan.", "%(num)d decisions are in the plan.", taken))
            return _back(code, objective.id)
    page = render_template(
        "plan_export/officer/plan_decisions.html",
        form=form,
        plan=plan,
        objective=objective,
        offered=offered,
        OUTCOMES=OUTCOMES,
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>/priorities/<int:priority_id>", methods=["GET", "POST"])
def word(code: str, priority_id: int) -> ResponseReturnValue:
    """Say a priority in the plan's own words."""
    plan = queries.get_plan(db.session, code)
    priority = queries.get_priority(db.session, plan, priority_id)
    form = WordingForm(obj=priority)
    if form.validate_on_submit():
        with refusals_beside(form):
            service.word_priority(
                db.session, by=by(), plan=plan, priority=priority, wording=form.wording.data or ""
            )
            return _back(code, priority.objective_id)
    [named] = [
        each for each in queries.named_decisions(db.session) if each.decision.id == priority.decision_id
    ]
    return _form_page(form, plan, _("“%(priority)s” in the plan’s own words", priority=named.label))


@pages.post("/<code>/<kind>/<int:row_id>/move")
def move(code: str, kind: str, row_id: int) -> ResponseReturnValue:
    """Move an objective, a measure or a priority up or down."""
    plan = queries.get_plan(db.session, code)
    row = _row(plan, kind, row_id)
    up = request.form.get("move") == "up"
    service.move(db.session, by=by(), plan=plan, row=row, up=up)
    return _back(code, row.id if isinstance(row, PlanObjective) else row.objective_id)


@pages.post("/<code>/<kind>/<int:row_id>/remove")
def remove(code: str, kind: str, row_id: int) -> ResponseReturnValue:
    """Take an objective, a measure or a priority out of the plan."""
    plan = queries.get_plan(db.session, code)
    row = _row(plan, kind, row_id)
    if isinstance(row, PlanObjective):
        service.remove_objective(db.session, by=by(), plan=plan, objective=row)
        return redirect(url_for(".show", code=code))
    if isinstance(row, PlanMeasure):
        service.remove_measure(db.session, by=by(), plan=plan, measure=row)
    else:
        service.put_back(db.session, by=by(), plan=plan, priority=row)
    return _back(code, row.objective_id)


def shown(plan: PolicingPlan, form: ButtonForm) -> str:
    """Return the page of a plan as it is being written."""
    draft = draft_of(plan)
    return render_template(
        "plan_export/officer/plan.html",
        form=form,
        plan=plan,
        years=years_of(plan.first_year, plan.years),
        draft=draft,
        versions=queries.versions_of(db.session, plan.id),
        stage_of=queries.stage_of,
        share_of=content.share_of,
        formats=list(Format),
        OUTCOMES=OUTCOMES,
        STAGES=STAGES,
        COLOURS=COLOURS,
    )


def draft_of(plan: PolicingPlan) -> Draft:
    """Return the plan as it stands now."""
    return content.draft(db.session, queries.rows_of(db.session, plan), evidence().threshold)


def evidence() -> Evidence:
    """Return where this installation's evidence lies, and its threshold."""
    settings = current_app.config["SETTINGS"]
    folder: Path = evidence_folder(settings)
    return Evidence(folder, settings.disclosure_threshold)


def by() -> Actor:
    """Return who is here, and when."""
    return Actor(current_user.label, clock.now(), current_user.id)


def _objective_page(plan: PolicingPlan, objective: PlanObjective | None) -> ResponseReturnValue:
    form = ObjectiveForm(obj=objective)
    if form.validate_on_submit():
        with refusals_beside(form):
            saved = service.save_objective(
                db.session,
                by=by(),
                plan=plan,
                text=ObjectiveText(form.title.data or "", form.text.data or "", form.owner.data or ""),
                objective=objective,
            )
            return _back(plan.code, saved.id)
    return _form_page(form, plan, _("Change the objective") if objective else _("Add an objective"))


def _measure_page(
    plan: PolicingPlan, objective: PlanObjective, measure: PlanMeasure | None
) -> ResponseReturnValue:
    form = MeasureForm(obj=measure)
    if form.validate_on_submit():
        with refusals_beside(form):
            service.save_measure(
                db.session,
                by=by(),
                plan=plan,
                objective=objective,
                text=form.text.data or "",
                target=form.target.data or "",
                measure=measure,
            )
            return _back(plan.code, objective.id)
    heading = _("Change a measure") if measure else _("Add a measure")
    return _form_page(form, plan, heading, objective.title)


def _form_page(
    form: PlanForm | ObjectiveForm | MeasureForm | WordingForm,
    plan: PolicingPlan,
    heading: str,
    caption: str = "",
) -> ResponseReturnValue:
    page = render_template(
        "plan_export/officer/plan_form.html", form=form, plan=plan, heading=heading, caption=caption
    )
    return page, (INVALID if form.is_submitted() else 200)


def _plan_text(form: PlanForm) -> PlanText:
    return PlanText(
        form.title.data or "", form.first_year.data or 0, form.years.data or 0, form.foreword.data or ""
    )


def _row(plan: PolicingPlan, kind: str, row_id: int) -> PlanObjective | PlanMeasure | PlanPriority:
    if kind == "objectives":
        return queries.get_objective(db.session, plan, row_id)
    if kind == "measures":
        return queries.get_measure(db.session, plan, row_id)
    if kind != "priorities":
        abort(404)
    return queries.get_priority(db.session, plan, row_id)


def _back(code: str, objective_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show", code=code, _anchor=f"objective-{objective_id}"))
