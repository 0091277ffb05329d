"""The form of an emerging issue. What an entry says too is called as in `EntryDetails`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from wtforms import Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from engage.boroughs.models import Area
from engage.consultations.quick import MOST_QUESTIONS, Asked, How, Issue, problems
from engage.foundations.clock import in_london
from engage.foundations.forms import ButtonForm, DayField
from engage.foundations.language import Text, lazy
from engage.questionnaires.forms import line, text
from engage.questionnaires.kinds.base import Option
from engage.timetable.details import EntryDetails
from engage.timetable.duties.rules import NO_DUTY, DutyName
from engage.timetable.rules import Level, closing_after

YES, NO = "yes", "no"
# What an issue that has just come up is asked under, where the register has it.
LIKELY_DUTY = "community_views"
OPEN_FOR, DECIDED_AFTER, TOLD_AFTER = timedelta(weeks=2), timedelta(weeks=4), timedelta(weeks=6)

HOWS: Mapping[How, Text] = {
    How.LIST: lazy("Choose from a list"),
    How.AGREE: lazy("Agree or disagree with statements"),
    How.WORDS: lazy("In their own words"),
}


# What an entry says under the same name.
SAME = (
    "title",
    "purpose",
    "can_change",
    "cannot_change",
    "audience",
    "how_to_take_part",
    "decision_maker",
    "decision_due_on",
    "feedback_due_on",
    "urgent_reason",
    "urgent_authorised_by",
)


DATES = frozenset({"decision_due_on", "feedback_due_on"})


def _needed(sentence: Text) -> DataRequired:
    return DataRequired(sentence)


def _question(number: int) -> tuple[Field, Field, Field, Field]:
    """Return the fields of one question: its words, how it is answered, what is listed, how many."""
    label = line(lazy("Question %(n)s", n=number), lazy("You can leave this empty.") if number > 1 else "")
    how = RadioField(
        lazy("How people answer question %(n)s", n=number),
        choices=[SelectChoice(how.value, name) for how, name in HOWS.items()],
        default=How.LIST.value,
    )
    options = text(
        lazy("List or statements of question %(n)s", n=number),
        lazy("One on each line. Leave it empty where people answer in their own words."),
    )
    at_most = line(
        lazy("Question %(n)s: how many may be chosen from the list", n=number),
        lazy("A number. It is not needed for anything but a list."),
    )
    return label, how, options, at_most


class QuickForm(ButtonForm):
    """Everything needed to open a consultation at once, with sensible beginnings."""

    title = line(lazy("Title"), lazy("People see this first."), _needed(lazy("Enter a title.")))
    purpose = text(lazy("What it is about"), lazy("What has happened, and why you ask now."))
    can_change = text(lazy("What people’s answers can change"))
    cannot_change = text(lazy("What is settled already"))
    area_code = SelectField(lazy("Which part of London is asked"))
    audience = line(lazy("Who is asked"))
    how_to_take_part = text(lazy("How to take part"), lazy("Also for somebody without the internet."))
    duty = RadioField(lazy("The legal duty it serves"))

    label_1, how_1, options_1, at_most_1 = _question(1)
    label_2, how_2, options_2, at_most_2 = _question(2)
    label_3, how_3, options_3, at_most_3 = _question(3)
    ask_borough = RadioField(
        lazy("Ask for the borough"),
        choices=[SelectChoice(YES, lazy("Yes")), SelectChoice(NO, lazy("No"))],
        description=lazy("Without it there are no results by borough."),
    )

    closes_at = DayField(
        lazy("Last day to answer"),
        lazy("People can answer until the end of this day."),
        _needed(lazy("Enter the last day to answer.")),
    )
    decision_maker = line(lazy("Who decides"))
    decision_due_on = DayField(lazy("Day of the decision"), lazy("After the last day to answer."))
    feedback_due_on = DayField(
        lazy("Feedback due by"), lazy("Within 12 weeks of the last day to answer. The public sees this day.")
    )
    urgent_reason = text(
        lazy("Why it is urgent"),
        lazy("Groups were promised three months’ notice. This reason for less is published."),
    )
    urgent_authorised_by = line(lazy("Role of the person who allowed it"), lazy("This is published too."))

    def __init__(
        self,
        *,
        organisation: str,
        areas: Sequence[Area],
        places: Sequence[Option],
        duties: Mapping[str, DutyName],
        privacy_notice: str,
        now: datetime,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.organisation, self.now = organisation, now
        self.places, self.privacy_notice = tuple(places), privacy_notice
        self.area_code.choices = [
            SelectChoice("", lazy("All of London")),
            *(SelectChoice(area.code, area.name) for area in areas),
        ]
        self.duties = duties
        self.duty.choices = [SelectChoice(code, duty.name) for code, duty in duties.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and then everything that opening demands."""
        super().validate(extra_validators)
        for problem in problems(self.issue(), self.now):
            # A missing last day has a stand-in; nothing is said of what follows from that.
            follows = self.closes_at.data is None and problem.field in DATES
            if not follows and not self[problem.field].errors:
                self[problem.field].errors = [problem.sentence]
        return not self.errors

    def issue(self) -> Issue:
        """Return what the form says; a missing last day is two weeks away."""
        return Issue(
            details=self._details(),
            questions=tuple(self._questions()),
            places=self.places if self.ask_borough.data == YES else (),
            privacy_notice=self.privacy_notice,
        )

    def question_fields(self, number: int) -> tuple[Field, Field, Field, Field]:
        """Return the fields of one question, for the page."""
        label, how, options, at_most = (
            self[f"{name}_{number}"] for name in ("label", "how", "options", "at_most")
        )
        return label, how, options, at_most

    def _details(self) -> EntryDetails:
        same = {name: self[name].data for name in SAME}
        today = in_london(self.now).date()
        return EntryDetails(
            **same,
            organisation=self.organisation,
            level=Level.CONSULTATION,
            duty=self.duty.data if self.duty.data in self.duties else NO_DUTY,
            area_code=self.area_code.data or None,
            methods=str(lazy("A short form on this site.")),
            consultation_year=today.year,
            notice_given_on=today,
            opens_at=self.now,
            closes_at=closing_after(self.closes_at.data or today + OPEN_FOR),
        )

    def _questions(self) -> list[Asked]:
        found = []
        for number in range(1, MOST_QUESTIONS + 1):
            label, how, options, at_most = (field.data or "" for field in self.question_fields(number))
            if label or options or number == 1:
                lines = tuple(" ".join(each.split()) for each in options.split("\n") if each.strip())
                answered = How(how) if how in HOWS else How.WORDS
                asked = Asked(
                    number=number, label=label, how=answered, options=lines, at_most=_whole(at_most)
                )
                found.append(asked)
        return found


def _whole(typed: str) -> int:
    """Return the number typed, 1 where nothing was and 0 for anything else."""
    return int(typed) if typed.isdecimal() and len(typed) < 4 else int(not typed)


def starting_values(today: date) -> dict[str, Any]:
    """Return what the form says before anybody has typed."""
    return {
        "audience": str(lazy("Everybody who lives, works or studies in London.")),
        "how_to_take_part": str(
            lazy("Answer the short form on this site. Ask us if you would like it on paper or by telephone.")
        ),
        "duty": LIKELY_DUTY,
        "ask_borough": YES,
        "closes_at": today + OPEN_FOR,
        "decision_due_on": today + DECIDED_AFTER,
        "feedback_due_on": today + TOLD_AFTER,
        "at_most_1": "1",
    }
