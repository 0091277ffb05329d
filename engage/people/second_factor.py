"""The code of an authenticator app (RFC 6238): its secret, its picture, and which time step a code is for.

The secret is made from a nonce, which the database keeps, and the installation's key, which it does not.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp
import segno

from engage.foundations.tokens import keyed_hash

SECONDS = 30
DIGITS = 6
# A telephone's clock may be this many steps ahead of ours or behind.
DRIFT = 1
# As long as the digest the codes are made with (RFC 4226, 4).
SECRET_BYTES = 20


def new_nonce() -> str:
    """Return what the next secret is to be made from."""
    return secrets.token_urlsafe(24)


def secret_of(nonce: str) -> str:
    """Return the secret of a nonce, as authenticator apps are told it: 32 letters and digits."""
    return b32encode(keyed_hash(nonce, "second factor")[:SECRET_BYTES]).decode("ascii")


def in_fours(secret: str) -> str:
    """Return a secret as a person types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture(secret: str, *, account: str, issuer: str) -> str:
    """Return the QR code that tells an app the secret, as the address of an SVG picture that holds itself."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_data_uri(dark="#000", light="#fff", border=4, omitsize=True))


def step_of(typed: str, secret: str, now: datetime) -> int | None:
    """Return the time step that a typed code belongs to, None where it is none of those near `now`."""
    digits = "".join(character for character in typed if character.isascii() and character.isdigit())
    if len(digits) != DIGITS:
        return None
    here = int(now.timestamp()) // SECONDS
    app = pyotp.TOTP(secret)
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(app.generate_otp(step), digits):
            return step
    return None


def code_at(secret: str, moment: datetime) -> str:
    """Return the code an app shows at a moment."""
    return pyotp.TOTP(secret).generate_otp(int(moment.timestamp()) // SECONDS)
