"""A text to start from, made of placeholders for the figures and decisions; an officer rewrites it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engage.feedback.figures import Figure
from engage.feedback.labels import OUTCOMES
from engage.foundations.language import Text, _, lazy
from engage.plan_export.rules import Outcome, Subject

TOP = 5
EASY_TOP = 3
EASY_OUTCOMES: dict[Outcome, Text] = {
    Outcome.ADOPTED: lazy("We will do this."),
    Outcome.IN_PART: lazy("We will do some of this."),
    Outcome.NOT_ADOPTED: lazy("We will not do this."),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of feedback, and the easy-read text."""

    said: str
    decided: str
    reconciled: str
    easy_read: str = ""


def starting_texts(figures: Sequence[Figure]) -> Parts:
    """Return the parts as the figures and decisions already tell them; empty without decisions."""
    return Parts(_said(figures), _decided(figures), _reconciled(figures), easy_text(figures))


def easy_text(figures: Sequence[Figure]) -> str:
    """Return an easy-read text to start from: an idea a line, the most named priorities only."""
    if not figures:
        return ""
    lines = [
        _("We asked people what the police should do first."),
        _("{responses} people told us.") if _told(figures) else _("People told us what they think."),
        _("We stopped asking on {closed_on}."),
    ]
    for figure in figures[:EASY_TOP]:
        lines += ["", _("People said: {priority:%(code)s}.", code=figure.code)]
        lines.append(str(EASY_OUTCOMES[figure.outcome]))
    return "\n".join([*lines, "", _("You can ask us why."), _("Thank you for telling us.")])


def _said(figures: Sequence[Figure]) -> str:
    if not figures:
        return ""
    opening = (
        _("{responses} responses told us what the police should put first. These were named most often:")
        if _told(figures)
        else _("We asked Londoners what the police should put first. These were named most often:")
    )
    return "\n\n".join([opening, "\n".join(_named(figure) for figure in figures[:TOP])])


def _told(figures: Sequence[Figure]) -> bool:
    """Whether it may be told how many responded."""
    return any(figure.base is not None for figure in figures if figure.subject is Subject.PRIORITY)


def _named(figure: Figure) -> str:
    if figure.share is None:
        return f"- {{priority:{figure.code}}}"
    return str(_("- {priority:%(code)s}, by {share:%(code)s}", code=figure.code))


def _decided(figures: Sequence[Figure]) -> str:
    lines = []
    for outcome in Outcome:
        names = [f"- {{priority:{figure.code}}}" for figure in figures if figure.outcome is outcome]
        if names:
            lines.append("\n".join([f"{OUTCOMES[outcome].name}:", *names]))
    return "\n\n".join(lines)


def _reconciled(figures: Sequence[Figure]) -> str:
    """What was not taken up whole comes first: it is what people most need to be told."""
    ordered = sorted(figures, key=lambda figure: figure.outcome is Outcome.ADOPTED)
    return "\n\n".join(f"{{priority:{figure.code}}}: {{reason:{figure.code}}}" for figure in ordered)
