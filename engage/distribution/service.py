"""Making links and looking after them. Counting what comes by them is in `counting`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.models import Area
from engage.consultations.models import Consultation
from engage.distribution import queries
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind, check_target, chosen_word, speakable, takes_links
from engage.distribution.tree import homes
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tokens import new_code
from engage.groups.models import Group

# 531,441 codes a place: short enough to say, and a wrong guess costs a group nothing.
RANDOM_LETTERS = 4
LONDON_WIDE = "London"
SYSTEM = "engage"
MOST_UNDER_ONE = 200
LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True)
class Wish:
    """What a link for an event or a poster is to be. `word` begins its code; empty leaves it to us."""

    kind: LinkKind
    label: str
    target: int | None = None
    word: str = ""


def make_links(session: Session, *, consultation_id: int, now: datetime, actor: str = SYSTEM) -> int:
    """Make the authority's own link to the consultation and one for each working CPEG, where there is none.

    Returns how many were made. Doing it again, or twice at once, makes no second link. Raises
    `NoResultFound`.
    """
    slug = _hold(session, consultation_id)
    waiting = [
        (group.id, area or LONDON_WIDE)
        for group, area in queries.cpegs_without_link(session, consultation_id)
    ]
    return _make(session, consultation_id, slug, waiting, now=now, actor=actor)


def make_links_for(
    session: Session, *, consultation_id: int, group_ids: Collection[int], now: datetime, actor: str
) -> int:
    """Make a link for each of these groups that has none and still works; return how many were made.

    The authority's own link is made with them where it is missing, and counted too. Raises `Refused` once
    nobody can answer any more.
    """
    slug = _hold(session, consultation_id)
    _refuse_closed(session, consultation_id)
    linked = select(Link.group_id).where(
        Link.consultation_id == consultation_id, Link.kind == LinkKind.GROUP, Link.group_id.is_not(None)
    )
    rows = session.execute(
        select(Group.id, Group.name, Area.name)
        .outerjoin(Area, Area.code == Group.area_code)
        .where(Group.id.in_(list(group_ids)), Group.active.is_(True), Group.id.not_in(linked))
        .order_by(Group.name, Group.id)
    )
    waiting = [(group_id, area or LONDON_WIDE) for group_id, _name, area in rows]
    return _make(session, consultation_id, slug, waiting, now=now, actor=actor)


def make_link(session: Session, *, parent_id: int, wish: Wish, now: datetime, actor: str) -> Link:
    """Make a link for an event or a poster under another link and return it.

    Asked twice for the same, it is made once. Raises `Refused`, and `NoResultFound` for an unknown parent.
    """
    # Held, so that a double press finds the link that the first one made.
    parent = session.scalars(select(Link).where(Link.id == parent_id).with_for_update()).one()
    label = checked_label(wish.label)
    target = check_target(wish.target)
    if parent.kind not in (LinkKind.GROUP, LinkKind.AUTHORITY):
        raise Refused(lazy("An event or a poster has no links under it."))
    _refuse_closed(session, parent.consultation_id)
    if there := _same_name(session, parent_id, wish.kind, label):
        if there.revoked_at is not None:
            raise Refused(
                lazy("There is a withdrawn link of this name. Put it back, or choose another name."), "label"
            )
        return there
    if queries.count_events(session, parent_id) >= MOST_UNDER_ONE:
        raise Refused(
            lazy("There can be at most %(most)s links for events and posters here.", most=MOST_UNDER_ONE)
        )
    place = chosen_word(wish.word) if wish.word.strip() else speakable(_place_of(session, parent.group_id))
    taken = set(session.scalars(select(Link.code).where(Link.code.like(f"{place}-%"))))
    link = Link(
        code=_free_code(place, taken),
        consultation_id=parent.consultation_id,
        group_id=parent.group_id,
        kind=wish.kind,
        parent_id=parent_id,
        label=label,
        target=target,
        made_by=actor,
        made_at=now,
    )
    session.add(link)
    session.flush()
    _note(session, link, "link.made", actor=actor, now=now, details={"kind": wish.kind.value, "label": label})
    return link


def change_link(
    session: Session, *, link_id: int, label: str, target: int | None, now: datetime, actor: str
) -> None:
    """Give a link another target and, where it is an event's or a poster's, another name.

    Raises `Refused`.
    """
    link = _get(session, link_id)
    target = check_target(target)
    named = link.kind in (LinkKind.EVENT, LinkKind.POSTER)
    label = checked_label(label) if named else link.label
    if (link.label, link.target) == (label, target):
        return
    if named and link.parent_id is not None:
        other = _same_name(session, link.parent_id, link.kind, label)
        if other is not None and other.id != link.id:
            raise Refused(lazy("There is another link of this name. Choose a different one."), "label")
    link.label, link.target = label, target
    session.flush()
    _note(session, link, "link.changed", actor=actor, now=now, details={"label": label, "target": target})


def revoke_link(session: Session, *, link_id: int, now: datetime, actor: str) -> None:
    """Stop a link from naming its group; whoever follows it can still take part. Raises `NoResultFound`.

    A form that was begun by it before is still counted for it and stored with its group, as was said there.
    """
    link = _get(session, link_id)
    if link.revoked_at is not None:
        return
    link.revoked_at = now
    session.flush()
    _note(session, link, "link.revoked", actor=actor, now=now)


def restore_link(session: Session, *, link_id: int, now: datetime, actor: str) -> None:
    """Let a revoked link name its group again. Raises `NoResultFound`."""
    link = _get(session, link_id)
    if link.revoked_at is None:
        return
    link.revoked_at = None
    session.flush()
    _note(session, link, "link.restored", actor=actor, now=now)


def arrange(session: Session, consultation_id: int) -> int:
    """Put every group's link under that of the group it belongs to now; return how many were moved.

    Events and posters stay with their group's link, and go where it goes.
    """
    links = session.execute(
        select(Link.id, Link.kind, Link.group_id, Link.parent_id)
        .where(Link.consultation_id == consultation_id, Link.kind.in_((LinkKind.AUTHORITY, LinkKind.GROUP)))
        .order_by(Link.id)
    ).all()
    top = next((link.id for link in links if link.kind is LinkKind.AUTHORITY), None)
    linked = {link.group_id: link for link in links if link.kind is LinkKind.GROUP}
    where = homes(queries.group_lines(session), {group_id: link.id for group_id, link in linked.items()}, top)
    moves = [
        {"p_id": linked[group_id].id, "p_parent": parent}
        for group_id, parent in where.items()
        if linked[group_id].parent_id != parent
    ]
    if moves:
        moving = update(Link).where(Link.id == bindparam("p_id")).values(parent_id=bindparam("p_parent"))
        session.connection().execute(moving, moves)
        for held in session.identity_map.values():
            if isinstance(held, Link):
                session.expire(held, ["parent_id"])
    return len(moves)


def checked_label(label: str) -> str:
    """Return a name as it is stored. Raises `Refused`."""
    tidy = " ".join(label.replace("\x00", "").split())
    if not tidy:
        raise Refused(lazy("Give it a name, so that you recognise it."), "label")
    if len(tidy) > LONGEST_LABEL:
        raise Refused(lazy("A name has at most %(most)s characters.", most=LONGEST_LABEL), "label")
    return tidy


def _make(
    session: Session,
    consultation_id: int,
    slug: str,
    waiting: Collection[tuple[int, str]],
    *,
    now: datetime,
    actor: str,
) -> int:
    """Add a link for each group and place, and the authority's own; put all where they belong."""
    taken = set(session.scalars(select(Link.code)))
    made_by = {"consultation_id": consultation_id, "made_by": actor, "made_at": now}
    made: list[Link] = []
    if not _has_authoritys(session, consultation_id):
        made.append(Link(code=_free_code(LONDON_WIDE, taken), kind=LinkKind.AUTHORITY, **made_by))
    for group_id, place in waiting:
        made.append(Link(code=_free_code(place, taken), group_id=group_id, kind=LinkKind.GROUP, **made_by))
    session.add_all(made)
    session.flush()
    arrange(session, consultation_id)
    if made:
        audit.record(
            session,
            actor=actor,
            action="links.made",
            subject=f"consultation:{slug}",
            at=now,
            details={"links": len(made)},
        )
    return len(made)


