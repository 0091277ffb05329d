"""The page on which mail is stopped, one kind or all of it; the newsletter's has it, too."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engage.foundations.database import db
from engage.timetable.subscriptions import queries, service
from engage.timetable.subscriptions.rules import MAILS, Mail

GONE = 410


def stop_page(id: UUID | None, kind: Mail | None) -> ResponseReturnValue:
    """Ask whether to stop; a POST stops, also the one click of a mail program, and says what is still on.

    The signed token the `id` is from is the whole authority, so there is no session and no other token
    (RFC 8058). It stops `kind`, or with None everything; a press of the second button stops everything, too.
    Somebody who is not there any more has what they want.
    """
    if id is None:
        return gone()
    if request.method == "POST":
        kind = None if "everything" in request.form else kind
        return _stopped(kind, service.stop(db.session, subscription_id=id, kind=kind))
    found = queries.find(db.session, id)
    gets = queries.kinds_of(found) if found else frozenset()
    left = gets - {kind} if kind else frozenset()
    if left == gets:
        return _stopped(kind, left)
    return render_template("timetable/subscriptions/stop.html", kind=kind, left=named(left))


def gone() -> ResponseReturnValue:
    """Say that a link does not work."""
    return render_template("timetable/subscriptions/gone.html"), GONE


def named(kinds: frozenset[Mail]) -> list[str]:
    """Return what these are called."""
    return [str(MAILS[kind]) for kind in Mail if kind in kinds]


def _stopped(kind: Mail | None, left: frozenset[Mail]) -> ResponseReturnValue:
    return render_template("timetable/subscriptions/stopped.html", kind=kind, left=named(left))
