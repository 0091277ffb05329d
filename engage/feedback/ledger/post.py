"""Feedback by post: addresses from paper slips, letters printed together, and the day they were posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.consultations.queries import get_consultation_by_id
from engage.feedback.ledger import others
from engage.feedback.ledger import service as ledger
from engage.feedback.models import Delivery, PostalContact, PostBatch
from engage.feedback.rules import DeliveryState, Route
from engage.foundations.clock import in_london, london_moment
from engage.foundations.inserts import insert_new
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tables.limits import tidy
from engage.foundations.tables.reading import Row, read_rows, written

MOST_LETTERS = 500
MOST_IN_A_FILE = 2000
LONGEST_NAME, LONGEST_LINES, LONGEST_POSTCODE = 160, 400, 10
MOST_LINES = 7
COLUMNS = ("name", "address", "postcode")
_CHANGED = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Slip:
    """What a paper slip says: whom to write to, where."""

    name: str
    lines: str
    postcode: str


def checked(slip: Slip) -> Slip:
    """Return the slip tidied: one line of the address a line; raises `Refused` beside its part."""
    name = " ".join(tidy(slip.name).split())
    lines = [" ".join(line.split(" ")).strip() for line in tidy(slip.lines).split("\n")]
    lines = [line for line in lines if line]
    postcode = " ".join(tidy(slip.postcode).upper().split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(lazy("Write a name of at most %(n)s characters.", n=LONGEST_NAME), "name")
    if not lines or len(lines) > MOST_LINES or len("\n".join(lines)) > LONGEST_LINES:
        raise Refused(
            lazy("Write the address in at most %(lines)s lines and %(n)s characters.",
                 lines=MOST_LINES, n=LONGEST_LINES),
            "lines",
        )  # fmt: skip
    if not postcode or len(postcode) > LONGEST_POSTCODE:
        raise Refused(lazy("Write the postcode."), "postcode")
    return Slip(name, "\n".join(lines), postcode)


def slips_of(content: bytes) -> list[Slip]:
    """Return the slips of a file; raises `Refused` for all of it where one row is wrong.

    The first row names the columns; an address has its lines parted by line breaks, commas or semicolons.
    """
    rows = list(read_rows(content, written(content)))
    if len(rows) < 2:
        raise Refused(lazy("There is no row below the headings."), "file")
    if len(rows) > MOST_IN_A_FILE + 1:
        raise Refused(lazy("The file has more than %(n)s rows.", n=MOST_IN_A_FILE), "file")
    headings = [cell.strip().lower() for cell in rows[0][1]]
    missing = [name for name in COLUMNS if name not in headings]
    if missing:
        raise Refused(lazy("The file has no column “%(name)s”.", name=missing[0]), "file")
    places = [headings.index(name) for name in COLUMNS]
    return [_slip(row, places) for row in rows[1:]]


def add_slips(
    session: Session, *, actor: str, now: datetime, consultation_id: int, slips: Sequence[Slip], left_on: date
) -> int:
    """Keep postal addresses for a consultation's feedback, one left twice once; return how many are new."""
    if left_on > in_london(now).date():
        raise Refused(lazy("That day has not come yet."), "left_on")
    before = count_postal(session, consultation_id)
    rows = [
        {
            "id": uuid4(),
            "consultation_id": consultation_id,
            "name": slip.name,
            "lines": slip.lines,
            "postcode": slip.postcode,
            "left_on": left_on,
        }
        for slip in (checked(slip) for slip in slips)
    ]
    insert_new(session, PostalContact, rows, conflict=("consultation_id", "name", "lines", "postcode"))
    added = count_postal(session, consultation_id) - before
    _note(session, actor, now, "feedback.postal_added", consultation_id, addresses=added)
    return added


