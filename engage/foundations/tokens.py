"""Secrets people hold: codes that are shown once and kept only as a hash, and signed values."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from flask import current_app
from itsdangerous import BadSignature

from engage.foundations.signing import OPTIONS, ShortValues, key_for

# No 0/O, 1/I/L, U/V or vowels: easily read aloud or copied from a screen, and spells no words.
ALPHABET = "23456789BCDFGHJKMNPQRSTWXYZ"


def new_code(length: int) -> str:
    """Return a random code of `length` characters (4.75 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def code_from(secret: bytes, length: int) -> str:
    """Return the code of `length` characters (at most 24) that `secret` leads to, always the same.

    The bias of reducing 256 bits modulo 27**24 is under 2**-140.
    """
    value = int.from_bytes(secret, "big")
    characters = []
    for _ in range(length):
        value, place = divmod(value, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def tidy_code(typed: str) -> str:
    """Return what a person typed as the code they were given: case, blanks and hyphens do not matter."""
    return "".join(character for character in typed.upper() if character.isalnum())


def keyed_hash(value: str, purpose: str) -> bytes:
    """Return 32 bytes that only this installation can compute from `value`, different for each `purpose`."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(key, f"{purpose}\0{value}".encode(), hashlib.sha256)


def sign(value: Any, purpose: str) -> str:
    """Return `value` (anything JSON holds) as a short signed text that `unsign` accepts for this purpose."""
    return str(_signer(purpose).dumps(value))


def unsign(token: str, purpose: str) -> Any:
    """Return the signed value, or None where the token is not ours."""
    try:
        return _signer(purpose).loads(token)
    except BadSignature:
        return None


def _signer(purpose: str) -> ShortValues:
    signers = current_app.extensions.setdefault("engage_signers", {})
    if purpose not in signers:
        key = key_for(current_app.config["SECRET_KEY"], purpose)
        signers[purpose] = ShortValues(key, signer_kwargs=OPTIONS)
    signer: ShortValues = signers[purpose]
    return signer
