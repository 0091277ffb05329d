"""Those who are owed feedback without having left an email address: groups, and people by post."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.feedback.ledger import queries, rules
from engage.feedback.ledger import service as ledger
from engage.feedback.ledger.motion import cascade_key
from engage.feedback.models import Delivery, Feedback, PostalContact
from engage.feedback.rules import DeliveryState, Route
from engage.foundations.inserts import insert_new
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox import service as outbox
from engage.outbox.models import Mailing, OutboxMessage
from engage.outbox.service import Promise
from engage.timetable.notices.queries import Reached, addresses, reached

_DELIVERY = cast(Table, Delivery.__table__)


@dataclass(frozen=True, slots=True)
class Change:
    """Where a row of the ledger stands from now on."""

    delivery_id: int
    state: DeliveryState
    attempts: int = 0
    queued_at: datetime | None = None
    settled_at: datetime | None = None
    reason: str = ""


def choose_groups(
    session: Session, *, actor: str, now: datetime, feedback_id: int, group_ids: Collection[int]
) -> int:
    """Put groups of the register in the ledger, besides those whose link was used; return how many are new.

    They are written to when the feedback is published, or soon after this where it has been.
    """
    feedback = ledger.hold(session, feedback_id)
    known = queries.listed_groups(session, feedback.id)
    chosen = [group.id for group in reached(session, set(group_ids) - known)]
    if not chosen:
        raise Refused(lazy("Choose at least one group that is not in the ledger yet."), "groups")
    _add_groups(session, feedback.id, chosen)
    if feedback.published_at is not None:
        ledger.ask_for_others(session, feedback.id, now=now, reason=f"chosen:{now.isoformat()}")
    audit.record(
        session,
        actor=actor,
        action="feedback.groups_chosen",
        subject=f"feedback:{feedback.id}",
        at=now,
        details={"groups": len(chosen)},
    )
    return len(chosen)


def list_groups(session: Session, feedback: Feedback) -> None:
    """Give every group whose link was used, or that voted at a meeting, a row."""
    _add_groups(session, feedback.id, queries.groups_used(session, feedback.consultation_id))


def write_again(session: Session, *, actor: str, now: datetime, feedback_id: int) -> int:
    """Write to the groups that were not reached and have another address since; return how many they are."""
    feedback = ledger.hold(session, feedback_id)
    if feedback.published_at is None:
        raise Refused(lazy("Publish the feedback first."))
    found = _made_due(session, feedback.id)
    if not found:
        raise Refused(lazy("No group that was not reached has a new address in the register."))
    ledger.ask_for_others(session, feedback.id, now=now, reason=f"again:{now.isoformat()}")
    audit.record(
        session,
        actor=actor,
        action="feedback.groups_again",
        subject=f"feedback:{feedback.id}",
        at=now,
        details={"groups": found},
    )
    return found


def pick_up_addresses(session: Session, *, feedback_id: int, now: datetime) -> None:
    """Ask for the groups to be written to that were not reached and have another address since."""
    if _made_due(session, feedback_id):
        ledger.ask_for_others(session, feedback_id, now=now, reason=f"address:{now.isoformat()}")


def write_to_groups(session: Session, *, due: Mapping[int, int], mailing: Mailing, now: datetime) -> None:
    """Write to the groups whose rows are `due`, in a constant number of statements.

    It goes to all contacts and coordinators of a group; one without an address cannot be reached, and the
    ledger says why.
    """
    groups = reached(session, list(due))
    written_to = addresses(session, groups)
    messages = [_message(mailing.key, group, address) for group in groups for address in written_to[group.id]]
    outbox.promise(session, mailing=mailing, messages=messages, now=now)
    write_down(session, [_listed(due[group_id], bool(written_to.get(group_id)), now) for group_id in due])


def list_postal(session: Session, feedback: Feedback) -> None:
    """Give every postal contact of the consultation a row: due until a letter is posted."""
    known = select(PostalContact.id).where(PostalContact.consultation_id == feedback.consultation_id)
    shared = {"feedback_id": feedback.id, "route": Route.POST, "state": DeliveryState.DUE}
    rows = [shared | {"postal_id": id} for id in session.scalars(known.order_by(PostalContact.id))]
    insert_new(session, Delivery, rows, conflict=("feedback_id", "postal_id", "route"))


def write_down(session: Session, changes: Iterable[Change]) -> None:
    """Change many rows of the ledger by one statement."""
    rows = [
        {
            "row_id": change.delivery_id,
            "new_state": change.state,
            "new_attempts": change.attempts,
            "new_queued_at": change.queued_at,
            "new_settled_at": change.settled_at,
            "new_reason": change.reason,
        }
        for change in changes
    ]
    if not rows:
        return
    statement = (
        update(_DELIVERY)
        .where(_DELIVERY.c.id == bindparam("row_id"))
        .values(
            state=bindparam("new_state"),
            attempts=bindparam("new_attempts"),
            queued_at=bindparam("new_queued_at"),
            settled_at=bindparam("new_settled_at"),
            reason=bindparam("new_reason"),
        )
    )
    session.connection().execute(statement, rows)


def _add_groups(session: Session, feedback_id: int, group_ids: Iterable[int]) -> None:
    shared = {"feedback_id": feedback_id, "route": Route.CASCADE, "state": DeliveryState.DUE}
    rows = [shared | {"group_id": group_id} for group_id in sorted(group_ids)]
    insert_new(session, Delivery, rows, conflict=("feedback_id", "group_id", "route"))


def _made_due(session: Session, feedback_id: int) -> int:
    """Make the rows due whose group can be reached after all; return how many."""
    rows = reachable_after_all(session, feedback_id)
    write_down(session, [Change(delivery_id, DeliveryState.DUE) for delivery_id in rows.values()])
    return len(rows)


def reachable_after_all(session: Session, feedback_id: int) -> dict[int, int]:
    """Return the rows of groups that were not reached and have an address nothing was written to yet.

    Their ids by the group. Four queries at most.
    """
    rows = queries.groups_not_reached(session, feedback_id)
    if not rows:
        return {}
    groups = reached(session, list(rows))
    written_to = addresses(session, groups)
    mailing_key = cascade_key(feedback_id)
    keys = {
        _message(mailing_key, group, address).key: group.id
        for group in groups
        for address in written_to[group.id]
    }
    known = session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(keys)))
    new = {keys[key] for key in keys.keys() - set(known)}
    return {group_id: rows[group_id] for group_id in sorted(new)}


def _message(mailing_key: str, group: Reached, address: str) -> Promise:
    return Promise.to(address, key=f"{mailing_key}:{group.id}", personal={"group": group.name})


def _listed(delivery_id: int, has_address: bool, now: datetime) -> Change:
    if has_address:
        return Change(delivery_id, DeliveryState.QUEUED, queued_at=now)
    return Change(
        delivery_id, DeliveryState.UNDELIVERABLE, queued_at=now, settled_at=now, reason=rules.NO_ADDRESS
    )
