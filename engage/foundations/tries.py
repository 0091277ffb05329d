"""How often somebody may guess: a password, a receipt code, a return code.

A try is kept for some hours under a hash that changes every day, so that it neither says who tried nor leads
from one day to the next; nothing of it is kept with what was tried for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import CheckConstraint, Index, LargeBinary, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engage.foundations.clock import in_london
from engage.foundations.database import Base, Moment
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tokens import keyed_hash

# A library or a school is one address: enough for everybody there who mistypes, too few to guess a code.
MOST = 30
WINDOW = timedelta(minutes=15)
# When the tries themselves are deleted.
KEPT = timedelta(hours=2)


class Try(Base):
    """A guess that has not succeeded, for some hours. It names nobody: `key` is a keyed hash."""

    __tablename__ = "sign_in_try"
    __table_args__ = (
        CheckConstraint("length(key) = 32", name="key_is_a_hash"),
        Index(None, "key", "tried_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    tried_at: Mapped[datetime] = mapped_column(Moment, index=True)


def count_try(
    session: Session, *, purpose: str, caller: str, now: datetime, most: int = MOST, field: str | None = None
) -> None:
    """Write down a guess, before it is looked at; raises `Refused` (beside `field`) after `most` in `WINDOW`.

    `caller` is the address it came from (`request.remote_addr`), alone or with what narrows it; only its hash
    is kept. To be committed by itself (`with transaction(db.session)`), so that a guess that fails is not
    forgotten with its transaction.
    """
    forget_old(session, now)
    key = _key(purpose, caller, now)
    recent = select(func.count()).where(Try.key == key, Try.tried_at > now - WINDOW)
    if (session.scalar(recent) or 0) >= most:
        minutes = int(WINDOW.total_seconds() // 60)
        raise Refused(lazy("Too many tries. Wait %(n)s minutes before you try again.", n=minutes), field)
    session.add(Try(key=key, tried_at=now))
    session.flush()


def forget_try(session: Session, *, purpose: str, caller: str, now: datetime) -> None:
    """Forget the last try: it was right. Those before it still count."""
    last = select(func.max(Try.id)).where(Try.key == _key(purpose, caller, now)).scalar_subquery()
    session.execute(delete(Try).where(Try.id == last))


def forget_tries(session: Session, *, purpose: str, caller: str, now: datetime) -> None:
    """Forget every try of this caller for this purpose."""
    session.execute(delete(Try).where(Try.key == _key(purpose, caller, now)))


def forget_old(session: Session, now: datetime) -> None:
    """Delete the tries that are hours old."""
    session.execute(delete(Try).where(Try.tried_at < now - KEPT))


PERIODIC: dict[str, Callable[[Session, datetime], None]] = {"tries.forget_old": forget_old}


def _key(purpose: str, caller: str, now: datetime) -> bytes:
    address, parting, narrowed = caller.partition("\0")
    day = in_london(now).date().isoformat()
    return keyed_hash(f"{day}\0{_household(address)}{parting}{narrowed}", f"try: {purpose}")


def _household(address: str) -> str:
    """Return the part of an address that one connection cannot change: of IPv6, its first 64 bits."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or (int(found) >> 64))
