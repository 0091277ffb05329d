"""A group's own page in the register: what it is, and what it was asked, which the register cannot know.

It is a page of the register's own pages, added from here because imports run one way.
"""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.rules import slug_of
from engage.desks.registers import asks_of
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience
from engage.groups import queries
from engage.groups.officer import WORDS, pages
from engage.groups.whole import whole


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show everything about a group; how to reach its contacts to officers only."""
    group = queries.get_by_code(db.session, code)
    return render_template(
        "desks/officer/group.html",
        whole=whole(db.session, group, clock.now()),
        asks=asks_of(db.session, group.id),
        addresses=Audience.OFFICERS in current_user.audiences,
        slug_of=slug_of,
        **WORDS,
    )
