"""A link, as somebody follows it."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from engage.distribution import queries
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages

pages = Pages("links", __name__, admits=Audience.EVERYBODY, url_prefix="/go")

VIA = "via"
# So that the cookie stays small; nobody takes part in more at once.
MOST_REMEMBERED = 20


@pages.get("/<code>")
def follow(code: str) -> ResponseReturnValue:
    """Remember in this browser by whose link it came, and go on to the consultation. Nothing is counted."""
    link = queries.find_link(db.session, code)
    if link is None:
        return render_template("distribution/public/unknown.html"), 404
    remembered = dict(session.get(VIA) or {})
    remembered.pop(str(link.consultation_id), None)
    if link.revoked_at is None:
        remembered[str(link.consultation_id)] = link.code
    session[VIA] = dict(list(remembered.items())[-MOST_REMEMBERED:])
    slug = queries.get_slug(db.session, link.consultation_id)
    return redirect(url_for("take_part.start", slug=slug), 303)
