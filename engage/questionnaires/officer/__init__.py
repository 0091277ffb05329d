"""The builder: questionnaires as officers write them. Importing a module here adds its pages."""

from __future__ import annotations

from engage.questionnaires.officer import (
    bank,
    checks,
    conditions,
    edit,
    exchange,
    index,
    new,
    pages_,
    preview,
    publishing,
    questions,
    versions,
)
from engage.questionnaires.officer.blueprint import pages

__all__ = [
    "bank",
    "checks",
    "conditions",
    "edit",
    "exchange",
    "index",
    "new",
    "pages",
    "pages_",
    "preview",
    "publishing",
    "questions",
    "versions",
]
