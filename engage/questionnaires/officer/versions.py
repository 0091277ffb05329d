"""The published versions of a questionnaire, and whether there is a draft of the next."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from engage.foundations.database import db
from engage.foundations.language import Text, lazy
from engage.questionnaires import drafts, history
from engage.questionnaires.drafts import Drafted
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.forms import CompareForm
from engage.questionnaires.previews import DRAFT


@pages.get("/<code>/versions")
def versions(code: str) -> ResponseReturnValue:
    """List the published versions, each with its day, note and digest."""
    found = history.versions(db.session, code)
    drafted = drafts.find_draft(db.session, code)
    if not found and drafted is None:
        abort(404)
    numbers = [version.number for version in found]
    form = CompareForm(_choices(numbers, drafted), formdata=None)
    form.before.data, form.after.data = (numbers[1], numbers[0]) if len(numbers) > 1 else (None, None)
    return render_template(
        "questionnaires/officer/versions.html",
        code=code,
        title=found[0].title if found else drafted.title if drafted else code,
        versions=found,
        drafted=drafted,
        form=form,
    )


def name_of(number: int) -> Text:
    """Return what a version, or the draft, is called."""
    return lazy("the draft") if number == DRAFT else lazy("version %(n)s", n=number)


def _choices(numbers: list[int], drafted: Drafted | None) -> list[tuple[int, Text]]:
    every = [*([DRAFT] if drafted else []), *numbers]
    return [(number, name_of(number)) for number in every]
