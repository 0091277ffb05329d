"""Making links, and counting what comes by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.consultations.models import Consultation
from engage.distribution import queries
from engage.distribution.models import Link
from engage.distribution.rules import speakable
from engage.foundations.tokens import new_code

# 531,441 codes a place: short enough to say, and a wrong guess costs a group nothing.
RANDOM_LETTERS = 4
LONDON_WIDE = "London"
SYSTEM = "engage"

# Built once: it runs inside the shortest and most frequent transaction of the platform.
_COUNT = (
    update(Link)
    .where(Link.id == bindparam("p_link_id"))
    .values(submitted=Link.submitted + bindparam("p_more"))
)


def make_links(session: Session, *, consultation_id: int, now: datetime, actor: str = SYSTEM) -> int:
    """Give each active CPEG that has none a link to the consultation; return how many were made.

    Doing it again, or twice at once, makes no second link. Raises `NoResultFound`.
    """
    # Whoever makes links for the same consultation meanwhile waits here (on SQLite: for the write lock).
    chosen = select(Consultation.slug).where(Consultation.id == consultation_id).with_for_update()
    slug = session.scalars(chosen).one()
    waiting = queries.cpegs_without_link(session, consultation_id)
    taken = set(session.scalars(select(Link.code)))
    for group, area in waiting:
        code = _free_code(area or LONDON_WIDE, taken)
        session.add(
            Link(code=code, consultation_id=consultation_id, group_id=group.id, made_by=actor, made_at=now)
        )
    session.flush()
    if waiting:
        audit.record(
            session,
            actor=actor,
            action="links.made",
            subject=f"consultation:{slug}",
            at=now,
            details={"links": len(waiting)},
        )
    return len(waiting)


def revoke_link(session: Session, *, link_id: int, now: datetime, actor: str) -> None:
    """Stop a link from naming its group; whoever follows it can still take part. Raises `NoResultFound`."""
    link = session.scalars(select(Link).where(Link.id == link_id)).one()
    if link.revoked_at is not None:
        return
    link.revoked_at = now
    session.flush()
    audit.record(session, actor=actor, action="link.revoked", subject=f"link:{link.code}", at=now)


def count_submission(session: Session, link_id: int) -> None:
    """Count one more response that came by the link, in one statement that any number can run at once."""
    count_submissions(session, {link_id: 1})


def count_submissions(session: Session, by_link: Mapping[int, int]) -> None:
    """Count the responses that came by each link."""
    if by_link:
        counts = [{"p_link_id": link_id, "p_more": more} for link_id, more in by_link.items()]
        session.connection().execute(_COUNT, counts)


def _free_code(place: str, taken: set[str]) -> str:
    """Return a code that nobody has, and take it."""
    code = ""
    while not code or code in taken:
        code = f"{speakable(place)}-{new_code(RANDOM_LETTERS)}"
    taken.add(code)
    return code
