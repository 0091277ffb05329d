from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis import service
from engage.analysis.manifests import from_json
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import is_behind, latest_snapshot
from engage.analysis.snapshots import EvidenceChanged, ensure_files
from engage.foundations.database import db, reading, transaction
from engage.people.rules import Role
from engage.responses.models import RevisionKind
from tests.factories.analysis import make_coding, make_response, revise, withdraw
from tests.factories.responses import AFTER, Exercise, make_exercise
from tests.fixtures.people import add_person

LATER = AFTER + timedelta(minutes=5)


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


def refresh(session: Session, exercise: Exercise, folder: Path, now: Any = AFTER) -> EvidenceSnapshot:
    return service.refresh(session, consultation=exercise.consultation, now=now, folder=folder)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*.parquet")}


def test_a_snapshot_holds_the_responses_that_count(
    session: Session, exercise: Exercise, folder: Path
) -> None:
    other = make_exercise(session, slug="another")
    make_response(session, other, chosen=("burglary",))
    for _ in range(3):
        make_response(session, exercise, chosen=("burglary", "fraud"))
    withdraw(session, make_response(session, exercise, chosen=("burglary",)))
    snapshot = refresh(session, exercise, folder)
    manifest = from_json(snapshot.manifest)
    assert snapshot.responses == 3
    assert snapshot.digest == manifest.digest
    assert [segment.revisions.rows for segment in manifest.segments] == [5]
    assert [segment.picks.rows for segment in manifest.segments] == [7]
    assert files(folder) == set(manifest.files)


def test_where_nothing_is_new_the_same_snapshot_is_returned(
    session: Session, exercise: Exercise, folder: Path
) -> None:
    make_response(session, exercise, chosen=("burglary",))
    first = refresh(session, exercise, folder)
    make_response(session, make_exercise(session, slug="another"), chosen=("fraud",))
    again = refresh(session, exercise, folder, LATER)
    assert again.id == first.id
    assert again.made_at == AFTER
    assert session.scalar(select(func.count(EvidenceSnapshot.id))) == 1


def test_the_same_database_gives_the_same_digest_on_another_machine(
    session: Session, exercise: Exercise, folder: Path, tmp_path: Path
) -> None:
    make_response(session, exercise, chosen=("burglary",), other="Ponds")
    make_response(session, exercise, instrument="full", words=("Knives", "Ünrest"))
    arguments = {
        "consultation_id": exercise.consultation.id,
        "name": exercise.consultation.slug,
        "now": AFTER,
    }
    here = service.prepare(session, folder=folder, **arguments)
    there = service.prepare(session, folder=tmp_path / "there", **arguments)
    assert here.manifest.digest == there.manifest.digest
    assert files(folder) == files(tmp_path / "there")


def test_what_comes_later_makes_a_new_snapshot_and_leaves_the_old_one_readable(
    session: Session, exercise: Exercise, folder: Path
) -> None:
    make_response(session, exercise, chosen=("burglary",))
    first = refresh(session, exercise, folder)
    assert not is_behind(session, first, LATER)
    kept = from_json(first.manifest)
    make_response(session, exercise, chosen=("fraud",))
    assert is_behind(session, first, LATER)
    second = refresh(session, exercise, folder, LATER)
    assert second.digest != first.digest
    assert second.responses == 2
    assert set(kept.files) <= files(folder)
    assert latest_snapshot(session, exercise.consultation.id) == second


