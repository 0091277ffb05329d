"""A panel as the public meets it: joining, saying yes, leaving, and being invited.

A secret comes in a link's query and is moved into this browser's session by the first page, which leads on to
an address without it. Opening a link changes nothing anywhere else: mail scanners open them too.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engage.boroughs.queries import places
from engage.distribution.panels import invitations, queries, service
from engage.distribution.panels.forms import JoinForm
from engage.distribution.panels.secrets import CONSENT, LEAVING, hash_of, panellist_of
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.tries import count_try

pages = Pages("panels", __name__, admits=Audience.EVERYBODY, url_prefix="/panel")

# What this browser was invited to answer: the hash of the invitation by the questionnaire's key.
INVITED = "invited"
MOST_INVITED = 5
ASKED = "panel_asked"
# One connection in a quarter of an hour: enough for a household, too few to pester anybody.
MOST_JOINING = 6


@pages.route("/<code>", methods=["GET", "POST"])
def join(code: str) -> ResponseReturnValue:
    """Say what a panel is, and ask whoever leaves an address there by mail whether they want to join.

    The answer is the same whether or not the address is on the panel.
    """
    panel = queries.get_panel(db.session, code)
    form = JoinForm(places(db.session))
    if panel.ended_on is None and form.validate_on_submit():
        with refusals_beside(form):
            newcomer = form.newcomer()
            with transaction(db.session):
                caller = request.remote_addr or ""
                count_try(
                    db.session,
                    purpose="join panel",
                    caller=caller,
                    now=clock.now(),
                    most=MOST_JOINING,
                    field="address",
                )
            panel = queries.get_panel(db.session, code)
            service.ask_to_join(db.session, panel=panel, newcomers=[newcomer], now=clock.now())
            return redirect(url_for(".asked", code=code), 303)
    shown = render_template("distribution/public/panel_join.html", panel=panel, form=form)
    return shown, (INVALID if form.is_submitted() else 200)


@pages.get("/<code>/asked")
def asked(code: str) -> ResponseReturnValue:
    """Say that a message is on its way."""
    panel = queries.get_panel(db.session, code)
    return render_template("distribution/public/panel_asked.html", panel=panel)


@pages.route("/yes", methods=["GET", "POST"])
def say_yes() -> ResponseReturnValue:
    """Show what somebody would say yes to; a POST puts them on the panel, or deletes their address."""
    if token := request.args.get("token"):
        session[ASKED] = token
        return redirect(url_for(".say_yes"), 303)
    panellist_id = panellist_of(session.get(ASKED, ""), CONSENT)
    found = queries.find_panellist(db.session, panellist_id) if panellist_id else None
    if found is None or panellist_id is None:
        return render_template("distribution/public/panel_unknown.html"), 404
    panellist, panel = found
    form = ButtonForm()
    if form.validate_on_submit():
        session.pop(ASKED, None)
        if request.form.get("answer") == "no":
            service.leave(db.session, panellist_id=panellist_id)
            return redirect(url_for(".left"), 303)
        service.say_yes(db.session, panellist_id=panellist_id, today=clock.today())
        return redirect(url_for(".joined"), 303)
    shown = render_template("distribution/public/panel_yes.html", panel=panel, panellist=panellist, form=form)
    return shown, (INVALID if form.is_submitted() else 200)


@pages.get("/joined")
def joined() -> ResponseReturnValue:
    """Say that somebody is on the panel. It tells nothing of anybody."""
    return render_template("distribution/public/panel_joined.html")


@pages.route("/leave", methods=["GET", "POST"])
def leave() -> ResponseReturnValue:
    """Ask whether to leave a panel; a POST leaves it, also the one click of a mail program (RFC 8058).

    The signed address is the whole authority, so there is no session and no other token.
    """
    panellist_id = panellist_of(request.args.get("token", ""), LEAVING)
    if request.method == "POST" and panellist_id is not None:
        service.leave(db.session, panellist_id=panellist_id)
        # No redirect: a mail program does not follow one.
        return render_template("distribution/public/panel_left.html")
    found = queries.find_panellist(db.session, panellist_id) if panellist_id else None
    if found is None:
        return render_template("distribution/public/panel_unknown.html"), 404
    return render_template("distribution/public/panel_leave.html", panel=found[1])


@pages.get("/left")
def left() -> ResponseReturnValue:
    """Say that an address is deleted. It tells nothing of anybody."""
    return render_template("distribution/public/panel_left.html")


@pages.get("/invitation")
def open_invitation() -> ResponseReturnValue:
    """Let this browser hold an invitation, and lead on to what it invites to."""
    token_hash = hash_of(request.args.get("token", ""))
    invited = invitations.find_invitation(db.session, token_hash)
    if invited is None:
        return render_template("distribution/public/invitation_unknown.html"), 404
    held = dict(session.get(INVITED) or {})
    held.pop(str(invited.instrument_id), None)
    held[str(invited.instrument_id)] = token_hash.hex()
    session[INVITED] = dict(list(held.items())[-MOST_INVITED:])
    return redirect(url_for(".invitation", instrument_id=invited.instrument_id), 303)


@pages.get("/invitation/<int:instrument_id>")
def invitation(instrument_id: int) -> ResponseReturnValue:
    """Say what somebody is invited to, and lead to the form."""
    held = (session.get(INVITED) or {}).get(str(instrument_id))
    invited = invitations.find_invitation(db.session, bytes.fromhex(held)) if held else None
    if invited is None:
        return render_template("distribution/public/invitation_unknown.html"), 404
    return render_template(
        "distribution/public/invitation.html",
        invited=invited,
        is_open=invited.is_open(clock.now()),
        form=ButtonForm(),
    )


@pages.post("/invitation/<int:instrument_id>/without")
def without(instrument_id: int) -> ResponseReturnValue:
    """Forget in this browser that somebody was invited; the invitation stays as it was."""
    held = dict(session.get(INVITED) or {})
    held_hash = held.pop(str(instrument_id), None)
    session[INVITED] = held
    invited = invitations.find_invitation(db.session, bytes.fromhex(held_hash)) if held_hash else None
    if invited is None:
        return redirect(url_for("home.index"), 303)
    flash(_("Your answers will not use the invitation."))
    return redirect(url_for("take_part.start", slug=invited.slug), 303)
