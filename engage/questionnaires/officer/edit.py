"""The draft as a whole: its overview, what is said before the first page, the privacy notice, its end."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, refusals_beside
from engage.questionnaires import arranging, drafts, edits, history, queries
from engage.questionnaires.definitions import parse
from engage.questionnaires.drafts import Drafted
from engage.questionnaires.edits import Json
from engage.questionnaires.forms import AboutForm, ArrangeForm, DraftForm, NoticeForm
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.doors import FROM_A_DRAFT, FROM_A_VERSION
from engage.questionnaires.officer.saving import saved, with_revision
from engage.questionnaires.publishable import bars
from engage.questionnaires.wording import conditions_in_words


@pages.get("/<code>")
def edit(code: str) -> ResponseReturnValue:
    """Show the draft with everything that can be done to it, or what is published and how to change it."""
    draft = drafts.find_draft(db.session, code)
    if draft is None:
        return _published_page(code, DraftForm())
    return overview(draft, DraftForm(data=with_revision(draft)))


def overview(draft: Drafted, form: DraftForm) -> ResponseReturnValue:
    """Return the overview of a draft, with what is wrong with `form` above it."""
    definition = parse(draft.definition)
    live = queries.newest_version(db.session, draft.questionnaire_id)
    page = render_template(
        "questionnaires/officer/edit.html",
        draft=draft,
        form=form,
        live=live,
        definition=definition,
        words=lambda condition: conditions_in_words(definition, condition),
        faults=bars(db.session, draft.code, definition),
        doors=FROM_A_DRAFT,
        asking=[one for one in definition.pages if not one.exit],
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/<code>/begin")
def begin(code: str) -> ResponseReturnValue:
    """Begin a draft from what is published."""
    form = DraftForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            drafts.begin_from_live(db.session, actor=current_user.label, now=clock.now(), code=code)
            flash(_("This is the draft of the next version. What is published stays as it is."))
            return redirect(url_for(".edit", code=code))
    return _published_page(code, form)


@pages.route("/<code>/discard", methods=["GET", "POST"])
def discard(code: str) -> ResponseReturnValue:
    """Ask, and then drop the draft."""
    draft = drafts.get_draft(db.session, code)
    live = queries.newest_version(db.session, draft.questionnaire_id)
    form = DraftForm(data=with_revision(draft))
    if form.validate_on_submit():
        with refusals_beside(form):
            drafts.discard(
                db.session, actor=current_user.label, now=clock.now(), code=code, revision=form.seen
            )
            flash(_("The draft is gone."))
            return redirect(url_for(".edit", code=code) if live else url_for(".index"))
    form.revision.data = str(draft.revision)
    page = render_template("questionnaires/officer/discard.html", draft=draft, live=live, form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>/about", methods=["GET", "POST"])
def about(code: str) -> ResponseReturnValue:
    """Change the title, the introduction and the minutes."""
    draft = drafts.get_draft(db.session, code)
    said = draft.definition
    values = {"name": draft.title, "title": said["title"], "intro": said.get("intro", "")}
    form = AboutForm(data=with_revision(draft, values | {"minutes": str(said["minutes"])}))

    def describe(before: Json) -> Json:
        title, intro, minutes = (str(form[name].data) for name in ("title", "intro", "minutes"))
        return edits.describe(before, title=title, intro=intro, minutes=int(minutes))

    if form.validate_on_submit() and saved(form, draft, describe, title=form.name.data or ""):
        flash(_("Saved."))
        return redirect(url_for(".edit", code=code))
    page = render_template("questionnaires/officer/about.html", draft=draft, form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>/privacy", methods=["GET", "POST"])
def privacy(code: str) -> ResponseReturnValue:
    """Change the privacy notice."""
    draft = drafts.get_draft(db.session, code)
    form = NoticeForm(data=with_revision(draft, {"privacy_notice": draft.privacy_notice}))
    if form.validate_on_submit() and saved(
        form, draft, lambda before: before, privacy_notice=form.privacy_notice.data or ""
    ):
        flash(_("Saved."))
        return redirect(url_for(".edit", code=code))
    page = render_template("questionnaires/officer/privacy.html", draft=draft, form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>/arrange", methods=["GET", "POST"])
def arrange(code: str) -> ResponseReturnValue:
    """Put all questions on one page, or each on its own."""
    draft = drafts.get_draft(db.session, code)
    form = ArrangeForm(data=with_revision(draft))
    ways = {"one": arranging.on_one_page, "each": arranging.one_question_a_page}
    if form.validate_on_submit() and saved(form, draft, ways[form.arrangement.data]):
        flash(_("The questions are arranged anew."))
        return redirect(url_for(".edit", code=code))
    page = render_template("questionnaires/officer/arrange.html", draft=draft, form=form)
    return page, (INVALID if form.is_submitted() else 200)


def _published_page(code: str, form: DraftForm) -> ResponseReturnValue:
    published = history.find_newest(db.session, code) or abort(404)
    page = render_template(
        "questionnaires/officer/published.html",
        code=code,
        published=published,
        definition=published.definition,
        words=lambda condition: conditions_in_words(published.definition, condition),
        doors=FROM_A_VERSION,
        form=form,
    )
    return page, (INVALID if form.is_submitted() else 200)
