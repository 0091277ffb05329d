"""The sentences that every text, poster and slide of a pack is put together from."""

from __future__ import annotations

from datetime import datetime

from engage.distribution.packs.rules import Facts, one_line, shortened
from engage.foundations.clock import in_london
from engage.foundations.language import _, day, day_or_moment
from engage.timetable.rules import Method

LONGEST_SAID = 240


def closing(facts: Facts) -> str:
    """Return the last day, or the last moment where the last day is not a whole one."""
    return day_or_moment(facts.closing)


def both_days(facts: Facts) -> tuple[str, str]:
    """Return the first day and the last, the year only once where it is the same."""
    end = facts.closing.date() if isinstance(facts.closing, datetime) else facts.closing
    same = in_london(facts.opens_at).year == end.year
    return day(facts.opens_at, "d MMMM") if same else day(facts.opens_at), closing(facts)


def dates(facts: Facts) -> str:
    """Return from when to when it is open, as short as can be."""
    opens, closes = both_days(facts)
    return str(_("%(opens)s to %(closes)s", opens=opens, closes=closes))


def calls(facts: Facts) -> bool:
    """Tell whether the title itself calls people to have their say."""
    return one_line(facts.title).lower().startswith(str(_("Have your say")).lower())


def call(facts: Facts) -> str:
    """Return the title as a call to take part."""
    title = one_line(facts.title)
    return title if calls(facts) else str(_("Have your say: %(title)s", title=title))


def when(facts: Facts) -> str:
    """Return when answers are taken, as sentences."""
    sentences = _(
        "You can answer from %(opens)s. The last day is %(closes)s.",
        opens=day(facts.opens_at),
        closes=closing(facts),
    )
    if isinstance(facts.closing, datetime):
        sentences = _(
            "You can answer from %(opens)s. It closes on %(closes)s.",
            opens=day(facts.opens_at),
            closes=closing(facts),
        )
    return str(sentences)


def purpose(facts: Facts, most: int = LONGEST_SAID) -> str:
    """Return what it is for, in the words of whoever entered it; where nobody did, who asks."""
    if facts.purpose.strip():
        return shortened(facts.purpose, most)
    return str(_("The %(authority)s wants to know what you think.", authority=facts.authority))


def anonymous() -> str:
    """Return that nobody is known by their answers."""
    return str(_("It is anonymous: you do not give your name, and nobody can tell which answers are yours."))


def offline(facts: Facts) -> str:
    """Return how to take part without the internet, with whom it is for."""
    return f"{_('No internet?')} {without_internet(facts)}"


def without_internet(facts: Facts) -> str:
    """Return how to take part without the internet."""
    asked = one_line(facts.group) or str(_("the %(authority)s", authority=facts.authority))
    ways = _ways(facts)
    if ways:
        return str(_("You can take part %(ways)s: ask %(group)s.", ways=_either(ways), group=asked))
    return str(_("Ask %(group)s for another way to take part.", group=asked))


def afterwards(facts: Facts) -> str:
    """Return who decides when, and what people will hear and when."""
    return " ".join(part for part in (_decided(facts), _told(facts)) if part)


def told_shortly(facts: Facts) -> str:
    """Return the same in one short sentence."""
    if facts.feedback_due_on:
        return str(_("You can read what was decided, and why, by %(day)s.", day=day(facts.feedback_due_on)))
    return str(_("You can read what was decided, and why, afterwards."))


def passed_on(facts: Facts) -> str:
    """Return who passes it on, empty for the authority itself."""
    return str(_("Passed on by %(group)s", group=one_line(facts.group))) if facts.group else ""


def _decided(facts: Facts) -> str:
    who, on = one_line(facts.decision_maker), facts.decision_due_on
    if who and on:
        return str(_("The decision is made by %(who)s, on %(day)s.", who=_named(who), day=day(on)))
    if who:
        return str(_("The decision is made by %(who)s.", who=_named(who)))
    return str(_("The decision is made on %(day)s.", day=day(on))) if on else ""


def _told(facts: Facts) -> str:
    if facts.feedback_due_on:
        return str(
            _(
                "By %(day)s everybody can read what people said, what was decided, and why.",
                day=day(facts.feedback_due_on),
            )
        )
    return str(_("Afterwards everybody can read what people said, what was decided, and why."))


def _named(name: str) -> str:
    """Return a name as it stands inside a sentence."""
    the = str(_("The "))
    return (the.lower() + name.removeprefix(the) if name.startswith(the) else name).rstrip(".")


def _ways(facts: Facts) -> list[str]:
    said = (
        (Method.PAPER, _("on paper")),
        (Method.POST, _("by post")),
        (Method.TELEPHONE, _("by telephone")),
        (Method.MEETING, _("at a meeting")),
        (Method.EVENT, _("at an event")),
    )
    return [str(words) for method, words in said if method in facts.methods]


def _either(ways: list[str]) -> str:
    if len(ways) == 1:
        return ways[0]
    return str(_("%(some)s or %(last)s", some=", ".join(ways[:-1]), last=ways[-1]))