def _hold(session: Session, consultation_id: int) -> str:
    """Return the consultation's slug. Whoever makes links for it meanwhile waits."""
    chosen = select(Consultation.slug).where(Consultation.id == consultation_id).with_for_update()
    return session.scalars(chosen).one()


def _refuse_closed(session: Session, consultation_id: int) -> None:
    state = session.scalars(select(Consultation.state).where(Consultation.id == consultation_id)).one()
    if not takes_links(state):
        raise Refused(lazy("Nobody can answer any more, so a new link would lead nowhere."))


def _has_authoritys(session: Session, consultation_id: int) -> bool:
    chosen = select(Link.id).where(Link.consultation_id == consultation_id, Link.kind == LinkKind.AUTHORITY)
    return session.scalar(chosen) is not None


def _same_name(session: Session, parent_id: int, kind: LinkKind, label: str) -> Link | None:
    chosen = select(Link).where(
        Link.parent_id == parent_id, Link.kind == kind, func.lower(Link.label) == func.lower(label)
    )
    return session.scalars(chosen.order_by(Link.id).limit(1)).first()


def _place_of(session: Session, group_id: int | None) -> str:
    """Return what the codes of a group begin with: its area's name."""
    chosen = select(Area.name).join(Group, Group.area_code == Area.code).where(Group.id == group_id)
    return session.scalar(chosen) or LONDON_WIDE


def _get(session: Session, link_id: int) -> Link:
    return session.scalars(select(Link).where(Link.id == link_id).with_for_update()).one()


def _note(
    session: Session,
    link: Link,
    action: str,
    *,
    actor: str,
    now: datetime,
    details: dict[str, object] | None = None,
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=f"link:{link.code}", at=now, details=details or {}
    )


def _free_code(place: str, taken: set[str]) -> str:
    """Return a code that nobody has, and take it."""
    code = ""
    while not code or code in taken:
        code = f"{speakable(place)}-{new_code(RANDOM_LETTERS)}"
    taken.add(code)
    return code
