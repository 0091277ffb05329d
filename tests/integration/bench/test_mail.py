"""Measuring mail, shortly: a real server, real workers, and what the comparison finds wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from engage.bench import mail_kill
from engage.bench.cli import bench
from engage.bench.mail import Taken, rate_of
from engage.feedback.ledger import service as ledger
from engage.feedback.models import Delivery
from engage.feedback.tasks import mail_out
from engage.foundations.database import transaction
from engage.foundations.jobs import JobState
from engage.outbox.models import OutboxMessage
from engage.responses.models import Contact
from tests.factories.feedback import NOW, make_published

PEOPLE = ("ann@example.org", "ben@example.org", "gone1@example.org")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.slow
def test_a_short_run_sends_everything_and_says_its_ratio(tmp_path: Path) -> None:
    said = CliRunner().invoke(bench, ["mail", "--messages", "100", "--folder", str(tmp_path)])
    assert said.exit_code == 0, said.output
    figures = json.loads(said.stdout.splitlines()[-1])
    assert (figures["database"], figures["messages"], figures["workers"]) == ("sqlite", 100, 2)
    assert figures["bytes"] > 2_000
    assert figures["per_second"] > 10
    assert figures["limit_per_second"] > 10
    assert figures["ratio"] == pytest.approx(figures["per_second"] / figures["limit_per_second"], abs=0.01)
    assert len(figures["rounds"]) == 3
    assert list(tmp_path.iterdir()) == []


def test_the_rate_is_of_the_middle_of_a_run() -> None:
    def at(second: float) -> Taken:
        return Taken(second, "ann@example.org", "<1@x>", unsaid=False)

    slow_ends = [at(0), *(at(10 + n / 10) for n in range(8)), at(100)]
    assert rate_of(slow_ends) == pytest.approx(10)


@pytest.fixture
def sent(session: Session) -> list[Taken]:
    """Feedback that the workers and the server agree on: two have it, one copy came twice, one is gone."""
    with transaction(session):
        _, feedback = make_published(session, *PEOPLE)
        ledger.ask_for_everybody(session, feedback.id, now=NOW, reason="bench")
    with transaction(session):
        mail_out(session, NOW, {"feedback_id": feedback.id, "after": None, "reason": "bench"})
    for address, state, attempts in zip(PEOPLE, ("DONE", "DONE", "DEAD"), (1, 2, 1), strict=True):
        values = {"state": JobState[state], "attempts": attempts, "done_at": NOW if state == "DONE" else None}
        session.execute(update(OutboxMessage).where(OutboxMessage.recipient == address).values(values))
    session.commit()
    return [
        Taken(1, "ann@example.org", "<1@x>", unsaid=False),
        Taken(2, "ben@example.org", "<2@x>", unsaid=True),
        Taken(3, "ben@example.org", "<2@x>", unsaid=False),
    ]


@on_sqlite
def test_a_run_in_which_all_is_accounted_for_kept_its_word(session: Session, sent: list[Taken]) -> None:
    figures = mail_kill.compared(session, sent)
    assert mail_kill.kept_its_word(figures)
    assert (figures["reached"], figures["undeliverable"], figures["copies"]) == (2, 1, 1)
    assert (figures["may_have_two"], figures["server_hung_up_after_taking"]) == (1, 1)


@on_sqlite
@pytest.mark.parametrize(
    ("extra", "wrong"),
    [
        (Taken(4, "stranger@example.org", "<9@x>", unsaid=False), {"strangers", "copies_not_in_ledger"}),
        (Taken(4, "ann@example.org", "<1@x>", unsaid=False), {"copies_not_in_ledger"}),
        (Taken(4, "ben@example.org", "<3@x>", unsaid=False), {"two_message_ids", "copies_not_in_ledger"}),
        (Taken(4, "gone1@example.org", "<4@x>", unsaid=False), {"gone_reached"}),
    ],
)
def test_a_copy_that_nobody_can_account_for_breaks_it(
    session: Session, sent: list[Taken], extra: Taken, wrong: set[str]
) -> None:
    figures = mail_kill.compared(session, [*sent, extra])
    assert not mail_kill.kept_its_word(figures)
    assert {
        name
        for name in (
            "strangers",
            "two_message_ids",
            "copies_not_in_ledger",
            "gone_reached",
            "missed",
            "not_listed",
        )
        if figures[name]
    } == wrong


@on_sqlite
def test_somebody_who_was_missed_or_never_listed_breaks_it(session: Session, sent: list[Taken]) -> None:
    figures = mail_kill.compared(session, sent[1:])
    assert (figures["missed"], mail_kill.kept_its_word(figures)) == (1, False)
    session.execute(delete(Delivery))
    session.execute(delete(OutboxMessage).where(OutboxMessage.recipient == "gone1@example.org"))
    session.commit()
    assert session.query(Contact).count() == len(PEOPLE)
    figures = mail_kill.compared(session, sent)
    assert (figures["not_listed"], mail_kill.kept_its_word(figures)) == (3, False)
