"""The forms of an issue. Days are London's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from engage.feedback.models import Newsletter
from engage.foundations.clock import in_london, london_moment
from engage.foundations.forms import DayField
from engage.foundations.language import lazy

A_DAY = timedelta(days=1)
_NO_DAY = lazy("Write a day, like 27 3 2027.")


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class IssueForm(FlaskForm):
    """What officers write of an issue; the rest composes itself."""

    title = StringField(
        lazy("Title"),
        description=lazy("It is the subject of the email, too."),
        validators=[InputRequired(lazy("Write a title."))],
        filters=[_tidy],
    )
    foreword = TextAreaField(
        lazy("Foreword (optional)"),
        description=lazy("A few sentences. Everything below it is put together from the timetable."),
        filters=[_tidy],
    )
    since = DayField(lazy("First day"), "", InputRequired(_NO_DAY))
    until = DayField(lazy("Last day"), lazy("Today, or a day before."), InputRequired(_NO_DAY))

    def moments(self, last: datetime | None, now: datetime) -> tuple[datetime, datetime]:
        """Return from when to when the issue tells: of the whole first and last day, up to now.

        Where it begins on the day the `last` issue ended, it goes on from that moment.
        """
        first, final = self.since.data or date.min, self.until.data or date.min
        since = last if last is not None and in_london(last).date() == first else london_moment(first)
        whole = london_moment(final + A_DAY)
        return since, (min(whole, now) if final == in_london(now).date() else whole)


def starting_values(last: Newsletter | None, now: datetime) -> dict[str, date]:
    """Return the time a new issue may tell of: since the last one, or for a month."""
    since = last.until if last is not None else now - timedelta(days=30)
    return {"since": in_london(since).date(), "until": in_london(now).date()}


def written_values(issue: Newsletter) -> dict[str, object]:
    """Return what an issue's form shows."""
    final = in_london(issue.until - timedelta(microseconds=1)).date()
    return {
        "title": issue.title,
        "foreword": issue.foreword,
        "since": in_london(issue.since).date(),
        "until": final,
    }


class PressForm(FlaskForm):
    """A button."""
