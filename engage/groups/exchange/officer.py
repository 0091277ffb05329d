"""Importing groups from a file: upload, what it would change, and the import, in whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db, reading
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _, lazy
from engage.foundations.lists import Part, part
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.foundations.tables.limits import MOST_BYTES
from engage.foundations.tables.reading import Row, read_rows, written
from engage.foundations.tables.shelf import Shelf
from engage.groups.exchange import service
from engage.groups.exchange.plan import WHATS, Plan, Step, What, plan_of
from engage.groups.exchange.queries import register
from engage.groups.forms import FileForm, ImportForm

pages = Pages("groups_import", __name__, admits=Audience.OFFICERS, url_prefix="/officer/groups/import")

# What the session calls the secret that leads to the file, and what the file says it is for.
HELD = "groups-import"
PER_PAGE = 100
FAULTS_SHOWN = 100


@pages.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Take a file to look at."""
    form = FileForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            _take(form)
            return redirect(url_for(".check"), 303)
    under_way = _under_way()
    page = render_template(
        "groups/officer/import.html", form=form, press=ButtonForm(), name=under_way[1] if under_way else None
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/check", methods=["GET", "POST"])
def check() -> ResponseReturnValue:
    """Show row by row what the file would change, and import it."""
    found = _under_way()
    if found is None:
        flash(_("The file is no longer here: files are kept for an hour. Choose it again."))
        return redirect(url_for(".index"), 303)
    token, name = found
    rows = list(_shelf().rows(token))
    form = ImportForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            plan = _import(name, rows, form.seen.data or "")
            _drop()
            flash(_said(plan))
            return redirect(url_for("officer_groups.index"), 303)
    db.session.rollback()
    with reading():
        plan = plan_of(rows, register(db.session), clock.today())
        db.session.rollback()
    form.seen.data = plan.digest
    page = render_template(
        "groups/officer/check.html",
        form=form,
        press=ButtonForm(),
        name=name,
        plan=plan,
        counted=plan.counted,
        faults=plan.faults[:FAULTS_SHOWN],
        page=_page(plan),
        What=What,
        WHATS=WHATS,
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/cancel")
def cancel() -> ResponseReturnValue:
    """Forget the file."""
    _drop()
    flash(_("Nothing was imported, and the file is deleted."))
    return redirect(url_for("officer_groups.index"), 303)


def _take(form: FileForm) -> None:
    """Put the file on the shelf as rows; raises `Refused` for what cannot be read."""
    content = form.file.data.stream.read(MOST_BYTES + 1)
    db.session.rollback()
    with reading():
        rows = list(read_rows(content, written(content)))
        if len(rows) < 2:
            raise Refused(lazy("There is no row below the headings."), "file")
        known = {"owner": str(current_user.id), "for": HELD, "name": (form.file.data.filename or "")[:200]}
        token = _shelf().put_away(content, known)
        _shelf().keep_rows(token, rows)
    _drop()
    session[HELD] = token


def _import(name: str, rows: Sequence[Row], seen: str) -> Plan:
    return service.import_groups(
        db.session, actor=current_user.label, now=clock.now(), name=name, rows=rows, seen=seen
    )


def _said(plan: Plan) -> str:
    counted = plan.counted
    return str(
        _(
            "The register says what the file says: %(added)s added, %(changed)s changed, %(same)s unchanged.",
            added=f"{counted[What.ADDED]:,}",
            changed=f"{counted[What.CHANGED]:,}",
            same=f"{counted[What.UNCHANGED]:,}",
        )
    )


def _page(plan: Plan) -> Part[Step]:
    """Return the page of steps that the address asks for, what changes first."""
    changing_first = sorted(plan.steps, key=lambda step: step.what is What.UNCHANGED)
    return part(changing_first, request.args.get("page", type=int), PER_PAGE)


def _under_way() -> tuple[str, str] | None:
    """Return the secret and the name of the file that this officer is importing, if there is one."""
    token = session.get(HELD, "")
    known = _shelf().known(token) or {}
    if (known.get("owner"), known.get("for")) != (str(current_user.id), HELD):
        return None
    return token, str(known["name"])


def _drop() -> None:
    _shelf().forget(session.pop(HELD, ""))


def _shelf() -> Shelf:
    return Shelf(current_app.instance_path)
