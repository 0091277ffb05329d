"""Flask, without the work that none of our pages need. Measured: docs/performance.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from engage.foundations.signing import OPTIONS, TimedValues, key_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class WholeResponse(Response):
    """An answer that is there as a whole is given to the server as a whole.

    A server takes an iterator piece by piece, with a wait for the interpreter before each piece.
    """

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        pieces = super().__call__(environ, start_response)
        if not self.is_sequence:
            return pieces
        whole = [b"".join(pieces)]
        if close := getattr(pieces, "close", None):
            close()
        return whole


class Sessions(SecureCookieSessionInterface):
    """Cookie sessions whose signer is made once: the key of a running application does not change.

    A page that says it is `private` is one browser's own copy, to go back to. It does not vary with the
    cookie: if it did, the browser would throw it away as soon as the cookie changes.
    """

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None and app.secret_key:
            key = key_for(app.secret_key, self.salt)
            self._signer = TimedValues(key, serializer=self.serializer, signer_kwargs=OPTIONS)
        return self._signer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        if "private" in response.headers.get("Cache-Control", ""):
            response.vary.discard("Cookie")


class Application(Flask):
    """A Flask application whose views are all plain functions."""

    response_class = WholeResponse

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
