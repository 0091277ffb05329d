"""The ledger, to read. However long it is, each page of it takes the same number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from engage.distribution.models import Link
from engage.feedback.ledger import rules
from engage.feedback.ledger.rules import FAILED, WAITING
from engage.feedback.models import Delivery, Feedback, PostalContact
from engage.feedback.rules import BY_MAIL, DeliveryState, Reach, Route
from engage.groups.models import Group
from engage.responses.models import Contact, MeetingVote
from engage.timetable.notices.queries import reached, surviving

PER_PAGE = 50
AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the ledger. `who` is empty once the address was deleted; `message_id` once the mail was."""

    id: int
    route: Route
    who: str
    state: DeliveryState
    attempts: int
    queued_at: datetime | None
    settled_at: datetime | None
    reason: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the ledger; `number` counts pages from 1, `total` rows."""

    lines: list[Line]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of a route, in a state, of exactly this address, group or postcode. Empty: all of them."""

    route: Route | None = None
    state: DeliveryState | None = None
    who: str = ""


def page(session: Session, feedback_id: int, wanted: Wanted, *, number: int) -> Page:
    """Return a page of the ledger, those not reached first; `number` beyond the last is the last."""
    chosen = _chosen(feedback_id, wanted)
    total = session.scalar(_joined(select(func.count(Delivery.id))).where(*chosen)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(number, 1), pages)
    rows = _rows().where(*chosen).order_by(_reached(), _who(), Delivery.id)
    rows = rows.limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Page([_line(row) for row in session.execute(rows)], number, pages, total)


def everything(session: Session, feedback_id: int) -> Iterator[Line]:
    """Yield every row of the ledger in its order, a thousand at a time."""
    last = 0
    while True:
        rows = _rows().where(Delivery.feedback_id == feedback_id, Delivery.id > last)
        found = [_line(row) for row in session.execute(rows.order_by(Delivery.id).limit(AT_A_TIME))]
        yield from found
        if len(found) < AT_A_TIME:
            return
        last = found[-1].id


def listed_by_mail(session: Session, feedback_id: int, contact_ids: Collection[UUID]) -> Set[UUID]:
    """Return which of the contacts the ledger has already, by whichever way mail went."""
    listed = select(Delivery.contact_id).where(
        Delivery.feedback_id == feedback_id,
        Delivery.contact_id.in_(contact_ids),
        Delivery.route.in_(BY_MAIL),
    )
    return {id for id in session.scalars(listed) if id is not None}


def by_route(session: Session, feedback_id: int) -> dict[Route, Reach]:
    """Return how far feedback has come by each route that somebody is owed it by.

    Reads the ledger alone. Whoever asked not to be written to before they had it is owed nothing.
    """
    rows = (
        select(Delivery.route, Delivery.state, func.count())
        .where(Delivery.feedback_id == feedback_id, Delivery.reason != rules.UNSUBSCRIBED)
        .group_by(Delivery.route, Delivery.state)
    )
    counts: dict[Route, dict[DeliveryState, int]] = {}
    for route, state, number in session.execute(rows):
        counts.setdefault(route, {})[state] = number
    return {route: rules.reach_of(counts[route]) for route in Route if route in counts}


def contacts_unlisted(session: Session, feedback: Feedback) -> bool:
    """Tell whether somebody who left an email address and is owed the feedback has no row in the ledger."""
    listed = exists().where(Delivery.contact_id == Contact.id, Delivery.feedback_id == feedback.id)
    owed = select(Contact.id).where(
        Contact.consultation_id == feedback.consultation_id, Contact.unsubscribed_on.is_(None), ~listed
    )
    return session.scalar(owed.limit(1)) is not None


