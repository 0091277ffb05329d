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


def no_longer(purpose: KeyPurpose) -> ResponseReturnValue | None:
    """Return the page for a key that is not good any more, None where the browser holds one that is.

    One that is not counts as a try; where there have been too many from this address the page says so.
    """
    now, token_hash = clock.now(), held_hash(purpose)
    with reading():
        found = keys.find_key(db.session, token_hash=token_hash, purpose=purpose, now=now)
        db.session.rollback()
    if found is not None:
        return None
    address = request.remote_addr or ""
    refusal: Refused | None = None
    try:
        with transaction(db.session):
            trying.count_key(db.session, purpose=trying.KEYS, address=address, now=now, field="password")
    except Refused as too_many:
        refusal = too_many
    joining = purpose is KeyPurpose.JOIN
    return render_template("people/public/no_longer.html", joining=joining, refusal=refusal), 404


def _place(purpose: KeyPurpose) -> str:
    return f"key_to_{purpose.value}"
