"""The forms of accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from engage.foundations.language import lazy
from engage.people.rules import ROLES, Role

Choices = Sequence[tuple[int, str, str | None]]


def _name_field() -> StringField:
    return StringField(
        lazy("Name"),
        description=lazy("As it stands in messages and in the audit log."),
        validators=[InputRequired(lazy("Enter the person’s name")), Length(max=120)],
        render_kw={"autocomplete": "off"},
    )


def _email_field() -> EmailField:
    return EmailField(
        lazy("Email address"),
        description=lazy("The invitation goes there, and they sign in with it."),
        validators=[InputRequired(lazy("Enter the person’s email address")), Length(max=320)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


def _group_field(text: Any) -> SelectField:
    return SelectField(text, coerce=int, default=0)


class RoleForm(FlaskForm):
    """What somebody does, and for which group where they are its coordinator."""

    role = RadioField(
        lazy("Role"),
        choices=[SelectChoice(role.value, ROLES[role]) for role in Role],
        validators=[InputRequired(lazy("Choose a role"))],
    )
    group = _group_field(lazy("Group, for a coordinator"))

    def __init__(self, groups: Choices, **options: Any) -> None:
        super().__init__(**options)
        self.group.choices = [SelectChoice(0, lazy("None")), *_choices(groups)]

    def group_id(self) -> int | None:
        """Return the group that was chosen."""
        return self.group.data or None


class InviteForm(RoleForm):
    """Somebody to invite."""

    name = _name_field()
    email = _email_field()


class SuccessorForm(FlaskForm):
    """Who follows a coordinator."""

    name = _name_field()
    email = _email_field()


class InviteBelowForm(SuccessorForm):
    """A coordinator for one of the groups below a coordinator's own."""

    group = _group_field(lazy("Group"))

    def __init__(self, groups: Choices, **options: Any) -> None:
        super().__init__(**options)
        self.group.choices = list(_choices(groups))


def _choices(groups: Choices) -> Iterable[SelectChoice]:
    return (SelectChoice(id, f"{name}, {area}" if area else name) for id, name, area in groups)
