"""Both databases themselves refuse to change a version, and still let it be approved and published, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engage.foundations.refusals import Refused
from engage.plan_export.models import PlanVersion, PolicingPlan
from engage.plan_export.plans import publishing
from engage.plan_export.plans.publishing import Evidence
from tests.factories.plans import APPROVER, LATER, MAKER, make_plan, make_published
from tests.factories.responses import Exercise

REFUSES = "only ever added to"
SAID: dict[str, Any] = {
    "content": {"objectives": []},
    "digest": "0" * 64,
    "number": 7,
    "note": "Another note",
    "made_by": "Nobody <nobody@example.test>",
    "made_by_id": None,
    "made_at": LATER + timedelta(days=1),
}


def refused(session: Session, statement: Any) -> None:
    with pytest.raises(DBAPIError, match=REFUSES):
        session.execute(statement)
    session.rollback()


@pytest.mark.parametrize("stage", ["made", "published"])
def test_what_a_version_says_and_of_whom_stays_and_it_cannot_be_deleted(
    session: Session, decided: Exercise, folder: Path, stage: str
) -> None:
    plan = make_plan(session)
    if stage == "published":
        make_published(session, plan, folder)
    else:
        publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
        session.commit()
    other = make_plan(session, first_year=2030, title="Another plan")
    change = update(PlanVersion)
    for column, value in {**SAID, "plan_id": other.id}.items():
        refused(session, change.values({column: value}))
    refused(session, delete(PlanVersion))
    [kept] = session.scalars(select(PlanVersion))
    assert (kept.plan_id, kept.note, kept.made_by_id) == (plan.id, "", MAKER.person_id)
    assert publishing.is_intact(kept)


def test_a_published_version_is_neither_unapproved_nor_withdrawn_nor_given_other_moments(
    session: Session, decided: Exercise, folder: Path
) -> None:
    make_published(session, make_plan(session), folder)
    change = update(PlanVersion)
    refused(session, change.values(published_at=None))
    refused(session, change.values(published_at=LATER + timedelta(days=1)))
    refused(session, change.values(approved_at=LATER - timedelta(days=1)))
    refused(session, change.values(approved_by="Somebody Else <else@example.test>"))
    refused(session, change.values(approved_by_id=None))
    nobody = {"approved_by": None, "approved_by_id": None, "approved_at": None}
    refused(session, change.values(published_at=None, **nobody))


def test_an_approved_version_cannot_lose_its_approval(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan = make_plan(session)
    version = publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    publishing.approve(session, by=APPROVER, plan=plan, version=version)
    session.commit()
    refused(session, update(PlanVersion).values(approved_by=None, approved_by_id=None, approved_at=None))


def test_a_version_is_approved_once_and_published_once(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan: PolicingPlan = make_plan(session)
    version = publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    session.commit()
    for verb, said in ((publishing.approve, "approved already"), (publishing.publish, "published already")):
        verb(session, by=APPROVER, plan=plan, version=version)
        session.commit()
        with pytest.raises(Refused, match=said):
            verb(session, by=APPROVER, plan=plan, version=version)
    session.expire_all()
    [kept] = session.scalars(select(PlanVersion))
    assert (kept.approved_by, kept.approved_by_id) == (APPROVER.label, APPROVER.person_id)
    assert (kept.approved_at, kept.published_at) == (LATER, LATER)
