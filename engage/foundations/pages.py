"""Pages: a blueprint that names whom it admits and commits once, after the view and before the answer.

Every page of the platform belongs to a `Pages`; a house test walks the URL map and fails on one that does
not. Nothing is admitted by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf import FlaskForm

from engage.foundations import database
from engage.foundations.refusals import Refused

INVALID = 422


class Audience(StrEnum):
    """Who a set of pages is for. Officers are also analysts, and analysts also readers, as Members are."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed_in"
    COORDINATORS = "coordinators"
    READERS = "readers"
    ANALYSTS = "analysts"
    OFFICERS = "officers"
    ADMINISTRATORS = "administrators"


class Pages(Blueprint):
    """A blueprint for one audience, with one commit for each request that changes something.

    A request is for writing when its method is unsafe: its transaction takes the write lock when it begins,
    is committed if the answer is a success or a redirect, and rolled back otherwise. A page that only reads
    can therefore never leave anything behind.

    `changes` is whom its forms admit, where that is not everybody who may read: a view that takes both GET
    and POST is a form, and shows itself to nobody who cannot send it. A route may say either for itself:
    `@pages.get("/answers", admits=Audience.ANALYSTS)`.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        admits: Audience,
        changes: Audience | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name, import_name, **options)
        self.admits = admits
        self.changes = changes or admits
        self._of_view: dict[tuple[str, bool], Audience] = {}
        self.before_request(self._admit)
        self.after_request(self._commit)

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        name = endpoint or view_func.__name__
        methods = set(options.get("methods") or ("GET",))
        changes = options.pop("changes", self.changes)
        reads = options.pop("admits", changes if methods & database.UNSAFE_METHODS else self.admits)
        if "GET" in methods:
            self._of_view[name, False] = reads
        self._of_view.setdefault((name, False), changes)
        self._of_view[name, True] = changes
        super().add_url_rule(rule, endpoint, view_func, *args, **options)

    def asked_of(self, endpoint: str, method: str) -> Audience:
        """Return whom a request by `method` to one of these pages must belong to."""
        return self._of_view[endpoint.rpartition(".")[2], method in database.UNSAFE_METHODS]

    def _admit(self) -> ResponseReturnValue | None:
        admits = self.asked_of(request.endpoint or "", request.method)
        if admits is Audience.EVERYBODY:
            return None
        if not current_user.is_authenticated:
            manager: LoginManager = current_app.login_manager  # type: ignore[attr-defined]
            answer: ResponseReturnValue = manager.unauthorized()
            return answer
        if not _belongs(admits):
            abort(403)
        return None

    def _commit(self, response: Response) -> Response:
        if request.method in database.UNSAFE_METHODS:
            if response.status_code < 400:
                database.db.session.commit()
            else:
                database.db.session.rollback()
        return response


def may(endpoint: str, method: str = "GET") -> bool:
    """Tell whether whoever is here is admitted to a page; templates link and offer buttons by it."""
    pages = current_app.blueprints[endpoint.rpartition(".")[0]]
    return not isinstance(pages, Pages) or _belongs(pages.asked_of(endpoint, method))


def _belongs(admits: Audience) -> bool:
    """Tell whether the person who is here is of an audience."""
    if admits is Audience.EVERYBODY:
        return True
    if not current_user.is_authenticated:
        return False
    return admits is Audience.SIGNED_IN or admits in current_user.audiences


@contextmanager
def refusals_beside(form: FlaskForm) -> Iterator[None]:
    """Turn a refusal inside the block into the form's own error, beside its field, and undo the attempt."""
    try:
        yield
    except Refused as refusal:
        database.db.session.rollback()
        field = form[refusal.field] if refusal.field and refusal.field in form else None
        if field is None:
            form.form_errors.append(refusal.message)
        else:
            field.errors = [*field.errors, refusal.message]
