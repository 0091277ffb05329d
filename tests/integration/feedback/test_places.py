"""The parts of boroughs, on every page that has them, and that no group has one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engage.analysis import service as counting
from engage.analysis.queries import evidence_folder
from engage.boroughs.queries import places as boroughs
from engage.boroughs.service import load_london
from engage.consultations.rules import State
from engage.feedback import places
from engage.feedback.figures import figures
from engage.feedback.filling import facts_of
from engage.foundations.settings import Settings
from engage.foundations.tokens import ALPHABET
from engage.people.models import Person
from engage.people.rules import Role
from engage.plan_export.deciding.report_content import compose
from engage.responses.service import receipt_hash
from tests.factories.analysis import make_response
from tests.factories.feedback import publish, write
from tests.factories.groups import make_group
from tests.factories.plans import make_decision
from tests.factories.responses import AFTER, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.people import add_person

# What pages show cannot differ between databases, and evidence is tested on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CAMDEN, HACKNEY, OUTSIDE, UNSAID = "E09000007", "E09000012", "outside", "undisclosed"
FULL = ("burglary", "fraud", "robbery")
THRESHOLD = 5
Counting = Callable[[], AbstractContextManager[list[str]]]


@dataclass(frozen=True)
class Some:
    """Some who answered alike."""

    number: int
    area: str
    chosen: tuple[str, ...]


ANSWERS = (
    Some(20, CAMDEN, ("burglary", "fraud")),
    Some(2, CAMDEN, ("asb",)),
    Some(9, HACKNEY, ("burglary", "asb")),
    Some(3, HACKNEY, ("robbery",)),
    Some(6, OUTSIDE, ("fraud",)),
    Some(7, UNSAID, ("robbery", "asb")),
)
ALL_THEY_COULD = (
    Some(6, CAMDEN, FULL),
    Some(4, HACKNEY, FULL),
    Some(2, HACKNEY, ("burglary", "fraud", "asb")),
)


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where the evidence lies."""
    return evidence_folder(settings)


def fed_back(
    session: Session,
    folder: Path,
    answers: Sequence[Some] = ANSWERS,
    *,
    slug: str = "priorities",
    group_ids: Sequence[int] = (),
) -> Exercise:
    """Return a consultation that was decided and fed back; Camden's people came by these groups' links."""
    person = session.query(Person).filter_by(role=Role.ADMINISTRATOR).first()
    person = person or add_person(session, Role.ADMINISTRATOR)
    exercise = make_exercise(session, slug=slug, state=State.CLOSED)
    for some in answers:
        for turn in range(some.number):
            by = group_ids[turn % len(group_ids)] if group_ids and some.area == CAMDEN else None
            last = make_response(session, exercise, area=some.area, chosen=some.chosen, group_id=by)
    last.submission_key = receipt_hash(receipt(slug))
    counting.refresh(session, consultation=exercise.consultation, now=AFTER, folder=folder)
    for code in ("burglary", "fraud", "robbery", "asb"):
        make_decision(session, exercise, folder, person.id, code)
    exercise.consultation.state, exercise.consultation.decided_at = State.DECIDED, AFTER
    session.commit()
    write(session, exercise.consultation, said="{rank:burglary} is its place.")
    publish(session, exercise.consultation)
    session.commit()
    return exercise


def receipt(slug: str) -> str:
    return f"7KQ4B2XD9PM{ALPHABET[len(slug)]}"


def parts(session: Session, folder: Path, exercise: Exercise) -> dict[str, places.Part]:
    decided = figures(session, exercise.consultation.id, threshold=THRESHOLD)
    found = places.parts(session, exercise.consultation, decided, folder=folder, threshold=THRESHOLD)
    return {part.code: part for part in found}


def told(page: PageClient, url: str) -> str:
    """Return what a page says to a reader, whichever consultation it is of."""
    return page.get_page(url).main


