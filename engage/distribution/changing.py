"""Making and changing links, for whichever desk.

A desk finds the link, and with it decides who may; it says where its pages lead back to.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.distribution import service
from engage.distribution.forms import LinkForm, NamedLinkForm, TargetForm
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import Text, _, number, plural
from engage.foundations.pages import INVALID, refusals_beside


def new(link_id: int, *, layout: str, about: Text, back: str, allowed: bool) -> ResponseReturnValue:
    """Make a link for an event or a poster under another, which the page says it is `about`."""
    form = LinkForm()
    if form.validate_on_submit():
        actor = current_user.label
        with refusals_beside(form):
            made = service.make_link(
                db.session, parent_id=link_id, wish=form.wish(), now=clock.now(), actor=actor
            )
            flash(_("The link is made: %(code)s", code=made.code), "success")
            return redirect(back, 303)
    page = render_template(
        "distribution/form.html",
        layout=layout,
        form=form,
        title=_("Make a link for an event or a poster"),
        about=about,
        back=back,
        allowed=allowed,
    )
    return page, INVALID if form.is_submitted() else 200


def changed(link_id: int, form: NamedLinkForm | TargetForm) -> bool:
    """Give a link the name and target that were sent, and say so; False where it stays as it is."""
    if form.validate_on_submit():
        actor = current_user.label
        with refusals_beside(form):
            service.change_link(
                db.session,
                link_id=link_id,
                label=form.name,
                target=form.target.data,
                now=clock.now(),
                actor=actor,
            )
            flash(_("The link is changed."), "success")
            return True
    return False


def withdraw(link_id: int, *, back: str) -> ResponseReturnValue:
    """Stop a link from naming its group."""
    service.revoke_link(db.session, link_id=link_id, now=clock.now(), actor=current_user.label)
    flash(_("The link is withdrawn. Whoever follows it can answer, but is not counted for it."), "success")
    return redirect(back, 303)


def put_back(link_id: int, *, back: str) -> ResponseReturnValue:
    """Let a withdrawn link name its group again."""
    service.restore_link(db.session, link_id=link_id, now=clock.now(), actor=current_user.label)
    flash(_("The link is in use again."), "success")
    return redirect(back, 303)


def say_made(made: int) -> None:
    """Tell how many links were made."""
    if made:
        flash(plural("%(n)s link was made.", "%(n)s links were made.", made, n=number(made)), "success")
    else:
        flash(_("Every group has its link already."), "success")


def numbers_in(name: str) -> set[int]:
    """Return the numbers that the form sent under this name; what is none is left out."""
    sent = request.form.getlist(name)
    return {int(said) for said in sent if said.isascii() and said.isdecimal() and len(said) < 10}
