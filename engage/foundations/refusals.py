"""A refusal: one clear sentence for the person who asked, beside the field it belongs to."""

from __future__ import annotations

from engage.foundations.language import Text


class Refused(Exception):
    """The request cannot be carried out, for a reason the person can act on.

    `message` is a sentence for them; `field` names the form field it belongs to, None for the form as a
    whole. Everything else that goes wrong is a bug and a 500.
    """

    def __init__(self, message: Text, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
