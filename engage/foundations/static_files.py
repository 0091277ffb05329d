"""Files under /static/, kept by browsers for ever where the address carries the file's version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from engage.foundations.security import A_YEAR
from engage.foundations.settings import Mode, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TEN_MINUTES = 600
VERSIONED = "v="


class StaticFiles:
    """WSGI middleware: answers for the files of a folder, and hands everything else to the application.

    `asset()` writes addresses with `?v=<digest>`: such a file never changes. Any other address may be of a
    file that will be replaced, and is kept for ten minutes.
    """

    def __init__(self, application: WSGIApplication, folder: str, *, watch: bool) -> None:
        self._for_ever = _serving(application, folder, watch, max_age=A_YEAR, immutable=True)
        self._for_a_while = _serving(application, folder, watch, max_age=TEN_MINUTES, immutable=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        versioned = str(environ.get("QUERY_STRING", "")).startswith(VERSIONED)
        answer: Iterable[bytes] = (self._for_ever if versioned else self._for_a_while)(
            environ, start_response
        )
        return answer


def init_static_files(app: Flask) -> None:
    """Serve `static/` ahead of the application; only tests look for files that came later."""
    settings: Settings = app.config["SETTINGS"]
    app.wsgi_app = StaticFiles(  # type: ignore[method-assign]
        app.wsgi_app, str(app.static_folder), watch=settings.mode is Mode.TEST
    )


def _serving(
    application: WSGIApplication, folder: str, watch: bool, *, max_age: int, immutable: bool
) -> WhiteNoise:
    return WhiteNoise(
        application,
        root=folder,
        prefix="static/",
        autorefresh=watch,
        max_age=max_age,
        immutable_file_test=lambda path, url: immutable,
        allow_all_origins=False,
        add_headers_function=_protect,
    )


def _protect(headers: StaticFile, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
