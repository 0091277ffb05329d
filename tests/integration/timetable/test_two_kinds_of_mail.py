"""The news and the newsletter: each without the other, chosen, changed and stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.feedback import complaints
from engage.feedback.newsletter import mails as newsletter_mails
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.outbox.models import Mailing, OutboxMessage
from engage.timetable.models import Subscription
from engage.timetable.news import tell
from engage.timetable.rules import NewsKind
from engage.timetable.subscriptions import mails, queries, service
from engage.timetable.subscriptions.rules import EVERYTHING, Mail
from tests.factories.outbox import promise_to
from tests.factories.subscriptions import make_subscription
from tests.factories.timetable import make_entry
from tests.fixtures.client import PageClient

URL = "/timetable/subscribe"
SEVEN = datetime(2027, 6, 2, 6, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
ONLY_ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEWS, NEWSLETTER, BOTH = frozenset({Mail.NEWS}), frozenset({Mail.NEWSLETTER}), frozenset(Mail)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def gets(session: Session, id: UUID) -> frozenset[Mail] | None:
    """Return what somebody gets, None where they are forgotten."""
    session.rollback()
    found = queries.find(session, id)
    return queries.kinds_of(found) if found else None


def waiting_for(session: Session, made: Subscription) -> None:
    """Let a digest and an issue wait for somebody."""
    keys = [mails.message_key(made.id, SEVEN.date()), newsletter_mails.message_key(made.id, 7)]
    for key, id in zip(keys, promise_to(session, made.address, f"second+{made.address}"), strict=True):
        session.get_one(OutboxMessage, id).key = key
    session.flush()


def waits(session: Session) -> set[str]:
    """Return the last words of the keys of what waits."""
    session.rollback()
    return {key.rpartition(":")[2] for key in session.scalars(select(OutboxMessage.key))}


@ONLY_ON_SQLITE
@pytest.mark.parametrize("kinds", [NEWS, NEWSLETTER, BOTH])
def test_one_or_both_are_asked_for_confirmed_and_had(
    session: Session, client: PageClient, kinds: frozenset[Mail]
) -> None:
    named = {Mail.NEWS: "The news of new and changed entries", Mail.NEWSLETTER: "The newsletter"}
    with clock.stopped_at(SEVEN):
        client.post_page(URL, {"address": "ada@example.test", "kinds": sorted(kinds)})
        text, blanks = session.execute(
            select(Mailing.text_body, OutboxMessage.personal).join(OutboxMessage)
        ).one()
        asked = client.get_page(local(blanks["confirm_url"]))
        done = client.submit(asked)
    made = session.scalars(select(Subscription)).one()
    made_id = made.id
    assert gets(session, made_id) == kinds
    assert made.confirmed_at == SEVEN
    for kind, name in named.items():
        assert (f"- {name}" in text) is (kind in kinds)
        assert (name in asked.text) is (kind in kinds)
    assert ("at seven in the morning" in done.text) is (Mail.NEWS in kinds)
    assert ("comes from time to time" in done.text) is (Mail.NEWSLETTER in kinds)
    assert ("Topics" in asked.main) is (Mail.NEWS in kinds)


@ONLY_ON_SQLITE
def test_nobody_can_choose_neither(session: Session, client: PageClient) -> None:
    page = client.post_page(URL, {"address": "ada@example.test"}, status=422)
    assert page.text.count("Choose the news, the newsletter, or both.") == 2, (
        "in the summary and at the field"
    )
    with transaction(session):
        made = make_subscription(session, newsletter=True)
        made_id = made.id
    client.get_page(local(mails.own_addresses(made_id, None)["wishes_url"]))
    page = client.post_page(f"{URL}/wishes", {}, status=422)
    assert "Choose the news, the newsletter, or both." in page.text
    assert gets(session, made_id) == BOTH


@ONLY_ON_SQLITE
@pytest.mark.parametrize(
    ("query", "ticked"), [("", "news"), ("?kind=newsletter", "newsletter"), ("?kind=x", "news")]
)
def test_the_form_offers_what_the_link_was_for(client: PageClient, query: str, ticked: str) -> None:
    assert client.get_page(URL + query).form_values()["kinds"] == ticked


@ONLY_ON_SQLITE
def test_who_gets_one_and_asks_for_the_other_is_told_what_they_get_and_where_to_change_it(
    session: Session, client: PageClient
) -> None:
    with transaction(session):
        made = make_subscription(session, wants_news=False, newsletter=True, address="ada@example.test")
        made_id = made.id
    with clock.stopped_at(SEVEN):
        client.post_page(URL, {"address": "ada@example.test", "kinds": ["news"]})
    assert gets(session, made_id) == NEWSLETTER
    text, blanks = session.execute(
        select(Mailing.text_body, OutboxMessage.personal).join(OutboxMessage)
    ).one()
    assert "- The newsletter" in text
    assert "entries" not in text
    page = client.get_page(local(blanks["wishes_url"]))
    assert page.form_values()["kinds"] == "newsletter"
    with clock.stopped_at(SEVEN):
        assert "Saved" in client.post_page(f"{URL}/wishes", {"kinds": ["news", "newsletter"]}).text
    assert gets(session, made_id) == BOTH
    assert made.told_until == SEVEN


def test_who_wants_no_news_gets_none_and_later_only_what_is_new(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        made = make_subscription(session, wants_news=False, newsletter=True)
        other = make_subscription(session).address
        entry = make_entry(session, title="Old business")
        tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=SEVEN - timedelta(hours=9))
    work(SEVEN)
    with transaction(session):
        service.change(session, subscription_id=made.id, kinds=BOTH, wishes=EVERYTHING, now=SEVEN + A_DAY / 2)
        entry = make_entry(session, title="New business")
        tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=SEVEN + A_DAY * 3 / 4)
    work(SEVEN + A_DAY)
    rows = session.execute(
        select(OutboxMessage.recipient, Mailing.text_body).join(Mailing).order_by(OutboxMessage.id)
    ).all()
    assert {address for address, text in rows if "Old business" in text} == {other}
    [theirs] = [text for address, text in rows if address == made.address]
    assert "New business" in theirs
    with transaction(session):
        # Saved again, nothing is skipped.
        told = made.told_until
        service.change(session, subscription_id=made.id, kinds=BOTH, wishes=EVERYTHING, now=told + A_DAY)
    assert made.told_until == told


@ONLY_ON_SQLITE
@pytest.mark.parametrize(
    ("kind", "left", "still_on"),
    [
        (Mail.NEWS, NEWSLETTER, "The newsletter"),
        (Mail.NEWSLETTER, NEWS, "The news of new and changed entries"),
    ],
)
def test_one_click_stops_what_the_mail_belongs_to_and_says_what_is_still_on(
    session: Session, client: PageClient, kind: Mail, left: frozenset[Mail], still_on: str
) -> None:
    with transaction(session):
        made = make_subscription(session, newsletter=True)
        made_id = made.id
        waiting_for(session, made)
    ways = {
        Mail.NEWS: mails.own_addresses(made_id, Mail.NEWS),
        Mail.NEWSLETTER: newsletter_mails.own_addresses(made_id),
    }
    link = local(ways[kind]["unsubscribe_url"])
    assert f"This stays on: {still_on}" in client.get_page(link).text
    assert gets(session, made_id) == BOTH
    # As a mail program does it: no cookie, no token of a form; and once more.
    client.forges = True
    for _ in range(2):
        answer = client.post(link, data=ONE_CLICK)
        assert answer.status_code == 200
        assert still_on in answer.text
        assert gets(session, made_id) == left
    client.forges = False
    assert waits(session) == {"newsletter-7" if kind is Mail.NEWS else "news-2027-06-02"}
    page = client.get_page(link)
    assert f"This is still on: {still_on}" in page.text
    assert "Stop that, too" in page.text
    page = client.post_page(link, {"everything": "yes"})
    assert "Your address and what you chose are deleted" in page.text
    assert gets(session, made_id) is None
    assert waits(session) == set()


@ONLY_ON_SQLITE
def test_stopping_the_last_deletes_the_address(session: Session, client: PageClient) -> None:
    with transaction(session):
        made = make_subscription(session, wants_news=False, newsletter=True)
        made_id = made.id
        other_id = make_subscription(session, newsletter=True).id
        waiting_for(session, made)
    link = local(newsletter_mails.own_addresses(made_id)["unsubscribe_url"])
    assert "Your address is deleted at once" in client.get_page(link).text
    # The link of a digest of long ago stops nothing that is on.
    client.post(local(mails.own_addresses(made_id, Mail.NEWS)["unsubscribe_url"]), data=ONE_CLICK)
    assert gets(session, made_id) == NEWSLETTER
    assert "deleted" in client.post(link, data=ONE_CLICK).text
    assert gets(session, made_id) is None
    assert gets(session, other_id) == BOTH
    assert waits(session) == set()


@ONLY_ON_SQLITE
def test_switching_one_off_takes_back_what_waits_of_it(session: Session, client: PageClient) -> None:
    with transaction(session):
        made = make_subscription(session, newsletter=True)
        made_id = made.id
        waiting_for(session, made)
    page = client.get_page(local(mails.own_addresses(made_id, None)["wishes_url"]))
    assert "Saved" in client.post_page(f"{URL}/wishes", {"kinds": ["newsletter"]}).text
    assert waits(session) == {"newsletter-7"}
    [stop] = [link.href for link in page.links if link.text == "Stop all of these emails"]
    assert "Stop all of these emails" in client.get_page(stop).text
    client.post(stop, data=ONE_CLICK)
    assert gets(session, made_id) is None


@ONLY_ON_SQLITE
@pytest.mark.parametrize("which", [0, 1])
def test_a_complaint_about_either_stops_both(session: Session, which: int) -> None:
    with transaction(session):
        made, other = make_subscription(session, newsletter=True), make_subscription(session, newsletter=True)
        made_id, other_id = made.id, other.id
        waiting_for(session, made)
        keys = [mails.message_key(made.id, SEVEN.date()), newsletter_mails.message_key(made.id, 7)]
        complaints.honour(session, SEVEN, {"key": keys[which]})
    assert (gets(session, made_id), gets(session, other_id)) == (None, BOTH)
    assert waits(session) == set()
