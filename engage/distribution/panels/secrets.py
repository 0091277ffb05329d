"""The secrets that panellists are mailed. None is kept: each follows from a random key and the site's own.

So a reminder brings the very link of the invitation, and whoever reads the database alone has neither.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from uuid import UUID

from engage.foundations.tokens import keyed_hash, sign, unsign

CONSENT, LEAVING = "panel consent", "panel leaving"


def secret_of(invitation_id: UUID) -> str:
    """Return the secret of an invitation, as its link carries it."""
    return urlsafe_b64encode(keyed_hash(invitation_id.hex, "panel invitation")[:24]).decode("ascii")


def hash_of(secret: str) -> bytes:
    """Return what is stored of an invitation's secret."""
    return keyed_hash(secret, "panel invitation hash")


def token_for(panellist_id: UUID, purpose: str) -> str:
    """Return the signed text by which somebody says yes to a panel (`CONSENT`) or leaves it (`LEAVING`)."""
    return sign(panellist_id.hex, purpose)


def panellist_of(token: str, purpose: str) -> UUID | None:
    """Return whom a signed text is for, None where it is not ours."""
    value = unsign(token, purpose)
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
