"""The forms of links."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from engage.distribution.rules import HIGHEST_TARGET, LinkKind
from engage.distribution.service import LONGEST_LABEL, Wish
from engage.foundations.language import lazy

TOO_LONG = lazy("A name has at most %(most)s characters.", most=LONGEST_LABEL)


def _label() -> StringField:
    return StringField(
        lazy("Name"),
        [
            DataRequired(lazy("Give it a name, so that you recognise it.")),
            Length(max=LONGEST_LABEL, message=TOO_LONG),
        ],
        description=lazy("For example: Summer fair, or Library notice board. Others do not see it."),
    )


def _target() -> IntegerField:
    return IntegerField(
        lazy("Target (optional)"),
        [
            Optional(),
            NumberRange(
                1,
                HIGHEST_TARGET,
                lazy("A target is a whole number from 1 to %(most)s.", most=f"{HIGHEST_TARGET:,}"),
            ),
        ],
        description=lazy("How many responses you hope for."),
    )


class LinkForm(FlaskForm):
    """A new link for an event or a poster."""

    kind = RadioField(
        lazy("What is it for?"),
        [DataRequired(lazy("Say whether it is for an event or a poster."))],
        choices=[
            SelectChoice(LinkKind.EVENT.value, lazy("An event")),
            SelectChoice(LinkKind.POSTER.value, lazy("A poster, or another place where it is seen")),
        ],
        validate_choice=True,
    )
    label = _label()
    target = _target()
    word = StringField(
        lazy("First word of the address (optional)"),
        [Length(max=60, message=lazy("Use at most 60 characters."))],
        description=lazy("Letters only, easy to say, such as summer-fair. Otherwise the borough’s name."),
    )

    def wish(self) -> Wish:
        """Return what was asked for."""
        return Wish(
            kind=LinkKind(self.kind.data),
            label=self.label.data or "",
            target=self.target.data,
            word=self.word.data or "",
        )


class NamedLinkForm(FlaskForm):
    """Another name or target for the link of an event or a poster."""

    label = _label()
    target = _target()

    @property
    def name(self) -> str:
        """The name that was typed."""
        return self.label.data or ""


class TargetForm(FlaskForm):
    """Another target for the link of a group or the authority, which has no name of its own."""

    name = ""
    target = _target()


def change_form(kind: LinkKind, label: str, target: int | None) -> NamedLinkForm | TargetForm:
    """Return the form that changes a link of this kind, with what it says now."""
    if kind in (LinkKind.EVENT, LinkKind.POSTER):
        return NamedLinkForm(data={"label": label, "target": target})
    return TargetForm(data={"target": target})
