"""What every answer tells the browser, and how long files are kept."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from engage.foundations.settings import Settings
from tests.fixtures.client import PageClient

FILE = "js/start.js"


def test_every_answer_forbids_what_the_page_does_not_need(client: PageClient) -> None:
    for url in ("/", "/no-such-page"):
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_page_is_kept_by_nobody(client: PageClient) -> None:
    assert client.get("/no-such-page").headers["Cache-Control"] == "no-store"


def test_a_file_is_kept_for_ever_under_its_version_only(app: Flask, client: PageClient) -> None:
    assert (Path(str(app.static_folder)) / FILE).is_file()
    with client.get(f"/static/{FILE}?v=0123456789") as versioned:
        assert versioned.status_code == 200
        assert "immutable" in versioned.headers["Cache-Control"]
    with client.get(f"/static/{FILE}") as plain:
        assert plain.status_code == 200
        assert plain.headers["Cache-Control"] == "max-age=600, public"
        assert "Access-Control-Allow-Origin" not in plain.headers


def test_https_is_insisted_on_only_where_the_site_has_it(client: PageClient, settings: Settings) -> None:
    assert not settings.secure
    assert "Strict-Transport-Security" not in client.get("/").headers
