"""The register of groups: officers keep it, Members and analysts read it. A group's own page is a desk's."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _
from engage.foundations.lists import one_of
from engage.foundations.pages import Audience, Pages, refusals_beside
from engage.foundations.spreadsheets import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from engage.groups import changing, listing, queries, service
from engage.groups.details import GroupDetails
from engage.groups.exchange import columns
from engage.groups.exchange import queries as exchange
from engage.groups.forms import GroupForm, VacancyForm
from engage.groups.listing import Filters
from engage.groups.models import Group
from engage.groups.rules import (
    COMMUNITIES,
    KINDS,
    STANDING_COLOURS,
    STANDINGS,
    Community,
    GroupKind,
    Standing,
    standing,
)

pages = Pages(
    "officer_groups",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/groups",
)

PER_PAGE = 25
EVERYTHING = "everything"
LAYOUT = "layouts/officer.html"


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show the register, narrowed as the address asks."""
    filters = _filters()
    number = request.args.get("page", 1, type=int)
    page = listing.listed(db.session, filters, number=number, per_page=PER_PAGE, now=clock.now())
    return render_template(
        "groups/officer/index.html",
        page=page,
        filters=filters,
        asked={name: value for name, value in request.args.items() if value and name != "page"},
        areas=places(db.session),
        standing=standing,
        **WORDS,
    )


@pages.get("/export.<form>")
def export(form: str) -> ResponseReturnValue:
    """Give the list as a file, as it is narrowed; the contacts to officers only."""
    if form not in ("csv", "xlsx"):
        return redirect(url_for(".index"))
    records = exchange.records(db.session, listing.chosen_ids(db.session, _filters()))
    contacts = Audience.OFFICERS in current_user.audiences
    rows = columns.rows_of(records, exchange.area_names(db.session), contacts=contacts)
    content = write_csv(rows) if form == "csv" else write_xlsx(rows, "groups")
    name = f"groups-{clock.today().isoformat()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=CSV_TYPE if form == "csv" else XLSX_TYPE)


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a group."""
    empty = GroupDetails(name="", kind=GroupKind.VOLUNTARY)
    form = _form(empty)
    if form.validate_on_submit():
        with refusals_beside(form):
            details = form.details(empty)
            group = service.add_group(db.session, actor=current_user.label, now=clock.now(), details=details)
            flash(_("The group is in the register."))
            return redirect(url_for(".show", code=group.code), 303)
    return changing.form_page("group", form, layout=LAYOUT, code=None, name="", heading=_("Add a group"))


@pages.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Change what the register says of a group."""
    group = _group(code)
    return changing.details(group, _form(queries.details_of(db.session, group)), layout=LAYOUT)


@pages.route("/<code>/contacts/new", methods=["GET", "POST"])
def new_contact(code: str) -> ResponseReturnValue:
    """Add a contact."""
    return changing.contact(_group(code), None, layout=LAYOUT)


@pages.route("/<code>/contacts/<int:contact_id>", methods=["GET", "POST"])
def contact(code: str, contact_id: int) -> ResponseReturnValue:
    """Change a contact."""
    return changing.contact(_group(code), contact_id, layout=LAYOUT)


@pages.post("/<code>/contacts/<int:contact_id>/remove")
def remove_contact(code: str, contact_id: int) -> ResponseReturnValue:
    """Take a contact out."""
    return changing.remove_contact(_group(code), contact_id)


@pages.route("/<code>/meetings/new", methods=["GET", "POST"])
def new_meetings(code: str) -> ResponseReturnValue:
    """Add meetings, as many as a year has."""
    return changing.new_meetings(_group(code), layout=LAYOUT)


@pages.route("/<code>/meetings/<int:meeting_id>", methods=["GET", "POST"])
def meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    """Change a meeting."""
    return changing.meeting(_group(code), meeting_id, layout=LAYOUT)


@pages.post("/<code>/meetings/<int:meeting_id>/remove")
def remove_meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    """Take a meeting out."""
    return changing.remove_meeting(_group(code), meeting_id)


@pages.route("/<code>/end", methods=["GET", "POST"])
def end(code: str) -> ResponseReturnValue:
    """Take a group out of use."""
    return changing.end(_group(code), layout=LAYOUT)


@pages.route("/<code>/restore", methods=["GET", "POST"])
def restore(code: str) -> ResponseReturnValue:
    """Let an ended group work again."""
    form = ButtonForm()
    group = _group(code)
    group_id, name = group.id, group.name
    if form.validate_on_submit():
        with refusals_beside(form):
            service.restore_group(db.session, actor=current_user.label, now=clock.now(), group_id=group_id)
            flash(_("%(name)s is active again.", name=name))
            return redirect(url_for(".show", code=code), 303)
    heading = _("Use this group again")
    return changing.form_page("restore", form, layout=LAYOUT, code=code, name=name, heading=heading)


@pages.route("/<code>/vacancy", methods=["GET", "POST"])
def vacancy(code: str) -> ResponseReturnValue:
    """Say that nobody runs a group, and who covers."""
    group = _group(code)
    group_id, name = group.id, group.name
    form = VacancyForm(data={"since": group.vacant_since, "covered_by": group.covered_by})
    if form.validate_on_submit():
        with refusals_beside(form):
            service.leave_vacant(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                group_id=group_id,
                since=form.since.data,  # type: ignore[arg-type]
                covered_by=form.covered_by.data or "",
            )
            flash(_("The register says that it is vacant, and who covers."))
            return redirect(url_for(".show", code=code), 303)
    heading = _("Nobody runs this group")
    return changing.form_page("vacancy", form, layout=LAYOUT, code=code, name=name, heading=heading)


@pages.post("/<code>/fill")
def fill(code: str) -> ResponseReturnValue:
    """Say that somebody runs the group again."""
    group_id = _group(code).id
    service.fill_vacancy(db.session, actor=current_user.label, now=clock.now(), group_id=group_id)
    flash(_("The register says that somebody runs the group again."))
    return redirect(url_for(".show", code=code), 303)


WORDS = {
    "KINDS": KINDS,
    "COMMUNITIES": COMMUNITIES,
    "STANDINGS": STANDINGS,
    "STANDING_COLOURS": STANDING_COLOURS,
}


def _group(code: str) -> Group:
    return queries.get_by_code(db.session, code)


def _form(details: GroupDetails) -> GroupForm:
    return GroupForm(details, areas=places(db.session), groups=listing.choices(db.session))


def _filters() -> Filters:
    """Return the filters the address asks for; what we do not know narrows nothing."""
    asked = request.args
    under = queries.find_by_code(db.session, asked["under"]) if asked.get("under") else None
    return Filters(
        kind=one_of(GroupKind, asked.get("kind", "")),
        area_code=asked.get("borough") or None,
        community=one_of(Community, asked.get("community", "")),
        standing=one_of(Standing, asked.get("state", "")),
        ended_too=asked.get("state") == EVERYTHING,
        words=asked.get("words", "").strip()[: listing.LONGEST_WORDS],
        under=under.id if under else None,
    )
