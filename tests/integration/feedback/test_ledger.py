"""The ledger holds everybody owed, by every route, and follows what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind
from engage.feedback import queries
from engage.feedback.ledger import others, post, rules, service
from engage.feedback.ledger.following import follow
from engage.feedback.ledger.motion import cascade_key
from engage.feedback.ledger.post import Slip
from engage.feedback.ledger.queries import Wanted, by_route, page
from engage.feedback.ledger.reminding import remind_officers
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState, Reach, Route
from engage.feedback.tasks import mail_out, pass_on
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import JobState
from engage.foundations.refusals import Refused
from engage.groups.models import Group, GroupContact
from engage.groups.rules import GroupKind
from engage.outbox.models import Mailing, OutboxMessage
from engage.people.rules import Role
from engage.responses.contacts import unsubscribe
from engage.responses.models import Contact
from engage.timetable.models import Entry
from tests.factories.consultations import OFFICER
from tests.factories.feedback import NOW, make_published
from tests.factories.groups import make_group
from tests.fixtures.people import add_person

Counting = Callable[[], AbstractContextManager[list[str]]]
LATER = NOW + timedelta(minutes=5)


def listed(session: Session, feedback: Feedback) -> None:
    """Do what the workers are asked to do once feedback is published."""
    with clock.stopped_at(NOW), transaction(session):
        pass_on(session, NOW, {"feedback_id": feedback.id})
        mail_out(session, NOW, {"feedback_id": feedback.id, "after": None, "reason": "published"})


def make_link(session: Session, made: Consultation, group: Group, submitted: int) -> None:
    session.add(
        Link(
            code=f"of-{made.id}-{group.id}",
            consultation_id=made.id,
            group_id=group.id,
            kind=LinkKind.GROUP,
            submitted=submitted,
            made_at=NOW,
        )
    )
    session.flush()


def with_address(session: Session, group: Group, address: str) -> Group:
    session.add(GroupContact(group_id=group.id, name="Ada", email=address))
    session.flush()
    return group


def became(session: Session, address: str, state: JobState, **more: object) -> None:
    """Let a message have come this far."""
    values = {"state": state, "attempts": 2, "done_at": LATER if state is JobState.DONE else None} | more
    session.execute(update(OutboxMessage).where(OutboxMessage.recipient == address).values(values))


def rows(session: Session) -> dict[str, tuple[DeliveryState, str]]:
    """Return state and reason of each row by whom it is for."""
    lines = page(session, session.scalars(select(Feedback.id)).one(), Wanted(), number=1).lines
    return {line.who: (line.state, line.reason) for line in lines}


def test_every_row_follows_its_message(session: Session) -> None:
    names = ("done", "dead", "back", "again", "waits", "left", "lost")
    with transaction(session):
        _, feedback = make_published(session, *(f"{name}@example.org" for name in names))
    listed(session, feedback)
    with transaction(session):
        became(session, "done@example.org", JobState.DONE)
        became(session, "dead@example.org", JobState.DEAD, last_error="550 No such mailbox")
        became(session, "back@example.org", JobState.DONE, bounced_at=LATER, bounce_reason="5.1.1 Unknown")
        became(session, "again@example.org", JobState.QUEUED, last_error="451 Come back later")
        left = session.scalars(select(Contact.id).where(Contact.address == "left@example.org")).one()
        unsubscribe(session, contact_id=left, today=NOW.date())
        session.execute(delete(OutboxMessage).where(OutboxMessage.recipient == "lost@example.org"))
    for _ in range(2):
        with transaction(session):
            follow(session, LATER)
    assert rows(session) == {
        "done@example.org": (DeliveryState.SENT, ""),
        "dead@example.org": (DeliveryState.UNDELIVERABLE, "550 No such mailbox"),
        "back@example.org": (DeliveryState.BOUNCED, "5.1.1 Unknown"),
        "again@example.org": (DeliveryState.RETRIED, ""),
        "waits@example.org": (DeliveryState.QUEUED, ""),
        "left@example.org": (DeliveryState.UNDELIVERABLE, rules.UNSUBSCRIBED),
        "lost@example.org": (DeliveryState.UNDELIVERABLE, rules.WITHDRAWN),
    }
    reach = queries.reach(session, session.get_one(Feedback, feedback.id))
    assert reach == Reach(owed=6, reached=1, waiting=2, failed=3), "who unsubscribed is owed nothing"


def test_a_message_that_is_queued_again_and_leaves_is_sent_after_all(session: Session) -> None:
    with transaction(session):
        make_published(session, "ada@example.org")
    listed(session, session.scalars(select(Feedback)).one())
    seen = []
    for state, error in (
        (JobState.DEAD, "550 No"),
        (JobState.QUEUED, "550 No"),
        (JobState.DONE, None),
    ):
        with transaction(session):
            became(session, "ada@example.org", state, last_error=error)
            follow(session, LATER)
        seen.append(rows(session)["ada@example.org"][0])
    assert seen == [DeliveryState.UNDELIVERABLE, DeliveryState.RETRIED, DeliveryState.SENT]


def test_the_ledger_stays_when_messages_and_addresses_are_deleted(session: Session) -> None:
    with transaction(session):
        _, feedback = make_published(session, "ada@example.org", "bob@example.org")
    listed(session, feedback)
    with transaction(session):
        became(session, "ada@example.org", JobState.DONE)
        became(session, "bob@example.org", JobState.DEAD, last_error="550 No")
        follow(session, LATER)
        before = queries.reach(session, session.get_one(Feedback, feedback.id))
        session.execute(delete(OutboxMessage))
        session.execute(delete(Contact))
    with transaction(session):
        follow(session, LATER + timedelta(days=1))
    session.expire_all()
    assert queries.reach(session, session.get_one(Feedback, feedback.id)) == before
    assert set(session.scalars(select(Delivery.contact_id))) == {None}


def test_groups_whose_link_was_used_and_those_chosen_are_written_to(session: Session) -> None:
    with transaction(session):
        made, feedback = make_published(session)
        used = with_address(session, make_group(session), "used@example.org")
        silent = with_address(session, make_group(session), "silent@example.org")
        unknown = make_group(session, kind=GroupKind.VOLUNTARY)
        panel = with_address(
            session, make_group(session, kind=GroupKind.SAFER_NEIGHBOURHOODS_PANEL), "panel@example.org"
        )
        make_link(session, made, used, 3)
        make_link(session, made, silent, 0)
        make_link(session, made, unknown, 1)
        others.choose_groups(
            session, actor=OFFICER, now=NOW, feedback_id=feedback.id, group_ids=[panel.id, 999_999]
        )
    listed(session, feedback)
    listed(session, feedback)
    key = select(OutboxMessage.recipient).join(Mailing).where(Mailing.key == cascade_key(feedback.id))
    assert sorted(session.scalars(key)) == ["panel@example.org", "used@example.org"]
    assert rows(session)[unknown.name] == (DeliveryState.UNDELIVERABLE, rules.NO_ADDRESS)
    with transaction(session):
        became(session, "used@example.org", JobState.DONE)
        follow(session, LATER)
    assert by_route(session, feedback.id) == {Route.CASCADE: Reach(owed=3, reached=1, waiting=1, failed=1)}
    with pytest.raises(Refused, match="not in the ledger yet"), transaction(session):
        others.choose_groups(session, actor=OFFICER, now=NOW, feedback_id=feedback.id, group_ids=[panel.id])


def test_letters_are_due_until_somebody_posts_them(session: Session) -> None:
    slips = [Slip("Ada Lovelace", "1 High Road\nLeyton", "e10 5ja"), Slip("Bob", "2 High Road", "E10 5JA")]
    with transaction(session):
        made, feedback = make_published(session)
        known = {"actor": OFFICER, "now": NOW, "consultation_id": made.id, "left_on": NOW.date()}
        assert post.add_slips(session, slips=slips, **known) == 2
        assert post.add_slips(session, slips=slips[:1], **known) == 0
    listed(session, feedback)
    assert by_route(session, feedback.id)[Route.POST].waiting == 2
    with transaction(session):
        batch = post.make_batch(session, actor=OFFICER, now=LATER, feedback_id=feedback.id)
    assert [slip.postcode for slip in post.in_batch(session, batch.id)] == ["E10 5JA", "E10 5JA"]
    tomorrow = LATER.date() + timedelta(days=1)
    with pytest.raises(Refused, match="up to today"), transaction(session):
        post.mark_posted(session, actor=OFFICER, now=LATER, batch_id=batch.id, posted_on=tomorrow)
    with transaction(session):
        post.mark_posted(session, actor=OFFICER, now=LATER, batch_id=batch.id, posted_on=LATER.date())
    assert by_route(session, feedback.id)[Route.POST].reached == 2
    with pytest.raises(Refused, match="already"), transaction(session):
        post.mark_posted(session, actor=OFFICER, now=LATER, batch_id=batch.id, posted_on=LATER.date())
    with pytest.raises(Refused, match="No letter is due"), transaction(session):
        post.make_batch(session, actor=OFFICER, now=LATER, feedback_id=feedback.id)


def test_a_file_with_one_wrong_row_adds_nothing() -> None:
    good = b'name,address,postcode\nAda,"1 High Road, Leyton",E10 5JA\n'
    assert post.slips_of(good) == [Slip("Ada", "1 High Road\nLeyton", "E10 5JA")]
    with pytest.raises(Refused, match="Row 3"):
        post.slips_of(good + b"Bob,,E10 5JA\n")
    with pytest.raises(Refused, match="postcode"):
        post.slips_of(b"name,address\nAda,1 High Road\n")


def test_officers_are_reminded_once_of_what_is_due(session: Session) -> None:
    with transaction(session):
        made, _ = make_published(session)
        entry = session.get_one(Entry, made.entry_id)
        entry.decision_due_on = None
        entry.feedback_due_on = NOW.date() + timedelta(days=7)
        add_person(session, Role.MEMBER)
    morning = NOW.replace(hour=10)
    for moment in (morning, morning + timedelta(minutes=1), morning + timedelta(days=7)):
        with transaction(session):
            remind_officers(session, moment)
    found = session.execute(select(OutboxMessage.key, OutboxMessage.recipient)).all()
    who = ["administrator@example.test", "planning_officer@example.test"]
    assert sorted(recipient for _, recipient in found) == sorted(who * 2)
    assert {key.split(":")[3] for key, _ in found} == {"7", "0"}


def test_nobody_signs_for_a_target_that_is_met(session: Session) -> None:
    with transaction(session):
        _, feedback = make_published(session)
    listed(session, feedback)
    with pytest.raises(Refused, match="nothing to sign"), transaction(session):
        service.sign_off(
            session, actor=OFFICER, name="Olive", now=NOW, feedback_id=feedback.id, reason="Because."
        )


@pytest.mark.parametrize("many", [1, 2000])
def test_a_page_and_a_round_take_as_many_statements_for_one_row_as_for_many(
    session: Session, query_count: Counting, many: int
) -> None:
    with transaction(session):
        _, feedback = make_published(session, "ada@example.org")
    listed(session, feedback)
    mailing_id = session.scalars(select(OutboxMessage.mailing_id)).first()
    more = range(many - 1)
    with transaction(session):
        shared: dict[str, object] = {
            "mailing_id": mailing_id,
            "personal": {},
            "state": JobState.QUEUED,
            "not_before": NOW,
        }
        if more:
            messages = [
                shared
                | {"id": 10_000 + n, "key": f"k{n}", "message_id": f"<{n}@x>", "recipient": f"r{n}@x.org"}
                for n in more
            ]
            session.execute(insert(OutboxMessage), messages)
            row = {"feedback_id": feedback.id, "route": Route.EMAIL, "state": DeliveryState.QUEUED}
            session.execute(insert(Delivery), [row | {"message_id": 10_000 + n} for n in more])
        session.execute(update(OutboxMessage).values(state=JobState.DONE, done_at=LATER))
    with query_count() as reading:
        found = page(session, feedback.id, Wanted(route=Route.EMAIL), number=1)
    session.rollback()
    with query_count() as following, transaction(session):
        follow(session, LATER)
    assert found.total == many
    assert (len(reading), len(following)) == (2, 10)
    assert queries.reach(session, session.get_one(Feedback, feedback.id)).reached == many
