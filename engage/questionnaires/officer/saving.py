"""What every page of the builder does: find what the address names, and save an edit of the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import refusals_beside
from engage.questionnaires import drafts, edits
from engage.questionnaires.drafts import Drafted
from engage.questionnaires.edits import Json
from engage.questionnaires.forms import DraftForm


def saved(
    form: DraftForm,
    draft: Drafted,
    edit: Callable[[Json], Json],
    *,
    already: Callable[[Json], bool] | None = None,
    **others: str,
) -> bool:
    """Save what `edit` makes of the draft's definition, and tell whether it was.

    A refusal is put beside its field. What was typed stays, now over the draft as it has become: who saves
    again after reading that somebody changed it means it. `already` tells of a definition whether the edit is
    made: somebody who pressed twice has made it once, and is not told of themselves.
    """
    done = False
    with refusals_beside(form):
        drafts.change(
            db.session,
            actor=current_user.label,
            now=clock.now(),
            code=draft.code,
            revision=form.seen,
            definition=edit(draft.definition),
            **others,
        )
        done = True
    if done:
        return True
    now = drafts.get_draft(db.session, draft.code)
    if (
        already
        and now.edited_by == current_user.label
        and now.revision > form.seen
        and already(now.definition)
    ):
        form.form_errors.clear()
        return True
    form.revision.data = str(now.revision)
    return False


def page_in(draft: Drafted, code: str) -> Json:
    """Return a page of the draft; 404 where there is none."""
    return edits.find_page(draft.definition, code) or abort(404)


def question_in(draft: Drafted, code: str) -> tuple[Json, Json]:
    """Return a page of the draft and a question on it; 404 where there is none."""
    return edits.find_question(draft.definition, code) or abort(404)


def with_revision(draft: Drafted, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what a form begins with: `values`, and the revision that its page shows."""
    return {**(values or {}), "revision": str(draft.revision)}
