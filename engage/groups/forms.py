"""The forms of the register. Days and times are London's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import TextInput

from engage.boroughs.models import Area
from engage.foundations.clock import in_london, london_moment
from engage.foundations.forms import DayField
from engage.foundations.language import lazy
from engage.groups import meetings
from engage.groups.details import BoroughDetails, ContactDetails, GroupDetails, MeetingDetails
from engage.groups.meetings import RHYTHMS, Rhythm
from engage.groups.rules import COMMUNITIES, KINDS, Community, GroupKind

USUAL_TIME = time(19)


class RegisterDayField(DayField):
    """A day that the register can hold."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data and self.data.year not in meetings.YEARS:
            raise ValueError(lazy("Enter the year with four figures."))


class MembersField(Field):
    """A number of people in figures; empty where nobody has said."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = "".join(str(valuelist[0]).split()).replace(",", "") if valuelist else ""
        self.data = None
        if not typed:
            return
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= 12):
            raise ValueError(lazy("Enter a number in figures, or nothing."))
        self.data = int(typed)

    def _value(self) -> str:
        """Return what is shown in the box: what was typed, also where it was no number."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class GroupForm(FlaskForm):
    """A group; a page takes out the fields that are not for whoever is there."""

    name = StringField(lazy("Name"), [DataRequired(lazy("Enter the group’s name."))])
    kind = SelectField(lazy("What kind of group it is"))
    area_code = SelectField(lazy("Borough"), coerce=lambda value: value or None)
    parent = SelectField(
        lazy("Part of"),
        coerce=lambda value: int(value) if value and str(value).isdecimal() else None,
        description=lazy("The group that passes things on to it."),
    )
    about = TextAreaField(
        lazy("About the group"), description=lazy("What it does, in a few sentences. This is published.")
    )
    website = StringField(lazy("Website"), description=lazy("It begins with https:// or http://."))
    members = MembersField(
        lazy("How many people it speaks to"), description=lazy("Its members, or the people on its list.")
    )
    communities = SelectMultipleField(
        lazy("Communities it reaches"),
        choices=[SelectChoice(community.value, COMMUNITIES[community]) for community in Community],
    )

    def __init__(
        self,
        details: GroupDetails | None,
        *,
        kinds: Iterable[GroupKind] = tuple(GroupKind),
        areas: Sequence[Area] = (),
        groups: Sequence[tuple[int, str, str | None]] = (),
    ) -> None:
        super().__init__(data=_shown(details) if details else None)
        self.kind.choices = [SelectChoice(kind.value, KINDS[kind]) for kind in kinds]
        everywhere = SelectChoice("", lazy("London-wide"))
        self.area_code.choices = [everywhere, *(SelectChoice(area.code, area.name) for area in areas)]
        nothing = SelectChoice("", lazy("No other group"))
        self.parent.choices = [
            nothing,
            *(SelectChoice(str(n), f"{name} ({area})" if area else name) for n, name, area in groups),
        ]

    def details(self, before: GroupDetails) -> GroupDetails:
        """Return `before` with what was sent on top of it."""
        read: dict[str, Callable[[Any], Any]] = {
            "name": _text_of,
            "kind": lambda field: GroupKind(field.data),
            "area_code": lambda field: field.data,
            "about": _text_of,
            "website": _text_of,
            "members": lambda field: field.data,
            "communities": lambda field: frozenset(map(Community, field.data or ())),
        }
        said: dict[str, Any] = {name: of(self[name]) for name, of in read.items() if name in self}
        if "parent" in self:
            said["parent_id"] = self.parent.data
        return replace(before, **said)


class ContactForm(FlaskForm):
    """Somebody to write to or to ring."""

    name = StringField(lazy("Name"), [DataRequired(lazy("Enter the contact’s name."))])
    role = StringField(lazy("What they do in the group"), description=lazy("For example: chair, secretary."))
    email = StringField(
        lazy("Email address"), description=lazy("What is sent to the group goes to this address.")
    )
    telephone = StringField(lazy("Telephone number"))

    def details(self) -> ContactDetails:
        """Return what was sent."""
        return ContactDetails(
            name=self.name.data or "",
            role=self.role.data or "",
            email=self.email.data or "",
            telephone=self.telephone.data or "",
        )


def _clock() -> TimeField:
    return TimeField(
        lazy("Begins at"), [InputRequired(lazy("Enter the time, like 19:00."))], default=USUAL_TIME
    )


