"""Trying a questionnaire by a secret link: as it will be, for seven days, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.questionnaires import drafts
from engage.questionnaires.previews import new_pass
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page, text_of

OFFICER = "Test officer <officer@example.test>"
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
ADDRESS = "/preview/safety/0"
YES_NO = [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]

SAFETY: dict[str, Any] = {
    "title": "Feeling safe",
    "minutes": 2,
    "pages": [
        {
            "code": "start",
            "title": "Your street",
            "questions": [{"code": "safe", "kind": "one_choice", "label": "Is it safe?", "options": YES_NO}],
        },
        {
            "code": "why",
            "title": "Why it is not",
            "shown_if": {"question": "safe", "has": "no"},
            "questions": [{"code": "reason", "kind": "long_text", "label": "What happened?"}],
        },
        {
            "code": "more",
            "title": "Anything else",
            "questions": [
                {"code": "child", "kind": "one_choice", "label": "Are you under 13?", "options": YES_NO},
                {"code": "note", "kind": "long_text", "label": "A note", "required": False},
            ],
        },
        {
            "code": "sorry",
            "title": "This is for older people",
            "shown_if": {"question": "child", "has": "yes"},
            "exit": True,
        },
    ],
}


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def draft(app: Flask) -> None:
    with app.app_context(), transaction(db.session()) as session:
        drafts.start(
            session,
            actor=OFFICER,
            now=NOW,
            code="safety",
            title="Feeling safe",
            framework_id=None,
            definition=SAFETY,
            privacy_notice="We keep no names.",
        )


def link(app: Flask, number: int = 0, at: datetime = NOW) -> str:
    with app.app_context():
        return f"/preview/?key={new_pass('safety', number, at).seal()}"


def values(page: Page) -> MultiDict[str, str]:
    found: MultiDict[str, str] = MultiDict()
    for field in page.all("input"):
        if field.get("type") == "hidden" or "checked" in field.attrib:
            found.add(field.get("name", ""), field.get("value", ""))
    for area in page.all("textarea"):
        found.add(area.get("name", ""), "".join(area.itertext()).removeprefix("\n"))
    return found


def press(client: PageClient, page: Page, go: str = "_on", status: int = 200, **typed: str) -> Page:
    sent = values(page)
    for name, value in typed.items():
        sent.setlist(name, [value])
    sent["_go"] = go
    return client.post_page(ADDRESS, sent, status=status)


@pytest.mark.usefixtures("draft")
def test_the_secret_leaves_the_address_at_once(app: Flask, client: PageClient) -> None:
    answer = client.get(link(app))
    assert answer.status_code == 302
    assert answer.headers["Location"] == ADDRESS
    page = client.get_page(ADDRESS)
    assert page.h1 == "Your street"
    assert "This is a preview. Nothing you type is stored" in page.text
    assert "We keep no names." in page.main


@pytest.mark.usefixtures("draft")
def test_without_the_link_a_preview_is_not_open(app: Flask, client: PageClient) -> None:
    assert "not open" in client.get_page(ADDRESS, status=404).h1
    client.get_page("/preview/?key=made-up", status=404)
    client.get_page("/preview/", status=404)
    client.get(link(app))
    client.get_page("/preview/safety/1", status=404)
    client.get_page("/preview/other/0", status=404)


@pytest.mark.usefixtures("draft")
def test_a_link_works_for_seven_days(app: Flask, client: PageClient) -> None:
    address = link(app)
    client.get(address)
    with clock.stopped_at(NOW + timedelta(days=7, seconds=-1)):
        client.get_page(ADDRESS)
        assert client.get(address).status_code == 302
    with clock.stopped_at(NOW + timedelta(days=7)):
        client.get_page(ADDRESS, status=404)
        client.get_page(address, status=404)
        client.post_page(ADDRESS, {"_at": "start"}, status=404)


@pytest.mark.usefixtures("draft")
def test_it_goes_page_by_page_as_the_answers_lead_and_back_again(app: Flask, client: PageClient) -> None:
    client.get(link(app))
    page = client.get_page(ADDRESS)
    refused = press(client, page, status=422)
    assert refused.h1 == "Your street"
    assert refused.title.startswith("Error: ")
    page = press(client, page, safe="no")
    assert page.h1 == "Why it is not"
    page = press(client, page, reason="A lamp\r\nis out.")
    assert page.h1 == "Anything else"
    page = press(client, page, child="no")
    assert page.h1 == "Check your answers"
    assert "A lamp is out." in page.main
    page = press(client, page, go="why")
    assert page.h1 == "Why it is not"
    assert text_of(page.field("reason")) == "A lamp is out."
    page = press(client, page, go="_back")
    assert page.h1 == "Your street"
    page = press(client, page, safe="yes")
    assert page.h1 == "Anything else"
    assert page.find("input", name="child", value="no").get("checked") is not None
    page = press(client, page)
    assert "A lamp is out." not in page.main
    ended = press(client, page, go="_send")
    assert "Nothing was sent" in ended.text
    assert ended.h1 == "Your street"


@pytest.mark.usefixtures("draft")
def test_an_exit_page_ends_it(app: Flask, client: PageClient) -> None:
    client.get(link(app))
    page = press(client, client.get_page(ADDRESS), safe="yes")
    page = press(client, page, child="yes")
    assert page.h1 == "This is for older people"
    assert "there is nothing to send" in page.main
    assert [text_of(button) for button in page.all("button", type="submit")] == ["Back"]


@pytest.mark.usefixtures("draft")
def test_nothing_of_it_is_written_anywhere(
    app: Flask, client: PageClient, query_count: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client.get(link(app))
    page = client.get_page(ADDRESS)
    with query_count() as statements:
        page = press(client, page, safe="no")
        page = press(client, page, reason="My name is Alice.")
        press(client, press(client, page, child="no"), go="_send")
    assert statements
    assert all(statement.lstrip().upper().startswith("SELECT") for statement in statements)
    with client.session_transaction() as held:
        assert "Alice" not in str(dict(held))


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize(
    "sent",
    [
        {"_at": "nothing", "_go": "_on"},
        {"_at": "why", "_go": "_on", "_rotation": "-7"},
        {"_at": "", "_go": "_back"},
        {"_go": "<script>", "_rotation": "x" * 5000},
        {"_at": "start", "safe": ["maybe", "yes", "no"]},
        {"_at": "start", "safe": "no", "reason": "y" * 60_000, "csrf": "1"},
    ],
)
def test_whatever_is_sent_it_answers_with_a_page(
    app: Flask, client: PageClient, sent: dict[str, Any]
) -> None:
    client.get(link(app))
    page = Page(client.post(ADDRESS, data=sent).get_data(as_text=True))
    assert page.h1 in {step["title"] for step in SAFETY["pages"]} | {"Check your answers"}


@pytest.mark.usefixtures("draft")
def test_only_we_may_frame_it_and_only_the_officers_page_shows_frames(
    app: Flask, client: PageClient, officer_client: PageClient
) -> None:
    client.get(link(app))
    shown = client.get(ADDRESS)
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    framing = officer_client.get("/officer/questionnaires/safety/preview")
    assert "frame-src 'self'" in framing.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in framing.headers["Content-Security-Policy"]
    assert framing.headers["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("draft")
def test_an_officer_sees_it_at_two_widths_and_has_a_link_to_pass_on(
    officer_client: PageClient, client: PageClient
) -> None:
    page = officer_client.get_page("/officer/questionnaires/safety/preview")
    frames = page.all("iframe")
    assert [(frame.get("width"), frame.get("src")) for frame in frames] == [
        ("375", ADDRESS),
        ("1280", ADDRESS),
    ]
    assert officer_client.get_page(ADDRESS).h1 == "Your street"
    passed_on = page.find("input", id="link").get("value", "").removeprefix("http://localhost")
    assert client.get_page(passed_on).h1 == "Your street"


@pytest.mark.usefixtures("draft")
def test_a_change_to_the_draft_shows_at_the_next_page(app: Flask, client: PageClient) -> None:
    client.get(link(app))
    page = client.get_page(ADDRESS)
    changed = SAFETY | {"pages": [SAFETY["pages"][0], SAFETY["pages"][2]]}
    changed["pages"][1] = {**changed["pages"][1], "title": "The last page"}
    with app.app_context(), transaction(db.session()) as session:
        drafts.change(session, actor=OFFICER, now=NOW, code="safety", revision=1, definition=changed)
    assert press(client, page, safe="no").h1 == "The last page"
