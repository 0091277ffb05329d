"""What the web does by itself, in words for paper: numbers of questions, and when to answer them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from engage.foundations.language import _, number
from engage.questionnaires.conditions import AllOf, Answered, AnyOf, Compare, Condition, Has, Leaf, Not
from engage.questionnaires.definitions import Definition

# Of these one writes the answer on paper, of the others one ticks it.
WRITTEN = frozenset({"area"})


def numbers(definition: Definition) -> dict[str, int]:
    """Return the number of each question that asks something, from 1 through all pages."""
    asking = (question for question in definition.questions if question.asks)
    return {question.code: place for place, question in enumerate(asking, start=1)}


def only_if(condition: Condition, definition: Definition) -> str:
    """Return the sentence that says when to answer, such as: Only if you ticked “Other” in question 2."""
    said = _words(condition, definition, numbers(definition), so=True)
    return str(_("Only if %(said)s.", said=said))


def _words(condition: Condition, definition: Definition, places: Mapping[str, int], *, so: bool) -> str:
    """Return what must hold, or or, where it is not `so`, what must not hold."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            between = _(" and ") if isinstance(condition, AllOf) is so else _(" or ")
            return str(between).join(_inner(part, definition, places, so=so) for part in parts)
        case Not(part):
            return _words(part, definition, places, so=not so)
        case _:
            return _leaf(condition, definition, places, so=so)


def _inner(part: Condition, definition: Definition, places: Mapping[str, int], *, so: bool) -> str:
    said = _words(part, definition, places, so=so)
    while isinstance(part, Not):
        part = part.part
    return f"({said})" if isinstance(part, AllOf | AnyOf) and len(part.parts) > 1 else said


def _leaf(leaf: Leaf, definition: Definition, places: Mapping[str, int], *, so: bool) -> str:
    at = str(places.get(leaf.question, "?"))
    match leaf:
        case Has():
            return _has(leaf, definition, at, so)
        case Answered():
            return str(
                _("you answered question %(n)s", n=at) if so else _("you left question %(n)s blank", n=at)
            )
        case Compare():
            limits = _limits(leaf)
            if so:
                return str(_("your answer to question %(n)s is %(limits)s", n=at, limits=limits))
            return str(_("your answer to question %(n)s is not %(limits)s", n=at, limits=limits))


def _has(leaf: Has, definition: Definition, at: str, so: bool) -> str:
    question = definition.question(leaf.question)
    label = str(question.marks.get(leaf.mark, leaf.mark)) if question else leaf.mark
    values = {"label": label, "n": at}
    if question and question.kind in WRITTEN:
        if so:
            return str(_("you wrote “%(label)s” in question %(n)s", **values))
        return str(_("you did not write “%(label)s” in question %(n)s", **values))
    if so:
        return str(_("you ticked “%(label)s” in question %(n)s", **values))
    return str(_("you did not tick “%(label)s” in question %(n)s", **values))


def _limits(compare: Compare) -> str:
    low, high = compare.at_least, compare.at_most
    if low is not None and high is not None:
        return str(_("from %(low)s to %(high)s", low=number(low), high=number(high)))
    if low is not None:
        return str(_("%(low)s or more", low=number(low)))
    assert high is not None
    return str(_("%(high)s or less", high=number(high)))
