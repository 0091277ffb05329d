"""The builder: questionnaires as officers write them. Importing a module here adds its pages."""

from __future__ import annotations

from engage.questionnaires.officer import index
from engage.questionnaires.officer.blueprint import pages

__all__ = [
    "index",
    "pages",
]
