"""Pages of a draft."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID
from engage.questionnaires import drafts, edits
from engage.questionnaires.edits import Json
from engage.questionnaires.forms import DraftForm, NewPageForm, PageForm
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.edit import overview
from engage.questionnaires.officer.saving import page_in, saved, with_revision


@pages.route("/<code>/pages/new", methods=["GET", "POST"])
def new_page(code: str) -> ResponseReturnValue:
    """Add a page at the end."""
    draft = drafts.get_draft(db.session, code)
    form = NewPageForm(data=with_revision(draft, {"use": "ask"}))
    added: list[str] = []

    def add(definition: Json) -> Json:
        after, page = edits.add_page(
            definition,
            title=form.title.data or "",
            intro=form.intro.data or "",
            is_exit=form.use.data == "exit",
        )
        added.append(page)
        return after

    if form.validate_on_submit() and saved(
        form,
        draft,
        add,
        already=lambda after: after["pages"][-1]["title"] == form.title.data,
    ):
        flash(_("The page is added."))
        return redirect(url_for(".edit", code=code, _anchor=f"page-{added[0]}"))
    page = render_template(
        "questionnaires/officer/page.html", draft=draft, form=form, page=None, heading=_("Add a page")
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>/pages/<page>", methods=["GET", "POST"])
def edit_page(code: str, page: str) -> ResponseReturnValue:
    """Change the words of a page."""
    draft = drafts.get_draft(db.session, code)
    found = page_in(draft, page)
    values = {"title": found["title"], "intro": found.get("intro", "")}
    form = PageForm(data=with_revision(draft, values))
    if form.validate_on_submit() and saved(
        form,
        draft,
        lambda before: edits.change_page(
            before, page, title=form.title.data or "", intro=form.intro.data or ""
        ),
    ):
        flash(_("Saved."))
        return redirect(url_for(".edit", code=code, _anchor=f"page-{page}"))
    html = render_template(
        "questionnaires/officer/page.html", draft=draft, form=form, page=found, heading=_("Change the page")
    )
    return html, (INVALID if form.is_submitted() else 200)


@pages.post("/<code>/pages/<page>/move")
def move_page(code: str, page: str) -> ResponseReturnValue:
    """Move a page one place up or down."""
    draft = drafts.get_draft(db.session, code)
    page_in(draft, page)
    form = DraftForm()
    step = -1 if request.form.get("move") == "up" else 1
    if form.validate_on_submit() and saved(form, draft, lambda before: edits.move_page(before, page, step)):
        return redirect(url_for(".edit", code=code, _anchor=f"page-{page}"))
    return overview(drafts.get_draft(db.session, code), form)


@pages.route("/<code>/pages/<page>/remove", methods=["GET", "POST"])
def remove_page(code: str, page: str) -> ResponseReturnValue:
    """Ask, and then remove a page with its questions."""
    draft = drafts.get_draft(db.session, code)
    found = page_in(draft, page)
    form = DraftForm(data=with_revision(draft))
    if form.validate_on_submit() and saved(form, draft, lambda before: edits.remove_page(before, page)):
        flash(_("The page is removed."))
        return redirect(url_for(".edit", code=code))
    asked = found.get("questions", [])
    html = render_template(
        "questionnaires/officer/remove.html",
        draft=draft,
        form=form,
        heading=_("Remove the page “%(title)s”?", title=found["title"]),
        anchor=f"page-{page}",
        questions=asked,
        depending=edits.depending_on(draft.definition, {question["code"] for question in asked}),
    )
    return html, (INVALID if form.is_submitted() else 200)
