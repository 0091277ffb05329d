"""Entries, to write."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.timetable import queries, rules, service
from engage.timetable.cards import card
from engage.timetable.duties import queries as duties
from engage.timetable.duties.rules import DutyName
from engage.timetable.forms import EntryForm, starting_values
from engage.timetable.labels import LEVELS, STATES

pages = Pages(
    "officer_timetable",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/timetable",
)


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show every entry, by state."""
    now = clock.now()
    groups = rules.grouped(queries.entries(db.session, drafts=True), now)
    cards = [card(entry, now) for found in groups.values() for entry in found]
    return render_template("timetable/officer/index.html", cards=cards, STATES=STATES, LEVELS=LEVELS)


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add an entry."""
    settings = current_app.config["SETTINGS"]
    register = duties.choices(db.session, clock.today())
    values = starting_values(settings.authority, clock.today())
    form = EntryForm(places(db.session), duties=register, data=values)
    if form.validate_on_submit():
        with refusals_beside(form):
            entry = service.add_entry(
                db.session, actor=current_user.label, now=clock.now(), details=form.details()
            )
            flash(_("The entry is in the timetable."))
            return redirect(url_for(".show", slug=entry.slug))
    return _form_page(form, _("Add an entry"), None, None, register)


@pages.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show one entry to officers: what it says, what may change, and where to go next."""
    now = clock.now()
    entry = queries.get_listed(db.session, slug)
    return render_template(
        "timetable/officer/show.html",
        card=card(entry, now),
        allowed=rules.changeable(entry, now),
        STATES=STATES,
        LEVELS=LEVELS,
        DUTIES=duties.names(db.session),
    )


@pages.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Change what may still be changed of an entry."""
    now = clock.now()
    entry = queries.get_entry(db.session, slug)
    entry_id, allowed = entry.id, rules.changeable(entry, now)
    register = duties.choices(db.session, clock.today(), entry.duty)
    form = EntryForm(places(db.session), queries.details_of(entry), duties=register)
    if form.validate_on_submit():
        with refusals_beside(form):
            service.update_entry(
                db.session, actor=current_user.label, now=now, entry_id=entry_id, details=form.details()
            )
            flash(_("Your changes are in the timetable."))
            return redirect(url_for(".show", slug=slug))
    return _form_page(form, _("Change the entry"), slug, allowed, register)


def _form_page(
    form: EntryForm,
    heading: str,
    slug: str | None,
    allowed: frozenset[str] | None,
    register: Mapping[str, DutyName],
) -> ResponseReturnValue:
    page = render_template(
        "timetable/officer/form.html",
        form=form,
        heading=heading,
        slug=slug,
        allowed=allowed,
        level_meanings={level.value: text.meaning for level, text in LEVELS.items()},
        duty_laws={code: duty.law for code, duty in register.items() if duty.law},
        earliest=rules.earliest_opening(clock.today()),
    )
    return page, (INVALID if form.is_submitted() else 200)
