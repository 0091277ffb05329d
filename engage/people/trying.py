"""How often somebody may try: a password, a code, a key that was mailed. See `foundations.tries`.

Every try is written down before it is looked at and is to be committed by itself, so that one that fails is
not forgotten with its transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engage.foundations import tries
from engage.people import rules

KEYS = "account key"
RESETS = "forgotten password"
RECOVERY = "recovery code"


def count_try(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Count a try to sign in; refuses where there were too many for the name or from the address."""
    for purpose, caller, most in _of_name(email, address):
        tries.count_try(session, purpose=purpose, caller=caller, now=now, most=most, field="email")


def forget_tries(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Forget the tries for this name from this address: the password was right."""
    (one_name, caller, _), (any_name, whole_address, _) = _of_name(email, address)
    tries.forget_tries(session, purpose=one_name, caller=caller, now=now)
    # The last try was right; those for other names still count.
    tries.forget_try(session, purpose=any_name, caller=whole_address, now=now)


def count_code(session: Session, *, person_id: int, address: str, now: datetime) -> None:
    """Count a code of an app that somebody typed; refuses where there were too many."""
    for purpose, caller, most in _of_code(person_id, address):
        tries.count_try(session, purpose=purpose, caller=caller, now=now, most=most, field="code")


def forget_codes(session: Session, *, person_id: int, address: str, now: datetime) -> None:
    """Forget the codes typed for somebody from this address: the last was right. Others still count."""
    (here, caller, _), (anywhere, person, _) = _of_code(person_id, address)
    tries.forget_tries(session, purpose=here, caller=caller, now=now)
    tries.forget_try(session, purpose=anywhere, caller=person, now=now)


def count_own(session: Session, *, person_id: int, address: str, now: datetime, field: str) -> None:
    """Count a password or code that somebody signed in gives again; refuses where there were too many."""
    tries.count_try(session, purpose="own account", caller=f"{address}\0{person_id}", now=now, field=field)


def count_invitation(session: Session, *, person_id: int, now: datetime) -> None:
    """Count a message that a coordinator has sent to an address of their choice; refuses too many."""
    tries.count_try(session, purpose="invitation", caller=f"\0{person_id}", now=now, field="email")


def count_key(session: Session, *, purpose: str, address: str, now: datetime, field: str) -> None:
    """Count the use of a secret too long to guess, or an asking for one, from an address."""
    tries.count_try(session, purpose=purpose, caller=address, now=now, field=field)


def _of_name(email: str, address: str) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    """Return what a try to sign in counts against: purpose, caller and how many there may be."""
    typed = email.strip().lower()
    return (
        ("sign-in, one name", f"{address}\0{typed}", rules.TRIES_FOR_ONE_NAME),
        ("sign-in, any name", address, rules.TRIES_FROM_ONE_ADDRESS),
    )


def _of_code(person_id: int, address: str) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    return (
        ("code, one person here", f"{address}\0{person_id}", rules.TRIES_FOR_ONE_NAME),
        ("code, one person", f"\0{person_id}", rules.CODES_FOR_ONE_PERSON),
    )
