"""Where GOV.UK Notify reports what became of each message it took."""

from __future__ import annotations

import structlog
from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.outbox import receipts
from engage.outbox.notify_rules import is_bearer, read_receipt

pages = Pages("notify", __name__, admits=Audience.EVERYBODY)
log = structlog.get_logger("engage.notify")

PLAIN = {"Content-Type": "text/plain"}
NOTED = ("", 204, PLAIN)
NOT_NOTIFY = ("", 401, {**PLAIN, "WWW-Authenticate": "Bearer"})


@pages.post("/notify/delivery")
def delivery() -> ResponseReturnValue:
    """Take one report. The token in its header is the permission; nobody is signed in.

    Notify repeats what was not answered well, and only after a failure of ours: what says nothing to us is
    therefore taken and left.
    """
    account = current_app.config["SETTINGS"].notify
    if account is None or account.callback_token is None:
        abort(404)
    if not is_bearer(request.headers.get("Authorization", ""), account.callback_token):
        return NOT_NOTIFY
    receipt = read_receipt(request.get_json(force=True, silent=True))
    known = receipt is not None and receipts.note(db.session, receipt=receipt, now=clock.now())
    log.info("notify.receipt", status=receipt.status[:40] if receipt else None, known=known)
    return NOTED
