"""What a journey needs: London in the database, a real server and mail server, and people with browsers."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage
from werkzeug.serving import make_server

from engage.boroughs.queries import areas
from engage.boroughs.service import load_london
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.settings import Settings, read_settings
from engage.groups.queries import find_by_code
from engage.groups.service import load_groups
from engage.people.rules import Role
from engage.people.service import create_person
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.service import load_framework, publish_shipped
from engage.questionnaires.shipped import FRAMEWORK, read_json
from tests.factories.outbox import Sink, sink
from tests.fixtures.serving import free_port
from tests.journeys.visitor import Visitor

OFFICER = "officer@engage.test"
SECOND_OFFICER = "second@engage.test"
COORDINATOR = "coordinator@engage.test"
PASSWORD = "a password for journeys"

Arrive: TypeAlias = Callable[..., Visitor]


@pytest.fixture
def port() -> int:
    """The port of the site: addresses in mails must lead to the server under test."""
    return free_port()


@pytest.fixture
def mailbox() -> Iterator[Sink]:
    """A mail server on a port of its own, with everything that it accepted."""
    with sink() as found:
        yield found


@pytest.fixture
def environment(tmp_path: Path, database_url: str, port: int, mailbox: Sink) -> dict[str, str]:
    """The settings of the platform under test, as a process reads them."""
    return {
        "ENGAGE_MODE": "test",
        "ENGAGE_SECRET_KEY": "test-secret-" + "x" * 40,
        "ENGAGE_INSTANCE": str(tmp_path / "instance"),
        "ENGAGE_BASE_URL": f"http://127.0.0.1:{port}",
        "ENGAGE_DATABASE_URL": database_url,
        "ENGAGE_SMTP_URL": mailbox.url,
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return read_settings(environment)


@pytest.fixture
def town(app: Flask) -> None:
    """London, its groups, a planning officer and the coordinator of Waltham Forest's CPEG."""
    with app.app_context(), transaction(db.session()) as session:
        load_london(session)
        load_groups(session)
        group = find_by_code(session, "waltham-forest-cpeg")
        assert group is not None
        now = clock.now()
        framework = load_framework(session, read_json(FRAMEWORK))
        places = [Option(area.code, area.name) for area in areas(session)]
        publish_shipped(session, actor="engage", now=now, framework_id=framework.id, areas=places)
        create_person(
            session,
            email=OFFICER,
            name="Olive Officer",
            role=Role.PLANNING_OFFICER,
            password=PASSWORD,
            now=now,
        )
        create_person(
            session,
            email=SECOND_OFFICER,
            name="Sam Second",
            role=Role.PLANNING_OFFICER,
            password=PASSWORD,
            now=now,
        )
        create_person(
            session,
            email=COORDINATOR,
            name="Cora Coordinator",
            role=Role.COORDINATOR,
            password=PASSWORD,
            group_id=group.id,
            now=now,
        )


@pytest.fixture
def live_server(app: Flask, port: int) -> Iterator[str]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether scripts run in the browsers of everybody in the journey."""
    return bool(request.param)


@pytest.fixture
def visitor(
    browser: Browser,
    browser_context_args: dict[str, object],
    live_server: str,
    scripts: bool,
    database_url: str,
    axe: Callable[[BrowserPage], None],
) -> Iterator[Arrive]:
    """Call it for somebody new, with a browser of their own, in which scripts run or do not.

    Where another journey `looks` closely at the same pages, this one need not.
    """
    contexts = []
    folder = os.environ.get("ENGAGE_SCREENSHOTS")

    def arrive(runs: bool = scripts, *, looks: bool = True) -> Visitor:
        # The pages are the same on the other database, and looking closely takes most of a journey's time.
        closely = axe if runs and looks and database_url.startswith("sqlite") else None
        pictures = Path(folder) / ("scripts" if runs else "no-scripts") if folder else None
        context = browser.new_context(**browser_context_args, java_script_enabled=runs)  # type: ignore[arg-type]
        contexts.append(context)
        return Visitor(context.new_page(), live_server, closely, pictures)

    yield arrive
    for context in contexts:
        context.close()
