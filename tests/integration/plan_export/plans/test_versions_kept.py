"""Versions as both databases keep them: frozen, and approved by a second person."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.plan_export.models import PlanVersion
from engage.plan_export.plans import content, publishing, queries, service
from engage.plan_export.plans.differences import differences
from engage.plan_export.plans.publishing import Evidence
from engage.plan_export.plans.rules import digest_of
from engage.plan_export.plans.service import ObjectiveText
from tests.factories.plans import APPROVER, MAKER, make_plan, make_published
from tests.factories.responses import Exercise


def test_a_version_is_frozen_while_the_draft_goes_on(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan = make_plan(session)
    version = make_published(session, plan, folder)
    [first, *_rest] = queries.rows_of(session, plan).objectives
    service.save_objective(
        session,
        by=MAKER,
        plan=plan,
        objective=first,
        text=ObjectiveText("Fewer burglaries", owner=first.owner),
    )
    service.save_measure(session, by=MAKER, plan=plan, objective=first, text="Visits", target="9 in 10")
    session.commit()
    session.expire_all()
    kept = session.get_one(PlanVersion, version.id)
    assert kept.content["objectives"][0]["title"] == "Burglary"
    assert kept.digest == digest_of(kept.content)
    said = [
        str(one)
        for one in differences(
            kept.content, content.draft(session, queries.rows_of(session, plan), 5).content
        )
    ]
    assert said == [
        "“Burglary” is now called “Fewer burglaries”.",
        "“Fewer burglaries”: a measure is added: “Visits”.",
    ]
    assert [event.action for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))][-5:] == [
        "plan_version.made",
        "plan_version.approved",
        "plan_version.published",
        "plan.changed",
        "plan.changed",
    ]


def test_whoever_made_a_version_approves_it_neither_here_nor_in_the_database(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan = make_plan(session)
    version = publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    session.commit()
    with pytest.raises(Refused, match="somebody else"):
        publishing.approve(session, by=MAKER, plan=plan, version=version)
    with pytest.raises(Refused, match="second person"):
        publishing.publish(session, by=APPROVER, plan=plan, version=version)
    version_id, made_at = version.id, version.made_at
    with pytest.raises(IntegrityError, match="approved_by_another"):
        session.execute(
            update(PlanVersion)
            .where(PlanVersion.id == version_id)
            .values(approved_by=MAKER.label, approved_at=made_at)
        )
    session.rollback()