class MeetingsForm(FlaskForm):
    """Meetings, several at once."""

    days = TextAreaField(
        lazy("Days"),
        description=lazy("One on a line, like 6 October 2026 or 6/10/2026."),
    )
    rhythm = RadioField(
        lazy("How often"),
        choices=[SelectChoice(rhythm.value, text) for rhythm, text in RHYTHMS.items()],
        default=Rhythm.ONCE.value,
        description=lazy("Again on the same weekday of the month: the second Tuesday, for example."),
    )
    at = _clock()
    place = StringField(lazy("Place"))
    open_to_public = BooleanField(
        lazy("Open to the public"), description=lazy("The borough’s page tells everybody about it.")
    )
    note = TextAreaField(lazy("Note"), description=lazy("What it is about, or how to get in."))

    def meetings(self) -> list[MeetingDetails]:
        """Return the meetings that were asked for; raises `Refused` where a day is none."""
        days = meetings.days_in(self.days.data or "")
        return [
            MeetingDetails(
                starts_at=moment,
                place=self.place.data or "",
                open_to_public=bool(self.open_to_public.data),
                note=self.note.data or "",
            )
            for moment in meetings.moments(days, Rhythm(self.rhythm.data), self.at.data or USUAL_TIME)
        ]


class MeetingForm(FlaskForm):
    """One meeting, to change."""

    day = RegisterDayField(lazy("Day"), "", InputRequired(lazy("Enter the day of the meeting.")))
    at = _clock()
    place = StringField(lazy("Place"))
    open_to_public = BooleanField(
        lazy("Open to the public"), description=lazy("The borough’s page tells everybody about it.")
    )
    note = TextAreaField(lazy("Note"), description=lazy("What it is about, or how to get in."))

    @classmethod
    def shown(cls, details: MeetingDetails) -> MeetingForm:
        """Return the form as a meeting is now."""
        local = in_london(details.starts_at)
        return cls(
            data={
                "day": local.date(),
                "at": local.time(),
                "place": details.place,
                "open_to_public": details.open_to_public,
                "note": details.note,
            }
        )

    def details(self) -> MeetingDetails:
        """Return what was sent."""
        day: date = self.day.data  # type: ignore[assignment]
        return MeetingDetails(
            starts_at=london_moment(day, self.at.data or USUAL_TIME),
            place=self.place.data or "",
            open_to_public=bool(self.open_to_public.data),
            note=self.note.data or "",
        )


class VacancyForm(FlaskForm):
    """Since when nobody runs a group, and who covers."""

    since = RegisterDayField(
        lazy("Vacant since"), "", InputRequired(lazy("Enter the day since when nobody runs the group."))
    )
    covered_by = StringField(
        lazy("Who covers for the time being"),
        [DataRequired(lazy("Say who covers for the group: people will be sent to them."))],
        description=lazy("A name or an office, and how to reach them. This is published."),
    )


class BoroughForm(FlaskForm):
    """What a borough's page says besides its groups; all of it is published."""

    link_member = StringField(
        lazy("Link member"), description=lazy("The authority’s member for the borough.")
    )
    link_member_contact = StringField(
        lazy("How to reach the link member"), description=lazy("An email address, a telephone or an office.")
    )
    custody_visitors = TextAreaField(
        lazy("Custody visitors"),
        description=lazy("Who visits people held at police stations here, and how to join."),
    )
    partnership = TextAreaField(
        lazy("Partnership meetings"),
        description=lazy("Who works together on crime here, and when they meet."),
    )

    def details(self) -> BoroughDetails:
        """Return what was sent."""
        return BoroughDetails(
            link_member=self.link_member.data or "",
            link_member_contact=self.link_member_contact.data or "",
            custody_visitors=self.custody_visitors.data or "",
            partnership=self.partnership.data or "",
        )


class FileForm(FlaskForm):
    """A file of groups."""

    file = FileField(
        lazy("File"),
        [FileRequired(lazy("Choose a file."))],
        description=lazy(
            "A CSV or an Excel workbook (.xlsx), no more than 1 MB. A longer list fits as a workbook."
        ),
    )


class ImportForm(FlaskForm):
    """The import itself; `seen` names what the person was shown."""

    seen = HiddenField()


def _text_of(field: Any) -> str:
    return field.data or ""


def _shown(details: GroupDetails) -> dict[str, Any]:
    return {
        "name": details.name,
        "kind": details.kind.value,
        "area_code": details.area_code,
        "parent": details.parent_id,
        "about": details.about,
        "website": details.website,
        "members": details.members,
        "communities": [community.value for community in details.communities],
    }
