"""Issues, the day's news and updates leave at the pace of feedback, however many texts and batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.feedback.newsletter import service
from engage.foundations.database import transaction
from engage.outbox.models import Mailing, OutboxMessage
from engage.plan_export.deciding import progress
from engage.plan_export.models import Decision
from engage.plan_export.rules import Standing
from engage.responses.contacts import leave_contact
from engage.timetable.news import tell
from engage.timetable.rules import NewsKind
from tests.factories.boroughs import make_area
from tests.factories.feedback import make_published
from tests.factories.subscriptions import make_subscription
from tests.factories.timetable import make_entry

SEVEN = datetime(2027, 10, 6, 6, 0, tzinfo=UTC)
CAMDEN = "E09000007"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_sending_keeps_the_pace_that_is_set(
    app: Flask, session: Session, work: Callable[..., None]
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], feedback_per_minute=2)
    with transaction(session):
        make_area(session)
        for area in (None, CAMDEN):
            entry = make_entry(session, area_code=area)
            tell(session, entry_id=entry.id, kind=NewsKind.OPENED, at=SEVEN - timedelta(hours=9))
        made, _ = make_published(session)
        # Readers of different parts get different texts.
        for areas in ((), (CAMDEN,), (), (CAMDEN,)):
            make_subscription(session, areas=areas, newsletter=True)
        for number in range(4):
            address = f"n{number}@example.test"
            leave_contact(
                session, consultation_id=made.id, address=address, today=SEVEN.date(), wants_updates=True
            )
        chosen = select(Decision.id).where(Decision.priority_code == "knife_crime")
        progress.record(
            session,
            actor="o",
            now=SEVEN - timedelta(hours=9),
            decision_id=session.scalars(chosen).one(),
            standing=Standing.UNDER_WAY,
            said="The first ten schools have begun.",
        )
    work(SEVEN + timedelta(hours=2))
    with transaction(session):
        issue = service.start(
            session,
            actor="o",
            now=SEVEN,
            title="News",
            foreword="",
            since=SEVEN - timedelta(days=9),
            until=SEVEN,
        )
        service.publish(session, actor="o", now=SEVEN, newsletter_id=issue.id)
    work(SEVEN + timedelta(hours=2))
    session.rollback()
    rows = session.execute(
        select(Mailing.key, OutboxMessage.not_before).join(Mailing, Mailing.id == OutboxMessage.mailing_id)
    )
    sent = Counter((key.partition(":")[0], moment) for key, moment in rows)
    moments: dict[str, list[int]] = {}
    for (kind, moment), count in sorted(sent.items()):
        seconds = int((moment - SEVEN - timedelta(hours=2)).total_seconds())
        moments.setdefault(kind, []).extend([seconds] * count)
    spread = [0, 30, 60, 90]
    assert {kind: moments[kind] for kind in ("newsletter", "timetable-news", "update")} == dict.fromkeys(
        ("newsletter", "timetable-news", "update"), spread
    )
