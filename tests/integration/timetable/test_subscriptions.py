"""News of the timetable by e-mail: asked for, confirmed, told, changed and stopped."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.outbox.models import Mailing, OutboxMessage
from engage.timetable.models import Subscription, SubscriptionWish
from engage.timetable.rules import WishKind
from engage.timetable.subscriptions import mails, service, tasks
from engage.timetable.subscriptions.rules import Mail
from tests.factories.boroughs import make_area
from tests.factories.subscriptions import ASKED, make_subscription
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

URL = "/timetable/subscribe"
NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
CAMDEN = "E09000007"


@pytest.fixture(autouse=True)
def _camden(app: Flask) -> None:
    with app.app_context(), transaction(db.session):
        make_area(db.session)


def ask(
    client: PageClient, address: str = "ada@example.test", now: datetime = NOW, **wishes: list[str]
) -> str:
    with clock.stopped_at(now):
        return client.post_page(URL, {"address": address, "kinds": ["news"]} | wishes).text


def letters(session: Session) -> list[tuple[str, str, dict[str, str]]]:
    """Return the address, the subject and the blanks of every message, first promised first."""
    session.rollback()
    rows = session.execute(
        select(OutboxMessage.recipient, Mailing.subject, OutboxMessage.personal)
        .join(Mailing, Mailing.id == OutboxMessage.mailing_id)
        .order_by(OutboxMessage.id)
    )
    return [(recipient, subject, personal) for recipient, subject, personal in rows]


def local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def only(session: Session) -> Subscription:
    session.expire_all()
    return session.scalars(select(Subscription)).one()


def wished(session: Session) -> set[tuple[WishKind, str]]:
    session.expire_all()
    return {(one.kind, one.code) for one in session.scalars(select(SubscriptionWish))}


def test_an_address_counts_once_its_owner_presses_the_button(session: Session, client: PageClient) -> None:
    assert "Look in your email" in ask(client, " Ada@Example.test ", areas=[CAMDEN], topics=["custody"])
    assert only(session).confirmed_at is None
    [(recipient, _, blanks)] = letters(session)
    assert recipient == "ada@example.test"
    with clock.stopped_at(NOW + timedelta(days=2)):
        page = client.get_page(local(blanks["confirm_url"]))
        assert "Camden" in page.text
        assert "People in police custody" in page.text
        # A program that looks after mail opens the link too.
        assert only(session).confirmed_at is None
        assert "You will hear from us" in client.submit(page).text
    assert only(session).confirmed_at == only(session).told_until == NOW + timedelta(days=2)
    assert wished(session) == {(WishKind.AREA, CAMDEN), (WishKind.TOPIC, "custody")}
    assert "What you hear of" in client.get_page(f"{URL}/wishes").text


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(
    session: Session, client: PageClient
) -> None:
    with transaction(session):
        make_subscription(session, address="known@example.test", topics=("budget",))
    assert ask(client, "new@example.test", topics=["custody"]) == ask(
        client, "known@example.test", topics=["custody"]
    )
    (_, asked, _), (_, already, blanks) = letters(session)
    assert asked != already
    assert blanks.keys() == {"wishes_url", "unsubscribe_url"}
    known = session.scalars(select(Subscription.id).where(Subscription.address == "known@example.test")).one()
    chosen = select(SubscriptionWish.code).where(SubscriptionWish.subscription_id == known)
    assert session.scalars(chosen).all() == ["budget"]


def test_the_page_of_a_borough_or_topic_leads_here_with_it_ticked(client: PageClient) -> None:
    values = client.get_page(
        f"{URL}?borough={CAMDEN}&topic=custody&topic=gossip&borough=nowhere"
    ).form_values()
    assert (values["areas"], values["topics"]) == (CAMDEN, "custody")


def test_asking_again_at_once_writes_once(session: Session, client: PageClient) -> None:
    ask(client)
    ask(client, topics=["custody"])
    assert len(letters(session)) == 1
    assert wished(session) == {(WishKind.TOPIC, "custody")}
    ask(client, now=NOW + timedelta(hours=2))
    assert len(letters(session)) == 2


def test_nobody_is_written_to_again_and_again(session: Session, client: PageClient) -> None:
    for _ in range(3):
        ask(client)
    with clock.stopped_at(NOW):
        page = client.post_page(URL, {"address": "ada@example.test", "kinds": ["news"]}, status=422)
    assert "Too many tries" in page.text
    ask(client, "other@example.test")


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "a b@example.org", "ada@example.test\nBcc: x@example.test", "x" * 400]
)
def test_what_is_no_address_is_refused_beside_its_field(
    session: Session, client: PageClient, address: str
) -> None:
    page = client.post_page(URL, {"address": address, "kinds": ["news"]}, status=422)
    assert "Write a whole email address" in page.text
    assert letters(session) == []


def test_what_is_not_in_the_lists_is_refused(session: Session, client: PageClient) -> None:
    asked = {"address": "ada@example.test", "kinds": ["news"]}
    for wrong in ({"areas": ["nowhere"]}, {"topics": ["gossip"]}, {"kinds": ["spam"]}):
        client.post_page(URL, asked | wrong, status=422)
    assert session.scalar(select(func.count(Subscription.id))) == 0


def test_a_link_that_has_run_out_or_is_not_ours_says_so(session: Session, client: PageClient) -> None:
    ask(client)
    token = letters(session)[0][2]["confirm_url"]
    with clock.stopped_at(NOW + timedelta(days=3)):
        assert "does not work any more" in client.get_page(local(token), 410).text
    for place in ("confirm", "wishes", "stop"):
        other = mails.change_token if place != "wishes" else lambda id: mails.stop_token(id, Mail.NEWS)
        for wrong in ("", "nonsense", other(only(session).id)):
            client.get_page(f"{URL}/{place}?token={wrong}", 410)
    assert only(session).confirmed_at is None


def test_what_nobody_confirms_is_deleted_after_three_days(session: Session, client: PageClient) -> None:
    ask(client, topics=["custody"])
    with transaction(session):
        make_subscription(session, asked_at=ASKED)
        service.forget_unconfirmed(session, NOW + timedelta(days=3) - timedelta(seconds=1))
    assert session.scalar(select(func.count(Subscription.id))) == 2
    with transaction(session):
        service.forget_unconfirmed(session, NOW + timedelta(days=3))
    assert only(session).confirmed_at is not None
    assert wished(session) == set()


def test_wishes_are_changed_from_the_link_of_a_message(session: Session, client: PageClient) -> None:
    with transaction(session):
        made = make_subscription(session, topics=("budget",))
    link = local(mails.own_addresses(made.id, Mail.NEWS)["wishes_url"])
    assert client.get(link).location == f"{URL}/wishes"
    page = client.get_page(link)
    assert page.form_values()["topics"] == "budget"
    saved = client.post_page(f"{URL}/wishes", {"kinds": ["news"], "areas": [CAMDEN]})
    assert "Saved" in saved.text
    assert wished(session) == {(WishKind.AREA, CAMDEN)}
    # Whoever has no link changes nothing.
    client.delete_cookie("engage")
    client.post_page(f"{URL}/wishes", {"topics": ["custody"]}, status=410)
    assert wished(session) == {(WishKind.AREA, CAMDEN)}


def test_one_click_stops_and_deletes_everything(session: Session, client: PageClient) -> None:
    ask(client)
    id = only(session).id
    with transaction(session):
        service.confirm(session, subscription_id=id, now=NOW)
        other = make_subscription(session)
    link = local(mails.own_addresses(id, Mail.NEWS)["unsubscribe_url"])
    assert "Nothing happens until you press" in client.get_page(link).text
    assert session.scalar(select(func.count(Subscription.id))) == 2
    # As a mail program does it: no cookie, no token of a form.
    client.forges = True
    answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert only(session).id == other.id
    assert letters(session) == []
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    # The link of the message that asked does not bring it back.
    client.forges = False
    client.get_page(local(mails.confirm_address(id, NOW + timedelta(days=3))), 410)


def test_messages_that_asked_are_emptied_once_they_have_left(session: Session, client: PageClient) -> None:
    ask(client)
    with transaction(session):
        session.execute(OutboxMessage.__table__.update().values(state="done", done_at=NOW))
        tasks.forget_asked(session, NOW + timedelta(minutes=1))
    assert letters(session)[0][2] == {}
    with transaction(session):
        tasks.forget_asked(session, NOW + timedelta(days=8))
    assert letters(session) == []


def test_officers_see_how_many_and_nobody(session: Session, officer_client: PageClient) -> None:
    with transaction(session):
        for _ in range(5):
            make_subscription(session, areas=(CAMDEN,))
        make_subscription(session, topics=("custody",), address="secret@example.test")
        make_subscription(session, topics=("budget",), confirmed_at=None)
        # Their topics are of the news that they do not get.
        for _ in range(5):
            make_subscription(session, topics=("budget",), wants_news=False, newsletter=True)
    page = officer_client.get_page("/officer/timetable/subscribers")
    rows = re.sub(r"\s+", " ", page.text)
    for count in ("Subscribers 11", "daily news 6", "the newsletter 5", "every borough 6", "every topic 5"):
        assert count in rows
    assert "Camden5" in rows
    assert "People in police custodyfewer than 5" in rows
    assert "What policing costs0" in rows
    assert "@" not in page.main
