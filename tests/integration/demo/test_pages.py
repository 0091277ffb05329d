"""Every page of the demonstration is alive, for each kind of person; and its command says where to look."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from engage import create_app
from engage.demo import people
from engage.demo.cli import demo
from engage.demo.content import EARLIER, OPEN
from engage.foundations.database import db
from engage.foundations.settings import read_settings
from tests.fixtures.client import PageClient
from tests.fixtures.people import page_client

ANYBODY = (
    "/",
    "/timetable/",
    "/what-happened",
    "/about",
    "/privacy",
    f"/timetable/{OPEN}",
    f"/timetable/{EARLIER}",
    f"/take-part/{OPEN}",
    f"/take-part/{OPEN}/postcard",
    f"/take-part/{OPEN}/full",
    f"/take-part/{OPEN}/business",
    f"/consultations/{EARLIER}/feedback",
)
COORDINATORS = ("/coordinator/", "/coordinator/links/")
ROOMS = ("", "/links", "/results", "/results?by=group", "/results/coding", "/decisions", "/feedback")
OFFICERS = (
    "/officer/",
    "/officer/timetable/",
    "/officer/consultations/",
    "/officer/outbox/",
    "/officer/audit/",
    f"/officer/consultations/{EARLIER}/feedback/ledger",
    *(
        f"/officer/consultations/{slug}{room}"
        for slug in (OPEN, EARLIER)
        for room in (
            "",
            "/links",
            "/results",
            "/results?by=group",
            "/results/coding",
            "/decisions",
            "/feedback",
        )
    ),
)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration made by its command, with what the command printed beside it."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        # What the command leaves in the environment for the processes it starts goes with the patch.
        for name in ("ENGAGE_MODE", "ENGAGE_INSTANCE", "ENGAGE_BASE_URL"):
            patch.setenv(name, "")
            patch.delenv(name)
        options = ["--no-serve", "--instance", str(folder), "--responses", "150", "--port", "8321"]
        said = CliRunner().invoke(demo, options, catch_exceptions=False)
    assert said.exit_code == 0, said.output
    (folder / "said").write_text(said.output, encoding="utf-8")
    return folder


@pytest.fixture
def app(instance: Path, tmp_path: Path) -> Flask:
    """The application on a copy of that demonstration; SQLite, as the command makes it."""
    shutil.copytree(instance, tmp_path / "demo")
    app = create_app(
        read_settings(
            {
                "ENGAGE_MODE": "test",
                "ENGAGE_SECRET_KEY": (instance / "secret_key").read_text(encoding="ascii"),
                "ENGAGE_INSTANCE": str(tmp_path / "demo"),
            }
        )
    )
    app.test_client_class = PageClient
    return app


@pytest.mark.parametrize("page", ANYBODY)
def test_anybody_finds_the_page_alive(app: Flask, page: str) -> None:
    page_client(app).get_page(page)


@pytest.mark.parametrize(
    ("member", "pages"), [(people.OFFICER, OFFICERS), *((one, COORDINATORS) for one in people.COORDINATORS)]
)
def test_people_with_an_account_find_their_pages_alive(
    app: Flask, member: people.Member, pages: tuple[str, ...]
) -> None:
    client = page_client(app)
    with app.app_context():
        client.sign_in_as(people.person_of(db.session(), member))
    for page in pages:
        client.get_page(page)


def test_the_pages_show_what_was_made(app: Flask) -> None:
    client = page_client(app)
    assert "Policing priorities for the plan of 2028/29" in client.get_page("/").text
    told = client.get_page(f"/consultations/{EARLIER}/feedback").text
    assert "made up by a program" in told
    assert "Email 67 100%" in " ".join(told.split())
    assert "Croydon" in client.get_page("/timetable/").text


def test_the_command_prints_where_to_look_and_how_to_sign_in(instance: Path, app: Flask) -> None:
    said = (instance / "said").read_text(encoding="utf-8")
    assert f"http://127.0.0.1:8321/take-part/{OPEN}" in said
    with app.app_context():
        for member in people.EVERYBODY:
            assert member.email in said
            assert people.password_of(member) in said
