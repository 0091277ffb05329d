"""The refusal of a file."""

from __future__ import annotations

from engage.foundations.language import Text
from engage.foundations.refusals import Refused


class Broken(Refused):
    """The file as a whole is refused; the message names the row or element where it can."""

    def __init__(self, message: Text) -> None:
        super().__init__(message, "file")
