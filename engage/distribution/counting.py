"""How many people opened a link, started a form and sent it: three counts, each person once in each.

Opening and starting are counted by a tiny picture on the page, which a mail scanner's or preview's request
for the address alone never asks for. Which links a browser has been counted for stays in two cookies of the
browser; nothing about it is kept here. Sending counts whatever was not counted before, in the same statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Update

from engage.distribution.models import Link
from engage.foundations.prepared import Prepared

# So that the cookies stay small; nobody is in the middle of more at once.
MOST_MARKS = 10
_BETWEEN, _INSIDE = "~", "."
_LONGEST_ID = 18


class Stage(StrEnum):
    """How far somebody who came by a link had come before sending."""

    OPENED = "opened"
    STARTED = "started"

    @property
    def cookie(self) -> str:
        """The cookie in which a browser keeps the links it has been counted for."""
        return f"engage_{self.value}"


COOKIES = frozenset(stage.cookie for stage in Stage)


@dataclass(frozen=True, slots=True)
class Mark:
    """A link that a browser has been counted for."""

    link_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Met:
    """Which of the earlier stages have been counted of somebody who sends a form."""

    opened: bool = False
    started: bool = False


NOTHING_YET = Met()


def marks(cookies: Mapping[str, str], stage: Stage) -> tuple[Mark, ...]:
    """Return the links for which this browser has been counted; what is not one of ours is left out."""
    found = []
    for said in cookies.get(stage.cookie, "").split(_BETWEEN)[:MOST_MARKS]:
        link_id, _, code = said.partition(_INSIDE)
        if link_id.isascii() and link_id.isdecimal() and len(link_id) <= _LONGEST_ID and code:
            found.append(Mark(int(link_id), code))
    return tuple(found)


def written(several: Iterable[Mark]) -> str:
    """Return what the cookie says of these links, the last ones where there are too many."""
    kept = tuple(dict.fromkeys(several))[-MOST_MARKS:]
    return _BETWEEN.join(f"{mark.link_id}{_INSIDE}{mark.code}" for mark in kept)


def met(cookies: Mapping[str, str], link_id: int) -> Met:
    """Return what has been counted of this browser and a link."""
    if not cookies.keys() & COOKIES:
        return NOTHING_YET
    opened, started = (any(mark.link_id == link_id for mark in marks(cookies, stage)) for stage in Stage)
    return Met(opened=opened, started=started)


def count_stage(
    session: Session, *, consultation_id: int, code: str, stage: Stage, opened_before: bool = False
) -> int | None:
    """Count one more person at `stage` of the link with this code, and return the link's id.

    Whoever starts has also opened: where that was not counted before, it is now. None, and nothing counted,
    where the link is another consultation's or has been revoked.
    """
    started = stage is Stage.STARTED
    values = {
        "of": consultation_id,
        "code": code,
        "opened_more": 0 if started and opened_before else 1,
        "started_more": 1 if started else 0,
    }
    link_id: int | None = _COUNT_STAGE.run(session.connection(), values)
    return link_id


def count_submission(session: Session, link_id: int, before: Met = NOTHING_YET) -> None:
    """Count one more response that came by the link, in one statement that any number can run at once.

    It counts however the link is by now: revoked, or its group gone, the form was begun by it.
    """
    _COUNT_ONE.run(session.connection(), _submissions(link_id, 1, before))


def count_submissions(session: Session, by_link: Mapping[int, int]) -> None:
    """Count the responses that came by each link, of people who were not counted before."""
    if by_link:
        # In one order, so that two who count many links at once never wait for each other.
        counts = [_submissions(link_id, more, NOTHING_YET) for link_id, more in sorted(by_link.items())]
        session.connection().execute(_COUNT, counts)


def count_opens(
    session: Session, by_link: Mapping[int, int], started: Mapping[int, int] | None = None
) -> None:
    """Count more people who opened each link, and how many of them `started`; none of them sent."""
    if by_link:
        begun = started or {}
        counts = [
            {
                "link_id": link_id,
                "opened_more": more,
                "started_more": begun.get(link_id, 0),
                "submitted_more": 0,
            }
            for link_id, more in sorted(by_link.items())
        ]
        session.connection().execute(_COUNT, counts)


def _submissions(link_id: int, more: int, before: Met) -> dict[str, int]:
    return {
        "link_id": link_id,
        "opened_more": 0 if before.opened else more,
        "started_more": 0 if before.started else more,
        "submitted_more": more,
    }


_TABLE = Link.__table__

# Built once: it runs inside the shortest and most frequent transaction of the platform.
_COUNT = (
    update(Link)
    .where(Link.id == bindparam("link_id", type_=_TABLE.c.id.type))
    .values(
        opened=Link.opened + bindparam("opened_more", type_=_TABLE.c.opened.type),
        started=Link.started + bindparam("started_more", type_=_TABLE.c.started.type),
        submitted=Link.submitted + bindparam("submitted_more", type_=_TABLE.c.submitted.type),
    )
)


def _stage_counted(dialect: str) -> Update:
    return (
        update(Link)
        .where(
            Link.code == bindparam("code", type_=_TABLE.c.code.type),
            Link.consultation_id == bindparam("of", type_=_TABLE.c.consultation_id.type),
            Link.revoked_at.is_(None),
        )
        .values(
            opened=Link.opened + bindparam("opened_more", type_=_TABLE.c.opened.type),
            started=Link.started + bindparam("started_more", type_=_TABLE.c.started.type),
        )
        .returning(Link.id)
    )


_COUNT_ONE = Prepared(lambda dialect: _COUNT)
_COUNT_STAGE = Prepared(_stage_counted)
