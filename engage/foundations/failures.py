"""What a person sees when a page cannot be shown: a page, in plain words, with a way on."""

from __future__ import annotations

import structlog
from flask import Flask, abort, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import TemplateError
from sqlalchemy.exc import NoResultFound, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from engage.foundations.database import db

PAGES = (400, 403, 404, 405, 413, 422, 500)
LAST_RESORT = (
    "<!doctype html><html lang=en-GB><meta charset=utf-8><title>Sorry, there is a problem</title>"
    "<h1>Sorry, there is a problem</h1><p>Try again in a few minutes. If you have been shown a receipt code, "
    "we have your response.</p></html>"
)


def init_failures(app: Flask) -> None:
    """Answer every failure with a page of templates/errors/."""
    for status in PAGES:
        app.register_error_handler(status, _refusal if status != 500 else _problem)
    app.register_error_handler(NoResultFound, _nothing_there)
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """Answer 404 for an address with a NUL in it: nothing is called so, and PostgreSQL cannot even look."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(404)


def _refusal(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    status = (error.code or 400) if isinstance(error, HTTPException) else 400
    return page_for(status), status, _headers(error)


def _nothing_there(error: Exception) -> ResponseReturnValue:
    return page_for(404), 404


def _problem(error: Exception) -> ResponseReturnValue:
    """Answer 500. Flask has logged the exception; the page itself may fail for the same reason."""
    try:
        db.session.rollback()
        return page_for(500), 500
    except (SQLAlchemyError, TemplateError):
        structlog.stdlib.get_logger("engage.pages").exception("the error page failed", method=request.method)
        return LAST_RESORT, 500


def page_for(status: int) -> str:
    """Return the page for `status`."""
    return render_template(f"errors/{status}.html")


def _headers(error: Exception) -> list[tuple[str, str]]:
    """Return what the protocol wants beside the page: a 405 names the methods that would do."""
    if not isinstance(error, HTTPException):
        return []
    return [(name, value) for name, value in error.get_headers() if name == "Allow"]
