"""What groups do with feedback: they tell their members, and say so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.models import Area
from engage.consultations.models import Consultation
from engage.feedback.ledger import service as ledger
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState, Route
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.groups.models import Group


@dataclass(frozen=True, slots=True)
class Told:
    """One group that is owed the feedback of one consultation. `how`: who said how members were told."""

    delivery_id: int
    group_id: int
    group: str
    area_code: str | None
    area: str | None
    slug: str
    title: str
    published_at: datetime
    confirmed_at: datetime | None
    how: str


def owed_to(session: Session, group_ids: Collection[int]) -> list[Told]:
    """Return what these groups are owed or have had, the latest first and then by group."""
    rows = _rows().where(Delivery.group_id.in_(group_ids))
    rows = rows.order_by(Feedback.published_at.desc(), Feedback.id, Group.name, Group.id)
    return [_told(*row) for row in session.execute(rows)]


def get_told(session: Session, delivery_id: int, *, group_ids: Collection[int]) -> Told:
    """Return one of them; raises `NoResultFound` also where it is another group's."""
    rows = _rows().where(Delivery.id == delivery_id, Delivery.group_id.in_(group_ids))
    return _told(*session.execute(rows).one())


def confirm(
    session: Session,
    *,
    actor: str,
    name: str,
    now: datetime,
    delivery_id: int,
    group_ids: Collection[int],
    how: str,
) -> None:
    """Keep that a group told its members, who says so (`name`) and how; a second time is refused.

    Raises `NoResultFound` for a group that is none of `group_ids`.
    """
    told = get_told(session, delivery_id, group_ids=group_ids)
    if not how.strip():
        raise Refused(lazy("Say how you told your members."), "how")
    confirmed = session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state != DeliveryState.CONFIRMED)
        .values(state=DeliveryState.CONFIRMED, settled_at=now, reason=f"{name}: {how.strip()[:200]}")
        .returning(Delivery.feedback_id),
        execution_options={"synchronize_session": False},
    )
    if confirmed is None:
        raise Refused(lazy("Your group has said this already."))
    ledger.ask_to_settle(session, confirmed, at=now)
    audit.record(
        session,
        actor=actor,
        action="feedback.confirmed",
        subject=f"consultation:{told.slug}",
        at=now,
        details={"group": told.group},
    )


def _rows() -> Select[Any]:
    found: Any = select(
        Delivery, Group, Area.name, Consultation.slug, Consultation.title, Feedback.published_at
    )
    rows: Select[Any] = (
        found.join(Group, Group.id == Delivery.group_id)
        .outerjoin(Area, Area.code == Group.area_code)
        .join(Feedback, Feedback.id == Delivery.feedback_id)
        .join(Consultation, Consultation.id == Feedback.consultation_id)
        .where(Delivery.route == Route.CASCADE, Feedback.published_at.is_not(None))
        .execution_options(populate_existing=True)
    )
    return rows


def _told(
    delivery: Delivery, group: Group, area: str | None, slug: str, title: str, published_at: datetime
) -> Told:
    confirmed = delivery.state is DeliveryState.CONFIRMED
    return Told(
        delivery_id=delivery.id,
        group_id=group.id,
        group=group.name,
        area_code=group.area_code,
        area=area,
        slug=slug,
        title=title,
        published_at=published_at,
        confirmed_at=delivery.settled_at if confirmed else None,
        how=delivery.reason if confirmed else "",
    )
