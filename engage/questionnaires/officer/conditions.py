"""When a page or a question is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID
from engage.questionnaires import drafts, edits
from engage.questionnaires.condition_forms import ConditionForm, facts_about, form_values
from engage.questionnaires.condition_rows import ALL, Laid, gathered, laid_out
from engage.questionnaires.conditions import read_condition
from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.edits import Json
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.saving import page_in, question_in, saved, with_revision
from engage.questionnaires.wording import conditions_in_words


@pages.route("/<code>/pages/<page>/conditions", methods=["GET", "POST"])
@pages.route("/<code>/questions/<question>/conditions", methods=["GET", "POST"])
def conditions(code: str, page: str | None = None, question: str | None = None) -> ResponseReturnValue:
    """Build the condition of a page or a question from earlier answers, or take it off."""
    draft = drafts.get_draft(db.session, code)
    on, about = (page_in(draft, page or ""),) * 2 if question is None else question_in(draft, question)
    definition = parse(draft.definition)
    laid = laid_out(about.get("shown_if"))
    facts = facts_about(_earlier(definition, on["code"]))
    form = ConditionForm(facts, data=with_revision(draft, form_values(laid or Laid(ALL, ()))))
    if form.validate_on_submit():
        built = Laid(ALL, ()) if "always" in request.form else form.laid()
        # Rows left blank below a condition that they cannot show do not take it off.
        untouched = built == Laid(form.join.data or ALL, ()) and laid is None and "always" not in request.form
        if built is not None and saved(
            form,
            draft,
            lambda before: before if untouched else _shown_if(before, page, question, built),
        ):
            flash(_("Saved."))
            anchor = f"page-{page}" if question is None else f"question-{question}"
            return redirect(url_for(".edit", code=code, _anchor=anchor))
    html = render_template(
        "questionnaires/officer/conditions.html",
        draft=draft,
        form=form,
        facts=facts,
        name=about["title"] if question is None else about["label"],
        is_page=question is None,
        too_deep=laid is None,
        is_set=about.get("shown_if") is not None,
        now=_in_words(definition, about.get("shown_if")),
        anchor=f"page-{page}" if question is None else f"question-{question}",
    )
    return html, (INVALID if form.is_submitted() else 200)


def _earlier(definition: Definition, page: str) -> list[Question]:
    """Return the questions on the pages before this one."""
    before: list[Question] = []
    for one in definition.pages:
        if one.code == page:
            break
        before.extend(one.questions)
    return before


def _shown_if(definition: Json, page: str | None, question: str | None, laid: Laid) -> Json:
    condition = gathered(laid)
    if question is None:
        return edits.show_page_if(definition, page or "", condition)
    return edits.show_question_if(definition, question, condition)


def _in_words(definition: Definition, condition: Mapping[str, Any] | None) -> Any:
    return conditions_in_words(definition, None if condition is None else read_condition(condition))
