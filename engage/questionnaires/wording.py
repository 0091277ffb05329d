"""Conditions, and the answers that lead somewhere, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engage.foundations.language import Text, lazy
from engage.questionnaires.conditions import AllOf, Answered, AnyOf, Compare, Condition, Has, Leaf, Not
from engage.questionnaires.definitions import Definition
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.possible import OneOf, room


def conditions_in_words(definition: Definition, condition: Condition | None) -> Text:
    """Return when a condition holds, as an officer reads it; “always” where there is none."""
    return lazy("always") if condition is None else _said(definition, condition, True, nested=False)


def answers_in_words(definition: Definition, findings: Mapping[Leaf, bool]) -> tuple[Text, ...]:
    """Return what each question must be answered like, a sentence for each, in the order asked."""
    by_question: dict[str, dict[Leaf, bool]] = {}
    for leaf, holds in findings.items():
        by_question.setdefault(leaf.question, {})[leaf] = holds
    return tuple(
        _answer(question, by_question[question.code])
        for question in definition.questions
        if question.code in by_question
    )


def joined(parts: Iterable[Text], last: Text) -> Text:
    """Return a list in words: "A, B and C", `last` being the word before the last."""
    *most, end = parts
    if not most:
        return end
    listed = most[0]
    for part in most[1:]:
        listed = lazy("%(listed)s, %(part)s", listed=listed, part=part)
    return lazy("%(listed)s %(last)s %(part)s", listed=listed, last=last, part=end)


def quoted(words: Text) -> Text:
    """Return words in quotation marks."""
    return lazy("“%(words)s”", words=words)


def _said(definition: Definition, condition: Condition, holds: bool, nested: bool) -> Text:
    match condition:
        case Not(part):
            return _said(definition, part, not holds, nested)
        case AllOf((part,)) | AnyOf((part,)):
            return _said(definition, part, holds, nested)
        case AllOf(parts) | AnyOf(parts):
            # Not all of them is some of them not, and the other way round.
            both = isinstance(condition, AllOf) is holds
            said = [_said(definition, part, holds, nested=True) for part in parts]
            words = joined(said, lazy("and") if both else lazy("or"))
            return lazy("(%(words)s)", words=words) if nested else words
        case _:
            return _leaf(definition, condition, holds)


def _leaf(definition: Definition, leaf: Leaf, holds: bool) -> Text:
    question = definition.question(leaf.question)
    if question is not None:
        return _answer(question, {leaf: holds})
    match leaf:
        case Has(_, mark):
            marks = quoted(mark)
            what: Text = lazy("is %(marks)s", marks=marks) if holds else lazy("is not %(marks)s", marks=marks)
        case Compare():
            what = _compared(leaf, holds)
        case _:
            what = lazy("is answered") if holds else lazy("is left blank")
    return lazy("%(question)s, which is not asked, %(what)s", question=quoted(leaf.question), what=what)


def _answer(question: Question, wanted: Mapping[Leaf, bool]) -> Text:
    return lazy(
        "%(question)s %(what)s",
        question=quoted(question.label or question.code),
        what=joined(_facts(question, wanted), lazy("and")),
    )


def _facts(question: Question, wanted: Mapping[Leaf, bool]) -> list[Text]:
    only = isinstance(room(question), OneOf)
    marks = _marks(question, wanted, True)
    barred = [] if marks and only else _marks(question, wanted, False)
    facts: list[Text] = []
    if marks:
        words = joined(marks, lazy("and"))
        facts.append(lazy("is %(marks)s", marks=words) if only else lazy("includes %(marks)s", marks=words))
    if barred:
        words = joined(barred, lazy("or"))
        facts.append(
            lazy("is not %(marks)s", marks=words) if only else lazy("does not include %(marks)s", marks=words)
        )
    facts.extend(_amounts(question, wanted))
    answered = wanted.get(Answered(question.code))
    if answered is False:
        return [lazy("is left blank")]
    if answered and not marks and not any(isinstance(leaf, Compare) and wanted[leaf] for leaf in wanted):
        facts.insert(0, lazy("is answered"))
    return facts


def _marks(question: Question, wanted: Mapping[Leaf, bool], holds: bool) -> list[Text]:
    codes = [leaf.mark for leaf, is_so in wanted.items() if isinstance(leaf, Has) and is_so is holds]
    order = list(question.marks)
    codes.sort(key=lambda code: order.index(code) if code in order else len(order))
    return [quoted(question.marks.get(code, code)) for code in codes]


def _amounts(question: Question, wanted: Mapping[Leaf, bool]) -> list[Text]:
    compared = [(leaf, holds) for leaf, holds in wanted.items() if isinstance(leaf, Compare)]
    facts = [_compared(leaf, holds) for leaf, holds in compared]
    blank = not question.required and not wanted.get(Answered(question.code))
    if facts and blank and not any(holds for _, holds in compared):
        return [lazy("%(words)s, or is left blank", words=joined(facts, lazy("and")))]
    return facts


def _compared(leaf: Compare, holds: bool) -> Text:
    low, high = _number(leaf.at_least), _number(leaf.at_most)
    if low and high:
        if holds:
            return lazy("is from %(low)s to %(high)s", low=low, high=high)
        return lazy("is less than %(low)s or more than %(high)s", low=low, high=high)
    if low:
        return lazy("is %(low)s or more", low=low) if holds else lazy("is less than %(low)s", low=low)
    return lazy("is %(high)s or less", high=high) if holds else lazy("is more than %(high)s", high=high)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"
