"""Who has been told of an entry, for officers: giving notice and reminding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import Text, _, lazy, plural
from engage.foundations.lists import one_of, part
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.timetable.cards import card
from engage.timetable.labels import STATES
from engage.timetable.notices import queries, service
from engage.timetable.notices.forms import NoticeForm
from engage.timetable.notices.queries import Standing
from engage.timetable.notices.rules import FITS, KINDS, Fits
from engage.timetable.queries import get_entry, get_listed

pages = Pages(
    "officer_notices",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/timetable",
)

PER_PAGE = 50


class Which(StrEnum):
    """Which groups an officer looks at."""

    ALL = "all"
    NOT_TOLD = "not_told"
    WAITING = "waiting"
    TOO_LITTLE = "too_little"
    NO_ADDRESS = "no_address"


WHICH: Mapping[Which, Text] = {
    Which.ALL: lazy("All groups"),
    Which.NOT_TOLD: lazy("Not told yet"),
    Which.WAITING: lazy("Have not acknowledged"),
    Which.TOO_LITTLE: lazy("Less than three months"),
    Which.NO_ADDRESS: lazy("No e-mail address"),
}
_IS: Mapping[Which, Callable[[Standing], bool]] = {
    Which.ALL: lambda standing: True,
    Which.NOT_TOLD: lambda standing: standing.issued_at is None,
    Which.WAITING: lambda standing: standing.issued_at is not None and standing.acknowledged_at is None,
    Which.TOO_LITTLE: lambda standing: not standing.clock.enough,
    Which.NO_ADDRESS: lambda standing: not standing.addresses,
}


@pages.get("/<slug>/notices")
def index(slug: str) -> ResponseReturnValue:
    """Show how each group stands with the entry."""
    return _show(slug, NoticeForm(formdata=None))


@pages.post("/<slug>/notices/give")
def give(slug: str) -> ResponseReturnValue:
    """Tell the groups that have not been told."""
    entry_id = get_entry(db.session, slug).id
    form = NoticeForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            told = service.give_notice(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                entry_id=entry_id,
                said=form.said.data or "",
            )
            flash(plural("%(num)s group is told.", "%(num)s groups are told.", told))
            return redirect(url_for(".index", slug=slug))
    return _show(slug, form), INVALID


@pages.post("/<slug>/notices/remind")
def remind(slug: str) -> ResponseReturnValue:
    """Write again to the groups that have not acknowledged."""
    entry_id = get_entry(db.session, slug).id
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            reminded = service.remind(
                db.session, actor=current_user.label, now=clock.now(), entry_id=entry_id
            )
            flash(
                plural("%(num)s group is reminded.", "%(num)s groups are reminded.", reminded)
                if reminded
                else _("Nobody is reminded: they were today, or have no address.")
            )
            return redirect(url_for(".index", slug=slug))
    return _show(slug, NoticeForm(formdata=None), form), INVALID


def _show(slug: str, form: NoticeForm, reminding: ButtonForm | None = None) -> str:
    now = clock.now()
    entry = get_listed(db.session, slug)
    standings = queries.standings(db.session, entry, now)
    counts = Counter(which for which in Which for standing in standings if _IS[which](standing))
    which = one_of(Which, request.args.get("which", "")) or Which.ALL
    shown = [standing for standing in standings if _IS[which](standing)]
    return render_template(
        "timetable/officer/notices.html",
        form=form,
        reminding=reminding or ButtonForm(formdata=None),
        card=card(entry, now),
        page=part(shown, request.args.get("page", type=int), PER_PAGE),
        counts=counts,
        which=which,
        fitting=Counter(standing.fits for standing in standings),
        notices=queries.notices_of(db.session, entry.id),
        Which=Which,
        WHICH=WHICH,
        FITS=FITS,
        Fits=Fits,
        KINDS=KINDS,
        STATES=STATES,
    )
