"""Paper and telephone, as officers see them: batches, printing, typing form by form, settling differences."""

from __future__ import annotations

from engage.responses.paper.officer import batches, differences, prints, typing
from engage.responses.paper.officer.blueprint import pages

__all__ = ["batches", "differences", "pages", "prints", "typing"]
