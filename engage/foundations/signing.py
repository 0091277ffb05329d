"""itsdangerous as it is, with the parts that never change made once: every form and cookie passes here."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from itsdangerous import Signer, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.signer import SigningAlgorithm


class OneCall(SigningAlgorithm):
    """HMAC with SHA-256 in one call, where the usual way makes an object for each signature."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, hashlib.sha256)


# "none": the key handed over is one for a single purpose already.
OPTIONS: dict[str, Any] = {"key_derivation": "none", "algorithm": OneCall()}


def key_for(secret_key: str | bytes, purpose: str) -> bytes:
    """Return the key for one purpose; no other can be told from it."""
    key = secret_key.encode() if isinstance(secret_key, str) else secret_key
    return hmac.digest(key, f"signer\0{purpose}".encode(), hashlib.sha256)


class KeptSigner:
    """Makes the signer of a serializer once, and does not try to compress: our values are short."""

    _kept: Signer | None = None

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        if salt is not None and salt != self.salt:  # type: ignore[attr-defined]
            return super().make_signer(salt)  # type: ignore[misc,no-any-return]
        if self._kept is None:
            self._kept = super().make_signer(salt)  # type: ignore[misc]
        return self._kept

    def dump_payload(self, obj: Any) -> bytes:
        return base64_encode(self.serializer.dumps(obj))  # type: ignore[attr-defined]


class ShortValues(KeptSigner, URLSafeSerializer):
    """Signed values of our own."""


class TimedValues(KeptSigner, URLSafeTimedSerializer):
    """Signed values that say when they were signed, as sessions do."""
