"""Taking part, page by page: start, the form, check your answers, the receipt and what may follow it."""

from __future__ import annotations

from engage.responses.public import form, receipt, start
from engage.responses.public.blueprint import pages

__all__ = ["form", "pages", "receipt", "start"]
