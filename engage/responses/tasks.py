"""What the worker does for taking part."""

from __future__ import annotations

from engage.responses.drafts import forget_stale_drafts

PERIODIC = {"responses.forget_stale_drafts": forget_stale_drafts}
