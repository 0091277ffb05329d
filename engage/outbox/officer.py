"""Mail as it leaves, to read; and messages that were given up, to queue again."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.jobs import JobState
from engage.foundations.language import _
from engage.foundations.lists import one_of
from engage.foundations.pages import Audience, Pages, refusals_beside
from engage.outbox import bounces, queries, service
from engage.outbox.forms import OpenAgainForm, QueueAgainForm
from engage.outbox.labels import STATES
from engage.outbox.models import OutboxMessage
from engage.outbox.rendering import read_sender
from engage.outbox.sending import envelope_of
from engage.outbox.way_out import Way, way_of, way_shown

pages = Pages("outbox", __name__, admits=Audience.OFFICERS, url_prefix="/officer/outbox")

FURTHEST_PAGE = 1_000_000
HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)
# What GOV.UK Notify is handed; the rest of the headers are its own.
HANDED_TO_NOTIFY = ("To", "Subject", "Message-ID", "List-Unsubscribe")


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show messages, newest first, of every state or of one."""
    state = one_of(JobState, request.args.get("state", ""))
    number = min(request.args.get("page", default=1, type=int), FURTHEST_PAGE)
    return render_template(
        "outbox/officer/index.html",
        page=queries.list_messages(db.session, page=number, state=state),
        state=state,
        counts=queries.count_states(db.session),
        states=STATES,
        way=way_shown(current_app.config["SETTINGS"]),
        closed=len(queries.list_bounced(db.session)),
    )


@pages.route("/addresses", methods=["GET", "POST"])
def addresses() -> ResponseReturnValue:
    """Show the addresses at which mail came back for good; a POST lets one be written to again."""
    form = OpenAgainForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            address = form.address.data or ""
            bounces.open_again(db.session, actor=current_user.label, address=address, now=clock.now())
            flash(_("Mail is sent to %(address)s again.", address=address))
            return redirect(url_for(".addresses"), 303)
    shown = render_template(
        "outbox/officer/addresses.html", form=form, closed=queries.list_bounced(db.session)
    )
    return shown, (422 if form.is_submitted() else 200)


@pages.route("/<int:message_id>", methods=["GET", "POST"])
def show(message_id: int) -> ResponseReturnValue:
    """Show one message as it was or will be sent; a POST queues one that was given up again."""
    form = QueueAgainForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.queue_again(db.session, actor=current_user.label, message_id=message_id, now=clock.now())
            flash(_("The message will be sent again."))
            return redirect(url_for(".show", message_id=message_id))
    row = queries.get_message(db.session, message_id)
    by_notify = way_of(current_app.config["SETTINGS"]) is Way.NOTIFY
    shown = render_template(
        "outbox/officer/show.html",
        row=row,
        form=form,
        message=_as_sent(row),
        headers=HANDED_TO_NOTIFY if by_notify else HEADERS,
        by_notify=by_notify,
        states=STATES,
        can_queue=row.state is JobState.DEAD,
        closed=queries.bounced(db.session, [row.recipient]).get(row.recipient),
    )
    return shown, (422 if form.is_submitted() else 200)


def _as_sent(row: OutboxMessage) -> EmailMessage | None:
    """Return the message as a mail program reads it; None where its address cannot be written."""
    sender = read_sender(current_app.config["SETTINGS"].mail_from)
    try:
        envelope = envelope_of(row, row.mailing, sender, at=row.done_at or clock.now())
    except ValueError:
        return None
    return message_from_bytes(envelope.content, policy=SMTP)
