"""Trying a questionnaire by a secret link that expires. Nothing that is typed here is stored anywhere."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from werkzeug import Response

from engage.foundations import clock
from engage.foundations.database import db, reading
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages
from engage.foundations.security import POLICY
from engage.questionnaires import previews
from engage.questionnaires.previews import Fields, Pass, Place, Previewed

pages = Pages("preview", __name__, admits=Audience.EVERYBODY, url_prefix="/preview")

LONGEST_FIELD = 50_000
MOST_VALUES = 100
MOST_PASSES = 6

# An officer looks at these pages in frames of two widths; nobody else may frame them. A browser keeps what it
# shows for its Back button, as there is no other copy.
FRAMED_BY_US = {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "private, max-age=0",
}


def admit(leave: Pass) -> None:
    """Let this browser see what the pass is for, until it expires; the oldest of many passes is forgotten."""
    held: Mapping[str, int] = browser.get("previews") or {}
    name = _name(leave.code, leave.number)
    others = [(other, until) for other, until in held.items() if other != name]
    until = int(leave.expires_at.timestamp())
    browser["previews"] = dict([*others[1 - MOST_PASSES :], (name, until)])


@pages.get("/")
def enter() -> ResponseReturnValue:
    """Take the secret out of the address and lead to what it opens."""
    leave = previews.open_pass(request.args.get("key", ""), clock.now())
    if leave is None:
        return render_template("questionnaires/public/expired.html"), 404
    admit(leave)
    return redirect(url_for(".show", code=leave.code, number=leave.number))


@pages.get("/<code>/<int:number>")
def show(code: str, number: int) -> ResponseReturnValue:
    """Show the first page of a questionnaire."""
    shown = _admitted(code, number)
    if isinstance(shown, Response):
        return shown
    rotation = previews.any_rotation(shown.definition)
    return _page(shown, previews.begin(shown.definition), {}, rotation)


@pages.post("/<code>/<int:number>")
def go(code: str, number: int) -> ResponseReturnValue:
    """Take what was typed on to the page that a button leads to."""
    # Nothing is written, so nobody who answers has to wait for this.
    with reading():
        return _go(code, number)


def _go(code: str, number: int) -> ResponseReturnValue:
    shown = _admitted(code, number)
    if isinstance(shown, Response):
        return shown
    to = request.form.get("_go", previews.ON)
    if to == previews.SEND:
        flash(_("That was the end of the form. Nothing was sent, as this is a preview."))
        return redirect(url_for(".show", code=code, number=number), 303)
    fields = _sent(shown)
    rotation = request.form.get("_rotation", 0, type=int) % shown.definition.rotations
    place = previews.move(shown.definition, fields, rotation, at=request.form.get("_at", ""), to=to)
    return _page(shown, place, fields, rotation)


def _admitted(code: str, number: int) -> Previewed | Response:
    held: Mapping[str, int] = browser.get("previews") or {}
    if held.get(_name(code, number), 0) <= clock.now().timestamp():
        return make_response(render_template("questionnaires/public/expired.html"), 404)
    return previews.find_previewed(db.session, code, number) or abort(404)


def _page(shown: Previewed, place: Place, fields: Fields, rotation: int) -> ResponseReturnValue:
    problems = place.step.problems if place.step and place.shows_problems else ()
    html = render_template(
        "questionnaires/public/page.html" if place.step else "questionnaires/public/check.html",
        shown=shown,
        place=place,
        parts=None if place.step else previews.read_back(place),
        given=fields,
        carried=previews.carried(place.step, fields),
        rotation=rotation,
        problems=problems,
        errors={problem.field: problem.message for problem in problems},
    )
    return html, (INVALID if problems else 200), FRAMED_BY_US


def _sent(shown: Previewed) -> dict[str, list[str]]:
    sent = (
        (name, [value[:LONGEST_FIELD] for value in values[:MOST_VALUES]])
        for name, values in request.form.lists()
    )
    return previews.fields_of(shown.definition, sent)


def _name(code: str, number: int) -> str:
    return f"{code}/{number}"
