"""Placeholders in the parts of feedback: `{share:knife_crime}` fills itself from what was counted.

A text is kept with its placeholders and filled whenever it is shown, so no figure in it can be mistyped or
go stale. Pure: facts in, text out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engage.feedback.figures import Figure
from engage.feedback.labels import OUTCOMES
from engage.foundations.language import Text, _, day, lazy, number, percent

TOO_FEW = lazy("too few to say")
_PLACE = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What placeholders may say. None: not to be told; `ranks` are those that may be told, by code."""

    figures: Sequence[Figure]
    responses: int | None
    boroughs: int | None
    closed_on: date | None
    ranks: Mapping[str, int] = field(default_factory=dict)

    @property
    def decided_on(self) -> date | None:
        """The day of the last decision."""
        return max((figure.decided_on for figure in self.figures if figure.decided_on), default=None)

    @property
    def decision_makers(self) -> str:
        """Who decided, each once."""
        return ", ".join(dict.fromkeys(one.decision_maker for one in self.figures if one.decision_maker))


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What an officer writes between braces, what it stands for, and what it says now."""

    name: str
    meaning: Text
    value: str

    @property
    def written(self) -> str:
        """The placeholder as it is typed."""
        return "{" + self.name + "}"


def placeholders(facts: Facts) -> tuple[Placeholder, ...]:
    """Return every placeholder there is: those of the whole first, then priority by priority."""
    return (*_whole(facts), *(each for figure in facts.figures for each in _of(figure, facts)))


def fill(text: str, facts: Facts) -> str:
    """Return `text` with each placeholder replaced once; what a value holds is never taken for another."""
    values = {each.name: each.value for each in placeholders(facts)}
    return _PLACE.sub(lambda found: values.get(_name(found), found[0]), text)


def unknown(text: str, facts: Facts) -> tuple[str, ...]:
    """Return what stands between braces and is no placeholder, as it is written, each once and in order."""
    known = {each.name for each in placeholders(facts)}
    found = (match[0] for match in _PLACE.finditer(text) if _name(match) not in known)
    return tuple(dict.fromkeys(found))


def problem_with(text: str, facts: Facts) -> Text | None:
    """Return the sentence that refuses a text with unknown placeholders, None where all are known."""
    wrong = unknown(text, facts)
    if not wrong:
        return None
    quoted = ", ".join(_short(each) for each in wrong[:5])
    return lazy(
        "There is no placeholder %(names)s. The list beside the form has all there are.", names=quoted
    )


def without(text: str) -> str:
    """Return `text` with its placeholders taken out: what was typed by hand."""
    return _PLACE.sub(" ", text)


def _name(found: re.Match[str]) -> str:
    return "".join(found[1].split()).casefold()


def _short(written: str) -> str:
    return written if len(written) <= 40 else written[:38] + "…}"


def _whole(facts: Facts) -> Iterator[Placeholder]:
    yield Placeholder("responses", lazy("how many responses were counted"), _count(facts.responses))
    yield Placeholder("boroughs_heard", lazy("in how many boroughs people answered"), _count(facts.boroughs))
    yield Placeholder("closed_on", lazy("the day it closed"), day(facts.closed_on) or _("not yet"))
    yield Placeholder("decided_on", lazy("the day of the decision"), day(facts.decided_on) or _("not yet"))
    yield Placeholder("decided_by", lazy("who decided"), facts.decision_makers or _("nobody yet"))
    for outcome, label in OUTCOMES.items():
        number_of = sum(1 for figure in facts.figures if figure.outcome is outcome)
        meaning = lazy("how many were decided: %(outcome)s", outcome=label.name)
        yield Placeholder(f"how_many:{outcome}", meaning, number(number_of))


def _of(figure: Figure, facts: Facts) -> Iterator[Placeholder]:
    code, name = figure.code, figure.priority
    share = str(TOO_FEW) if figure.share is None else percent(figure.share)
    rank = None if figure.mentions is None else facts.ranks.get(code)
    yield Placeholder(f"share:{code}", lazy("%(name)s: share of responses", name=name), share)
    yield Placeholder(
        f"count:{code}", lazy("%(name)s: how many named it", name=name), _count(figure.mentions)
    )
    yield Placeholder(f"rank:{code}", lazy("%(name)s: its place, 1 is first", name=name), _count(rank))
    outcome = str(OUTCOMES[figure.outcome].name).lower()
    yield Placeholder(f"outcome:{code}", lazy("%(name)s: what was decided", name=name), outcome)
    yield Placeholder(f"reason:{code}", lazy("%(name)s: the reason", name=name), figure.reason)
    yield Placeholder(f"priority:{code}", lazy("%(name)s: its name", name=name), name)


def _count(value: int | None) -> str:
    return str(TOO_FEW) if value is None else number(value)
