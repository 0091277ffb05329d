"""Plans built of decisions, and the versions that keep them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations.refusals import Refused
from engage.plan_export.models import Decision
from engage.plan_export.plans import content, publishing, queries, service
from engage.plan_export.plans.publishing import Evidence
from engage.plan_export.rules import Outcome
from engage.timetable.models import Entry
from tests.factories.plans import APPROVER, MAKER, make_decided, make_plan, make_published
from tests.factories.responses import Exercise
from tests.factories.tampering import alter_version

# Nothing here depends on which database it is; test_versions_kept runs on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def draft(session: Session, plan: object) -> content.Draft:
    session.expire_all()
    return content.draft(session, queries.rows_of(session, plan), 5)  # type: ignore[arg-type]


def test_a_plan_begins_with_an_objective_for_each_priority_adopted_for_its_years(
    session: Session, decided: Exercise, folder: Path, person_id: int
) -> None:
    other = make_decided(session, folder, person_id, slug="another-years")
    entry = session.get_one(Entry, other.consultation.entry_id)
    entry.plan_year, entry.consultation_year = 2031, 2030
    session.commit()
    found = draft(session, make_plan(session))
    assert [one["title"] for one in found.content["objectives"]] == ["Burglary", "Hate crime"]
    assert [each.decision.priority_code for each in found.waiting] == ["robbery"]
    assert {each.consultation.slug for each in found.waiting} == {"priorities"}
    assert [line["code"] for line in found.content["not_adopted"]] == ["fraud"]


def test_a_line_says_figures_question_version_snapshot_and_withholds_what_is_small(
    session: Session, decided: Exercise
) -> None:
    found = draft(session, make_plan(session)).content
    [burglary] = found["objectives"][0]["priorities"]
    assert (burglary["mentions"], burglary["base"], burglary["withheld"]) == (12, 43, [])
    assert burglary["consultation"]["consultation_year"] == 2027
    assert len(burglary["snapshot"]) == 64
    assert {one["text"] for one in burglary["questions"]} >= {"What should the police put first?"}
    [hate_crime] = found["objectives"][1]["priorities"]
    assert (hate_crime["mentions"], hate_crime["withheld"]) == (None, ["mentions"])


def test_decisions_of_several_consultations_come_under_one_objective(
    session: Session, decided: Exercise, folder: Path, person_id: int
) -> None:
    earlier = make_decided(session, folder, person_id, slug="earlier")
    entry = session.get_one(Entry, earlier.consultation.entry_id)
    entry.consultation_year, entry.plan_year = 2020, 2021
    session.commit()
    plan = make_plan(session)
    objective = queries.rows_of(session, plan).objectives[0]
    wanted = [
        each.decision.id
        for each in queries.named_decisions(session)
        if each.decision.priority_code in ("burglary", "robbery")
    ]
    assert service.take_up(session, by=MAKER, plan=plan, objective=objective, decision_ids=wanted) == 4
    found = draft(session, plan)
    lines = found.content["objectives"][0]["priorities"]
    assert {line["consultation"]["slug"] for line in lines} == {"priorities", "earlier"}
    # What stands beside decisions that were taken up is told too, though it was held for another plan.
    assert {(each.consultation.slug, each.decision.priority_code) for each in found.waiting} == {
        ("earlier", "hate_crime")
    }


def test_only_what_was_adopted_is_taken_up(session: Session, decided: Exercise) -> None:
    plan = make_plan(session)
    objective = queries.rows_of(session, plan).objectives[0]
    fraud = session.scalars(select(Decision).where(Decision.priority_code == "fraud")).one()
    for chosen, said in (([fraud.id], "only what has been adopted"), ([], "at least one"), ([999], "list")):
        with pytest.raises(Refused, match=said):
            service.take_up(session, by=MAKER, plan=plan, objective=objective, decision_ids=chosen)


def test_objectives_measures_and_priorities_move_up_and_down_and_stay_at_the_ends(
    session: Session, decided: Exercise
) -> None:
    plan = make_plan(session)
    first, second = queries.rows_of(session, plan).objectives
    for row, up, expected in (
        (second, True, [second.id, first.id]),
        (second, True, [second.id, first.id]),
        (second, False, [first.id, second.id]),
    ):
        service.move(session, by=MAKER, plan=plan, row=row, up=up)
        assert [each.id for each in queries.rows_of(session, plan).objectives] == expected
    made = [
        service.save_measure(session, by=MAKER, plan=plan, objective=first, text=text, target="")
        for text in ("One", "Two")
    ]
    service.move(session, by=MAKER, plan=plan, row=made[1], up=True)
    assert [row.text for row in queries.rows_of(session, plan).measures[first.id]] == ["Two", "One"]
    service.remove_objective(session, by=MAKER, plan=plan, objective=first)
    assert [each.id for each in queries.rows_of(session, plan).objectives] == [second.id]


def test_the_same_plan_makes_no_second_version(session: Session, decided: Exercise, folder: Path) -> None:
    plan = make_plan(session)
    make_published(session, plan, folder)
    with pytest.raises(Refused, match="Nothing has changed since version 1"):
        publishing.make_version(session, by=MAKER, plan=plan, note="again", evidence=Evidence(folder, 5))


def test_a_figure_that_was_changed_after_it_was_counted_makes_no_version(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan = make_plan(session)
    session.execute(update(Decision).where(Decision.priority_code == "burglary").values(mentions=40))
    session.commit()
    session.expire_all()
    with pytest.raises(Refused, match="figures of “Burglary” are not what its snapshot counts"):
        publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))


def test_decisions_that_may_still_change_or_have_changed_make_no_version(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan = make_plan(session)
    evidence = Evidence(folder, 5)
    consultation = session.get_one(Consultation, decided.consultation.id)
    consultation.state = State.ANALYSED
    session.commit()
    with pytest.raises(Refused, match="not final yet"):
        publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=evidence)
    consultation.state = State.DECIDED
    decision = session.scalars(select(Decision).where(Decision.priority_code == "burglary")).one()
    decision.outcome = Outcome.NOT_ADOPTED
    session.commit()
    with pytest.raises(Refused, match="no longer adopted"):
        publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=evidence)


def test_a_version_that_was_tampered_with_is_neither_approved_nor_published(
    session: Session, decided: Exercise, folder: Path
) -> None:
    plan = make_plan(session)
    version = publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    session.commit()
    altered = {**version.content, "plan": {**version.content["plan"], "title": "Another plan"}}
    alter_version(session, version.id, content=altered)
    with pytest.raises(Refused, match="has been changed since it was made"):
        publishing.approve(session, by=APPROVER, plan=plan, version=version)
