"""The forms of the builder, but for those of questions and of conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from engage.foundations.language import Text, lazy
from engage.foundations.tables.limits import UNSEEN
from engage.questionnaires.models import PriorityFramework

TITLE, WORDS, NOTICE = 200, 5_000, 20_000
MOST_MINUTES = 120
BLANK = "blank"


def tidy(text: str | None) -> str:
    """Return typed text without blanks around it, its lines parted as we keep them."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").translate(UNSEEN).strip()


def at_most(limit: int) -> Length:
    """Refuse a text of more characters than `limit`."""
    return Length(
        max=limit, message=lazy("Shorten this to %(limit)s characters or fewer.", limit=f"{limit:,}")
    )


def line(label: Text, hint: Text = "", *validators: Any, limit: int = TITLE) -> StringField:
    """Return a field for one line."""
    return StringField(label, [*validators, at_most(limit)], filters=[tidy], description=hint)


def text(label: Text, hint: Text = "", *, limit: int = WORDS) -> TextAreaField:
    """Return a field for several lines."""
    return TextAreaField(label, [at_most(limit)], filters=[tidy], description=hint)


class DraftForm(FlaskForm):
    """A form about a draft; it carries the revision that its page showed."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """The revision that the page showed; 0, which no draft has, for anything else."""
        sent = (self.revision.data or "")[:9]
        return int(sent) if sent.isascii() and sent.isdigit() else 0


class AboutForm(DraftForm):
    """What is said before the first page."""

    name = line(
        lazy("What officers call it"),
        lazy("People who answer do not see this."),
        DataRequired(lazy("Enter a name.")),
    )
    title = line(lazy("Title"), lazy("People see this first."), DataRequired(lazy("Enter a title.")))
    intro = text(lazy("Introduction"), lazy("What it is about and what comes of it, in a few sentences."))
    minutes = line(lazy("How many minutes it takes"), "", DataRequired(lazy("Enter a number of minutes.")))

    def validate_minutes(self, field: StringField) -> None:
        """Refuse what is not a sensible number of minutes."""
        typed = field.data or ""
        if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= MOST_MINUTES):
            most = lazy("Enter a whole number of minutes from 1 to %(most)s.", most=MOST_MINUTES)
            raise ValidationError(most)


class PageForm(DraftForm):
    """The words of a page."""

    title = line(lazy("Title of the page"), "", DataRequired(lazy("Enter a title.")))
    intro = text(lazy("What to say before its questions"), lazy("You can leave this empty."))


class NewPageForm(PageForm):
    """The words of a page to add, and whether it asks anything."""

    use = RadioField(
        lazy("What the page is for"),
        choices=[
            SelectChoice("ask", lazy("To ask questions")),
            SelectChoice("exit", lazy("To end here: an exit page")),
        ],
        default="ask",
    )


class NoticeForm(DraftForm):
    """The privacy notice."""

    privacy_notice = text(
        lazy("Privacy notice"),
        lazy("Who holds the answers, what for, for how long, and what people can ask."),
        limit=NOTICE,
    )


class ArrangeForm(DraftForm):
    """How questions are spread over pages."""

    arrangement = RadioField(
        lazy("How people should see the questions"),
        [DataRequired(lazy("Choose one of the two."))],
        choices=[
            SelectChoice("each", lazy("One question a page")),
            SelectChoice("one", lazy("All on one page")),
        ],
    )


class NewForm(FlaskForm):
    """What a new questionnaire begins from."""

    title = line(lazy("Title"), lazy("People see this first."), DataRequired(lazy("Enter a title.")))
    code = line(
        lazy("Short name"),
        lazy("For addresses, such as noise-at-night. Leave it empty to have it made from the title."),
        Regexp(
            r"\A(?:[a-z0-9]+(?:-[a-z0-9]+)*)?\Z",
            message=lazy("Use lower-case letters, figures and single hyphens, such as noise-at-night."),
        ),
        limit=70,
    )
    begins_from = RadioField(lazy("Begin from"), [DataRequired(lazy("Choose what to begin from."))])
    framework = SelectField(lazy("Priority framework"))

    def __init__(
        self,
        frameworks: Sequence[PriorityFramework],
        starts: Sequence[tuple[str, Text]],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.begins_from.choices = [SelectChoice(value, label) for value, label in starts]
        self.framework.choices = [
            *(SelectChoice(str(framework.id), framework.title) for framework in frameworks),
            SelectChoice("", lazy("None")),
        ]
