"""Guessing is slowed down, and leaves nothing behind that says who guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations import tries
from engage.foundations.refusals import Refused
from engage.foundations.tries import KEPT, MOST, WINDOW, Try, count_try, forget_old, forget_tries, forget_try

NOW = datetime(2027, 10, 1, 12, 0, tzinfo=UTC)
HERE = "192.0.2.1"


def guess(
    session: Session, times: int, *, caller: str = HERE, purpose: str = "receipt", now: datetime = NOW
) -> None:
    for _ in range(times):
        count_try(session, purpose=purpose, caller=caller, now=now)


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Try)) or 0


def test_after_too_many_guesses_one_must_wait(session: Session) -> None:
    guess(session, MOST)
    with pytest.raises(Refused, match=r"Too many tries\. Wait 15 minutes"):
        guess(session, 1)
    guess(session, 1, now=NOW + WINDOW + timedelta(seconds=1))


def test_another_address_and_another_purpose_have_tries_of_their_own(session: Session) -> None:
    guess(session, MOST)
    guess(session, 1, caller="198.51.100.7")
    guess(session, 1, purpose="return")


def test_all_addresses_of_one_ipv6_connection_count_together(session: Session) -> None:
    for number in range(MOST):
        guess(session, 1, caller=f"2001:db8:1:2::{number:x}")
    with pytest.raises(Refused):
        guess(session, 1, caller="2001:db8:1:2:ffff::1")
    guess(session, 1, caller="2001:db8:1:3::1")
    # One of the old addresses, written as a new one.
    guess(session, MOST, caller="192.0.2.9")
    with pytest.raises(Refused):
        guess(session, 1, caller="::ffff:192.0.2.9")


def test_a_right_guess_is_forgotten_and_the_wrong_ones_before_it_are_not(session: Session) -> None:
    guess(session, 3)
    forget_try(session, purpose="receipt", caller=HERE, now=NOW)
    assert kept(session) == 2
    guess(session, 1, purpose="return")
    forget_tries(session, purpose="receipt", caller=HERE, now=NOW)
    assert kept(session) == 1


def test_tries_name_nobody_change_every_day_and_are_gone_within_hours(session: Session) -> None:
    guess(session, 1)
    guess(session, 1, now=NOW + timedelta(days=1))
    # The second deleted the first; its key is another though the caller is the same.
    only = session.scalars(select(Try)).one()
    guess(session, 1, now=NOW + timedelta(days=1))
    assert session.scalars(select(Try.key).distinct()).all() == [only.key]
    guess(session, 1)
    assert len(session.scalars(select(Try.key).distinct()).all()) == 2
    assert HERE.encode() not in only.key
    forget_old(session, NOW + timedelta(days=1) + KEPT + timedelta(minutes=1))
    assert kept(session) == 0


def test_the_worker_deletes_them_without_waiting_for_the_next_guess() -> None:
    assert {"tries.forget_old": forget_old} == tries.PERIODIC
