"""Versions as both databases keep them: frozen, and approved by a second person."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.analysis.manifests import digest_of
from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.people.models import Person
from engage.plan_export.models import PlanVersion
from engage.plan_export.plans import content, publishing, queries, service
from engage.plan_export.plans.differences import differences
from engage.plan_export.plans.publishing import Evidence
from engage.plan_export.plans.service import Actor, ObjectiveText
from tests.factories.plans import APPROVER, LATER, MAKER, make_plan, make_published
from tests.factories.responses import Exercise
from tests.factories.tampering import alter_version


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
    chosen = update(PlanVersion).where(PlanVersion.id == version.id)
    for by, said in (
        ({"approved_by": MAKER.label, "approved_by_id": APPROVER.person_id}, "approved_by_another"),
        ({"approved_by": APPROVER.label, "approved_by_id": MAKER.person_id}, "approved_by_another_person"),
    ):
        with pytest.raises(IntegrityError, match=said):
            session.execute(chosen.values(**by, approved_at=LATER))
        session.rollback()


def test_whoever_made_a_version_is_the_same_person_under_another_name_and_address(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan = make_plan(session)
    version = publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    session.commit()
    maker = session.get_one(Person, MAKER.person_id)
    maker.name, maker.email = "Married Name", "married@example.test"
    session.commit()
    renamed = Actor(maker.label, LATER, maker.id)
    with pytest.raises(Refused, match="You made this version"):
        publishing.approve(session, by=renamed, plan=plan, version=version)
    # Whoever has the old address now is somebody else, and is told so where both would be called the same.
    successor = Actor("Successor <maker@example.test>", LATER, APPROVER.person_id)
    publishing.approve(session, by=successor, plan=plan, version=version)
    session.commit()
    assert (version.made_by_id, version.approved_by_id) == (maker.id, APPROVER.person_id)


def test_an_old_version_that_knows_no_person_goes_by_what_its_maker_was_called(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan = make_plan(session)
    version = publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    session.commit()
    alter_version(session, version.id, made_by_id=None)
    with pytest.raises(Refused, match="You made this version"):
        publishing.approve(session, by=MAKER, plan=plan, version=session.get_one(PlanVersion, version.id))
    publishing.approve(session, by=APPROVER, plan=plan, version=session.get_one(PlanVersion, version.id))
    session.commit()
