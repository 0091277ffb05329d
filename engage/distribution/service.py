"""Making links, and counting what comes by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.models import Area
from engage.consultations.models import Consultation
from engage.distribution.models import Link
from engage.distribution.rules import speakable
from engage.foundations.tokens import new_code
from engage.groups.models import Group, GroupKind

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
    waiting = _groups_without(session, consultation_id)
    taken = set(session.scalars(select(Link.code)))
    for group_id, place in waiting:
        code = _free_code(place, taken)
        session.add(Link(code=code, consultation_id=consultation_id, group_id=group_id))
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


def _groups_without(session: Session, consultation_id: int) -> list[tuple[int, str]]:
    """Return the number and the place of each active CPEG with no link to the consultation, by name."""
    linked = select(Link.group_id).where(Link.consultation_id == consultation_id)
    rows = session.execute(
        select(Group.id, Area.name)
        .outerjoin(Area, Area.code == Group.area_code)
        .where(Group.kind == GroupKind.CPEG, Group.active.is_(True), Group.id.not_in(linked))
        .order_by(Group.name, Group.id)
    )
    return [(group_id, place or LONDON_WIDE) for group_id, place in rows]


def _free_code(place: str, taken: set[str]) -> str:
    """Return a code that nobody has, and take it."""
    code = ""
    while not code or code in taken:
        code = f"{speakable(place)}-{new_code(RANDOM_LETTERS)}"
    taken.add(code)
    return code
