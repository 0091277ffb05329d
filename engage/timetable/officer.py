"""Entries, to write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.groups.rules import COMMUNITIES
from engage.timetable import asking, marks, queries, rules, service
from engage.timetable.asking import Asks
from engage.timetable.cards import card
from engage.timetable.duties import queries as duties
from engage.timetable.duties.rules import DutyName
from engage.timetable.forms import EntryForm, starting_values
from engage.timetable.labels import LEVELS, METHODS, REPEATS, STATES, TOPICS
from engage.timetable.models import Entry
from engage.timetable.notices.queries import asked_groups, issued
from engage.timetable.periods.queries import warnings
from engage.timetable.repeating.queries import find_next, to_draft

pages = Pages(
    "officer_timetable",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/timetable",
)

# What the buttons of the form do; without one of these it is put into the public timetable.
DRAFT, CHECK = "draft", "check"


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show every entry, by state; drafts to those who write them."""
    now = clock.now()
    found = queries.entries(db.session, drafts=_writes())
    return render_template(
        "timetable/officer/index.html",
        cards=[card(entry, now) for several in rules.grouped(found, now).values() for entry in several],
        to_draft=to_draft(db.session, clock.today()) if _writes() else (),
        STATES=STATES,
        LEVELS=LEVELS,
        REPEATS=REPEATS,
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add an entry: to the public timetable, or as a draft."""
    settings = current_app.config["SETTINGS"]
    register = duties.choices(db.session, clock.today())
    values = starting_values(settings.authority, clock.today())
    form = EntryForm(places(db.session), duties=register, data=values)
    if form.validate_on_submit() and not _checks():
        with refusals_beside(form):
            now, draft = clock.now(), request.form.get("then") == DRAFT
            entry = service.add_entry(
                db.session, actor=current_user.label, now=now, details=form.details(), published=not draft
            )
            _describe(entry, form, now)
            flash(_("The draft is saved.") if draft else _("The entry is in the timetable."))
            return redirect(_next_page(entry.slug, form))
    return _form_page(form, _("Add an entry"), None, None, register)


@pages.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show one entry to officers: what it says, what may change, and where to go next."""
    now = clock.now()
    entry = queries.get_listed(db.session, slug)
    if entry.published_at is None and not _writes():
        abort(404)
    return render_template(
        "timetable/officer/show.html",
        card=card(entry, now),
        allowed=rules.changeable(entry, now),
        marks=marks.marks_of(db.session, [entry.id])[entry.id],
        asked=len(asked_groups(db.session, entry.id)),
        told=len(issued(db.session, entry.id)),
        next_one=find_next(db.session, entry.id),
        warnings=warnings(db.session, entry.opens_at, entry.closes_at),
        STATES=STATES,
        LEVELS=LEVELS,
        TOPICS=TOPICS,
        METHODS=METHODS,
        COMMUNITIES=COMMUNITIES,
        REPEATS=REPEATS,
        DUTIES=duties.names(db.session),
    )


@pages.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Change what may still be changed of an entry."""
    now = clock.now()
    entry = queries.get_entry(db.session, slug)
    allowed = rules.changeable(entry, now)
    register = duties.choices(db.session, clock.today(), entry.duty)
    form = EntryForm(
        places(db.session),
        queries.details_of(entry),
        duties=register,
        marks=marks.marks_of(db.session, [entry.id])[entry.id],
        asks=asking.chosen_as(db.session, entry.id, entry.area_code),
    )
    entry_id = entry.id
    if form.validate_on_submit() and not _checks():
        with refusals_beside(form):
            entry = service.update_entry(
                db.session, actor=current_user.label, now=now, entry_id=entry_id, details=form.details()
            )
            _describe(entry, form, now)
            flash(_("Your changes are saved."))
            return redirect(_next_page(slug, form))
    return _form_page(form, _("Change the entry"), slug, allowed, register)


def _writes() -> bool:
    return Audience.OFFICERS in current_user.audiences


def _checks() -> bool:
    """Tell whether the officer only wants to know what speaks against the dates."""
    return request.form.get("then") == CHECK


def _describe(entry: Entry, form: EntryForm, now: datetime) -> None:
    asking.describe(
        db.session,
        actor=current_user.label,
        now=now,
        entry_id=entry.id,
        marks=form.marks(),
        asks=form.chosen(),
    )


def _next_page(slug: str, form: EntryForm) -> str:
    """Return where to go on: to choosing the groups where none are chosen yet."""
    choose = form.chosen() is Asks.CHOSEN and "asks" in request.form
    return url_for("officer_groups_asked.index" if choose else ".show", slug=slug)


def _form_page(
    form: EntryForm,
    heading: str,
    slug: str | None,
    allowed: frozenset[str] | None,
    register: Mapping[str, DutyName],
) -> ResponseReturnValue:
    checked = _checks() and not form.errors
    said = form.details() if checked else None
    page = render_template(
        "timetable/officer/form.html",
        form=form,
        heading=heading,
        slug=slug,
        allowed=allowed,
        level_meanings={level.value: text.meaning for level, text in LEVELS.items()},
        duty_laws={code: duty.law for code, duty in register.items() if duty.law},
        earliest=rules.earliest_opening(clock.today()),
        checked=said,
        warnings=warnings(db.session, said.opens_at, said.closes_at) if said else (),
    )
    return page, (INVALID if form.is_submitted() and not checked else 200)
