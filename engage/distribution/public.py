"""A link, as somebody follows it, and the pictures that count how far they come."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engage.distribution import counting, queries
from engage.distribution.counting import Mark, Stage, marks, written
from engage.foundations.database import db, transaction
from engage.foundations.pages import Audience, Pages
from engage.foundations.settings import Settings

pages = Pages("links", __name__, admits=Audience.EVERYBODY, url_prefix="/go")

VIA = "via"
# So that the cookie stays small; nobody takes part in more at once.
MOST_REMEMBERED = 20
# Nothing to be seen: whoever looks at the page sees no picture, and a screen reader says nothing of it.
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


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


@pages.get("/<any(opened, started):stage>.svg")
def picture(stage: str) -> ResponseReturnValue:
    """Count that this browser has opened a link, or started a form by it: once, whoever asks how often.

    The picture never writes the session: it may arrive after a form was sent, and would bring the session of
    before back, without the receipt.
    """
    response = Response(PICTURE, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    consultation_id = request.args.get("of", 0, type=int)
    code = (session.get(VIA) or {}).get(str(consultation_id))
    if code and _is_seen():
        _count(response, Stage(stage), consultation_id, code)
    return response


def _is_seen() -> bool:
    """Tell whether somebody looks: not a request for the headings alone, and not one made in advance."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return request.method == "GET" and not any(
        word in purpose.lower() for purpose in purposes for word in ("prefetch", "prerender", "preview")
    )


def _count(response: Response, stage: Stage, consultation_id: int, code: str) -> None:
    opened, started = ({mark.code for mark in marks(request.cookies, one)} for one in Stage)
    if code in (started if stage is Stage.STARTED else opened | started):
        return
    with transaction(db.session) as writing:
        link_id = counting.count_stage(
            writing, consultation_id=consultation_id, code=code, stage=stage, opened_before=code in opened
        )
    if link_id is not None:
        for one in (Stage.OPENED, stage):
            _keep(response, one, [*marks(request.cookies, one), Mark(link_id, code)])


def _keep(response: Response, stage: Stage, several: list[Mark]) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    response.set_cookie(stage.cookie, written(several), secure=settings.secure, httponly=True, samesite="Lax")
