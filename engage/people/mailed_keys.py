"""A key that came by mail, in the browser of who opened it: moved out of the address at once."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db, reading, transaction
from engage.foundations.refusals import Refused
from engage.people import keys, trying
from engage.people.rules import KeyPurpose


def take_key(purpose: KeyPurpose, onward: str) -> ResponseReturnValue:
    """Move the key of the address into the browser's session, as what it hashes to, and lead on.

    Nothing is done by it yet: programs that look at mail open links too.
    """
    session[_place(purpose)] = keys.hash_of(request.args.get("key", "")).hex()
    return redirect(url_for(onward), 303)


def held_hash(purpose: KeyPurpose) -> bytes:
    """Return the hash of the key that this browser holds; it may be that of none."""
    return bytes.fromhex(session.get(_place(purpose), ""))


def is_good(purpose: KeyPurpose) -> bool:
    """Tell whether the browser holds a key that is good.

    One that is not counts as a try; raises `Refused` where there have been too many from this address.
    """
    now, token_hash = clock.now(), held_hash(purpose)
    with reading():
        found = keys.find_key(db.session, token_hash=token_hash, purpose=purpose, now=now) is not None
        db.session.rollback()
    if not found:
        address = request.remote_addr or ""
        with transaction(db.session):
            trying.count_key(db.session, purpose=trying.KEYS, address=address, now=now, field="password")
    return found


def no_longer(purpose: KeyPurpose, refusal: Refused | None = None) -> ResponseReturnValue:
    """Return the page for a key that is not good any more."""
    joining = purpose is KeyPurpose.JOIN
    page = render_template("people/public/no_longer.html", joining=joining, refusal=refusal)
    return page, 404


def forget_key(purpose: KeyPurpose) -> None:
    """Let the browser forget its key."""
    session.pop(_place(purpose), None)


def _place(purpose: KeyPurpose) -> str:
    return f"key_to_{purpose.value}"
