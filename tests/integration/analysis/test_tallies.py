from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engage.analysis import service, tallies
from engage.analysis.manifests import from_json
from engage.analysis.tallies import Dimension, Summary
from engage.people.rules import Role
from engage.responses.models import Channel, Draft, RevisionKind
from tests.factories.analysis import make_coding, make_response, revise, withdraw
from tests.factories.groups import make_group
from tests.factories.responses import AFTER, DURING, Exercise, make_exercise
from tests.fixtures.people import add_person

LISTED = ("burglary", "fraud", "robbery", "shoplifting", "vehicle_crime")
AREAS = ("E09000003", "E09000007", "E09000020", "outside", "undisclosed")


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


def tally(session: Session, exercise: Exercise, folder: Path) -> Summary:
    snapshot = service.refresh(session, consultation=exercise.consultation, now=AFTER, folder=folder)
    place = folder / str(exercise.consultation.id)
    return tallies.summary(from_json(snapshot.manifest), place, "priorities")


def add_what_must_not_be_counted(session: Session, exercise: Exercise) -> None:
    other = make_exercise(session, slug="another")
    for _ in range(5):
        make_response(session, other, chosen=("burglary", "fraud"), other="Ponds")
        withdraw(session, make_response(session, exercise, chosen=("burglary",), other="Noise"))
    session.add(
        Draft(
            key=b"k" * 32,
            instrument_id=exercise.instruments["postcard"].id,
            version_id=exercise.instruments["postcard"].version_id,
            began_at=DURING,
            answers={"priorities": {"chosen": ["burglary"]}},
            touched_at=DURING,
        )
    )
    session.flush()


def test_three_hundred_responses_are_counted_as_a_person_would(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    chance = random.Random(7)
    group = make_group(session, name="Barnet CPEG", area_code="E09000003")
    mentions: Counter[str] = Counter()
    by: dict[Dimension, Counter[object]] = {dimension: Counter() for dimension in Dimension}
    bases: dict[Dimension, Counter[object]] = {dimension: Counter() for dimension in Dimension}
    others = 0
    add_what_must_not_be_counted(session, exercise)
    for _ in range(300):
        instrument = chance.choice(("postcard", "business"))
        area = chance.choice(AREAS)
        group_id = chance.choice((None, group.id, exercise.group.id))
        channel = chance.choice(list(Channel))
        chosen = tuple(chance.sample(LISTED, chance.randint(0, 3)))
        other = "Ponds" if len(chosen) < 3 and chance.random() < 0.2 else None
        make_response(
            session,
            exercise,
            instrument=instrument,
            area=area,
            group_id=group_id,
            channel=channel,
            chosen=chosen,
            other=other,
        )
        others += other is not None
        mentions.update(chosen)
        for dimension, value in zip(Dimension, (instrument, area, group_id, channel.value), strict=True):
            bases[dimension][value] += 1
            by[dimension].update((value, code) for code in chosen)
    found = tally(session, exercise, tmp_path)
    assert (found.respondents, found.base, found.withdrawn, found.at_most) == (300, 300, 5, 3)
    assert found.mentions == mentions
    assert found.others == others
    for dimension in Dimension:
        assert found.breakdowns[dimension].bases == bases[dimension]
        assert found.breakdowns[dimension].mentions == by[dimension]


def test_own_words_count_where_they_are_coded_and_are_never_dropped_in_silence(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    person = add_person(session, Role.PLANNING_OFFICER)
    one = make_response(session, exercise, instrument="full", words=("Knives", "Blades", "Trees"))
    make_coding(session, one, "Knives", "knife_crime", person=person, slot=1)
    make_coding(session, one, "Blades", "knife_crime", person=person, slot=2)
    make_coding(session, one, "Trees", None, person=person, slot=3)
    make_response(session, exercise, instrument="full", words=("Gangs",))
    make_response(session, exercise, chosen=("knife_crime",))
    gone = make_response(session, exercise, instrument="full", words=("Knives",))
    make_coding(session, gone, "Knives", "knife_crime", person=person)
    withdraw(session, gone)
    found = tally(session, exercise, tmp_path)
    assert found.mentions == {"knife_crime": 2}
    assert (found.asked, found.base, found.waiting) == (3, 2, 1)
    assert (found.coded, found.none, found.uncoded, found.texts) == (2, 1, 1, 4)


def test_a_response_waits_as_a_whole_until_each_of_its_texts_is_coded(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    person = add_person(session, Role.PLANNING_OFFICER)
    half = make_response(session, exercise, instrument="full", words=("Knives", "Trees"))
    make_coding(session, half, "Knives", "knife_crime", person=person, slot=1)
    make_response(session, exercise, chosen=("burglary",))
    found = tally(session, exercise, tmp_path)
    assert (found.asked, found.base, found.mentions) == (2, 1, {"burglary": 1})
    make_coding(session, half, "Trees", None, person=person, slot=2)
    found = tally(session, exercise, tmp_path)
    assert (found.asked, found.base) == (2, 2)
    assert found.mentions == {"burglary": 1, "knife_crime": 1}


def test_the_last_revision_is_the_one_that_counts(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    person = add_person(session, Role.PLANNING_OFFICER)
    listed = make_response(session, exercise, chosen=("burglary",))
    revise(session, listed, RevisionKind.CORRECTED, {"priorities": {"chosen": ["fraud"], "rotation": 1}})
    same = make_response(session, exercise, chosen=("robbery", "robbery"))
    answers = {"priorities": {"chosen": ["robbery", "robbery"], "rotation": 1}}
    revise(session, same, RevisionKind.EQUALITY, answers, {"version": "2026-1", "answers": {"sex": "female"}})
    words = make_response(session, exercise, instrument="full", words=("Knives",))
    make_coding(session, words, "Knives", "knife_crime", person=person)
    items = [{"priority": "Burglars", "why": "", "what": ""}]
    revise(session, words, RevisionKind.CORRECTED, {"priorities": {"items": items}})
    found = tally(session, exercise, tmp_path)
    assert found.mentions == {"fraud": 1, "robbery": 1}
    assert (found.respondents, found.uncoded) == (3, 1)


def test_a_consultation_without_responses_has_a_tally_of_nothing(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    found = tally(session, exercise, tmp_path)
    assert (found.respondents, found.base, found.mentions) == (0, 0, {})


def test_a_tally_is_counted_once_for_each_digest(
    session: Session, exercise: Exercise, tmp_path: Path
) -> None:
    make_response(session, exercise, chosen=("burglary",))
    first = tally(session, exercise, tmp_path)
    start = time.perf_counter()
    manifest = from_json(service.latest_snapshot(session, exercise.consultation.id).manifest)
    again = tallies.summary(manifest, tmp_path / str(exercise.consultation.id), "priorities")
    assert again is first
    assert time.perf_counter() - start < 0.05
