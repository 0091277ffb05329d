"""The steps of an entry: publishing a draft, postponing, cancelling, drafting the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import Text, _, lazy
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.timetable.notices.queries import issued
from engage.timetable.periods.queries import warnings
from engage.timetable.queries import details_of, get_entry, get_listed
from engage.timetable.repeating.service import draft_next
from engage.timetable.steps import service
from engage.timetable.steps.forms import CancelForm, PostponeForm

pages = Pages("officer_steps", __name__, admits=Audience.OFFICERS, url_prefix="/officer/timetable")


@pages.route("/<slug>/publish", methods=["GET", "POST"])
def publish(slug: str) -> ResponseReturnValue:
    """Ask whether to put a draft into the public timetable, and do it."""
    return _confirmed(slug, "publish", service.publish, _("The entry is in the timetable."))


@pages.route("/<slug>/delete", methods=["GET", "POST"])
def discard(slug: str) -> ResponseReturnValue:
    """Ask whether to delete a draft, and do it."""
    return _confirmed(slug, "discard", service.discard, _("The draft is deleted."), gone=True)


@pages.route("/<slug>/cancel", methods=["GET", "POST"])
def cancel(slug: str) -> ResponseReturnValue:
    """Cancel an entry with a reason that is published."""
    entry = get_entry(db.session, slug)
    entry_id = entry.id
    form = CancelForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.cancel(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                entry_id=entry_id,
                reason=form.reason.data or "",
            )
            flash(_("The entry is cancelled. Your reason is published."))
            return redirect(url_for("officer_timetable.show", slug=slug))
    return _page("cancel", form, slug)


@pages.route("/<slug>/postpone", methods=["GET", "POST"])
def postpone(slug: str) -> ResponseReturnValue:
    """Let an entry open later, with a reason that is published."""
    entry = get_entry(db.session, slug)
    entry_id = entry.id
    form = PostponeForm(details_of(entry))
    if form.validate_on_submit():
        with refusals_beside(form):
            dates = form.dates()
            service.postpone(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                entry_id=entry_id,
                dates=dates,
                reason=form.reason.data or "",
            )
            flash(_("The entry opens later. The new dates and your reason are published."))
            for warning in warnings(db.session, dates.opens_at, dates.closes_at):
                flash(warning.sentence)
            return redirect(url_for("officer_timetable.show", slug=slug))
    return _page("postpone", form, slug)


@pages.post("/<slug>/next")
def draft(slug: str) -> ResponseReturnValue:
    """Draft the next one from this one, and show the draft."""
    entry_id = get_entry(db.session, slug).id
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            drafted = draft_next(db.session, actor=current_user.label, now=clock.now(), entry_id=entry_id)
            flash(_("The next one is drafted. Look at its dates, change what is different, then publish it."))
            return redirect(url_for("officer_timetable.show", slug=drafted.slug))
    return _page("refused", form, slug)


def _confirmed(
    slug: str, page: str, verb: Callable[..., None], done: str, *, gone: bool = False
) -> ResponseReturnValue:
    entry_id = get_entry(db.session, slug).id
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            verb(db.session, actor=current_user.label, now=clock.now(), entry_id=entry_id)
            flash(done)
            index = url_for("officer_timetable.index")
            return redirect(index if gone else url_for("officer_timetable.show", slug=slug))
    return _page(page, form, slug)


HEADINGS: dict[str, Text] = {
    "publish": lazy("Publish this entry"),
    "discard": lazy("Delete this draft"),
    "cancel": lazy("Cancel this entry"),
    "postpone": lazy("Postpone this entry"),
    "refused": lazy("Draft the next one"),
}


def _page(name: str, form: FlaskForm, slug: str) -> ResponseReturnValue:
    entry = get_listed(db.session, slug)
    values: dict[str, Any] = {
        "form": form,
        "entry": entry,
        "step": name,
        "heading": HEADINGS[name],
        "told": len(issued(db.session, entry.id)),
        "warnings": warnings(db.session, entry.opens_at, entry.closes_at),
    }
    page = render_template("timetable/officer/step.html", **values)
    return page, (INVALID if form.is_submitted() else 200)
