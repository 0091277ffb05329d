"""One difference between two versions of a questionnaire, and what is needed to find such differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engage.foundations.language import Text
from engage.questionnaires.kinds.base import Option, Question

# What a question may offer, by the name of its attribute.
LISTS = ("options", "rows")


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence, the code of the page or question it is about (blank: the whole), and both wordings.

    `kind` says what it is, for what wants to tell changes apart. `alters`: what an earlier answer meant may
    not be what it would mean now.
    """

    kind: str
    where: str
    sentence: Text
    before: Text = ""
    after: Text = ""
    alters: bool = False


def moved(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return which of the codes on both sides have changed places: as few as explain the order."""
    places = {code: place for place, code in enumerate(before)}
    both = [code for code in after if code in places]
    # The longest run that kept its order stayed; `best[code]` is the longest that ends at a code.
    best: dict[str, list[str]] = {}
    for place, code in enumerate(both):
        runs = [best[earlier] for earlier in both[:place] if places[earlier] < places[code]]
        best[code] = [*_longest(runs), code]
    stayed = set(_longest(list(best.values())))
    return tuple(code for code in both if code not in stayed)


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run)) if runs else []


def offered(question: Question, name: str) -> tuple[Option, ...]:
    """Return the `options` or `rows` of a question; none where its kind has none."""
    return getattr(question, name, ())
