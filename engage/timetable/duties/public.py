"""The duties to ask people, and how they have been kept, for everybody."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.foundations.spreadsheets import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from engage.timetable.duties import labels, queries
from engage.timetable.duties.coverage import Covered, Standing
from engage.timetable.duties.rules import NO_DUTY
from engage.timetable.labels import LEVELS

pages = Pages("duties", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable/duties")

WORDS = {"LEVELS": LEVELS, "STANDINGS": labels.STANDINGS, "COLOURS": labels.COLOURS, "Standing": Standing}


@pages.get("")
def index() -> ResponseReturnValue:
    """Show each duty, the law, how often it binds, and which entries served it year by year."""
    now = clock.now()
    covered = queries.covered(db.session, now)
    return render_template("timetable/public/duties.html", **shown(covered), now=now)


@pages.get("/coverage.<kind>")
def export(kind: str) -> ResponseReturnValue:
    """Hand out the coverage as a spreadsheet."""
    now = clock.now()
    return spreadsheet(queries.covered(db.session, now), kind)


def shown(covered: tuple[Covered, ...]) -> dict[str, object]:
    """Return what a page says of the coverage: the duties, the line for none, and the words."""
    return {
        "duties": [each for each in covered if each.duty.code != NO_DUTY],
        "without": next((each for each in covered if each.duty.code == NO_DUTY), None),
        "today": clock.today(),
        "this_year": clock.today().year,
        "rhythm": labels.rhythm,
        "said_of": labels.said_of,
        "state_said": labels.state_said,
        **WORDS,
    }


def spreadsheet(covered: tuple[Covered, ...], kind: str) -> Response:
    """Return the coverage as the kind of file that the address names; there is none of another kind."""
    lines = labels.rows(covered, clock.now())
    if kind == "csv":
        answer = Response(write_csv(lines), content_type=CSV_TYPE)
    elif kind == "xlsx":
        answer = Response(write_xlsx(lines, "Duties"), content_type=XLSX_TYPE)
    else:
        abort(404)
    answer.headers["Content-Disposition"] = f"attachment; filename=duties.{kind}"
    return answer