def others_unlisted(session: Session, feedback: Feedback) -> bool:
    """Tell whether a group or a postal contact has no row, or a group that has one was not written to."""
    listed = exists().where(Delivery.postal_id == PostalContact.id, Delivery.feedback_id == feedback.id)
    postal = select(PostalContact.id).where(
        PostalContact.consultation_id == feedback.consultation_id, ~listed
    )
    if session.scalar(postal.limit(1)) is not None or due_groups(session, feedback.id):
        return True
    return bool(groups_used(session, feedback.consultation_id) - listed_groups(session, feedback.id))


def groups_used(session: Session, consultation_id: int) -> set[int]:
    """Return the working groups by whose links somebody answered, or that voted at a meeting.

    For a group that was merged stands the one it became.
    """
    by_link = select(Link.group_id).where(
        Link.consultation_id == consultation_id, Link.submitted > 0, Link.group_id.is_not(None)
    )
    by_vote = select(MeetingVote.group_id).where(MeetingVote.consultation_id == consultation_id)
    used = {group_id for group_id in session.scalars(by_link.union(by_vote)) if group_id is not None}
    return {group.id for group in reached(session, surviving(session, used))} if used else set()


def listed_groups(session: Session, feedback_id: int) -> set[int]:
    """Return the groups that have a row in the ledger."""
    rows = select(Delivery.group_id).where(
        Delivery.feedback_id == feedback_id, Delivery.route == Route.CASCADE, Delivery.group_id > 0
    )
    return {group_id for group_id in session.scalars(rows) if group_id is not None}


def groups_not_reached(session: Session, feedback_id: int) -> dict[int, int]:
    """Return the rows of groups that could not be reached: their ids by the group."""
    return _rows_of_groups(session, feedback_id, FAILED)


def due_groups(session: Session, feedback_id: int) -> dict[int, int]:
    """Return the rows of groups that were not written to yet: their ids by the group."""
    return _rows_of_groups(session, feedback_id, {DeliveryState.DUE})


def _rows_of_groups(session: Session, feedback_id: int, states: Collection[DeliveryState]) -> dict[int, int]:
    rows = select(Delivery.group_id, Delivery.id).where(
        Delivery.feedback_id == feedback_id,
        # All of them; said so, databases do not go through the rows of people.
        Delivery.group_id > 0,
        Delivery.route == Route.CASCADE,
        Delivery.state.in_(states),
    )
    return {group_id: id for group_id, id in session.execute(rows.order_by(Delivery.id)) if group_id}


def _reached() -> ColumnElement[bool]:
    """Return what sorts rows that failed or wait before those that are settled well."""
    return Delivery.state.not_in([*WAITING, *FAILED])


def _who() -> ColumnElement[str]:
    return func.coalesce(Contact.address, Group.name, PostalContact.name, "")


def _chosen(feedback_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [Delivery.feedback_id == feedback_id]
    if wanted.route is not None:
        chosen.append(Delivery.route == wanted.route)
    if wanted.state is not None:
        chosen.append(Delivery.state == wanted.state)
    if who := wanted.who.strip():
        # Exactly: who searches here knows the address already, and learns of no other.
        chosen.append(
            or_(
                Contact.address == who.lower(),
                Group.name == who,
                PostalContact.postcode == who.upper(),
            )
        )
    return chosen


def _rows() -> Select[Any]:
    found: Any = select(Delivery, Contact.address, Group.name, PostalContact.name, PostalContact.postcode)
    return _joined(found)


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(Delivery)
        .outerjoin(Contact, Contact.id == Delivery.contact_id)
        .outerjoin(Group, Group.id == Delivery.group_id)
        .outerjoin(PostalContact, PostalContact.id == Delivery.postal_id)
    )


def _line(row: Any) -> Line:
    delivery, address, group, name, postcode = row
    return Line(
        id=delivery.id,
        route=delivery.route,
        who=address or group or (f"{name}, {postcode}" if name else ""),
        state=delivery.state,
        attempts=delivery.attempts,
        queued_at=delivery.queued_at,
        settled_at=delivery.settled_at,
        reason=delivery.reason,
        message_id=delivery.message_id,
    )
