"""Asking groups for help while it can still help: these people are not heard yet, and you reach them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.models import Area
from engage.consultations.models import Consultation
from engage.distribution.models import OutreachRequest
from engage.foundations.addresses import address_of
from engage.foundations.language import _, lazy
from engage.foundations.refusals import Refused
from engage.groups.models import Group, GroupCommunity
from engage.groups.rules import Community
from engage.outbox import service as outbox
from engage.outbox.service import Promise
from engage.timetable.notices.queries import addresses

LONGEST_MESSAGE = 2000
# A group that was asked for the same people is left in peace for so long.
PEACE = timedelta(days=7)
MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Reaching:
    """A group that reaches the people in question, and when it was last asked about them."""

    id: int
    name: str
    area: str | None
    members: int | None
    asked_at: datetime | None
    addresses: tuple[str, ...]

    def rests(self, now: datetime) -> bool:
        """Tell whether it was asked too short a time ago to be asked again."""
        return self.asked_at is not None and now - self.asked_at < PEACE


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its group reads it. `seen_at` is when they said that they pass it on."""

    id: int
    group: str
    consultation: str
    slug: str
    closes_at: datetime
    message: str
    asked_at: datetime
    seen_at: datetime | None


def reaching(
    session: Session, *, consultation_id: int, area_code: str | None, community: Community | None
) -> list[Reaching]:
    """Return the working groups in the area (None: anywhere) that reach the community (None: any)."""
    chosen = select(Group, Area.name).outerjoin(Area, Area.code == Group.area_code)
    chosen = chosen.where(Group.active.is_(True), Group.vacant_since.is_(None))
    if area_code is not None:
        chosen = chosen.where(Group.area_code == area_code)
    if community is not None:
        reached = select(GroupCommunity.group_id).where(GroupCommunity.community == community)
        chosen = chosen.where(Group.id.in_(reached))
    found = session.execute(chosen.order_by(Group.name, Group.id).limit(MOST_GROUPS)).all()
    asked = _last_asked(session, consultation_id, area_code, community)
    written_to = addresses(session, [group for group, _area in found])
    return [
        Reaching(group.id, group.name, area, group.members, asked.get(group.id), written_to[group.id])
        for group, area in found
    ]


def ask_groups(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation: Consultation,
    group_ids: Collection[int],
    message: str,
    area_code: str | None,
    community: Community | None,
) -> int:
    """Ask groups to reach the people in question, by mail and on their pages; return how many were asked.

    A group asked about them within the last week is passed over, so that a second press asks nobody twice.
    Raises `Refused` without a message, without a group that reaches them, or once people cannot answer.
    """
    message = message.strip()
    if not message:
        raise Refused(lazy("Write what you ask of the groups."), "message")
    if len(message) > LONGEST_MESSAGE:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_MESSAGE), "message")
    if now >= consultation.closes_at:
        raise Refused(lazy("Nobody can answer any more, so there is nothing to ask of groups."))
    known = reaching(session, consultation_id=consultation.id, area_code=area_code, community=community)
    chosen = [group for group in known if group.id in group_ids]
    if not chosen:
        raise Refused(lazy("Choose at least one group."), "groups")
    asked = [group for group in chosen if not group.rests(now)]
    requests = [
        OutreachRequest(
            consultation_id=consultation.id,
            group_id=group.id,
            area_code=area_code,
            community=community,
            message=message,
            asked_by=actor,
            asked_at=now,
        )
        for group in asked
    ]
    session.add_all(requests)
    session.flush()
    if requests:
        _mail(session, consultation, list(zip(requests, asked, strict=True)), now)
        audit.record(
            session,
            actor=actor,
            action="groups.asked",
            subject=f"consultation:{consultation.slug}",
            at=now,
            details={"groups": len(requests), "area": area_code, "community": community},
        )
    return len(requests)


def requests_to(session: Session, group_ids: Collection[int], *, now: datetime) -> list[Asked]:
    """Return what the groups were asked about what can still be answered, the newest first."""
    rows = session.execute(
        select(OutreachRequest, Group.name, Consultation)
        .join(Group, Group.id == OutreachRequest.group_id)
        .join(Consultation, Consultation.id == OutreachRequest.consultation_id)
        .where(OutreachRequest.group_id.in_(list(group_ids)), Consultation.closes_at > now)
        .order_by(OutreachRequest.asked_at.desc(), OutreachRequest.id.desc())
    )
    return [
        Asked(
            id=request.id,
            group=group,
            consultation=consultation.title,
            slug=consultation.slug,
            closes_at=consultation.closes_at,
            message=request.message,
            asked_at=request.asked_at,
            seen_at=request.seen_at,
        )
        for request, group, consultation in rows
    ]


def say_passed_on(session: Session, *, request_id: int, group_ids: Collection[int], now: datetime) -> None:
    """Note that a group has passed a request on. Raises `NoResultFound` where it is none of these groups'."""
    chosen = select(OutreachRequest).where(
        OutreachRequest.id == request_id, OutreachRequest.group_id.in_(list(group_ids))
    )
    request = session.scalars(chosen).one()
    request.seen_at = request.seen_at or now
    session.flush()


def _last_asked(
    session: Session, consultation_id: int, area_code: str | None, community: Community | None
) -> dict[int, datetime]:
    rows = session.execute(
        select(OutreachRequest.group_id, OutreachRequest.asked_at)
        .where(
            OutreachRequest.consultation_id == consultation_id,
            OutreachRequest.area_code == area_code if area_code else OutreachRequest.area_code.is_(None),
            OutreachRequest.community == community if community else OutreachRequest.community.is_(None),
        )
        .order_by(OutreachRequest.asked_at, OutreachRequest.id)
    )
    return dict(iter(rows))


def _mail(
    session: Session,
    consultation: Consultation,
    requests: Sequence[tuple[OutreachRequest, Reaching]],
    now: datetime,
) -> None:
    first, _group = requests[0]
    values = {
        "consultation": consultation,
        "message": first.message,
        "page": address_of("coordinator_requests.index"),
    }
    template = current_app.jinja_env.get_template("distribution/email/request.txt")
    mailing = outbox.add_mailing(
        session,
        key=f"request:{first.id}",
        subject=_("Can you help us hear from more people?"),
        text_body=template.render(values),
        html_body=None,
        now=now,
    )
    messages = [
        Promise.to(address, key=f"request:{request.id}", personal={})
        for request, group in requests
        for address in group.addresses
    ]
    outbox.promise(session, mailing=mailing, messages=messages, now=now)
