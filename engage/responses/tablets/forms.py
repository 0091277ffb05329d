"""The forms by which a device is started at an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from engage.foundations.language import Text, _, lazy


class TabletForm(FlaskForm):
    """Which form is answered on the device."""

    instrument = RadioField(
        lazy("Which form do people answer?"), [InputRequired(lazy("Choose the form that people answer."))]
    )

    def __init__(self, instruments: Iterable[tuple[str, Text]]) -> None:
        super().__init__()
        self.instrument.choices = [SelectChoice(code, name) for code, name in instruments]


class OfficersTabletForm(TabletForm):
    """Which form is answered, and for which group the responses are counted."""

    link = SelectField(lazy("By whose link?"), description=lazy("The responses are counted for that group."))

    def __init__(self, instruments: Iterable[tuple[str, Text]], links: Sequence[tuple[str, Text]]) -> None:
        super().__init__(instruments)
        none = SelectChoice("", _("No group’s"))
        self.link.choices = [none, *(SelectChoice(code, group) for code, group in links)]
