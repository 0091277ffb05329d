"""Questionnaires from and to files: what a file holds is shown before anything is stored."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import areas
from engage.foundations import clock
from engage.foundations.database import db, reading
from engage.foundations.language import _
from engage.foundations.pages import INVALID, refusals_beside
from engage.foundations.tables.limits import MOST_BYTES
from engage.questionnaires import drafts, edits, queries
from engage.questionnaires.exchange.carrying import carry, find_carried
from engage.questionnaires.exchange.forms import ImportForm, StartForm
from engage.questionnaires.exchange.opening import open_file
from engage.questionnaires.exchange.own import write_own
from engage.questionnaires.exchange.queries import get_exported
from engage.questionnaires.exchange.report import SOURCES, Imported
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.officer.blueprint import pages


@pages.route("/import", methods=["GET", "POST"])
def import_() -> ResponseReturnValue:
    """Take a file, and show what is in it."""
    form = ImportForm()
    if form.validate_on_submit():
        # Reading takes its time, and nothing is stored: nobody need wait for their turn to write.
        db.session.rollback()
        with reading(), refusals_beside(form):
            content = form.file.data.stream.read(MOST_BYTES + 1)
            found = open_file(content, form.chosen, [Option(one.code, one.name) for one in areas(db.session)])
            return _report(found, _start_form(found))
    page = render_template("questionnaires/officer/import.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/import/start")
def import_start() -> ResponseReturnValue:
    """Start a draft from a file that was read."""
    frameworks = queries.frameworks(db.session)
    form = StartForm(frameworks)
    found = find_carried(form.carried.data or "")
    if found is None:
        flash(_("What was read from your file is no longer here. Choose the file again."))
        return redirect(url_for(".import_"))
    if form.validate_on_submit():
        with refusals_beside(form):
            code = form.code.data or ""
            drafts.start(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                code=code,
                title=form.title.data or "",
                framework_id=int(form.framework.data) if form.framework.data else None,
                definition=found.definition,
                privacy_notice=found.privacy_notice,
            )
            flash(_("This is the draft. Nobody sees it until you publish it."))
            return redirect(url_for(".edit", code=code))
    return _report(found, form), INVALID


@pages.get("/<code>/export")
def export(code: str) -> ResponseReturnValue:
    """Hand out a file in our format: the version asked for, else the draft, else what is published."""
    asked = request.args.get("version", type=int)
    found = get_exported(db.session, code, asked)
    content = write_own(
        code=code, title=found.title, privacy_notice=found.privacy_notice, definition=found.definition
    )
    answer = Response(content, content_type="application/json; charset=utf-8")
    which = "draft" if found.number is None else f"version-{found.number}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}-{which}.json"'
    return answer


def _report(found: Imported, form: StartForm) -> str:
    return render_template(
        "questionnaires/officer/import_report.html",
        found=found,
        form=form,
        source=SOURCES[found.source],
        left=[(item.where, f"{item.what}\n{item.instead}") for item in found.left_out],
        taken=[(item.where, f"{item.label}\n{item.became}") for item in found.taken],
    )


def _start_form(found: Imported) -> StartForm:
    """Return the form that starts a draft, filled in from the file; raises `Broken` for what is too long."""
    frameworks = queries.frameworks(db.session)
    code = found.code or edits.code_from(found.title, (), "questionnaire").replace("_", "-")
    starting: dict[str, Any] = {
        "carried": carry(found),
        "title": found.title,
        "code": code,
        "framework": str(frameworks[0].id) if frameworks else "",
    }
    # The file's form was posted; this one is new.
    return StartForm(frameworks, formdata=None, data=starting)
