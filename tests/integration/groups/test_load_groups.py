from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.boroughs import service as boroughs
from engage.groups import queries, service
from engage.groups.models import Group
from engage.groups.rules import KINDS, GroupKind
from tests.factories.groups import make_group


@pytest.fixture
def london(session: Session) -> Session:
    boroughs.load_london(session)
    service.load_groups(session)
    return session


def test_each_borough_has_one_cpeg_and_the_city_has_none(london: Session) -> None:
    cpegs = queries.cpegs(london)
    assert len({cpeg.area_code for cpeg in cpegs}) == len(cpegs) == 32
    assert "E09000001" not in {cpeg.area_code for cpeg in cpegs}


def test_each_cpeg_has_a_few_member_groups_of_its_own_borough_and_of_different_kinds(london: Session) -> None:
    for cpeg in queries.cpegs(london):
        members = queries.members_of(london, cpeg.id)
        assert 3 <= len(members) <= 5
        assert {member.area_code for member in members} == {cpeg.area_code}
        assert len({member.kind for member in members}) >= 3


def test_every_kind_of_group_appears_and_has_a_name(london: Session) -> None:
    kinds = Counter(london.scalars(select(Group.kind)))
    assert set(kinds) <= set(GroupKind) == set(KINDS)
    assert len(kinds) >= 8


def test_loading_again_changes_nothing(london: Session) -> None:
    london.commit()
    before = london.scalar(select(func.count()).select_from(Group))
    assert service.load_groups(london) == service.Loaded(cpegs=32, others=127)
    assert london.scalar(select(func.count()).select_from(Group)) == before == 159


def test_a_cpeg_that_stopped_working_stays_stopped_and_the_others_go_on(london: Session) -> None:
    camden = queries.find_by_code(london, "camden-cpeg")
    assert camden is not None
    camden.active = False
    london.flush()
    service.load_groups(london)
    assert len(queries.cpegs(london)) == 31
    assert camden not in queries.cpegs(london)


def test_what_officers_have_made_of_a_group_stays_when_london_is_loaded_again(london: Session) -> None:
    camden = queries.find_by_code(london, "camden-cpeg")
    assert camden is not None
    camden.name, camden.area_code = "Ours by now", None
    london.flush()
    service.load_groups(london)
    assert (camden.name, camden.area_code) == ("Ours by now", None)


def test_members_are_those_of_that_group_that_still_work(session: Session) -> None:
    ours, theirs = make_group(session), make_group(session)
    second = make_group(session, name="B", kind=GroupKind.YOUTH, parent_id=ours.id)
    first = make_group(session, name="A", kind=GroupKind.FAITH, parent_id=ours.id)
    make_group(session, kind=GroupKind.FAITH, parent_id=ours.id, active=False)
    make_group(session, kind=GroupKind.FAITH, parent_id=theirs.id)
    assert queries.members_of(session, ours.id) == [first, second]


def test_a_group_that_is_not_there_cannot_be_got(session: Session) -> None:
    with pytest.raises(NoResultFound):
        queries.get_group(session, 999)
    assert queries.find_by_code(session, "nobody") is None
