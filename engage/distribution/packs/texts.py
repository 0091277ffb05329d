"""Texts ready to copy: for an e-mail, a message, a newsletter and the minutes of a meeting.

Each in plain English and in easy words: short lines, one thing each, to be set large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engage.distribution.packs import sentences
from engage.distribution.packs.rules import Facts, one_line, sentence, shortened
from engage.foundations.language import Text, _, day, lazy

LONGEST_MESSAGE = 299
SHORTEST_TITLE = 24


class Kind(StrEnum):
    """What a text is for."""

    EMAIL = "email"
    MESSAGE = "message"
    NEWSLETTER = "newsletter"
    MINUTES = "minutes"


KINDS = {
    Kind.EMAIL: lazy("E-mail"),
    Kind.MESSAGE: lazy("Short message (WhatsApp or SMS)"),
    Kind.NEWSLETTER: lazy("Newsletter"),
    Kind.MINUTES: lazy("Meeting minutes"),
}


@dataclass(frozen=True, slots=True)
class PackText:
    """A text to copy; `subject` is for an e-mail alone."""

    kind: Kind
    easy: bool
    body: str
    subject: str = ""

    @property
    def name(self) -> Text:
        return KINDS[self.kind]

    @property
    def code(self) -> str:
        return f"{self.kind}-easy" if self.easy else str(self.kind)

    @property
    def whole(self) -> str:
        """The text as a file holds it."""
        return f"{self.subject}\n\n{self.body}\n" if self.subject else f"{self.body}\n"


def texts(facts: Facts) -> list[PackText]:
    """Return every text of the pack, each kind in plain English first."""
    subject = sentences.call(facts)
    return [
        PackText(Kind.EMAIL, False, email(facts), subject),
        PackText(Kind.EMAIL, True, easy_email(facts), subject),
        PackText(Kind.MESSAGE, False, message(facts)),
        PackText(Kind.MESSAGE, True, easy_message(facts)),
        PackText(Kind.NEWSLETTER, False, newsletter(facts)),
        PackText(Kind.NEWSLETTER, True, easy_newsletter(facts)),
        PackText(Kind.MINUTES, False, minutes(facts)),
        PackText(Kind.MINUTES, True, easy_minutes(facts)),
    ]


def email(facts: Facts) -> str:
    """Return an e-mail to members."""
    return _paragraphs(
        _("Dear all,"),
        _asks(facts),
        sentences.purpose(facts),
        _("Take part here: %(address)s", address=facts.address),
        f"{_('It takes a few minutes.')} {sentences.when(facts)} {sentences.anonymous()}",
        sentences.offline(facts),
        sentences.afterwards(facts),
        _("Please pass this on to anybody who lives, works or studies in London."),
        _signed(facts),
    )


def easy_email(facts: Facts) -> str:
    """Return the e-mail in easy words."""
    return _paragraphs(
        _("Hello,"), _easy(facts, facts.address), _("Please tell other people too."), _signed(facts)
    )


def message(facts: Facts) -> str:
    """Return a message under 300 characters: whatever must go, goes from the title first."""
    return _within(
        facts,
        "%(title)s" if sentences.calls(facts) else _("Have your say: %(title)s"),
        [
            _("Open %(dates)s: %(address)s", dates=sentences.dates(facts), address=facts.address),
            _("Anonymous."),
            _("No internet? Ask us for another way."),
            sentences.told_shortly(facts),
        ],
    )


def easy_message(facts: Facts) -> str:
    """Return the message in easy words, a thing a line, under 300 characters too."""
    return _within(
        facts,
        _("Tell us what you think: %(title)s"),
        [
            _("Go to %(address)s", address=facts.address),
            _("Open: %(dates)s.", dates=sentences.dates(facts)),
            _("No name needed."),
            _("No internet? Ask us."),
            sentences.told_shortly(facts),
        ],
        between="\n",
    )


def newsletter(facts: Facts) -> str:
    """Return an article of about 120 words."""
    return _paragraphs(
        sentences.call(facts),
        f"{_asks(facts)} {sentences.purpose(facts)}",
        f"{sentences.when(facts)} {_('It takes a few minutes.')} {sentences.anonymous()}",
        _("Go to %(address)s", address=facts.spoken),
        sentences.offline(facts),
        sentences.afterwards(facts),
    )


def easy_newsletter(facts: Facts) -> str:
    """Return the article in easy words."""
    return _paragraphs(_("Tell us what you think"), _easy(facts, facts.spoken))


def minutes(facts: Facts) -> str:
    """Return an item for the agenda and the minutes of a meeting."""
    return _paragraphs(
        _("Item: %(title)s", title=one_line(facts.title)),
        _noted(facts),
        f"{_('Purpose:')} {sentences.purpose(facts)}",
        _("How to take part: at %(address)s", address=facts.spoken),
        f"{sentences.when(facts)} {sentences.anonymous()} {sentences.offline(facts)}",
        f"{_('What follows:')} {sentences.afterwards(facts)}",
        _(
            "Action: members to take part, and to pass the address on in their own networks, by %(closes)s.",
            closes=sentences.closing(facts),
        ),
    )


def easy_minutes(facts: Facts) -> str:
    """Return the item in easy words."""
    return _paragraphs(
        _("At this meeting we talked about: %(title)s", title=one_line(facts.title)),
        _easy(facts, facts.spoken),
        _("What we will do: take part, and tell other people."),
    )


def _asks(facts: Facts) -> str:
    return str(
        _(
            "The %(authority)s is asking people in London for their views: “%(title)s”.",
            authority=facts.authority,
            title=one_line(facts.title),
        )
    )


def _noted(facts: Facts) -> str:
    return str(
        _(
            "It was noted that the %(authority)s is asking for people’s views.",
            authority=facts.authority,
        )
    )


def _easy(facts: Facts, address: str) -> str:
    lines = [
        _("The %(authority)s wants to know what you think.", authority=facts.authority),
        _("It is about: %(title)s", title=sentence(one_line(facts.title))),
    ]
    if facts.purpose.strip():
        lines.append(_("Why we ask: %(purpose)s", purpose=sentences.purpose(facts)))
    lines += [
        _("You can answer from %(opens)s.", opens=day(facts.opens_at)),
        _("The last day is %(closes)s.", closes=sentences.closing(facts)),
        _("Go to: %(address)s", address=address),
        sentences.offline(facts),
        _("You do not say who you are."),
        _("Nobody can find out what you said."),
        sentences.told_shortly(facts),
    ]
    return "\n".join(str(line) for line in lines)


def _signed(facts: Facts) -> str:
    return one_line(facts.group) or facts.authority


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(str(part) for part in parts if part)


def _within(facts: Facts, opening: str, rest: Sequence[str], between: str = " ") -> str:
    """Return a message whose title is cut to fit; where even that is too little, from `rest` the last go."""
    rest = list(rest)
    while True:
        tail = between + between.join(str(part) for part in rest)
        room = LONGEST_MESSAGE - len(tail) - len(opening.replace("%(title)s", "")) - 1
        if room >= min(SHORTEST_TITLE, len(facts.title)) or len(rest) == 1:
            break
        rest.pop()
    title = sentence(shortened(facts.title, max(room, SHORTEST_TITLE)))
    return opening.replace("%(title)s", title) + tail
