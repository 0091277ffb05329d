"""The form of an entry. Days and times are London's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from engage.boroughs.models import Area
from engage.foundations.clock import in_london, london_moment
from engage.foundations.forms import DayField, tidy
from engage.foundations.language import Text, lazy
from engage.groups.rules import COMMUNITIES, Community
from engage.timetable import rules
from engage.timetable.asking import ASKS, Asks
from engage.timetable.details import EntryDetails, problems
from engage.timetable.duties.rules import DutyName
from engage.timetable.labels import LEVELS, METHODS, REPEATS, TOPICS
from engage.timetable.marks import UNMARKED, Marks
from engage.timetable.queries import DETAILS
from engage.timetable.rules import Level, Method, Repeats, Topic

OPENING_TIME = time(9)
HERE, ELSEWHERE = "here", "elsewhere"


def _line(label: Text, hint: Text = "", *validators: Any) -> StringField:
    return StringField(label, [*validators], filters=[tidy], description=hint)


def _text(label: Text, hint: Text = "") -> TextAreaField:
    return TextAreaField(label, filters=[tidy], description=hint)


class TicksField(SelectMultipleField):
    """Any number of choices to tick.

    The page sends an empty value with them, so that nothing ticked can be told from a question not asked.
    """

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            super().process_formdata([value for value in valuelist if value])


class YearField(IntegerField):
    """A year in figures."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None if valuelist else self.data
        typed = "".join(map(str, valuelist)).strip()
        if not typed:
            return
        if not typed.isdecimal():
            raise ValueError(lazy("Enter a year with four figures, such as 2027."))
        self.data = int(typed)


def _choices(labels: Mapping[Any, Text]) -> list[SelectChoice]:
    return [SelectChoice(str(code), text) for code, text in labels.items()]


