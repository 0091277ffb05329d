"""What is wrong with the conditions of a questionnaire, and with the ways they make."""

from __future__ import annotations

from collections.abc import Iterator

from engage.foundations.language import Text, lazy
from engage.questionnaires.conditions import Compare, Condition, Has, Leaf, leaves
from engage.questionnaires.definitions import Definition, QuestionPage
from engage.questionnaires.faults import Fault, page_name, question_name
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.possible import counts
from engage.questionnaires.reach import Reach


def faulty_conditions(definition: Definition) -> Iterator[Fault]:
    """Yield what conditions ask that cannot be asked."""
    places = {one.code: place for place, page in enumerate(definition.pages) for one in page.questions}
    for place, page in enumerate(definition.pages):
        conditioned = [(None, page_name(page), page.shown_if)] + [
            (question.code, question_name(question), question.shown_if) for question in page.questions
        ]
        for code, name, condition in conditioned:
            for leaf in _once(condition):
                asked, later = definition.question(leaf.question), places.get(leaf.question, -1) - place
                if wrong := _wrong(leaf, asked, later, name):
                    yield Fault(wrong[0], page.code, code, wrong[1])


def _once(condition: Condition | None) -> Iterator[Leaf]:
    return iter(dict.fromkeys(leaves(condition))) if condition is not None else iter(())


def _wrong(leaf: Leaf, asked: Question | None, later: int, what: Text) -> tuple[str, Text] | None:
    """Return the code and sentence of what is wrong with a leaf that asks of a question `later` pages on."""
    if asked is None:
        sentence = lazy(
            "%(what)s depends on the question “%(asked)s”, which is not in this questionnaire.",
            what=what,
            asked=leaf.question,
        )
        return "unknown_question", sentence
    name = question_name(asked)
    if later > 0:
        sentence = lazy("%(what)s depends on %(asked)s, which is only asked later.", what=what, asked=name)
        return "later_question", sentence
    if later == 0:
        sentence = lazy(
            "%(what)s depends on %(asked)s on the same page: move one of them to another page.",
            what=what,
            asked=name,
        )
        return "later_question", sentence
    return _unsaid(leaf, asked, what, name)


def _unsaid(leaf: Leaf, asked: Question, what: Text, name: Text) -> tuple[str, Text] | None:
    """Return what is wrong with a leaf that asks what no answer to `asked` says."""
    if not asked.asks:
        sentence = lazy("%(what)s depends on %(asked)s, which asks nothing.", what=what, asked=name)
        return "asks_nothing", sentence
    if isinstance(leaf, Has) and leaf.mark not in asked.marks:
        sentence = lazy(
            "%(what)s depends on the answer “%(mark)s” to %(asked)s, which cannot be chosen.",
            what=what,
            mark=leaf.mark,
            asked=name,
        )
        return "removed_option", sentence
    if isinstance(leaf, Compare) and not counts(asked):
        sentence = lazy(
            "%(what)s compares %(asked)s with a number, but its answer is not a number.",
            what=what,
            asked=name,
        )
        return "no_amount", sentence
    return None


def unreached(definition: Definition) -> Iterator[Fault]:
    """Yield what nobody comes to, and exits that everybody comes to."""
    reach = Reach(definition)
    leaver: QuestionPage | None = None
    for page in definition.pages:
        here = reach.pages[page.code]
        if leaver is not None:
            sentence = lazy(
                "Nobody reaches %(page)s: everybody leaves at %(exit)s before it.",
                page=page_name(page),
                exit=page_name(leaver),
            )
            yield Fault("after_exit", page.code, None, sentence)
        elif not reach.somebody(here):
            sentence = lazy("Nobody can reach %(page)s: no answers lead to it.", page=page_name(page))
            yield Fault("unreachable_page", page.code, None, sentence)
        else:
            yield from _unreached_questions(page, reach)
        if leaver is None and page.exit and not reach.somebody(reach.staying[page.code]):
            leaver = page
            sentence = lazy(
                "Nobody gets past %(page)s, so nobody can send an answer. Change when it is shown.",
                page=page_name(page),
            )
            yield Fault("everybody_exits", page.code, None, sentence)


def _unreached_questions(page: QuestionPage, reach: Reach) -> Iterator[Fault]:
    for question in page.questions:
        if question.shown_if is not None and not reach.somebody(reach.questions[question.code]):
            sentence = lazy(
                "Nobody is asked %(question)s: no answers lead to it.", question=question_name(question)
            )
            yield Fault("unreachable_question", page.code, question.code, sentence)
