"""What a coordinator's groups have been told, and answering it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.groups.queries import below
from engage.timetable.labels import STATES
from engage.timetable.notices import queries_of_groups as queries
from engage.timetable.notices import service
from engage.timetable.notices.forms import AcknowledgeForm
from engage.timetable.notices.rules import FITS, KINDS, Fits

pages = Pages(
    "coordinator_notices", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/notices"
)


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show what the coordinator's group and those below it have been told, what is to come first."""
    found = queries.told_to(
        db.session,
        group_ids=below(db.session, current_user.group_id),
        own_id=current_user.group_id,
        now=clock.now(),
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "timetable/cpeg/notices.html", found=found, STATES=STATES, FITS=FITS, Fits=Fits, KINDS=KINDS
    )


@pages.route("/<int:receipt_id>", methods=["GET", "POST"])
def show(receipt_id: int) -> ResponseReturnValue:
    """Show one notice, which is then seen; and keep that the group knows."""
    form = AcknowledgeForm()
    groups = below(db.session, current_user.group_id)
    if form.validate_on_submit():
        with refusals_beside(form):
            service.acknowledge(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                receipt_id=receipt_id,
                group_ids=groups,
                remark=form.remark.data or "",
            )
            flash(_("Thank you: we know that you know."))
            return redirect(url_for(".index"))
    told = queries.get_told(db.session, receipt_id=receipt_id, group_ids=groups, now=clock.now())
    if not form.is_submitted():
        form.remark.data = told.receipt.remark
    unseen = told.receipt.seen_at is None
    page = render_template(
        "timetable/cpeg/notice.html", told=told, form=form, STATES=STATES, FITS=FITS, Fits=Fits, KINDS=KINDS
    )
    if form.is_submitted():
        return page, INVALID
    if unseen:
        # What the page has read is let go of first: on SQLite a reader cannot become a writer.
        db.session.rollback()
        with transaction(db.session):
            service.note_seen(db.session, receipt_id=receipt_id, now=clock.now())
    return page
