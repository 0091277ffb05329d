"""The ledger costs nothing where nothing moves, and picks up what moves again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback.ledger import cascade, motion, others, rules, service
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState, Route
from engage.feedback.tasks import mail_out, pass_on, settle
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import Job, JobState
from engage.foundations.refusals import Refused
from engage.groups.models import Group, GroupContact
from engage.outbox.models import Mailing, OutboxMessage
from tests.factories.consultations import OFFICER
from tests.factories.feedback import NOW, leave_contacts, make_published
from tests.factories.groups import make_group
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]
A_MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def work(work: Callable[..., None]) -> Callable[..., None]:
    """Let a worker do everything that is due, `later` than the feedback was published."""
    return lambda later=timedelta(): work(NOW + later)


def listed(session: Session, feedback: Feedback) -> None:
    with clock.stopped_at(NOW), transaction(session):
        pass_on(session, NOW, {"feedback_id": feedback.id})
        mail_out(session, NOW, {"feedback_id": feedback.id, "after": None, "reason": "published"})


def give_address(session: Session, group: Group, address: str) -> None:
    with transaction(session):
        session.add(GroupContact(group_id=group.id, name="Ada", email=address))


def chosen(session: Session, feedback: Feedback, *groups: Group) -> None:
    others.choose_groups(
        session, actor=OFFICER, now=NOW, feedback_id=feedback.id, group_ids=[group.id for group in groups]
    )


def state_of(session: Session, group: Group) -> DeliveryState:
    row = select(Delivery.state).where(Delivery.group_id == group.id)
    return session.scalars(row, execution_options={"populate_existing": True}).one()


def recipients(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMessage.recipient).order_by(OutboxMessage.id)))


@pytest.mark.parametrize("state", [State.DECIDED, State.FED_BACK])
def test_a_minute_in_which_nothing_moves_does_not_touch_the_ledger(
    session: Session, query_count: Counting, state: State
) -> None:
    many = 2000
    with transaction(session):
        made, feedback = make_published(session, "ada@example.org")
    listed(session, feedback)
    with transaction(session):
        mailing_id = session.scalars(select(OutboxMessage.mailing_id)).one()
        message = {"mailing_id": mailing_id, "personal": {}, "not_before": NOW, "state": JobState.DONE}
        names = [
            {"id": 10_000 + n, "key": f"k{n}", "message_id": f"<{n}@x>", "recipient": f"{n}@x.org"}
            for n in range(many)
        ]
        session.execute(insert(OutboxMessage), [message | name | {"done_at": NOW} for name in names])
        row = {"feedback_id": feedback.id, "route": Route.EMAIL, "state": DeliveryState.UNDELIVERABLE}
        rows = [row | {"message_id": name["id"], "reason": "550 No"} for name in names]
        session.execute(insert(Delivery), rows)
        session.execute(update(OutboxMessage).values(state=JobState.DONE, done_at=NOW))
        fed_back_at = NOW if state is State.FED_BACK else None
        session.execute(update(Consultation).values(state=state, fed_back_at=fed_back_at))
    for moment in (LATER, LATER + A_MINUTE):
        with query_count() as statements, transaction(session):
            settle(session, moment)
        assert not [sql for sql in statements if "feedback_delivery" in sql]
        assert len(statements) == 4
    asked = session.scalars(select(Job).where(Job.name == service.SETTLE, Job.not_before > LATER)).all()
    assert [job.not_before for job in asked] == [LATER + timedelta(minutes=15)], "once for each quarter"
    assert made.id


def test_what_comes_back_days_later_is_written_down_within_a_quarter_of_an_hour(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        _, feedback = make_published(session, "ada@example.org")
    back = timedelta(days=3)
    for passed in (timedelta(), A_MINUTE, back):
        work(passed)
    with transaction(session):
        session.execute(update(OutboxMessage).values(bounced_at=NOW + back, bounce_reason="5.1.1 Unknown"))
    state = select(Delivery.state).where(Delivery.feedback_id == feedback.id)
    work(back + A_MINUTE)
    assert session.scalars(state).one() is DeliveryState.SENT
    session.rollback()
    work(back + timedelta(minutes=15))
    assert session.scalars(state).one() is DeliveryState.BOUNCED


def test_what_waits_or_has_just_left_is_in_motion(session: Session) -> None:
    with transaction(session):
        _, feedback = make_published(session, "ada@example.org")
        _, other = make_published(session, "bob@example.org")
    listed(session, feedback)

    def moving(at: datetime, **values: object) -> set[int]:
        with transaction(session):
            session.execute(update(OutboxMessage).values(values))
        return motion.in_motion(session, [feedback.id, other.id], at)

    ours = {feedback.id}
    waits = {"state": JobState.QUEUED, "done_at": None}
    assert moving(LATER, not_before=NOW, **waits) == ours, "however long it has been due"
    assert moving(NOW, not_before=LATER, **waits) == set(), "it waits for hours"
    left = {"state": JobState.DONE, "done_at": NOW, "not_before": NOW}
    assert moving(NOW + timedelta(minutes=59), **left) == ours
    assert moving(NOW + timedelta(minutes=60), **left) == set()


def test_the_text_is_made_for_the_first_chunk_only(
    session: Session, query_count: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 2)
    with transaction(session):
        made, feedback = make_published(session, *(f"n{number}@example.org" for number in range(5)))
    counted = []
    after = None
    for _ in range(3):
        arguments = {"feedback_id": feedback.id, "after": after, "reason": "published"}
        with clock.stopped_at(NOW), query_count() as statements, transaction(session):
            mail_out(session, NOW, arguments)
        counted.append(len([sql for sql in statements if "FROM decision" in sql]))
        last = select(Job).where(Job.name == service.MAIL_OUT).order_by(Job.id.desc())
        after = session.scalars(last).first().arguments["after"]  # type: ignore[union-attr]
    assert counted == [1, 0, 0]
    assert len(recipients(session)) == 5
    assert len(session.scalars(select(Mailing)).all()) == 1
    assert made.id


def test_a_group_is_written_to_once_the_register_has_an_address(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        _, feedback = make_published(session)
        late, never = make_group(session), make_group(session)
        chosen(session, feedback, late, never)
    work()
    work(A_MINUTE)
    assert state_of(session, late) is DeliveryState.UNDELIVERABLE
    give_address(session, late, "late@example.org")
    for minutes in (15, 16, 30, 45):
        work(timedelta(minutes=minutes))
    assert recipients(session) == ["late@example.org"], "once"
    assert state_of(session, late) is DeliveryState.SENT
    assert state_of(session, never) is DeliveryState.UNDELIVERABLE
    reasons = select(Delivery.reason).where(Delivery.group_id == never.id)
    assert session.scalars(reasons).one() == rules.NO_ADDRESS


def test_a_group_whose_mail_came_back_is_written_to_at_its_new_address(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        _, feedback = make_published(session)
        group = make_group(session)
        chosen(session, feedback, group)
    give_address(session, group, "old@example.org")
    work()
    with transaction(session):
        session.execute(update(OutboxMessage).values(bounced_at=NOW, bounce_reason="5.1.1 Unknown"))
    work(timedelta(minutes=1))
    work(timedelta(minutes=16))
    assert recipients(session) == ["old@example.org"], "not again at the address that failed"
    with transaction(session):
        session.execute(delete(GroupContact))
    give_address(session, group, "new@example.org")
    work(timedelta(minutes=31))
    work(timedelta(minutes=32))
    assert recipients(session) == ["old@example.org", "new@example.org"]
    assert state_of(session, group) is DeliveryState.SENT


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_officer_writes_again_to_groups_with_a_new_address(
    session: Session, officer_client: PageClient
) -> None:
    with transaction(session):
        made, feedback = make_published(session)
        group = make_group(session)
        chosen(session, feedback, group)
    listed(session, feedback)
    ledger = f"/officer/consultations/{made.slug}/feedback/ledger"
    assert "new address" not in officer_client.get_page(ledger).text
    with pytest.raises(Refused, match="No group"), transaction(session):
        others.write_again(session, actor=OFFICER, now=NOW, feedback_id=feedback.id)
    give_address(session, group, "late@example.org")
    assert "1 group that was not reached has a new address" in officer_client.get_page(ledger).text
    again = f"/officer/consultations/{made.slug}/feedback/groups/again"
    assert "1 group is written to." in officer_client.post_page(again).text
    assert "No group that was not reached" in officer_client.post_page(again).text
    with transaction(session):
        pass_on(session, LATER, {"feedback_id": feedback.id})
    assert recipients(session) == ["late@example.org"]


def test_the_last_word_of_a_group_settles_the_ledger_at_once(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        made, feedback = make_published(session)
        leave_contacts(session, made, "ada@example.org")
        group = make_group(session)
        chosen(session, feedback, group)
    work()
    work(A_MINUTE)
    state = select(Consultation.state).where(Consultation.id == made.id)
    assert session.scalars(state).one() is State.DECIDED, "half of them is less than the target"
    row = session.scalars(select(Delivery).where(Delivery.group_id == group.id)).one()
    with transaction(session):
        cascade.confirm(
            session,
            actor=OFFICER,
            name="Ada",
            now=LATER,
            delivery_id=row.id,
            group_ids=[group.id],
            how="At the meeting.",
        )
    work(timedelta(hours=3))
    assert session.scalars(state, execution_options={"populate_existing": True}).one() is State.FED_BACK
