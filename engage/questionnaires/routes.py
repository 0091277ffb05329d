"""Every way through a questionnaire, found without trying every answer.

At each condition the search asks whether some answers meet it, and whether some do not, together with all
that was decided before; so each way is found once, and none is found that nobody can take.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engage.foundations.language import Text
from engage.questionnaires.conditions import Condition
from engage.questionnaires.definitions import Definition, QuestionPage
from engage.questionnaires.reach import showing, simplified
from engage.questionnaires.solving import Demand, Findings, OutOfStepsError, Solver, meets
from engage.questionnaires.wording import answers_in_words

MOST_WAYS = 200


@dataclass(frozen=True, slots=True)
class Way:
    """One way through: the codes of its pages, and of the questions there that not everybody is asked.

    `why` says, in a sentence for each question that decides, one set of answers that leads this way; it is
    empty where everybody goes this way. `exits`: it ends at an exit page.
    """

    pages: tuple[str, ...]
    questions: tuple[str, ...]
    why: tuple[Text, ...]
    exits: bool


@dataclass(frozen=True, slots=True)
class Routes:
    """The ways found; `complete`: there are no others."""

    found: tuple[Way, ...]
    complete: bool


def routes(definition: Definition, limit: int = MOST_WAYS) -> Routes:
    """Return the distinct ways through `definition`, at most `limit` of them, in the order of its pages."""
    found: list[Way] = []
    try:
        for way in _ways(definition):
            if len(found) == limit:
                return Routes(tuple(found), complete=False)
            found.append(way)
    except OutOfStepsError:
        return Routes(tuple(found), complete=False)
    return Routes(tuple(found), complete=True)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A place where ways part: whether a page is shown, or a question on it."""

    page: QuestionPage
    question: str | None
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class _State:
    """Somewhere on a way: the next turn, what was shown, what was decided, and answers that decide so."""

    turn: int = 0
    pages: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    # Every question shown so far, and of these the ones on earlier pages.
    shown: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    exits: bool = False
    demands: tuple[Demand, ...] = ()
    # The last demand, until it is known that answers can meet it.
    open: Demand | None = None
    findings: Findings = field(default_factory=dict)


def _ways(definition: Definition) -> Iterator[Way]:
    solver = Solver({question.code: question for question in definition.questions})
    turns = list(_turns(definition))
    todo = [_State()]
    while todo:
        state = todo.pop()
        if state.open is not None:
            findings = solver.solve([state.open], state.findings) or solver.solve(state.demands)
            if findings is None:
                continue
            state = replace(state, open=None, findings=findings)
        if state.exits or state.turn == len(turns):
            why = answers_in_words(definition, state.findings)
            yield Way(state.pages, state.questions, why, state.exits)
        else:
            todo.extend(_next(turns[state.turn], state))


def _turns(definition: Definition) -> Iterator[_Turn]:
    for page in definition.pages:
        yield _Turn(page, None, showing(page))
        for question in page.questions:
            if question.shown_if is not None:
                yield _Turn(page, question.code, question.shown_if)


def _next(turn: _Turn, state: _State) -> Iterator[_State]:
    """Yield what may come of a turn: first that it is passed by, then that it is taken."""
    if turn.question is None:
        state = replace(state, before=state.shown)
    elif turn.page.code not in state.pages:
        yield replace(state, turn=state.turn + 1)
        return
    known = simplified(turn.condition, lambda code: code in state.before)
    if isinstance(known, bool):
        yield _moved(turn, state) if known else replace(state, turn=state.turn + 1)
        return
    for outcome in (False, True):
        demand = (known, outcome)
        is_open = None if meets(demand, state.findings) else demand
        decided = replace(state, demands=(*state.demands, demand), open=is_open)
        yield _moved(turn, decided) if outcome else replace(decided, turn=state.turn + 1)


def _moved(turn: _Turn, state: _State) -> _State:
    if turn.question is not None:
        return replace(
            state,
            turn=state.turn + 1,
            questions=(*state.questions, turn.question),
            shown=state.shown | {turn.question},
        )
    always = {question.code for question in turn.page.questions if question.shown_if is None}
    return replace(
        state,
        turn=state.turn + 1,
        pages=(*state.pages, turn.page.code),
        shown=state.shown | always,
        exits=turn.page.exit,
    )
