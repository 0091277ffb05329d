"""The forms of subscriptions: an address, what is sent there, boroughs and topics."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from engage.boroughs.models import Area
from engage.foundations.language import lazy
from engage.timetable.labels import TOPICS
from engage.timetable.rules import Topic
from engage.timetable.subscriptions.rules import MAILS, NEITHER, Mail, Wishes

_WRONG = lazy("Write a whole email address, like name@example.org.")


class WishesForm(FlaskForm):
    """What somebody wants to be sent, and to hear of."""

    kinds = SelectMultipleField(
        lazy("What we send you"),
        description=lazy("Choose one or both. Each can be stopped without the other."),
        choices=[SelectChoice(kind.value, text) for kind, text in MAILS.items()],
        validators=[InputRequired(NEITHER)],
    )
    areas = SelectMultipleField(
        lazy("Boroughs"),
        description=lazy(
            "Choose none to hear of every borough. What all of London is asked is always included."
        ),
        choices=[],
    )
    topics = SelectMultipleField(
        lazy("Topics"),
        description=lazy("Choose none to hear of every topic. The newsletter goes by borough only."),
        choices=[SelectChoice(topic.value, text) for topic, text in TOPICS.items()],
    )

    def offer(self, areas: Sequence[Area]) -> None:
        """Let these boroughs be chosen."""
        self.areas.choices = [SelectChoice(area.code, area.name) for area in areas]

    def show(self, kinds: Collection[Mail], wishes: Wishes) -> None:
        """Tick what somebody has chosen before."""
        self.kinds.data = sorted(kinds)
        self.areas.data = sorted(wishes.areas)
        self.topics.data = sorted(wishes.topics)

    @property
    def chosen(self) -> frozenset[Mail]:
        """What is to be sent."""
        return frozenset(Mail(kind) for kind in self.kinds.data or ())

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
