"""Work is claimed by one worker at a time, and its effects happen once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations import jobs
from engage.foundations.database import db, transaction
from engage.foundations.jobs import Backoff, Job, JobState

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)


def ask(session: Session, name: str, *, at: datetime = NOW, key: str | None = None) -> None:
    with transaction(session):
        jobs.ask(session, name=name, arguments={"n": 1}, at=at, key=key)


def claim(session: Session, *, at: datetime = NOW, limit: int = 10) -> list[Job]:
    with transaction(session):
        return jobs.claim(session, Job, at=at, limit=limit, lease=LEASE)


def fail(session: Session, job: Job, *, at: datetime = NOW, most_attempts: int = 3) -> bool:
    with transaction(session):
        return jobs.fail(
            session, Job, id=job.id, fence=job.fence, at=at, error="No answer", most_attempts=most_attempts
        )


def reread(session: Session, job: Job) -> Job:
    session.expire_all()
    return session.scalars(select(Job).where(Job.id == job.id)).one()


def test_asking_twice_with_one_key_queues_one_job(session: Session) -> None:
    ask(session, "once", key="same")
    ask(session, "once", key="same")
    ask(session, "keyless")
    ask(session, "keyless")
    names = session.scalars(select(Job.name).order_by(Job.id)).all()
    assert names == ["once", "keyless", "keyless"]


def test_only_work_that_is_due_is_claimed_and_the_oldest_first(session: Session) -> None:
    ask(session, "second", at=NOW - timedelta(minutes=1))
    ask(session, "first", at=NOW - timedelta(minutes=2))
    ask(session, "later", at=NOW + timedelta(seconds=1))
    assert [job.name for job in claim(session)] == ["first", "second"]
    assert [job.name for job in claim(session)] == []


def test_a_limit_leaves_the_rest_for_others(session: Session) -> None:
    for name in ("a", "b", "c"):
        ask(session, name)
    assert [job.name for job in claim(session, limit=2)] == ["a", "b"]
    assert [job.name for job in claim(session, limit=2)] == ["c"]


def test_nothing_is_due_while_everything_is_claimed_or_later(session: Session) -> None:
    ask(session, "later", at=NOW + timedelta(seconds=1))
    assert not jobs.any_due(session, Job, at=NOW)
    ask(session, "now")
    assert jobs.any_due(session, Job, at=NOW)
    claim(session)
    assert not jobs.any_due(session, Job, at=NOW)


def test_a_lease_that_runs_out_gives_the_work_to_the_next_claimer(session: Session) -> None:
    ask(session, "slow")
    [first] = claim(session)
    assert (first.fence, first.attempts, first.lease_until) == (1, 1, NOW + LEASE)
    session.expunge_all()
    assert claim(session, at=NOW + LEASE - timedelta(seconds=1)) == []
    [second] = claim(session, at=NOW + LEASE)
    assert (second.id, second.fence, second.attempts) == (first.id, 2, 2)


def test_a_late_worker_can_neither_finish_nor_fail_what_another_has_claimed(session: Session) -> None:
    ask(session, "slow")
    [late] = claim(session)
    session.expunge_all()
    [current] = claim(session, at=NOW + LEASE)
    with transaction(session):
        assert not jobs.finish(session, Job, id=late.id, fence=late.fence, at=NOW + LEASE)
        assert not jobs.give_back(session, Job, id=late.id, fence=late.fence)
    assert not fail(session, late)
    assert reread(session, current).state is JobState.QUEUED
    with transaction(session):
        assert jobs.finish(session, Job, id=current.id, fence=2, at=NOW + LEASE)
    assert reread(session, current).done_at == NOW + LEASE


def test_work_is_finished_once(session: Session) -> None:
    ask(session, "short")
    [job] = claim(session)
    with transaction(session):
        assert jobs.finish(session, Job, id=job.id, fence=job.fence, at=NOW)
        assert not jobs.finish(session, Job, id=job.id, fence=job.fence, at=NOW + LEASE)
    assert reread(session, job).done_at == NOW


def test_failed_work_waits_and_is_dead_after_its_last_attempt(session: Session) -> None:
    ask(session, "hopeless")
    at = NOW
    waits = []
    for attempt in (1, 2, 3):
        [job] = claim(session, at=at)
        assert job.attempts == attempt
        assert fail(session, job, at=at)
        job = reread(session, job)
        waits.append(job.not_before - at)
        at = job.not_before
    assert job.state is JobState.DEAD
    assert job.last_error == "No answer"
    assert timedelta(seconds=22) < waits[0] < timedelta(seconds=38)
    assert timedelta(seconds=45) <= waits[1] <= timedelta(seconds=75)
    assert claim(session, at=at + timedelta(days=1)) == []


def test_work_that_can_never_succeed_is_dead_at_once(session: Session) -> None:
    ask(session, "refused")
    [job] = claim(session)
    assert fail(session, job, most_attempts=0)
    assert reread(session, job).state is JobState.DEAD


def test_work_given_back_untried_loses_no_attempt(session: Session) -> None:
    ask(session, "untried")
    [job] = claim(session)
    with transaction(session):
        assert jobs.give_back(session, Job, id=job.id, fence=job.fence)
    session.expunge_all()
    [again] = claim(session)
    assert (again.attempts, again.fence) == (1, 2)


def test_only_dead_work_is_revived_and_it_has_all_its_attempts_again(session: Session) -> None:
    ask(session, "refused")
    ask(session, "waiting", at=NOW + LEASE)
    [job] = claim(session)
    fail(session, job, most_attempts=0)
    waiting = session.scalars(select(Job).where(Job.name == "waiting")).one()
    with transaction(session):
        assert jobs.revive(session, Job, id=job.id, at=NOW)
        assert not jobs.revive(session, Job, id=waiting.id, at=NOW)
    session.expunge_all()
    [again] = claim(session)
    assert (again.id, again.attempts) == (job.id, 1)


def test_two_claimers_at_once_never_share_a_row(app: Flask, session: Session) -> None:
    with transaction(session):
        for number in range(200):
            jobs.ask(session, name=f"job {number}", arguments={}, at=NOW)
    claimed: list[list[int]] = [[], [], []]
    ready = threading.Barrier(len(claimed))

    def work(mine: list[int]) -> None:
        with app.app_context():
            ready.wait()
            while rows := claim(db.session, limit=7):  # type: ignore[arg-type]
                mine.extend(row.id for row in rows)
            db.session.remove()

    workers = [threading.Thread(target=work, args=(mine,)) for mine in claimed]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ids = [id for mine in claimed for id in mine]
    assert len(ids) == 200
    assert len(set(ids)) == 200
    fences = session.scalars(select(Job.fence).distinct(), execution_options={"populate_existing": True})
    assert fences.all() == [1]


def test_the_backoff_can_be_chosen(session: Session) -> None:
    ask(session, "eager")
    [job] = claim(session)
    with transaction(session):
        jobs.fail(
            session,
            Job,
            id=job.id,
            fence=job.fence,
            at=NOW,
            error="Busy",
            most_attempts=9,
            backoff=Backoff(first=timedelta(seconds=1)),
        )
    assert reread(session, job).not_before <= NOW + timedelta(seconds=1.25)