def make_batch(session: Session, *, actor: str, now: datetime, feedback_id: int) -> PostBatch:
    """Take the letters that are due, up to `MOST_LETTERS`, to be printed together."""
    feedback = ledger.hold(session, feedback_id)
    if feedback.published_at is None:
        raise Refused(lazy("Publish the feedback first."))
    others.list_postal(session, feedback)
    due = select(Delivery.id).where(
        Delivery.feedback_id == feedback_id,
        Delivery.route == Route.POST,
        Delivery.state == DeliveryState.DUE,
        Delivery.postal_id.is_not(None),
    )
    ids = list(session.scalars(due.order_by(Delivery.id).limit(MOST_LETTERS)))
    if not ids:
        raise Refused(lazy("No letter is due."))
    batch = PostBatch(feedback_id=feedback_id, letters=len(ids), made_by=actor, made_at=now)
    session.add(batch)
    session.flush()
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(state=DeliveryState.QUEUED, queued_at=now, batch_id=batch.id),
        execution_options=_CHANGED,
    )
    _note(session, actor, now, "feedback.letters_made", feedback.consultation_id, letters=len(ids))
    return batch


def mark_posted(session: Session, *, actor: str, now: datetime, batch_id: int, posted_on: date) -> None:
    """Keep the day on which a batch was taken to the post: its letters are sent."""
    batch = session.scalars(select(PostBatch).where(PostBatch.id == batch_id).with_for_update()).one()
    feedback = ledger.hold(session, batch.feedback_id)
    if batch.posted_on is not None:
        raise Refused(lazy("These letters were marked as posted already."))
    if not in_london(batch.made_at).date() <= posted_on <= in_london(now).date():
        raise Refused(lazy("Choose a day from the printing up to today."), "posted_on")
    batch.posted_on = posted_on
    session.flush()
    session.execute(
        update(Delivery)
        .where(Delivery.batch_id == batch_id, Delivery.state == DeliveryState.QUEUED)
        .values(state=DeliveryState.SENT, settled_at=london_moment(posted_on, time(12)), attempts=1),
        execution_options=_CHANGED,
    )
    ledger.ask_to_settle(session, feedback.id, at=now)
    _note(session, actor, now, "feedback.letters_posted", feedback.consultation_id, letters=batch.letters)


def count_postal(session: Session, consultation_id: int) -> int:
    """Return how many postal addresses a consultation has."""
    counted = select(func.count(PostalContact.id)).where(PostalContact.consultation_id == consultation_id)
    return session.scalar(counted) or 0


def count_due(session: Session, feedback_id: int) -> int:
    """Return how many letters are due and in no batch."""
    counted = select(func.count(Delivery.id)).where(
        Delivery.feedback_id == feedback_id,
        Delivery.route == Route.POST,
        Delivery.state == DeliveryState.DUE,
    )
    return session.scalar(counted) or 0


def batches(session: Session, feedback_id: int) -> list[PostBatch]:
    """Return the batches of some feedback, the latest first."""
    rows = select(PostBatch).where(PostBatch.feedback_id == feedback_id).order_by(PostBatch.id.desc())
    return list(session.scalars(rows))


def get_batch(session: Session, feedback_id: int, batch_id: int) -> PostBatch:
    """Return a batch of this feedback. Raises `NoResultFound`."""
    rows = select(PostBatch).where(PostBatch.id == batch_id, PostBatch.feedback_id == feedback_id)
    return session.scalars(rows).one()


def in_batch(session: Session, batch_id: int) -> list[Slip]:
    """Return whom a batch goes to, by name; those whose address was deleted since are left out."""
    rows = (
        select(PostalContact.name, PostalContact.lines, PostalContact.postcode)
        .join(Delivery, Delivery.postal_id == PostalContact.id)
        .where(Delivery.batch_id == batch_id)
        .order_by(PostalContact.name, PostalContact.postcode, Delivery.id)
    )
    return [Slip(*row) for row in session.execute(rows)]


def _slip(row: Row, places: Sequence[int]) -> Slip:
    number, cells = row
    name, address, postcode = (cells[place] if place < len(cells) else "" for place in places)
    if "\n" not in address:
        address = address.replace(";", ",").replace(",", "\n")
    try:
        return checked(Slip(name, address, postcode))
    except Refused as refusal:
        sentence = lazy("Row %(row)s: %(why)s Nothing was added.", row=number, why=refusal.message)
        raise Refused(sentence, "file") from refusal


def _note(
    session: Session, actor: str, now: datetime, action: str, consultation_id: int, **details: int
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"consultation:{get_consultation_by_id(session, consultation_id).slug}",
        at=now,
        details=details,
    )
