"""Who has not been heard yet, while it can still help; and asking the groups that reach them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from engage.analysis import disclosure, heard, queries
from engage.analysis.forms import RequestForm
from engage.analysis.heard import MEASURE_NAMES, STANDINGS, AreaLine, Standing
from engage.analysis.officer import folder, threshold
from engage.boroughs.models import Area
from engage.boroughs.queries import census_counts, places
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.distribution import requests
from engage.distribution.requests import Reaching
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _, number, plural
from engage.foundations.lists import one_of
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.groups.rules import COMMUNITIES, Community
from engage.questionnaires.shipped import equality_block

pages = Pages(
    "heard",
    __name__,
    admits=Audience.ANALYSTS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)

SHADES = {Standing.HARDLY: 4, Standing.LESS: 2, Standing.LIKE_OTHERS: 0, Standing.TOO_EARLY: None}


@dataclass(frozen=True, slots=True)
class People:
    """The people a request is about: those of an area, of a community, or of a community in an area."""

    area: Area | None
    community: Community | None

    @property
    def said(self) -> str:
        """Who they are, in words."""
        if self.community is None:
            return str(_("people in %(area)s", area=self.area.name if self.area else _("London")))
        named = COMMUNITIES[self.community]
        if self.area is None:
            return str(_("%(community)s in London", community=named))
        return str(_("%(community)s in %(area)s", community=named, area=self.area.name))


@pages.get("/<slug>/heard")
def show(slug: str) -> ResponseReturnValue:
    """Show each borough and each part of the population beside its residents, the least heard first."""
    consultation = get_consultation(db.session, slug)
    snapshot = queries.latest_snapshot(db.session, consultation.id)
    given: dict[str, Any] = {"consultation": consultation, "snapshot": snapshot}
    if snapshot is None:
        return render_template("analysis/officer/heard_nothing.html", **given)
    found = heard.read(db.session, snapshot=snapshot, folder=folder())
    known = places(db.session)
    lines = heard.area_lines(found, known, threshold())
    return render_template(
        "analysis/officer/heard.html",
        **given,
        lines=lines,
        links=heard.links_by_area(db.session, consultation.id),
        tiles=_tiles(lines, known),
        key=[(SHADES[each], text) for each, text in STANDINGS.items()],
        parts=heard.part_lines(
            found, _of_london(), children=consultation.children_may_answer, threshold=threshold()
        ),
        labels=_labels(),
        measures=MEASURE_NAMES,
        standings=STANDINGS,
        fewest=heard.FEWEST,
        can_help=clock.now() < consultation.closes_at and consultation.opened_at is not None,
        behind=queries.is_behind(db.session, snapshot, clock.now()),
        rule=disclosure.rule(threshold()),
        plain=Standing.LIKE_OTHERS,
    )


@pages.get("/<slug>/heard/ask", admits=Audience.OFFICERS)
def ask(slug: str) -> ResponseReturnValue:
    """Show the groups that reach the people the address names, with a text to send them."""
    consultation = get_consultation(db.session, slug)
    people = _people()
    form = RequestForm(message=_starting_text(consultation, people))
    return _ask_page(consultation, people, _groups(consultation, people), form)


@pages.post("/<slug>/heard/ask")
def send(slug: str) -> ResponseReturnValue:
    """Ask the chosen groups."""
    consultation = get_consultation(db.session, slug)
    people, form = _people(), RequestForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            asked = requests.ask_groups(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation=consultation,
                group_ids={int(id) for id in request.form.getlist("groups") if id.isdecimal()},
                message=form.message.data or "",
                area_code=people.area.code if people.area else None,
                community=people.community,
            )
            if asked:
                said = plural("%(n)s group was asked.", "%(n)s groups were asked.", asked, n=number(asked))
                flash(said, "success")
            else:
                flash(_("These groups were asked within the last week: nobody was written to again."))
            return redirect(url_for(".show", slug=slug), 303)
    return _ask_page(consultation, people, _groups(consultation, people), form), INVALID


def _ask_page(consultation: Consultation, people: People, groups: list[Reaching], form: FlaskForm) -> str:
    now = clock.now()
    return render_template(
        "analysis/officer/heard_ask.html",
        consultation=consultation,
        people=people,
        groups=groups,
        resting={group.id for group in groups if group.rests(now)},
        chosen=set(request.form.getlist("groups")) if form.is_submitted() else None,
        form=form,
    )


def _people() -> People:
    """Return the people the address names; 404 where it names nobody we know."""
    code, wanted = request.args.get("area", ""), request.args.get("community", "")
    area = next((place for place in places(db.session) if place.code == code), None)
    community = one_of(Community, wanted)
    if (code and area is None) or (wanted and community is None) or not (code or wanted):
        abort(404)
    return People(area, community)


def _groups(consultation: Consultation, people: People) -> list[Reaching]:
    return requests.reaching(
        db.session,
        consultation_id=consultation.id,
        area_code=people.area.code if people.area else None,
        community=people.community,
    )


def _starting_text(consultation: Consultation, people: People) -> str:
    return str(
        _(
            "So far we have heard little from %(people)s. Could you pass on the link of your group to them, "
            "or raise it at a meeting? Answering “%(title)s” takes a few minutes, needs no account and "
            "nobody is named.",
            people=people.said,
            title=consultation.title,
        )
    )


def _tiles(lines: list[AreaLine], known: list[Area]) -> list[dict[str, Any]]:
    at = {area.code: area for area in known}
    return [
        {
            "row": at[line.code].tile_row,
            "column": at[line.code].tile_column,
            "name": line.name,
            "short": at[line.code].short_name,
            "text": _told(line),
            "step": SHADES[line.standing],
        }
        for line in lines
    ]


def _told(line: AreaLine) -> str:
    if line.rate is None:
        return str(STANDINGS[line.standing])
    rate = f"{line.rate:.1f}"
    return f"{STANDINGS[line.standing]}: {_('%(rate)s for every 10,000 residents', rate=rate)}"


def _of_london() -> dict[str, Counter[str]]:
    """Return residents of London by measure and category, in the census's order."""
    found: dict[str, Counter[str]] = {}
    for measure in MEASURE_NAMES:
        total: Counter[str] = Counter()
        for categories in census_counts(db.session, measure).values():
            total.update(categories)
        found[measure] = total
    return found


def _labels() -> dict[tuple[str, str], str]:
    return {
        (question.code, option.code): option.label
        for question in equality_block().questions
        if question.code in MEASURE_NAMES
        for option in getattr(question, "options", ())
    }
