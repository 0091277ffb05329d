"""What is wrong with a draft or could be said better, and all the ways through it."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from engage.foundations.database import db
from engage.questionnaires import drafts, history
from engage.questionnaires.definitions import parse
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.previews import DRAFT, Previewed
from engage.questionnaires.publishable import bars
from engage.questionnaires.readability import advise, estimated_minutes
from engage.questionnaires.routes import routes as ways_through


@pages.get("/<code>/checks")
def checks(code: str) -> ResponseReturnValue:
    """Name what bars publishing and what could be clearer, each with where to put it right."""
    shown = looked_at(code)
    return render_template(
        "questionnaires/officer/checks.html",
        shown=shown,
        faults=bars(db.session, code, shown.definition) if shown.number == DRAFT else (),
        advice=advise(shown.definition, shown.privacy_notice),
        minutes=estimated_minutes(shown.definition),
    )


@pages.get("/<code>/routes")
def routes(code: str) -> ResponseReturnValue:
    """List the ways that answers can lead through the pages."""
    shown = looked_at(code)
    return render_template(
        "questionnaires/officer/routes.html", shown=shown, routes=ways_through(shown.definition)
    )


def looked_at(code: str) -> Previewed:
    """Return the version the address names (`number`), else the draft, else the newest version; or 404."""
    number = request.args.get("number", type=int)
    drafted = drafts.find_draft(db.session, code) if number in (None, DRAFT) else None
    if drafted:
        return Previewed(code, drafted.title, DRAFT, parse(drafted.definition), drafted.privacy_notice)
    if number == DRAFT:
        abort(404)
    version = (
        history.find_newest(db.session, code)
        if number is None
        else history.get_version(db.session, code, number)
    )
    if version is None:
        abort(404)
    return Previewed(code, version.title, version.number, version.definition, version.privacy_notice)
