"""The forms of subscriptions: an address, boroughs and topics."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from engage.boroughs.models import Area
from engage.foundations.language import lazy
from engage.timetable.labels import TOPICS
from engage.timetable.rules import Topic
from engage.timetable.subscriptions.rules import Wishes

_WRONG = lazy("Write a whole email address, like name@example.org.")
_NOT_THERE = lazy("Choose from the list.")


class WishesForm(FlaskForm):
    """What somebody wants to hear of."""

    areas = SelectMultipleField(
        lazy("Boroughs"),
        description=lazy(
            "Choose none to hear of every borough. What all of London is asked is always included."
        ),
        choices=[],
    )
    topics = SelectMultipleField(
        lazy("Topics"),
        description=lazy("Choose none to hear of every topic."),
        choices=[SelectChoice(topic.value, text) for topic, text in TOPICS.items()],
    )
    newsletter = BooleanField(
        lazy("Send me the newsletter, too"),
        description=lazy(
            "It comes from time to time and sums up what was asked, decided and done, in all London and in "
            "the boroughs you chose. You can stop it alone."
        ),
    )

    def offer(self, areas: Sequence[Area]) -> None:
        """Let these boroughs be chosen."""
        self.areas.choices = [SelectChoice(area.code, area.name) for area in areas]

    def show(self, wishes: Wishes) -> None:
        """Tick what somebody has chosen before."""
        self.areas.data = sorted(wishes.areas)
        self.topics.data = sorted(wishes.topics)

    @property
    def wishes(self) -> Wishes:
        """What was ticked."""
        topics = frozenset(Topic(code) for code in self.topics.data or ())
        return Wishes(frozenset(self.areas.data or ()), topics)


class SubscribeForm(WishesForm):
    """Where to, and what."""

    address = EmailField(
        lazy("Email address"),
        validators=[InputRequired(_WRONG), Length(max=320, message=_WRONG)],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )


class TokenForm(FlaskForm):
    """A press that brings back what came in the address."""

    token = HiddenField()
