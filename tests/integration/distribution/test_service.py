from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.boroughs import service as boroughs
from engage.distribution import counting, queries, service
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind
from engage.foundations.database import db, transaction
from engage.groups import service as groups
from engage.groups.rules import GroupKind
from tests.factories.boroughs import make_area
from tests.factories.consultations import make_consultation
from tests.factories.distribution import make_link
from tests.factories.groups import make_group

NOW = datetime(2027, 6, 2, 12, 0, tzinfo=UTC)
CODE = re.compile(r"[a-z-]+-[2-9B-DF-HJ-NP-TW-Z]{4}")


def test_every_working_cpeg_gets_a_link_of_its_own(session: Session) -> None:
    boroughs.load_london(session)
    groups.load_groups(session)
    consultation = make_consultation(session)
    assert service.make_links(session, consultation_id=consultation.id, now=NOW) == 33
    own, *links = queries.links_of(session, consultation.id)
    assert len({own.code, *(link.code for link in links)}) == 33
    assert (own.kind, own.group, own.code[:7]) == (LinkKind.AUTHORITY, None, "london-")
    assert {link.parent_id for link in links} == {own.id}
    assert all(CODE.fullmatch(link.code) and len(link.code) <= 20 for link in links)
    camden = next(link for link in links if link.area == "Camden")
    assert camden.code.startswith("camden-")
    assert camden.group == "Camden Community Police Engagement Group"
    assert (camden.submitted, camden.revoked) == (0, False)


def test_doing_it_again_makes_links_for_new_groups_only(session: Session) -> None:
    make_area(session)
    consultation = make_consultation(session)
    make_group(session, area_code="E09000007", name="First")
    make_group(session, name="Stopped", active=False)
    make_group(session, name="Youth", kind=GroupKind.YOUTH)
    assert service.make_links(session, consultation_id=consultation.id, now=NOW) == 2
    before = [link.code for link in queries.links_of(session, consultation.id)[1:]]
    assert service.make_links(session, consultation_id=consultation.id, now=NOW) == 0
    make_group(session, name="Second")
    assert service.make_links(session, consultation_id=consultation.id, now=NOW) == 1
    after = queries.links_of(session, consultation.id)[1:]
    assert [link.code for link in after if link.group == "First"] == before
    assert [(link.group, link.area) for link in after] == [("First", "Camden"), ("Second", None)]
    logged = session.scalars(
        select(AuditEvent.details).where(AuditEvent.action == "links.made").order_by(AuditEvent.id)
    )
    assert list(logged) == [{"links": 2}, {"links": 1}]


def test_a_london_without_any_cpeg_has_the_authoritys_link_alone(session: Session) -> None:
    consultation = make_consultation(session)
    assert service.make_links(session, consultation_id=consultation.id, now=NOW) == 1
    (link,) = queries.links_of(session, consultation.id)
    assert (link.kind, link.group_id, link.parent_id) == (LinkKind.AUTHORITY, None, None)


def test_no_links_are_made_for_a_consultation_that_is_not_there(session: Session) -> None:
    with pytest.raises(NoResultFound):
        service.make_links(session, consultation_id=999, now=NOW)


def test_two_who_make_links_at_once_make_each_once(app: Flask) -> None:
    with app.app_context(), transaction(db.session):
        for _ in range(5):
            make_group(db.session)
        consultation_id = make_consultation(db.session).id
    made: list[int] = []

    def press() -> None:
        with app.app_context(), transaction(db.session):
            made.append(service.make_links(db.session, consultation_id=consultation_id, now=NOW))

    pressing = [Thread(target=press) for _ in range(4)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert sorted(made) == [0, 0, 0, 6]


def test_a_link_is_found_however_its_code_is_typed(session: Session) -> None:
    link = make_link(
        session,
        consultation_id=make_consultation(session).id,
        group_id=make_group(session).id,
        code="camden-7KQ4",
    )
    for typed in ("camden-7KQ4", "CAMDEN-7kq4", "camden 7kq4"):
        assert queries.find_link(session, typed) is link
    for typed in ("camden-7KQ5", "camden", "", "7KQ4"):
        assert queries.find_link(session, typed) is None


def test_submissions_are_counted_on_that_link_only(session: Session) -> None:
    consultation = make_consultation(session)
    ours = make_link(session, consultation_id=consultation.id, group_id=make_group(session).id)
    theirs = make_link(session, consultation_id=consultation.id, group_id=make_group(session).id)
    counting.count_submission(session, ours.id)
    counting.count_submissions(session, {ours.id: 2, 999: 7})
    session.commit()
    session.expire_all()
    assert (ours.submitted, theirs.submitted) == (3, 0)


def test_none_of_many_counted_at_once_is_lost(app: Flask) -> None:
    with app.app_context(), transaction(db.session):
        link_id = make_link(
            db.session,
            consultation_id=make_consultation(db.session).id,
            group_id=make_group(db.session).id,
        ).id

    def count() -> None:
        for _ in range(10):
            with app.app_context(), transaction(db.session):
                counting.count_submission(db.session, link_id)

    counters = [Thread(target=count) for _ in range(4)]
    for one in counters:
        one.start()
    for one in counters:
        one.join()
    with app.app_context():
        assert db.session.get_one(Link, link_id).submitted == 40


def test_a_revoked_link_is_still_known_and_revoked_once(session: Session) -> None:
    link = make_link(session, consultation_id=make_consultation(session).id, group_id=make_group(session).id)
    for _ in range(2):
        service.revoke_link(session, link_id=link.id, now=NOW, actor="Ada")
    assert queries.find_link(session, link.code) is link
    assert link.revoked_at == NOW
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.action == "link.revoked"))
    assert len(actions.all()) == 1


def test_a_group_sees_its_own_and_its_members_links_and_no_others(session: Session) -> None:
    cpeg, other = make_group(session, name="Ours"), make_group(session, name="Another")
    member = make_group(session, name="A member", kind=GroupKind.FAITH, parent_id=cpeg.id)
    late = make_consultation(session, opens_at=datetime(2027, 7, 6, 8, 0, tzinfo=UTC))
    soon = make_consultation(session, opens_at=datetime(2027, 7, 5, 8, 0, tzinfo=UTC))
    for group, consultation in ((member, soon), (cpeg, soon), (cpeg, late), (other, soon), (other, late)):
        make_link(session, consultation_id=consultation.id, group_id=group.id)
    gone = make_link(session, consultation_id=late.id, group_id=member.id, revoked_at=NOW)
    seen = queries.links_for_group(session, cpeg.id)
    assert [(link.consultation_id, link.group, link.own) for link in seen] == [
        (late.id, "Ours", True),
        (soon.id, "Ours", True),
        (soon.id, "A member", False),
    ]
    assert [link.consultation_id for link in queries.links_for_group(session, member.id)] == [soon.id]
    with pytest.raises(NoResultFound):
        queries.get_link_for_group(session, link_id=gone.id, group_id=cpeg.id)


def test_a_list_of_many_links_is_one_query(
    session: Session, query_count: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    consultation = make_consultation(session)
    for _ in range(3):
        make_link(session, consultation_id=consultation.id, group_id=make_group(session).id)
    session.commit()
    with query_count() as statements:
        assert len(queries.links_of(session, consultation.id)) == 3
    assert len(statements) == 1
