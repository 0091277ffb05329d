from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.rules import State
from engage.distribution import queries, service, told
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind, Shown
from engage.distribution.service import Wish
from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.groups.rules import GroupKind
from tests.factories.boroughs import make_area
from tests.factories.consultations import make_consultation
from tests.factories.distribution import make_link
from tests.factories.groups import make_group

NOW = datetime(2027, 6, 2, 12, 0, tzinfo=UTC)
FAIR = Wish(LinkKind.EVENT, "Summer fair", target=50)


def own_link(session: Session) -> Link:
    return make_link(session, consultation_id=make_consultation(session).id, group_id=make_group(session).id)


def make(session: Session, parent: Link, wish: Wish = FAIR) -> Link:
    return service.make_link(session, parent_id=parent.id, wish=wish, now=NOW, actor="Ada")


def test_links_are_made_for_chosen_groups_under_those_they_belong_to(session: Session) -> None:
    make_area(session)
    consultation = make_consultation(session)
    cpeg = make_group(session, area_code="E09000007")
    member = make_group(session, kind=GroupKind.YOUTH, parent_id=cpeg.id, area_code="E09000007")
    ended = make_group(session, kind=GroupKind.FAITH, parent_id=cpeg.id, active=False)
    make_group(session, kind=GroupKind.FAITH, parent_id=cpeg.id)
    known = {"consultation_id": consultation.id, "now": NOW, "actor": "Ada"}
    # Before its CPEG has one, a member group's link stands under the authority's.
    assert service.make_links_for(session, group_ids=[member.id, ended.id, 999], **known) == 2
    own, link = queries.links_of(session, consultation.id)
    assert (link.group_id, link.parent_id, link.code[:7]) == (member.id, own.id, "camden-")
    assert service.make_links_for(session, group_ids=[member.id], **known) == 0
    assert service.make_links(session, **known) == 1
    parents = {each.group_id: each.parent_id for each in queries.links_of(session, consultation.id)}
    ids = {each.group_id: each.id for each in queries.links_of(session, consultation.id)}
    assert parents == {None: None, cpeg.id: own.id, member.id: ids[cpeg.id]}


def test_a_link_for_an_event_belongs_to_its_group_and_is_called_as_asked(session: Session) -> None:
    parent = own_link(session)
    link = make(session, parent, Wish(LinkKind.POSTER, "  Library \n board ", word="Bücher!"))
    assert (link.label, link.kind, link.target) == ("Library board", LinkKind.POSTER, None)
    assert (link.group_id, link.parent_id, link.consultation_id) == (
        parent.group_id,
        parent.id,
        parent.consultation_id,
    )
    assert link.code.startswith("bucher-")
    assert queries.find_link(session, link.code.lower()) is link


def test_asking_twice_for_the_same_makes_one(app: Flask) -> None:
    with app.app_context(), transaction(db.session):
        parent_id = own_link(db.session()).id
    made: list[int] = []

    def press() -> None:
        with app.app_context(), transaction(db.session):
            made.append(
                service.make_link(db.session(), parent_id=parent_id, wish=FAIR, now=NOW, actor="Ada").id
            )

    pressing = [Thread(target=press) for _ in range(4)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_of_another_kind_or_name_it_is_another_link(session: Session) -> None:
    parent = own_link(session)
    same = make(session, parent, Wish(LinkKind.EVENT, "SUMMER  fair"))
    assert same is make(session, parent)
    assert make(session, parent, Wish(LinkKind.POSTER, "Summer fair")) is not same
    assert make(session, own_link(session)) is not same
    assert session.scalar(select(func.count()).where(AuditEvent.action == "link.made")) == 3


@pytest.mark.parametrize(
    "wish",
    [
        Wish(LinkKind.EVENT, "  "),
        Wish(LinkKind.EVENT, "x" * 121),
        Wish(LinkKind.EVENT, "Fair", target=0),
        Wish(LinkKind.EVENT, "Fair", word="77"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, wish: Wish) -> None:
    parent = own_link(session)
    with pytest.raises(Refused):
        make(session, parent, wish)
    assert session.scalar(select(func.count()).select_from(Link)) == 1


def test_nothing_stands_under_an_event_or_under_what_is_not_there(session: Session) -> None:
    event = make(session, own_link(session))
    with pytest.raises(Refused):
        make(session, event, Wish(LinkKind.POSTER, "Another"))
    with pytest.raises(NoResultFound):
        service.make_link(session, parent_id=999, wish=FAIR, now=NOW, actor="Ada")


def test_once_nobody_can_answer_no_link_is_made(session: Session) -> None:
    consultation = make_consultation(session, State.CLOSED)
    parent = make_link(session, consultation_id=consultation.id, group_id=make_group(session).id)
    with pytest.raises(Refused):
        make(session, parent)
    with pytest.raises(Refused):
        service.make_links_for(
            session, consultation_id=consultation.id, group_ids=[make_group(session).id], now=NOW, actor="Ada"
        )


def test_a_link_is_renamed_and_gets_a_target(session: Session) -> None:
    parent = own_link(session)
    event, other = make(session, parent), make(session, parent, Wish(LinkKind.EVENT, "Other"))
    known = {"now": NOW, "actor": "Ada"}
    service.change_link(session, link_id=event.id, label="Winter fair", target=9, **known)
    assert (event.label, event.target) == ("Winter fair", 9)
    with pytest.raises(Refused):
        service.change_link(session, link_id=event.id, label="other", target=9, **known)
    service.change_link(session, link_id=parent.id, label="is not asked", target=100, **known)
    assert (parent.label, parent.target, other.label) == ("", 100, "Other")
    service.change_link(session, link_id=parent.id, label="", target=100, **known)
    assert session.scalar(select(func.count()).where(AuditEvent.action == "link.changed")) == 2


def test_a_link_is_withdrawn_and_put_back(session: Session) -> None:
    event = make(session, parent := own_link(session))
    known = {"link_id": event.id, "actor": "Ada"}
    service.revoke_link(session, now=NOW, **known)
    with pytest.raises(Refused, match="withdrawn"):
        make(session, parent)
    for _ in range(2):
        service.restore_link(session, now=NOW, **known)
    assert event.revoked_at is None
    assert session.scalar(select(func.count()).where(AuditEvent.action == "link.restored")) == 1


def test_a_group_is_told_of_its_own_trees_only(session: Session) -> None:
    consultation = make_consultation(session)
    cpeg, other = make_group(session), make_group(session)
    member = make_group(session, kind=GroupKind.YOUTH, parent_id=cpeg.id)
    for group, submitted in ((cpeg, 40), (member, 3), (other, 100)):
        make_link(session, consultation_id=consultation.id, group_id=group.id, submitted=submitted)
    service.arrange(session, consultation.id)
    (asked,) = queries.asked_of_family(session, cpeg.id)
    (grove,) = told.groves(session, group_id=cpeg.id, asked=[asked], threshold=5)
    assert grove.own
    assert grove.own.told.total.submitted == Shown(43)
    # 43 beside 40 would tell the 3.
    assert [line.told.own.submitted for line in grove.lines] == [Shown(None), Shown(None)]
    assert told.came_by_links(session, group_id=cpeg.id, threshold=5) == {asked.slug: Shown(43)}
    (alone,) = told.groves(session, group_id=member.id, asked=[asked], threshold=5)
    assert [line.told.total.submitted for line in alone.lines] == [Shown(None, below=5)]
