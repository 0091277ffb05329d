"""Plans, for everybody; and the way from each line to the counts, and from each priority to the plan."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from engage.analysis import disclosure
from engage.analysis.queries import evidence_folder
from engage.foundations.database import db
from engage.foundations.language import day
from engage.foundations.pages import INVALID, Audience, Pages
from engage.plan_export.models import PlanVersion, PolicingPlan
from engage.plan_export.plans import checking, content, publishing, queries, trace
from engage.plan_export.plans.exporting import Format, of_version
from engage.plan_export.plans.forms import CheckForm
from engage.plan_export.plans.officer_versions import handed_out
from engage.plan_export.plans.rules import digest_typed, years_of
from engage.plan_export.plans.trace import InPlan, Place
from engage.plan_export.rules import OUTCOMES, STANDINGS

pages = Pages("plan", __name__, admits=Audience.EVERYBODY)

SCHEMA = Path(__file__).with_name("schema.json")


@pages.get("/plan")
def index() -> ResponseReturnValue:
    """List the published plans."""
    return render_template(
        "plan_export/public/plans.html", plans=queries.published_now(db.session), years_of=years_of
    )


@pages.get("/plan/check")
def check() -> ResponseReturnValue:
    """Say which document of ours a digest is of."""
    form = CheckForm(request.args)
    typed = form.digest.data or ""
    beginning = digest_typed(typed)
    found = checking.find(db.session, beginning) if beginning else ()
    page = render_template(
        "plan_export/public/check.html",
        form=form,
        typed=typed.strip()[:100],
        beginning=beginning,
        found=found,
        Kind=checking.Kind,
    )
    return page, (INVALID if typed.strip() and beginning is None else 200)


@pages.get("/plan/schema.json")
def schema() -> ResponseReturnValue:
    """Hand out the schema of the plan as JSON."""
    return Response(json.dumps(read_schema(), indent=2) + "\n", content_type="application/schema+json")


@pages.get("/plan/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show a plan as it was published last."""
    return _page(*queries.get_published(db.session, code))


@pages.get("/plan/<code>/versions/<int:number>")
def version(code: str, number: int) -> ResponseReturnValue:
    """Show a version that was published."""
    return _page(*queries.get_published(db.session, code, number))


@pages.get("/plan/<code>/versions/<int:number>/plan.<name>")
def file(code: str, number: int, name: str) -> ResponseReturnValue:
    """Hand out a published version as a file."""
    _plan, published = queries.get_published(db.session, code, number)
    return handed_out(of_version(published), name)


@pages.get("/consultations/<slug>/priorities")
def priorities(slug: str) -> ResponseReturnValue:
    """Show what became of every priority that was asked."""
    consultation = trace.get_told(db.session, slug)
    return render_template(
        "plan_export/public/priorities.html",
        consultation=consultation,
        lines=trace.all_became(db.session, consultation, _place()),
        share=disclosure.share,
        **_words(),
    )


@pages.get("/consultations/<slug>/priorities/<code>")
def priority(slug: str, code: str) -> ResponseReturnValue:
    """Show what became of a priority: how many named it, what was decided and why, and where it is now."""
    consultation = trace.get_told(db.session, slug)
    became = trace.became(db.session, consultation, code, _place())
    return render_template(
        "plan_export/public/priority.html",
        consultation=consultation,
        became=became,
        share=disclosure.share(became.mentions, became.base),
        **_words(),
    )


@pages.get("/consultations/<slug>/counts/<digest>")
def snapshot(slug: str, digest: str) -> ResponseReturnValue:
    """Show the counts that decisions were taken from, of everything that was asked."""
    consultation = trace.get_told(db.session, slug)
    return render_template(
        "plan_export/public/snapshot.html",
        counted=trace.counted_in(db.session, consultation, digest, _place()),
        consultation=consultation,
        **_words(),
    )


@pages.get("/consultations/<slug>/questions/<questionnaire>/<int:number>/<question>")
def question(slug: str, questionnaire: str, number: int, question: str) -> ResponseReturnValue:
    """Show a question as one version of a questionnaire put it."""
    consultation = trace.get_told(db.session, slug)
    asked, as_put, wording = trace.question_asked(db.session, consultation, questionnaire, number, question)
    return render_template(
        "plan_export/public/question.html",
        consultation=consultation,
        asked=asked,
        version=as_put,
        question=wording,
    )


@pages.app_template_global("in_plans")
def in_plans(slug: str) -> dict[str, tuple[InPlan, ...]]:
    """Return, for pages that list decisions, the objectives of published plans that take each up."""
    return trace.in_plans(db.session, slug)


@pages.app_template_filter("iso_day")
def iso_day(written: str) -> str:
    """Return a day that a version keeps (2027-12-03) in words."""
    return day(date.fromisoformat(written))


@cache
def read_schema() -> dict[str, Any]:
    """Return the schema of the plan as JSON."""
    known: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return known


def _page(plan: PolicingPlan, published: PlanVersion) -> str:
    said = published.content["plan"]
    if not publishing.is_intact(published):
        # Nobody may take for the plan what is not what was approved.
        current_app.logger.error("plan %s version %s is not what was made", plan.code, published.number)
        abort(500)
    return render_template(
        "plan_export/public/plan.html",
        plan=plan,
        version=published,
        versions=[one for one in queries.versions_of(db.session, plan.id) if one.published_at is not None],
        content=published.content,
        years=years_of(said["first_year"], said["years"]),
        formats=list(Format),
        share_of=content.share_of,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "OUTCOMES": OUTCOMES,
        "rule": disclosure.rule(_place().threshold),
        "STANDINGS": STANDINGS,
    }


def _place() -> Place:
    settings = current_app.config["SETTINGS"]
    return Place(evidence_folder(settings), settings.disclosure_threshold)
