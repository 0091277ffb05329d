"""Which pages and questions anybody comes to, and which everybody comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from engage.questionnaires.conditions import AllOf, AnyOf, Condition, Has, Leaf, Not
from engage.questionnaires.definitions import Definition, QuestionPage
from engage.questionnaires.solving import Findings, OutOfStepsError, Solver

Known: TypeAlias = Condition | bool
"""A condition, or what it comes to where nothing is left to ask."""


@dataclass
class Reach:
    """When each page and question of a questionnaire is shown, put as conditions on answers alone.

    What takes too long to decide is taken to be reached by some, not by everybody.
    """

    definition: Definition
    pages: dict[str, Known] = field(default_factory=dict)
    questions: dict[str, Known] = field(default_factory=dict)
    # That somebody has not left up to and with a page.
    staying: dict[str, Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Go through the pages once, in order."""
        self._meanings: dict[Leaf, Condition] = {}
        self._last: Findings = {}
        by_code = {question.code: question for question in self.definition.questions}
        self._solver = Solver(by_code, self._meanings)
        staying: Known = True
        for page in self.definition.pages:
            self._read(page, staying)
            staying = both(staying, opposite(self.pages[page.code])) if page.exit else staying
            self.staying[page.code] = staying

    def somebody(self, known: Known) -> bool:
        """Tell whether some answers make this hold."""
        return self._may_be(known, True)

    def everybody(self, known: Known) -> bool:
        """Tell whether all answers make this hold."""
        return not self._may_be(known, False)

    def _may_be(self, known: Known, wanted: bool) -> bool:
        if isinstance(known, bool):
            return known is wanted
        demands = [(known, wanted)]
        try:
            # Whoever came to the page before often comes to this one too.
            findings = self._solver.solve(demands, self._last) or self._solver.solve(demands)
        except OutOfStepsError:
            return True
        self._last = findings or self._last
        return findings is not None

    def _read(self, page: QuestionPage, staying: Known) -> None:
        before = dict(self.questions)

        def shown(code: str) -> Known:
            return before.get(code, False)

        here = self._named(f"page {page.code}", both(staying, simplified(showing(page), shown)))
        self.pages[page.code] = here
        for question in page.questions:
            known = both(here, simplified(question.shown_if, shown))
            self.questions[question.code] = self._named(f"question {question.code}", known)

    def _named(self, name: str, known: Known) -> Known:
        """Return a leaf that stands for a condition, so that conditions do not grow with every page.

        It asks of a question without a code, which no questionnaire has.
        """
        if isinstance(known, bool) or known in self._meanings:
            return known
        leaf = Has("", name)
        self._meanings[leaf] = known
        return leaf


def showing(page: QuestionPage) -> Condition | None:
    """Return when a page is shown: where its condition holds and something on it has something to show."""
    conditions = [question.shown_if for question in page.questions]
    some = [condition for condition in conditions if condition is not None]
    if not conditions or len(some) < len(conditions):
        return page.shown_if
    return AnyOf(tuple(some)) if page.shown_if is None else AllOf((page.shown_if, AnyOf(tuple(some))))


def simplified(condition: Condition | None, shown: Callable[[str], Known]) -> Known:
    """Return `condition` with each question of it counted only where it is `shown`."""
    match condition:
        case None:
            return True
        case Not(part):
            return opposite(simplified(part, shown))
        case AllOf(parts):
            return _joined([simplified(part, shown) for part in parts], every=True)
        case AnyOf(parts):
            return _joined([simplified(part, shown) for part in parts], every=False)
        case _:
            return both(shown(condition.question), condition)


def both(one: Known, other: Known) -> Known:
    """Return that both hold."""
    return _joined([one, other], every=True)


def opposite(known: Known) -> Known:
    """Return that it does not hold."""
    if isinstance(known, bool):
        return not known
    return known.part if isinstance(known, Not) else Not(known)


def _joined(parts: list[Known], *, every: bool) -> Known:
    if (not every) in parts:
        return not every
    left = tuple(part for part in parts if not isinstance(part, bool))
    if len(left) < 2:
        return left[0] if left else every
    return AllOf(left) if every else AnyOf(left)