class EntryForm(FlaskForm):
    """Everything an officer says of an entry; fields are called as in `EntryDetails`.

    A field that is not sent keeps what the form was made with: a page may leave out what cannot change.
    `closes_at` asks the last day on which people can answer.
    """

    title = _line(lazy("Title"), "", DataRequired(lazy("Enter a title.")))
    organisation = _line(
        lazy("Who asks"),
        lazy("The authority, the police service or a partnership."),
        DataRequired(lazy("Enter the organisation that asks.")),
    )
    run_here = RadioField(
        lazy("Where people take part"),
        [DataRequired(lazy("Choose where people take part."))],
        choices=[
            SelectChoice(HERE, lazy("On this site")),
            SelectChoice(ELSEWHERE, lazy("Somewhere else")),
        ],
    )
    area_code = SelectField(lazy("Which part of London is asked"))
    level = RadioField(
        lazy("What kind it is"),
        [DataRequired(lazy("Choose what kind it is."))],
        choices=[SelectChoice(level.value, text.name) for level, text in LEVELS.items()],
    )
    duty = RadioField(
        lazy("The legal duty it serves"),
        [DataRequired(lazy("Choose the duty, or that there is none."))],
    )
    purpose = _text(lazy("What it is for"))
    can_change = _text(lazy("What can change"), lazy("What people’s answers can still make a difference to."))
    cannot_change = _text(lazy("What cannot change"), lazy("What is settled already, and why."))
    audience = _text(lazy("Who is asked"))
    methods = _text(lazy("How people are asked"), lazy("For example: online, paper forms, meetings."))
    how_to_take_part = _text(
        lazy("How to take part"), lazy("Also for somebody who does not use the internet.")
    )
    web_address = _line(
        lazy("Web address, if people take part somewhere else"),
        lazy("Where they can answer, such as https://www.example.org/survey."),
    )
    topics = TicksField(lazy("Topics"), choices=_choices(TOPICS))
    ways = TicksField(lazy("Ways of asking"), choices=_choices(METHODS))
    audiences = TicksField(lazy("People it wants to hear from most"), choices=_choices(COMMUNITIES))
    asks = RadioField(
        lazy("Groups asked to pass it on"),
        description=lazy("Each is given notice, and its three months are counted."),
        choices=_choices(ASKS),
    )
    repeats = SelectField(
        lazy("How often it is asked"),
        default=Repeats.NEVER.value,
        choices=_choices(REPEATS),
        description=lazy("When the next one is due, you are reminded to draft it."),
    )
    consultation_year = YearField(
        lazy("Year of the consultation"), [DataRequired(lazy("Enter a year with four figures."))]
    )
    plan_year = YearField(
        lazy("First year of the plan it feeds"), description=lazy("Empty where it feeds none.")
    )
    notice_given_on = DayField(
        lazy("Day on which groups are told"), lazy("At least three months before it opens.")
    )
    urgent_reason = _text(
        lazy("If that is less than three months before: why it is urgent"), lazy("This is published.")
    )
    urgent_authorised_by = _line(lazy("Role of the person who allowed it"), lazy("This is published too."))
    opens_at = DayField(lazy("Opens on"), "", DataRequired(lazy("Enter the day on which it opens.")))
    opens_time = TimeField(
        lazy("Opens at"),
        [DataRequired(lazy("Enter a time such as 09:00."))],
        description=lazy("London time, such as 09:00."),
    )
    closes_at = DayField(
        lazy("Last day to answer"),
        lazy("People can answer until the end of this day."),
        DataRequired(lazy("Enter the last day to answer.")),
    )
    decision_maker = _line(lazy("Who decides"))
    decision_due_on = DayField(lazy("Day of the decision"), lazy("After the last day to answer."))
    feedback_due_on = DayField(
        lazy("Feedback due by"), lazy("Within 12 weeks of the last day to answer. The public sees this day.")
    )
    feedback_late_reason = _text(lazy("If that is more than 12 weeks after: why"), lazy("This is published."))

    def __init__(
        self,
        areas: Sequence[Area],
        was: EntryDetails | None = None,
        *,
        duties: Mapping[str, DutyName],
        marks: Marks = UNMARKED,
        asks: Asks = Asks.CPEGS,
        **options: Any,
    ) -> None:
        said = values_of(was) if was is not None else options.get("data", {})
        options["data"] = {**said, **_ticked(marks), "asks": asks.value}
        super().__init__(**options)
        self.was = was
        self.area_code.choices = [
            SelectChoice("", lazy("All of London")),
            *(SelectChoice(area.code, area.name) for area in areas),
        ]
        self.duty.choices = [SelectChoice(code, duty.name) for code, duty in duties.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and then what they say together."""
        if not super().validate(extra_validators):
            return False
        for problem in problems(self.details()):
            self[problem.field].errors = [*self[problem.field].errors, problem.sentence]
        return not self.errors

    def details(self) -> EntryDetails:
        """Return what the form says; all its fields must be valid on their own."""
        said = {name: self.data[name] for name in DETAILS}
        return EntryDetails(
            **said
            | {
                "run_here": self.run_here.data == HERE,
                "area_code": self.area_code.data or None,
                "level": Level(self.level.data),
                "duty": self.duty.data,
                "repeats": Repeats(self.repeats.data),
                "opens_at": self._opening(),
                "closes_at": self._closing(),
            }
        )

    def marks(self) -> Marks:
        """Return the topics, methods and audiences that are ticked."""
        return Marks(
            topics=tuple(map(Topic, self.topics.data or ())),
            methods=tuple(map(Method, self.ways.data or ())),
            audiences=tuple(map(Community, self.audiences.data or ())),
        )

    def chosen(self) -> Asks:
        """Return how the groups are chosen."""
        return Asks(self.asks.data)

    def _opening(self) -> datetime:
        """Return the opening; what an entry said to the second stays so where nobody changed day or time."""
        day, at = self.opens_at.data, self.opens_time.data
        assert day is not None
        assert at is not None
        if self.was is not None:
            before = in_london(self.was.opens_at)
            if (before.date(), before.hour, before.minute) == (day, at.hour, at.minute):
                return self.was.opens_at
        return london_moment(day, at)

    def _closing(self) -> datetime:
        """Return the midnight after the last day; a closing at another hour stays where its day does."""
        day = self.closes_at.data
        assert day is not None
        if self.was is not None and rules.last_day(self.was.closes_at) == day:
            return self.was.closes_at
        return rules.closing_after(day)


def values_of(details: EntryDetails) -> Mapping[str, Any]:
    """Return what the form asks, answered by `details`."""
    opening = in_london(details.opens_at)
    return {name: getattr(details, name) for name in DETAILS} | {
        "run_here": HERE if details.run_here else ELSEWHERE,
        "area_code": details.area_code or "",
        "repeats": details.repeats.value,
        "opens_at": opening.date(),
        "opens_time": opening.time(),
        "closes_at": rules.last_day(details.closes_at),
    }


def _ticked(marks: Marks) -> Mapping[str, list[str]]:
    return {
        "topics": [topic.value for topic in marks.topics],
        "ways": [method.value for method in marks.methods],
        "audiences": [community.value for community in marks.audiences],
    }


def starting_values(authority: str, today: date) -> Mapping[str, Any]:
    """Return what a new entry's form says before anybody has typed."""
    return {
        "organisation": authority,
        "run_here": HERE,
        "consultation_year": today.year,
        "notice_given_on": today,
        "opens_time": OPENING_TIME,
    }
