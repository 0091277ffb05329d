"""Questions of a draft."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.boroughs.queries import areas
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID
from engage.questionnaires import drafts, edits, history, queries
from engage.questionnaires.beginnings import beginning
from engage.questionnaires.drafts import Drafted
from engage.questionnaires.edits import Json
from engage.questionnaires.forms import DraftForm
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.edit import overview
from engage.questionnaires.officer.saving import page_in, question_in, saved, with_revision
from engage.questionnaires.question_forms import QuestionForm, form_for, new_code_problem, values_of


@pages.get("/<code>/pages/<page>/questions/new")
def choose_kind(code: str, page: str) -> ResponseReturnValue:
    """Choose the kind of a question to add."""
    draft = drafts.get_draft(db.session, code)
    found = _asking_page(draft, page)
    return render_template(
        "questionnaires/officer/kinds.html", draft=draft, page=found, kinds=list(KINDS.values())
    )


@pages.route("/<code>/pages/<page>/questions/new/<kind>", methods=["GET", "POST"])
def new_question(code: str, page: str, kind: str) -> ResponseReturnValue:
    """Write a question of a kind, and add it to a page."""
    draft = drafts.get_draft(db.session, code)
    found, asked = _asking_page(draft, page), KINDS.get(kind) or abort(404)
    form = form_for(asked)(data=with_revision(draft, values_of(asked, _beginning(draft, kind))))
    form.keep(*(["required"] if asked.asks else []))
    if form.is_submitted():
        before = _asked_before(code)
        taken = {*edits.question_codes(draft.definition), *before, *edits.RESERVED_QUESTIONS}
        valid = form.validate()
        # Whether or not the rest is as it should be, so that everything is said at once.
        question = form.question(edits.code_from(form.label.data or "", taken, "question"), {}, ())
        if (
            valid
            and question is not None
            and saved(
                form,
                draft,
                lambda definition: edits.add_question(definition, page, question),
                already=lambda definition: edits.ends_with(definition, page, question),
            )
        ):
            flash(_("The question is added."))
            return redirect(url_for(".edit", code=code, _anchor=f"page-{page}"))
    return _question_page(form, draft, found, None)


@pages.route("/<code>/questions/<question>", methods=["GET", "POST"])
def edit_question(code: str, question: str) -> ResponseReturnValue:
    """Change a question."""
    draft = drafts.get_draft(db.session, code)
    page, was = question_in(draft, question)
    kind, before = KINDS[was["kind"]], _asked_before(code)
    values = values_of(kind, was) | {"page": page["code"]}
    form = form_for(kind)(data=with_revision(draft, values))
    form.keep("page", *(["required"] if kind.asks else []), *([] if question in before else ["code"]))
    form.page.choices = [
        (one["code"], one["title"]) for one in draft.definition["pages"] if not one.get("exit")
    ]
    if form.is_submitted():
        valid = form.validate()
        new_code = _new_code(form, question, {*edits.question_codes(draft.definition), *before})
        asked = form.question(new_code, was, before.get(question, ()))
        if (
            valid
            and asked is not None
            and saved(
                form,
                draft,
                lambda definition: edits.place_question(
                    edits.change_question(definition, question, asked), new_code, form.page.data
                ),
            )
        ):
            flash(_("Saved."))
            return redirect(url_for(".edit", code=code, _anchor=f"question-{new_code}"))
    return _question_page(form, draft, page, was)


@pages.post("/<code>/questions/<question>/move")
def move_question(code: str, question: str) -> ResponseReturnValue:
    """Move a question one place up or down."""
    draft = drafts.get_draft(db.session, code)
    question_in(draft, question)
    form = DraftForm()
    step = -1 if request.form.get("move") == "up" else 1
    if form.validate_on_submit() and saved(
        form, draft, lambda definition: edits.move_question(definition, question, step)
    ):
        return redirect(url_for(".edit", code=code, _anchor=f"question-{question}"))
    return overview(drafts.get_draft(db.session, code), form)


@pages.route("/<code>/questions/<question>/remove", methods=["GET", "POST"])
def remove_question(code: str, question: str) -> ResponseReturnValue:
    """Ask, and then remove a question."""
    draft = drafts.get_draft(db.session, code)
    page, was = question_in(draft, question)
    form = DraftForm(data=with_revision(draft))
    if form.validate_on_submit() and saved(
        form, draft, lambda definition: edits.remove_question(definition, question)
    ):
        flash(_("The question is removed."))
        return redirect(url_for(".edit", code=code, _anchor=f"page-{page['code']}"))
    html = render_template(
        "questionnaires/officer/remove.html",
        draft=draft,
        form=form,
        heading=_("Remove the question “%(label)s”?", label=was["label"]),
        anchor=f"question-{question}",
        questions=[],
        depending=edits.depending_on(draft.definition, {question}),
    )
    return html, (INVALID if form.is_submitted() else 200)


def _question_page(
    form: QuestionForm, draft: Drafted, page: Json, question: Json | None
) -> ResponseReturnValue:
    html = render_template(
        "questionnaires/officer/question.html", form=form, draft=draft, page=page, question=question
    )
    return html, (INVALID if form.is_submitted() else 200)


def _asking_page(draft: Drafted, code: str) -> Json:
    page = page_in(draft, code)
    return abort(404) if page.get("exit") else page


def _beginning(draft: Drafted, kind: str) -> Json:
    priorities = queries.priorities(db.session, draft.framework_id) if draft.framework_id else []
    return beginning(kind, priorities, areas(db.session))


def _asked_before(code: str) -> dict[str, set[str]]:
    """Return the codes of all questions published so far, each with the codes of what it offered.

    None of them may come to mean something else.
    """
    found: dict[str, set[str]] = {}
    for version in history.versions(db.session, code):
        for question in version.definition.questions:
            offered = (*getattr(question, "options", ()), *getattr(question, "rows", ()))
            found.setdefault(question.code, set()).update(option.code for option in offered)
    return found


def _new_code(form: QuestionForm, was: str, taken: set[str]) -> str:
    """Return the code that the form gives the question, its old one with an error where that cannot be."""
    if "code" not in form or form.code.data in ("", was):
        return was
    problem = new_code_problem(form.code.data or "", taken)
    if problem is None:
        return form.code.data or was
    form.code.errors = [problem]
    return was
