"""The forms of an import: the file, how it is written, its columns, its values, and what is agreed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from engage.consultations.models import Instrument
from engage.foundations.language import lazy
from engage.foundations.tables.detecting import DELIMITERS
from engage.foundations.tables.reading import Written
from engage.responses.intake.labels import CHANNELS

# What a page calls the characters that part cells.
CHARACTERS = {"comma": ",", "semicolon": ";", "tab": "\t", "line": "|"}


class FileForm(FlaskForm):
    """A file, the questionnaire it answers, and how the answers came."""

    file = FileField(
        lazy("File"),
        [FileRequired(lazy("Choose a file."))],
        description=lazy(
            "A CSV or an Excel workbook (.xlsx), no more than 1 MB. A longer list fits as a workbook."
        ),
    )
    instrument_id = SelectField(
        lazy("Questionnaire"),
        coerce=int,
        description=lazy("The answers are read as answers to the version that is given out now."),
    )
    channel = RadioField(
        lazy("How the answers came"),
        choices=[SelectChoice(channel.value, name) for channel, name in CHANNELS.items()],
    )

    def __init__(self, instruments: Sequence[Instrument], **options: Any) -> None:
        super().__init__(**options)
        self.instrument_id.choices = [SelectChoice(each.id, each.title) for each in instruments]


class WrittenForm(FlaskForm):
    """How a file is written, where it can be read in more than one way."""

    sheet = SelectField(lazy("Sheet"))
    delimiter = SelectField(
        lazy("What parts the cells"),
        choices=[SelectChoice(code, DELIMITERS[character]) for code, character in CHARACTERS.items()],
    )
    lines = RadioField(
        lazy("Lines of headings"),
        choices=[
            SelectChoice("1", lazy("One")),
            SelectChoice("2", lazy("Two: the question, and below it the part or the answer")),
            SelectChoice("0", lazy("None: the first row is a response")),
        ],
    )

    def __init__(self, written: Written, **options: Any) -> None:
        super().__init__(**options)
        if written.encoding is None:
            self.sheet.choices = [SelectChoice(sheet, sheet) for sheet in written.sheets]
            del self.delimiter
        else:
            del self.sheet

    def chosen(self, written: Written) -> Written:
        """Return how the file is written, as it was chosen."""
        if written.encoding is None:
            return replace(written, sheet=self.sheet.data)
        return replace(written, delimiter=CHARACTERS[self.delimiter.data])

    @classmethod
    def shown(cls, written: Written, lines: int) -> WrittenForm:
        """Return the form as a file is written so far."""
        codes = {character: code for code, character in CHARACTERS.items()}
        known = {"sheet": written.sheet, "delimiter": codes.get(written.delimiter, "comma")}
        return cls(written, data=known | {"lines": str(lines)})


class PressForm(FlaskForm):
    """A form whose fields follow from the file: its columns, or its values."""


class ImportForm(FlaskForm):
    """The import itself, and what must be agreed to where the file needs it."""

    past = BooleanField(lazy("Leave out answers that the answers before them lead past"))
    blank = BooleanField(lazy("Take responses in which a required question is blank"))

    def agreed(self) -> Mapping[str, bool]:
        """Return what was agreed to."""
        return {"past": bool(self.past.data), "blank": bool(self.blank.data)}
