"""Who is signed in: Flask-Login over the session key that a browser holds."""

from __future__ import annotations

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager

from engage.foundations.database import db
from engage.people import queries
from engage.people.entering import must_set_up
from engage.people.models import Person


def init_login(app: Flask) -> None:
    """Let `app` know who is signed in, and send everybody else to the sign-in page."""
    manager = LoginManager()
    # It would tie a session to an address and a browser: phones change the one, and we keep neither.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.unauthorized_handler(_ask_to_sign_in)
    manager.init_app(app)


def _load(session_key: str) -> Person | None:
    person = queries.find_by_session_key(db.session, session_key)
    # Also where it was required only after they had signed in.
    return None if person is not None and must_set_up(person) else person


def _ask_to_sign_in() -> ResponseReturnValue:
    # Only a page can be come back to: nobody's form is sent again for them.
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    return redirect(url_for("sign_in.show", next=back), 303)
