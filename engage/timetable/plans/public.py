"""The calendar of plans, for everybody."""

from __future__ import annotations

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import lazy
from engage.foundations.pages import Audience, Pages
from engage.timetable.plans import queries, rules
from engage.timetable.plans.labels import PARTS, TIERS
from engage.timetable.plans.picture import drawn
from engage.timetable.plans.rules import Line, Organisations

pages = Pages("plans", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable/plans")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show how plans and consultations of two years fit together, as a picture and as a table."""
    today = clock.today()
    year = year_asked(today.year)
    settings = current_app.config["SETTINGS"]
    shown = queries.shown(db.session, year, Organisations(settings.authority, settings.police_service))
    return render_template(
        "timetable/public/plans.html",
        lines=shown.lines,
        left_out=shown.left_out,
        picture=drawn(shown.lines, year, today, [words(line) for line in shown.lines]),
        words=words,
        year=year,
        years=sorted({*queries.years(db.session, today.year), year}),
        TIERS=TIERS,
        PARTS=PARTS,
    )


def words(line: Line) -> str:
    """Return a line as the picture labels it: number, plan, part, and the number of what it feeds."""
    title = line.title if len(line.title) <= 60 else line.title[:57].rstrip() + "…"
    said = lazy("%(title)s: %(part)s", title=title, part=str(PARTS[line.part].name).lower())
    return f"{said} → {line.feeds}" if line.feeds else str(said)


def year_asked(this_year: int) -> int:
    """Return the year that the address asks for, this one where it asks for none that we show."""
    year = request.args.get("year", this_year, type=int)
    return year if rules.FIRST_YEAR <= year <= rules.LAST_YEAR else this_year