def test_boroughs_and_the_city_have_a_page_and_who_lives_elsewhere_is_told_why_not(
    session: Session, client: PageClient, folder: Path
) -> None:
    fed_back(session, folder)
    here = "/consultations/priorities/feedback"
    page = client.get_page(here)
    listed = {link.href.rpartition("borough=")[2] for link in page.links if "borough=" in link.href}
    assert listed == {area.code for area in boroughs(session)}
    assert "live outside London, or did not say where. They have no page of their own" in page.main
    for code in (OUTSIDE, UNSAID, "nowhere"):
        client.get_page(f"{here}?borough={code}", status=404)
    mine = client.post_page("/your-priorities", {"code": receipt("priorities")}).main
    assert "only boroughs have figures of their own" in mine
    assert "Too few" not in mine


def test_no_page_tells_what_came_by_the_link_of_a_group(
    session: Session, client: PageClient, folder: Path
) -> None:
    """The same answers, once by no link and once by those of two groups, look the same to everybody."""
    load_london(session)
    groups = [make_group(session, area_code=CAMDEN) for _ in range(2)]
    fed_back(session, folder, slug="without")
    fed_back(session, folder, slug="by-links", group_ids=[group.id for group in groups])
    for query in ("", f"?borough={CAMDEN}", f"?borough={HACKNEY}"):
        pages = [told(client, f"/consultations/{slug}/feedback{query}") for slug in ("without", "by-links")]
        assert pages[0] == pages[1]
    for group in groups:
        by_group = told(client, f"/consultations/by-links/feedback?group={group.code}")
        assert by_group == told(client, "/consultations/by-links/feedback")


def test_parts_withhold_what_the_report_withholds(session: Session, folder: Path) -> None:
    """Of two tables of the same answers that withheld differently each would tell what the other does not."""
    exercise = fed_back(session, folder)
    report = compose(session, consultation=exercise.consultation, folder=folder, threshold=THRESHOLD)
    lines = {line["code"]: line for line in report["figures"]["boroughs"]}
    for code, part in parts(session, folder, exercise).items():
        assert part.base == lines[code]["base"]["count"]
        for local in part.locals:
            assert local.mentions == lines[code]["named"][local.figure.code]["mentions"]["count"]


def test_no_part_tells_of_a_total_that_is_withheld(session: Session, folder: Path) -> None:
    exercise = fed_back(session, folder, ALL_THEY_COULD)
    withheld = {"asb", "robbery"}
    decided = figures(session, exercise.consultation.id, threshold=THRESHOLD)
    assert {one.code for one in decided if one.mentions is None} == withheld
    found = [local for part in parts(session, folder, exercise).values() for local in part.locals]
    told = {local.figure.code for local in found if local.mentions is not None}
    assert told == {"burglary", "fraud"}


def test_no_place_is_told_where_one_of_the_withheld_has_a_place_between(
    session: Session, folder: Path
) -> None:
    for answers, slug, ranks in ((ANSWERS, "some", 4), (ALL_THEY_COULD, "all", 0)):
        exercise = fed_back(session, folder, answers, slug=slug)
        facts = facts_of(session, exercise.consultation, folder=folder, threshold=THRESHOLD)
        assert len(facts.ranks) == ranks


def test_many_groups_and_boroughs_cost_as_many_queries_as_one(
    session: Session, client: PageClient, folder: Path, query_count: Counting
) -> None:
    load_london(session)
    one = [make_group(session, area_code=CAMDEN).id]
    many = [make_group(session, area_code=area.code).id for area in boroughs(session) for _ in range(3)]
    everywhere = [Some(9, area.code, FULL) for area in boroughs(session)]
    fed_back(session, folder, [Some(9, CAMDEN, FULL)], slug="one", group_ids=one)
    fed_back(session, folder, [Some(99, CAMDEN, FULL), *everywhere], slug="many", group_ids=many)
    asked = []
    for slug in ("one", "many"):
        for query in ("", f"?borough={CAMDEN}"):
            client.get_page(f"/consultations/{slug}/feedback{query}")
            with query_count() as statements:
                client.get_page(f"/consultations/{slug}/feedback{query}")
            asked.append(len(statements))
        with query_count() as statements:
            client.post_page("/your-priorities", {"code": receipt(slug)})
        asked.append(len(statements))
    assert asked[:3] == asked[3:]
