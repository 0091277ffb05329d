"""Hashing passwords with Argon2id. Each hash takes 64 MiB, so few are made at once and the others wait."""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHES_AT_ONCE = 2

_hasher = PasswordHasher()
_turns = BoundedSemaphore(HASHES_AT_ONCE)


def hash_password(password: str) -> str:
    """Return what is stored for `password`."""
    with _turns:
        return _hasher.hash(_same_however_typed(password))


def matches(password: str, stored: str | None) -> bool:
    """Tell whether `password` is the one that `stored` was made from.

    With nothing stored the answer is no after just as much work, so that the time tells nobody whether an
    account exists.
    """
    decoy = _decoy()
    with _turns:
        try:
            right = _hasher.verify(stored or decoy, _same_however_typed(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None


@cache
def _decoy() -> str:
    return hash_password("nobody has this password")


def _same_however_typed(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
