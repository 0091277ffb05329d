"""How overlaps and what to do about them are said to officers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engage.foundations.language import Text, _, day, lazy, plural
from engage.groups.rules import COMMUNITIES
from engage.timetable.labels import TOPICS
from engage.timetable.overlaps.queries import Overlap
from engage.timetable.overlaps.rules import MARGIN, Suggestion
from engage.timetable.rules import Outcome

NAMED = 3


class OutcomeText(NamedTuple):
    """An outcome in plain words: what to do, what was decided, and what it means."""

    verb: Text
    decided: Text
    meaning: Text


OUTCOMES: Mapping[Outcome, OutcomeText] = {
    Outcome.JOIN_UP: OutcomeText(
        lazy("Join them up"),
        lazy("To be joined up"),
        lazy("Ask once, together, so that nobody is asked the same twice and the message is the same."),
    ),
    Outcome.MOVE: OutcomeText(
        lazy("Move one of them"),
        lazy("One is to be moved"),
        lazy("Ask at another time, so that the same people and volunteers are not asked at once."),
    ),
    Outcome.KEEP_APART: OutcomeText(
        lazy("Keep them apart"),
        lazy("To be kept apart"),
        lazy("Ask both as they are, because they are different enough. Say in each that there is the other."),
    ),
}


def shared_said(overlap: Overlap, group_names: Mapping[int, str]) -> list[str]:
    """Return what two entries share, a sentence for each thing."""
    return list(_shared(overlap, group_names))


def _shared(overlap: Overlap, group_names: Mapping[int, str]) -> Iterator[str]:
    shared = overlap.finding.shared
    if shared.title:
        yield str(_("Their titles say nearly the same."))
    if shared.topics:
        named = _listed(str(TOPICS[topic]) for topic in TOPICS if topic in shared.topics)
        yield str(_("Both are about: %(what)s.", what=named))
    if shared.audiences:
        named = _listed(str(COMMUNITIES[code]) for code in COMMUNITIES if code in shared.audiences)
        yield str(_("Both ask: %(whom)s.", whom=named))
    if shared.groups:
        names = sorted(group_names.get(group, "") for group in shared.groups)
        count = plural(
            "Both ask %(num)s group to pass it on", "Both ask %(num)s groups to pass it on", len(names)
        )
        yield f"{count}: {_some(names)}."


def together_said(overlap: Overlap) -> str:
    """Return for how long both are open, in one sentence."""
    finding = overlap.finding
    days = finding.days_together
    if not days:
        return str(_("One follows the other within %(days)s days.", days=MARGIN.days))
    begins = max(finding.first.opens_at, finding.second.opens_at)
    said = plural("Both are open for %(num)s day", "Both are open for %(num)s days", days)
    return str(_("%(said)s, from %(day)s.", said=said, day=day(begins)))


def suggestion_said(suggestion: Suggestion, overlap: Overlap) -> str:
    """Return what is suggested, in one or two sentences."""
    if suggestion.outcome is Outcome.JOIN_UP:
        return str(_("Join them up: they are about the same, and neither has opened."))
    if suggestion.outcome is Outcome.KEEP_APART:
        return str(_("Keep them apart: people are answering already. Say in each that there is the other."))
    line = overlap.first if overlap.first.id == suggestion.move_id else overlap.second
    return str(
        _(
            "Move “%(title)s”: from %(opens)s to %(closes)s is the first time of the same length that "
            "overlaps nothing like it.",
            title=line.title,
            opens=day(suggestion.opens_on),
            closes=day(suggestion.last_day),
        )
    )


def _some(names: list[str]) -> str:
    if len(names) <= NAMED + 1:
        return _listed(names)
    more = len(names) - NAMED
    return str(_("%(names)s and %(more)s more", names=", ".join(names[:NAMED]), more=more))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
