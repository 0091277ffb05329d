"""What would make a questionnaire easier to answer; advice, never a bar."""

from __future__ import annotations

from dataclasses import dataclass

from engage.foundations.language import Text


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence on what is hard, another on what to do, and the codes of the page and question.

    Both codes are None where it is about the whole. `code` says what it is, for what tells advice apart.
    """

    code: str
    page: str | None
    question: str | None
    sentence: Text
    fix: Text
