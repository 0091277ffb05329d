"""Taking part, page by page: start, the form, check your answers, the receipt and what may follow it."""

from __future__ import annotations

from engage.responses.public import about_you, age, changing, form, receipt, saving, start, steps, tablet
from engage.responses.public.blueprint import pages

__all__ = ["about_you", "age", "changing", "form", "pages", "receipt", "saving", "start", "steps", "tablet"]
