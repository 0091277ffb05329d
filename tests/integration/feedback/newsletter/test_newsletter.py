"""An issue composes itself, and comes once to each who asked, with the parts they chose."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.feedback.models import Newsletter
from engage.feedback.newsletter import service
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.refusals import Refused
from engage.outbox.models import Mailing, OutboxMessage
from engage.timetable.models import Subscription, SubscriptionWish
from engage.timetable.news import tell
from engage.timetable.rules import NewsKind, WishKind
from tests.factories.boroughs import make_area
from tests.factories.subscriptions import ASKED, make_subscription
from tests.factories.timetable import make_entry
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]
NOW = datetime(2027, 6, 2, 9, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
# As three boxes each send them.
DAYS = {"since": ["3", "5", "2027"], "until": ["2", "6", "2027"]}
CAMDEN, BARNET = "E09000007", "E09000003"


def happen(session: Session, title: str, area: str | None = None, at: datetime = NOW - A_DAY) -> None:
    entry = make_entry(session, title=title, slug=title.lower().replace(" ", "-"), area_code=area)
    tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=at, said="Said & done")


def begin(session: Session, title: str = "News of May") -> Newsletter:
    return service.start(
        session,
        actor="officer",
        now=NOW,
        title=title,
        foreword="Dear <readers>",
        since=NOW - 30 * A_DAY,
        until=NOW,
    )


def messages(session: Session) -> dict[str, str]:
    rows = (
        select(OutboxMessage.recipient, Mailing.text_body)
        .join(Mailing, Mailing.id == OutboxMessage.mailing_id)
        .where(Mailing.key.startswith("newsletter:"))
    )
    return dict(session.execute(rows).all())


def test_each_who_asked_gets_londons_part_and_their_boroughs_once(
    session: Session, work: Callable[[datetime], None], tmp_path: Path, client: PageClient
) -> None:
    with transaction(session):
        make_area(session)
        make_area(session, code=BARNET, name="Barnet", tile_row=1, tile_column=3)
        happen(session, "Whole city")
        happen(session, "Camden nights", CAMDEN)
        happen(session, "Barnet streets", BARNET)
        happen(session, "Long ago", at=NOW - 31 * A_DAY)
        make_entry(session, title="Not public", slug="not-public", published_at=None)
        make_subscription(session, address="all@example.test", newsletter=True)
        make_subscription(session, address="camden@example.test", areas=(CAMDEN,), newsletter=True)
        make_subscription(session, address="daily-only@example.test")
        make_subscription(session, address="never@example.test", newsletter=True, confirmed_at=None)
        issue = begin(session)
        service.publish(session, actor="officer", now=NOW, newsletter_id=issue.id)
        service.publish(session, actor="officer", now=NOW, newsletter_id=issue.id)
    work(NOW)
    work(NOW + timedelta(minutes=1))
    found = messages(session)
    assert set(found) == {"all@example.test", "camden@example.test"}
    for name in ("Whole city", "Camden nights", "Said & done", "Dear <readers>"):
        assert name in found["camden@example.test"]
    assert "Barnet streets" in found["all@example.test"]
    assert "Barnet streets" not in found["camden@example.test"]
    for text in found.values():
        assert "Not public" not in text
    counted = select(AuditEvent.details).where(AuditEvent.action == "newsletter.sent")
    assert session.scalars(counted).all() == [{"addresses": 2}]
    files = (tmp_path / "outbox").glob("*.eml")
    mails = [message_from_bytes(file.read_bytes(), policy=SMTP) for file in files]
    [mail] = [one for one in mails if one["To"] == "camden@example.test" and one["Subject"] == "News of May"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = mail.get_body(("html",)).get_content()
    assert "Dear &lt;readers&gt;" in html
    assert "{{" not in html
    way = urlsplit(mail["List-Unsubscribe"].strip("<>"))
    assert way.path == "/newsletter/stop"
    assert parse_qs(way.query)["token"]
    stop = f"{way.path}?{way.query}"
    assert "Stop the newsletter" in client.get_page(stop).text
    client.post(stop, data={"List-Unsubscribe": "One-Click"})
    session.rollback()
    kept = session.scalars(select(Subscription).where(Subscription.address == "camden@example.test")).one()
    assert (kept.newsletter, kept.confirmed_at) == (False, ASKED)
    assert "This is still on: The news of new and changed entries" in client.get_page(stop).text


def test_a_batch_of_500_takes_as_many_statements_as_one_of_5(session: Session, query_count: Counting) -> None:
    with transaction(session):
        make_area(session)
        happen(session, "Whole city")
        happen(session, "Camden nights", CAMDEN)
        first, second = begin(session, "One"), begin(session, "Two")
        for issue in (first, second):
            issue.sent_at = NOW
    counts = []
    for many, issue in ((5, first), (495, second)):
        ids = [uuid4() for _ in range(many)]
        shared = {"asked_at": ASKED, "confirmed_at": ASKED, "told_until": ASKED, "newsletter": True}
        readers = [{"id": id, "address": f"{id.hex}@example.test", **shared} for id in ids]
        wishes = [{"subscription_id": id, "kind": WishKind.AREA, "code": CAMDEN} for id in ids[: many // 2]]
        with transaction(session):
            session.execute(insert(Subscription), readers)
            session.execute(insert(SubscriptionWish), wishes)
        arguments = {"newsletter_id": issue.id, "after": None, "addresses": 0}
        with transaction(session), query_count() as statements:
            service.send_batch(session, arguments=arguments, now=NOW)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14
    assert session.scalar(select(func.count(OutboxMessage.id))) == 505


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_draft_is_nobody_elses_and_what_was_sent_stays(session: Session, client: PageClient) -> None:
    with transaction(session):
        happen(session, "Whole city")
        id = begin(session).id
    assert "There is no issue yet." in client.get_page("/newsletter").text
    client.get_page(f"/newsletter/{id}", status=404)
    with transaction(session):
        service.publish(session, actor="officer", now=NOW, newsletter_id=id)
    page = client.get_page(f"/newsletter/{id}")
    assert "Whole city" in page.text
    assert "Dear <readers>" in page.text
    with pytest.raises(Refused), transaction(session):
        service.change(
            session,
            actor="officer",
            now=NOW,
            newsletter_id=id,
            title="Other",
            foreword="",
            since=NOW - A_DAY,
            until=NOW,
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_officers_begin_look_at_try_and_send_an_issue(session: Session, officer_client: PageClient) -> None:
    with transaction(session):
        make_area(session)
        happen(session, "Whole city")
        happen(session, "Camden nights", CAMDEN)
    with clock.stopped_at(NOW):
        page = officer_client.get_page("/officer/newsletters/new")
        wrong = officer_client.submit(page, {"title": "May", **DAYS, "until": ["3", "6", "2027"]}, status=422)
        assert "cannot be in the future" in wrong.text
        shown = officer_client.submit(page, {"title": "May in London", "foreword": "Dear all", **DAYS})
        assert "Camden nights" in shown.text
        id = session.scalars(select(Newsletter.id)).one()
        file = officer_client.get(f"/officer/newsletters/{id}/mail?borough=none").data
        one = message_from_bytes(file, policy=SMTP)
        for part in one.iter_parts():
            assert "Whole city" in part.get_content()
            assert "Camden nights" not in part.get_content()
        for _ in range(2):
            officer_client.post_page(f"/officer/newsletters/{id}/try", {})
        assert session.scalar(select(func.count(OutboxMessage.id))) == 1
        asked = officer_client.get_page(f"/officer/newsletters/{id}/send")
        assert "It is being sent." in officer_client.submit(asked).text
        assert "This issue was sent." in officer_client.get_page(f"/officer/newsletters/{id}/send").text
        assert "May in London" in officer_client.get_page("/officer/newsletters").text
