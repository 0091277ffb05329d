"""A new questionnaire: from nothing, from a template that ships, or a copy of one there is."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import Text, _, lazy
from engage.foundations.pages import INVALID, refusals_beside
from engage.questionnaires import drafts, edits, queries, shipped
from engage.questionnaires.forms import BLANK, NewForm
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.doors import FROM_THE_LIST
from engage.questionnaires.templates_shipped import shipped_templates

TEMPLATE, COPY = "template:", "copy:"


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Choose what to begin from, and begin."""
    frameworks = queries.frameworks(db.session)
    framework = str(frameworks[0].id) if frameworks else ""
    chosen = {"framework": framework, "begins_from": request.args.get("from", BLANK)}
    form = NewForm(frameworks, _starts(), data=chosen)
    if form.validate_on_submit():
        definition, notice = _beginning(form.begins_from.data or BLANK, form.title.data or "")
        code = form.code.data or edits.code_from(form.title.data or "", (), "questionnaire").replace("_", "-")
        with refusals_beside(form):
            drafts.start(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                code=code,
                title=form.title.data or "",
                framework_id=int(form.framework.data) if form.framework.data else None,
                definition=definition | {"title": form.title.data},
                privacy_notice=notice,
            )
            flash(_("This is the draft. Nobody sees it until you publish it."))
            return redirect(url_for(".edit", code=code))
    page = render_template(
        "questionnaires/officer/new.html",
        form=form,
        explained=_explained(),
        doors=FROM_THE_LIST[:1],
    )
    return page, (INVALID if form.is_submitted() else 200)


def _starts() -> list[tuple[str, Text]]:
    return [
        (BLANK, lazy("Nothing: an empty page")),
        *((f"{TEMPLATE}{template.code}", template.title) for template in shipped_templates()),
        *(
            (f"{COPY}{row.code}", lazy("A copy of “%(title)s”", title=row.title))
            for row in queries.questionnaires(db.session)
        ),
    ]


def _explained() -> dict[str, Text]:
    return {f"{TEMPLATE}{template.code}": template.what for template in shipped_templates()}


def _beginning(start: str, title: str) -> tuple[dict[str, Any], str]:
    """Return the definition and the privacy notice to begin with."""
    if start.startswith(TEMPLATE):
        for template in shipped_templates():
            if template.code == start.removeprefix(TEMPLATE):
                return dict(template.definition), shipped.privacy_notice()
        abort(404)
    if start.startswith(COPY):
        return _copied(start.removeprefix(COPY))
    return edits.blank(title), shipped.privacy_notice()


def _copied(code: str) -> tuple[dict[str, Any], str]:
    """Return the draft of a questionnaire, or what is published where there is no draft."""
    draft = drafts.find_draft(db.session, code)
    if draft is not None:
        return draft.definition, draft.privacy_notice
    questionnaire = queries.find_questionnaire(db.session, code) or abort(404)
    version = queries.newest_version(db.session, questionnaire.id) or abort(404)
    return dict(version.definition), version.privacy_notice
