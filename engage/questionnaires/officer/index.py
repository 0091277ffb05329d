"""Every questionnaire there is."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engage.foundations.database import db
from engage.questionnaires import queries
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.doors import FROM_THE_LIST


@pages.get("/")
def index() -> ResponseReturnValue:
    """List the questionnaires, with what is published of each and what is being written."""
    return render_template(
        "questionnaires/officer/index.html",
        questionnaires=queries.questionnaires(db.session),
        doors=FROM_THE_LIST,
    )
