"""The forms of an import: the file, and what to call the draft that is started from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Regexp

from engage.foundations.language import lazy
from engage.questionnaires.exchange.report import SOURCES, Source
from engage.questionnaires.forms import line
from engage.questionnaires.models import PriorityFramework


class ImportForm(FlaskForm):
    """A file to read. Nothing of it is stored."""

    file = FileField(
        lazy("File"),
        [FileRequired(lazy("Choose a file."))],
        description=lazy("No more than 1 MB."),
    )
    source = SelectField(
        lazy("Format"),
        choices=[
            SelectChoice("", lazy("Tell by the file")),
            *(SelectChoice(source.value, label) for source, label in SOURCES.items()),
        ],
    )

    @property
    def chosen(self) -> Source | None:
        """The format chosen; None: the file tells."""
        return Source(self.source.data) if self.source.data else None


class StartForm(FlaskForm):
    """A draft from what was read. `carried` is the report, signed, so that nothing is uploaded twice."""

    carried = HiddenField()
    title = line(
        lazy("What officers call it"),
        lazy("People who answer do not see this."),
        DataRequired(lazy("Enter a name.")),
    )
    code = line(
        lazy("Short name"),
        lazy("For addresses, such as noise-at-night."),
        DataRequired(lazy("Enter a short name.")),
        Regexp(
            r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z",
            message=lazy("Use lower-case letters, figures and single hyphens, such as noise-at-night."),
        ),
        limit=70,
    )
    framework = SelectField(lazy("Priority framework"))

    def __init__(self, frameworks: Sequence[PriorityFramework], **options: Any) -> None:
        super().__init__(**options)
        self.framework.choices = [
            *(SelectChoice(str(framework.id), framework.title) for framework in frameworks),
            SelectChoice("", lazy("None")),
        ]
