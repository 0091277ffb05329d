"""Who counts as reached, when feeding back is done, when officers are reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engage.feedback.ledger.rules import (
    FAILED,
    REACHED,
    WAITING,
    MailFact,
    fate_of_group,
    is_fed_back,
    reach_of,
    reminder_due,
)
from engage.feedback.rules import DeliveryState, Reach
from engage.foundations.jobs import JobState

NOW = datetime(2027, 12, 1, 12, tzinfo=UTC)
DUE = date(2027, 12, 15)


def test_every_state_is_reached_waiting_or_failed_and_only_one_of_them() -> None:
    assert sorted([*REACHED, *WAITING, *FAILED]) == sorted(DeliveryState)


def test_sent_delivered_and_confirmed_count_as_reached() -> None:
    counts = {state: 2**place for place, state in enumerate(DeliveryState)}
    reach = reach_of(counts)
    assert reach.owed == sum(counts.values()) == reach.reached + reach.waiting + reach.failed
    assert (
        reach.reached
        == counts[DeliveryState.SENT] + counts[DeliveryState.DELIVERED] + counts[DeliveryState.CONFIRMED]
    )


@pytest.mark.parametrize(
    ("reached", "waiting", "failed", "listed", "unlisted", "signed", "done"),
    [
        (95, 0, 5, True, False, False, True),
        (94, 0, 6, True, False, False, False),
        (95, 5, 0, True, False, False, False),
        (99, 1, 0, True, False, False, False),
        (100, 0, 0, False, False, False, False),
        (100, 0, 0, True, True, False, False),
        (0, 0, 0, True, False, False, True),
        (94, 0, 6, True, False, True, True),
        (50, 50, 0, True, False, True, True),
        (50, 0, 50, False, False, True, False),
        (50, 0, 50, True, True, True, False),
    ],
)
def test_feeding_back_is_done_when_the_target_is_met_and_nothing_waits_or_somebody_signed(
    reached: int, waiting: int, failed: int, listed: bool, unlisted: bool, signed: bool, done: bool
) -> None:
    reach = Reach(owed=reached + waiting + failed, reached=reached, waiting=waiting, failed=failed)
    found = is_fed_back(reach, listed=listed, unlisted=unlisted, target_percent=95, signed_off=signed)
    assert found is done


def mail(state: JobState, *, error: str = "", bounced: bool = False) -> MailFact:
    return MailFact(
        state=state,
        attempts=2,
        done_at=NOW if state is JobState.DONE else None,
        error=error,
        bounced_at=NOW if bounced else None,
        bounce_reason="gone" if bounced else "",
    )


@pytest.mark.parametrize(
    ("mails", "state", "reason"),
    [
        ([mail(JobState.DONE)], DeliveryState.SENT, ""),
        ([mail(JobState.DEAD, error="550"), mail(JobState.DONE)], DeliveryState.SENT, ""),
        ([mail(JobState.DONE, bounced=True), mail(JobState.DONE)], DeliveryState.SENT, ""),
        ([mail(JobState.QUEUED)], DeliveryState.QUEUED, ""),
        ([mail(JobState.QUEUED, error="451")], DeliveryState.RETRIED, ""),
        ([mail(JobState.DEAD, error="550"), mail(JobState.QUEUED)], DeliveryState.RETRIED, ""),
        ([mail(JobState.DEAD, error="550")], DeliveryState.UNDELIVERABLE, "550"),
        (
            [mail(JobState.DEAD, error="550"), mail(JobState.DONE, bounced=True)],
            DeliveryState.BOUNCED,
            "gone",
        ),
        ([], DeliveryState.UNDELIVERABLE, "withdrawn"),
    ],
)
def test_a_group_is_reached_once_one_of_its_messages_is(
    mails: list[MailFact], state: DeliveryState, reason: str
) -> None:
    fate = fate_of_group(mails, NOW)
    assert (fate.state, fate.reason) == (state, reason)


def test_a_group_has_it_once_we_are_told_that_one_message_arrived() -> None:
    arrived = replace(mail(JobState.DONE), delivered_at=NOW)
    sent, back = mail(JobState.DONE), replace(mail(JobState.DONE, bounced=True), delivered_at=NOW)
    assert fate_of_group([sent, arrived, back], NOW).state is DeliveryState.DELIVERED
    assert fate_of_group([sent, back], NOW).state is DeliveryState.SENT
    assert fate_of_group([back], NOW).state is DeliveryState.BOUNCED
    lost = replace(mail(JobState.DEAD, error="no answer"), delivered_at=NOW)
    assert fate_of_group([lost], NOW).state is DeliveryState.DELIVERED, "the answer was lost, not the message"


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        (datetime(2027, 11, 16, 12, tzinfo=UTC), None),
        (datetime(2027, 11, 17, 8, 59, tzinfo=UTC), None),
        (datetime(2027, 11, 17, 9, 0, tzinfo=UTC), 28),
        (datetime(2027, 12, 7, 12, tzinfo=UTC), 28),
        (datetime(2027, 12, 8, 9, 0, tzinfo=UTC), 7),
        (datetime(2027, 12, 15, 8, 0, tzinfo=UTC), None),
        (datetime(2027, 12, 15, 9, 0, tzinfo=UTC), 0),
        (datetime(2027, 12, 16, 9, 0, tzinfo=UTC), None),
    ],
)
def test_officers_are_reminded_four_weeks_and_a_week_before_and_on_the_day(
    moment: datetime, days: int | None
) -> None:
    assert reminder_due(DUE, moment) == days
