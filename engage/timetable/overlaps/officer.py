"""Overlaps to decide on, and how often each group is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _, day
from engage.foundations.lists import part
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.spreadsheets import CSV_TYPE, write_csv
from engage.timetable.overlaps import asks, asks_queries, labels, queries, service
from engage.timetable.overlaps.forms import DecisionForm
from engage.timetable.overlaps.queries import Known, Overlap
from engage.timetable.rules import Outcome

pages = Pages(
    "officer_overlaps",
    __name__,
    admits=Audience.OFFICERS,
    url_prefix="/officer/timetable",
)

PER_PAGE, GROUPS_PER_PAGE = 20, 40


@dataclass(frozen=True, slots=True)
class Told:
    """An overlap in words, as pages show it."""

    overlap: Overlap
    shared: Sequence[str]
    together: str
    suggestion: str


@pages.get("/overlaps")
def index() -> ResponseReturnValue:
    """Show the overlaps that nobody has decided on, and what was decided about the others."""
    known = queries.known(db.session, clock.now())
    overlaps = known.overlaps()
    undecided = [each for each in overlaps if each.decision is None]
    page = part(undecided, request.args.get("page", type=int), PER_PAGE)
    return render_template(
        "timetable/officer/overlaps/index.html",
        page=page,
        undecided=told_of(known, page.items),
        to_decide=sum(each.movable > 0 for each in undecided),
        decided=[each for each in overlaps if each.decision is not None],
        OUTCOMES=labels.OUTCOMES,
    )


@pages.route("/overlaps/<int:first>/<int:second>", methods=["GET", "POST"])
def decide(first: int, second: int) -> ResponseReturnValue:
    """Record what is to become of two entries that overlap."""
    now = clock.now()
    known = queries.known(db.session, now)
    pair = min(first, second), max(first, second)
    overlap = queries.find_overlap(known, pair)
    if overlap is None:
        abort(404)
    form = DecisionForm(obj=overlap.decision)
    [told] = told_of(known, [overlap])
    if form.validate_on_submit():
        with refusals_beside(form):
            service.decide(
                db.session,
                actor=current_user.label,
                now=now,
                entry_id=pair[0],
                other_id=pair[1],
                outcome=Outcome(form.outcome.data),
                reason=form.reason.data or "",
            )
            flash(_("The decision is recorded on both entries."))
            return redirect(url_for(".index"))
    page = render_template(
        "timetable/officer/overlaps/decide.html",
        form=form,
        told=told,
        meanings={outcome.value: text.meaning for outcome, text in labels.OUTCOMES.items()},
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/asks")
def groups() -> ResponseReturnValue:
    """Show how many entries ask each group in each month of a year."""
    year, area_code, each = _asked_for()
    rows = asks_queries.asked_groups(db.session, year, area_code=area_code, each=each)
    return render_template(
        "timetable/officer/overlaps/asks.html",
        page=part(rows, request.args.get("page", type=int), GROUPS_PER_PAGE),
        year=year,
        years=sorted({*asks_queries.years(db.session), clock.today().year, year}, reverse=True),
        areas=places(db.session),
        area_code=area_code,
        each=each,
        asked=sum(row.asked.in_year > 0 for row in rows),
        months=_months(year),
        shade=asks.shade,
    )


@pages.get("/asks.csv")
def asks_csv() -> ResponseReturnValue:
    """Hand out the same as a spreadsheet, all groups of it."""
    year, area_code, each = _asked_for()
    rows = asks_queries.asked_groups(db.session, year, area_code=area_code, each=each)
    london = _("All of London")
    heading = [_("Group"), _("Belongs to"), _("Borough"), *_months(year), _("Whole year")]
    body = [
        [
            row.name,
            row.under or "",
            row.area_name or london,
            *row.asked.by_month,
            row.asked.in_year,
        ]
        for row in rows
    ]
    answer = Response(write_csv([[str(cell) for cell in heading], *body]), content_type=CSV_TYPE)
    answer.headers["Content-Disposition"] = f"attachment; filename=asks-{year}.csv"
    return answer


@pages.app_template_global()
def overlaps_of(entry_id: int) -> Sequence[Overlap]:
    """Return the overlaps of an entry for the officers' page of it, the undecided first."""
    return queries.of_entry(db.session, entry_id, clock.now())


@pages.app_template_global()
def outcome_words() -> Mapping[Outcome, labels.OutcomeText]:
    """Return how the outcomes of a decision are said."""
    return labels.OUTCOMES


def told_of(known: Known, overlaps: Sequence[Overlap]) -> list[Told]:
    """Return `overlaps` in words; the names of all their groups are read at once."""
    names = queries.group_names(db.session, overlaps)
    return [
        Told(
            overlap,
            labels.shared_said(overlap, names),
            labels.together_said(overlap),
            labels.suggestion_said(known.suggestion(overlap.finding), overlap),
        )
        for overlap in overlaps
    ]


def _asked_for() -> tuple[int, str | None, bool]:
    """Return the year, the area and whether every group is wanted; what makes no sense is left out."""
    year = request.args.get("year", clock.today().year, type=int)
    if not 2000 <= year < 2100:
        year = clock.today().year
    return year, request.args.get("borough") or None, request.args.get("groups") == "all"


def _months(year: int) -> list[str]:
    return [day(clock.today().replace(year=year, month=month, day=1), "MMM") for month in asks.MONTHS]
