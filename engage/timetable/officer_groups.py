"""The groups that an entry asks to pass it on, to choose."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _, plural
from engage.foundations.lists import one_of
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.groups.rules import KINDS, GroupKind
from engage.timetable import asking
from engage.timetable.queries import get_entry, get_listed

pages = Pages("officer_groups_asked", __name__, admits=Audience.OFFICERS, url_prefix="/officer/timetable")


@pages.get("/<slug>/groups")
def index(slug: str) -> ResponseReturnValue:
    """Show the groups that are asked, and find others."""
    return _show(slug, ButtonForm(formdata=None))


@pages.post("/<slug>/groups/add")
def add(slug: str) -> ResponseReturnValue:
    """Ask the groups that are ticked."""
    entry_id = get_entry(db.session, slug).id
    added = asking.add_groups(
        db.session, actor=current_user.label, now=clock.now(), entry_id=entry_id, group_ids=_ticked()
    )
    flash(plural("%(num)s group is added.", "%(num)s groups are added.", added))
    return redirect(url_for(".index", slug=slug, **_search()))


@pages.post("/<slug>/groups/remove")
def remove(slug: str) -> ResponseReturnValue:
    """Ask the groups that are ticked no more."""
    entry_id = get_entry(db.session, slug).id
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            removed = asking.remove_groups(
                db.session, actor=current_user.label, now=clock.now(), entry_id=entry_id, group_ids=_ticked()
            )
            flash(plural("%(num)s group is taken out.", "%(num)s groups are taken out.", removed))
            return redirect(url_for(".index", slug=slug))
    return _show(slug, form), INVALID


def _ticked() -> list[int]:
    """Return the ids that are ticked; what is no id ticks nothing."""
    return [int(value) for value in request.form.getlist("group") if value.isdecimal() and len(value) < 10]


def _search() -> dict[str, Any]:
    """Return the parts of the address that say what was looked for."""
    return {name: request.args[name] for name in ("words", "kind", "borough") if request.args.get(name)}


def _show(slug: str, form: ButtonForm) -> str:
    entry = get_listed(db.session, slug)
    search = _search()
    return render_template(
        "timetable/officer/groups.html",
        form=form,
        entry=entry,
        asked=asking.asked_page(db.session, entry_id=entry.id, page=request.args.get("asked", 1, type=int)),
        told=asking.told(db.session, entry.id),
        found=asking.find_groups(
            db.session,
            entry_id=entry.id,
            words=search.get("words", "")[:100],
            kind=one_of(GroupKind, search.get("kind", "")),
            area_code=search.get("borough"),
            page=request.args.get("page", 1, type=int),
        ),
        search=search,
        searched=bool(search),
        areas=places(db.session),
        KINDS=KINDS,
        heading=_("Groups asked"),
    )