def test_a_full_segment_is_never_written_again(
    session: Session, exercise: Exercise, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engage.analysis.snapshots.SEGMENT_ROWS", 2)
    for _ in range(2):
        make_response(session, exercise, chosen=("burglary",))
    first = from_json(refresh(session, exercise, folder).manifest)
    make_response(session, exercise, chosen=("fraud",))
    second = from_json(refresh(session, exercise, folder, LATER).manifest)
    assert second.segments[0] == first.segments[0]
    assert [segment.revisions.rows for segment in second.segments] == [2, 1]
    assert second.segments[1].after == first.through


def test_files_missing_on_this_machine_are_made_again_and_are_the_same(
    session: Session, exercise: Exercise, folder: Path
) -> None:
    person = add_person(session, Role.PLANNING_OFFICER)
    text = make_response(session, exercise, instrument="full", words=("Knives",))
    make_coding(session, text, "Knives", "knife_crime", person=person)
    snapshot = refresh(session, exercise, folder)
    before = files(folder)
    shutil.rmtree(folder)
    ensure_files(session, snapshot=snapshot, folder=folder)
    assert files(folder) == before
    shutil.rmtree(folder)
    assert refresh(session, exercise, folder, LATER).id == snapshot.id
    assert files(folder) == before


def test_files_that_the_database_can_no_longer_make_are_never_made_up(
    session: Session, exercise: Exercise, folder: Path
) -> None:
    person = add_person(session, Role.PLANNING_OFFICER)
    text = make_response(session, exercise, instrument="full", words=("Knives",))
    coding = make_coding(session, text, "Knives", "knife_crime", person=person)
    snapshot = refresh(session, exercise, folder)
    coding.priority_code = "burglary"
    session.flush()
    shutil.rmtree(folder)
    with pytest.raises(EvidenceChanged):
        ensure_files(session, snapshot=snapshot, folder=folder)
    assert refresh(session, exercise, folder, LATER).digest != snapshot.digest


def test_a_revision_that_commits_late_is_counted_once_when_it_appears(
    session: Session, exercise: Exercise, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engage.analysis.snapshots.SEGMENT_ROWS", 1)
    make_response(session, exercise, chosen=("burglary",), revision_id=11)
    make_response(session, exercise, chosen=("burglary",), revision_id=14)
    first = refresh(session, exercise, folder)
    assert first.responses == 2
    assert [hole.span for hole in from_json(first.manifest).holes] == [(1, 10), (12, 13)]
    make_response(session, exercise, chosen=("fraud",), revision_id=12)
    assert is_behind(session, first, LATER)
    second = refresh(session, exercise, folder, LATER)
    assert second.responses == 3
    manifest = from_json(second.manifest)
    assert [segment.late for segment in manifest.segments] == [(), (12,)]
    assert [hole.span for hole in manifest.holes] == [(1, 10), (13, 13)]
    assert refresh(session, exercise, folder, LATER).id == second.id
    make_response(session, exercise, chosen=("fraud",), revision_id=13)
    tomorrow = AFTER + timedelta(days=1)
    assert refresh(session, exercise, folder, tomorrow).responses == 3, "nobody commits a day late"
    shutil.rmtree(folder)
    ensure_files(session, snapshot=second, folder=folder)


def test_a_corrected_response_leaves_its_history_as_it_was(
    session: Session, exercise: Exercise, folder: Path
) -> None:
    response = make_response(session, exercise, chosen=("fraud",), area="E09000003")
    snapshot = refresh(session, exercise, folder)
    answers = {"priorities": {"chosen": ["robbery"], "rotation": 1}, "area": {"area": "E09000007"}}
    revise(session, response, RevisionKind.CORRECTED, answers)
    response.area_code = "E09000007"
    session.flush()
    shutil.rmtree(folder)
    ensure_files(session, snapshot=snapshot, folder=folder)
    assert refresh(session, exercise, folder, LATER).responses == 1


def test_two_who_refresh_at_once_make_one_snapshot(
    app: Flask, session: Session, exercise: Exercise, folder: Path
) -> None:
    for _ in range(20):
        make_response(session, exercise, chosen=("burglary",))
    session.commit()
    consultation_id, slug = exercise.consultation.id, exercise.consultation.slug

    def one() -> int:
        with app.app_context():
            with reading():
                prepared = service.prepare(
                    db.session, consultation_id=consultation_id, name=slug, now=AFTER, folder=folder
                )
                db.session.rollback()
            with transaction(db.session):
                return service.record(db.session, prepared=prepared, now=AFTER).id

    with ThreadPoolExecutor(4) as pool:
        ids = [future.result() for future in [pool.submit(one) for _ in range(8)]]
    assert len(set(ids)) == 1
    assert not [path for path in folder.rglob(".*") if path.is_file()]
