"""What forms of every package are made with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField

from engage.foundations.language import Text, lazy
from engage.foundations.site import DAY_MONTH_YEAR


class ButtonForm(FlaskForm):
    """A button and nothing else."""


class DayField(DateField):
    """A day in three boxes. All empty is no day; anything else must be a real one."""

    def __init__(self, label: Text, hint: Text = "", *validators: Any, **options: Any) -> None:
        super().__init__(label, [*validators], format=DAY_MONTH_YEAR, description=hint, **options)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = [str(part).strip() for part in valuelist]
        if not typed:
            return
        self.data = None
        if not any(typed):
            return
        try:
            number_of_day, month, year = map(int, typed)
            self.data = date(year, month, number_of_day)
        except ValueError:
            raise ValueError(lazy("Enter a real day with its month and year, such as 3 10 2027.")) from None


def tidy(text: str | None) -> str:
    """Return typed text without blanks around it, its lines parted as we keep them; a field's filter."""
    return (text or "").replace("\r\n", "\n").strip()
