"""A text to start from, made of the figures and decisions; an officer rewrites it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engage.feedback.figures import Figure
from engage.feedback.labels import OUTCOMES
from engage.foundations.language import _, number, percent
from engage.plan_export.rules import Outcome

TOP = 5


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of feedback."""

    said: str
    decided: str
    reconciled: str


def starting_texts(figures: Sequence[Figure]) -> Parts:
    """Return the three parts as the figures and decisions already tell them; empty without decisions."""
    return Parts(_said(figures), _decided(figures), _reconciled(figures))


def _said(figures: Sequence[Figure]) -> str:
    if not figures:
        return ""
    base = next((figure.base for figure in figures if figure.base is not None), None)
    opening = (
        _("We asked Londoners what the police should put first. These were named most often:")
        if base is None
        else _(
            "%(n)s responses told us what the police should put first. These were named most often:",
            n=number(base),
        )
    )
    return "\n\n".join([opening, "\n".join(_named(figure) for figure in figures[:TOP])])


def _named(figure: Figure) -> str:
    if figure.share is None:
        return f"- {figure.priority}"
    return str(_("- %(priority)s, by %(share)s", priority=figure.priority, share=percent(figure.share)))


def _decided(figures: Sequence[Figure]) -> str:
    lines = []
    for outcome in Outcome:
        names = [figure.priority for figure in figures if figure.outcome is outcome]
        if names:
            lines.append(f"{OUTCOMES[outcome].name}: {'; '.join(names)}.")
    return "\n".join(lines)


def _reconciled(figures: Sequence[Figure]) -> str:
    """What was not taken up whole comes first: it is what people most need to be told."""
    ordered = sorted(figures, key=lambda figure: figure.outcome is Outcome.ADOPTED)
    return "\n\n".join(f"{figure.priority}: {figure.reason}" for figure in ordered)
