"""What the worker does for taking part."""

from __future__ import annotations

from engage.responses.drafts import forget_stale_drafts
from engage.responses.mails import forget_sent_codes

PERIODIC = {
    "responses.forget_stale_drafts": forget_stale_drafts,
    "responses.forget_sent_codes": forget_sent_codes,
}
