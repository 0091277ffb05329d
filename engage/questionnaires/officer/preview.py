"""A questionnaire as people will meet it, at the width of a phone and of a desk, and a link to pass on."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.security import POLICY
from engage.questionnaires import drafts, history, previews
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.previews import DRAFT
from engage.questionnaires.public import admit

PHONE, DESK = 375, 1280
FRAMES = {"Content-Security-Policy": f"{POLICY}; frame-src 'self'"}


@pages.get("/<code>/preview")
def preview(code: str) -> ResponseReturnValue:
    """Show the draft or a version in two frames, and the secret link that opens it for seven days."""
    number = request.args.get("number", type=int)
    if number is None:
        number = _usual(code)
    shown = previews.find_previewed(db.session, code, number) or abort(404)
    leave = previews.new_pass(code, number, clock.now())
    admit(leave)
    page = render_template(
        "questionnaires/officer/preview.html",
        shown=shown,
        link=address_of("preview.enter", key=leave.seal()),
        expires_at=leave.expires_at,
        widths=(PHONE, DESK),
    )
    return page, FRAMES


def _usual(code: str) -> int:
    """Return what is looked at where nobody says: the draft, or without one the newest version."""
    if drafts.find_draft(db.session, code):
        return DRAFT
    newest = history.find_newest(db.session, code)
    return newest.number if newest else abort(404)
