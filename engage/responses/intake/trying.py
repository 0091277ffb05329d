"""Reading rows as responses, by the very questions that people answer; nothing is stored. Pure.

A row is wrong where any of it cannot be read. Two things an officer may agree to: answers that the answers
before lead past are left out, and required questions may be blank, as they are on forms of paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engage.boroughs.rules import UNDISCLOSED
from engage.foundations.language import Text, lazy
from engage.foundations.tables.reading import Row
from engage.questionnaires.definitions import Definition, Route, follow
from engage.questionnaires.kinds.base import Answer, Question
from engage.responses.intake.mapping import AREA, GROUP, INSTRUMENT, Decided, Known, known_parts
from engage.responses.intake.matching import POSTCODES, Choices, Strange, place, plain
from engage.responses.intake.parts import Part, Started

MOST_SHOWN = 100
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an officer agreed to."""

    past: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row. `column` is its place from 0; None where no column is about it."""

    row: int
    column: int | None
    sentence: Text


@dataclass(frozen=True, slots=True)
class Read:
    """A row that is a response."""

    row: int
    answers: Mapping[str, Answer]
    area_code: str
    group_id: int | None


@dataclass(frozen=True)
class Meant:
    """What the columns of a file mean: the questions, the decisions, and who and where things are.

    `instrument`: the names of the questionnaire the file is for. `groups`: id by code and by name.
    """

    definition: Definition
    decided: Decided
    areas: Mapping[str, str]
    groups: Mapping[str, int]
    instrument: Sequence[str] = ()
    agreed: Agreed = Agreed()
    parts: Known = field(init=False)
    places: Choices = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", known_parts(self.definition))
        object.__setattr__(self, "places", Choices(self.areas))


@dataclass
class Outcome:
    """What a file came to. `wrong` are the first faults; `past` and `blank` count answers, by question."""

    rows: int = 0
    responses: int = 0
    of_another: int = 0
    empty: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    past: Counter[str] = field(default_factory=Counter)
    blank: Counter[str] = field(default_factory=Counter)
    wrong: list[Fault] = field(default_factory=list)
    faults: int = 0
    wrong_rows: int = 0

    @property
    def fits(self) -> bool:
        """Whether every row is a response or is left out for a reason."""
        return not self.faults and self.responses > 0


def read_file(rows: Iterable[Row], meant: Meant, outcome: Outcome) -> Iterator[Read]:
    """Yield each row that is a response, noting in `outcome` what became of every one."""
    for number, cells in rows:
        outcome.rows += 1
        reading = _RowReading(number, cells, meant)
        if reading.of_another:
            outcome.of_another += 1
            continue
        found = reading.read()
        outcome.past.update(reading.past)
        outcome.blank.update(reading.blank)
        if reading.faults:
            outcome.answered.update(reading.answered)
            outcome.faults += len(reading.faults)
            outcome.wrong_rows += 1
            outcome.wrong.extend(reading.faults[: MOST_SHOWN - len(outcome.wrong)])
        elif found is None:
            outcome.empty += 1
        else:
            outcome.responses += 1
            outcome.answered.update(found.answers.keys())
            yield found


def try_file(rows: Iterable[Row], meant: Meant) -> Outcome:
    """Return what a file would come to."""
    outcome = Outcome()
    for _read in read_file(rows, meant, outcome):
        pass
    return outcome


class _RowReading:
    """One row on its way to a response."""

    def __init__(self, number: int, cells: Sequence[str], meant: Meant) -> None:
        self.number, self.meant = number, meant
        self.said = {
            column: (key, cells[column])
            for column, key in meant.decided.columns.items()
            if column < len(cells) and cells[column]
        }
        self.given: dict[str, list[str]] = {}
        self.rotations: dict[str, int] = {}
        # Which column filled a field, and which questions were answered.
        self.columns: dict[str, int] = {}
        self.answered: set[str] = set()
        self.faults: list[Fault] = []
        self.past: list[str] = []
        self.blank: list[str] = []
        self.area = ""
        self.group: int | None = None

    @property
    def of_another(self) -> bool:
        """Whether it answers another questionnaire."""
        named = [plain(cell) for key, cell in self.said.values() if key == INSTRUMENT]
        return bool(named) and not {plain(name) for name in self.meant.instrument} & set(named)

    def read(self) -> Read | None:
        """Return the response; None where the row is wrong or has no answer."""
        for column, (key, cell) in self.said.items():
            try:
                self.put(column, key, cell)
            except Strange as strange:
                self._fault(column, _unknown(strange, self.meant.parts.get(key)))
        if not self.given:
            return None
        strange_questions = {
            self.meant.parts[self.said[fault.column][0]].question.code
            for fault in self.faults
            if fault.column is not None and self.said[fault.column][0] in self.meant.parts
        }
        route = follow(self.meant.definition, self.given, 0)
        self._problems(route, strange_questions)
        self._past(route)
        if route.exits:
            sentence = lazy(
                "These answers end at “%(page)s”, where nothing is sent.", page=route.steps[-1].page.title
            )
            self._fault(None, sentence)
        if self.faults or not route.kept:
            return None
        return Read(self.number, self._kept(route), self._area_of(route), self.group)

    def put(self, column: int, key: str, cell: str) -> None:
        """Take what a cell says; raises `Strange`."""
        hand = self.meant.decided.hand(column)
        if key == AREA:
            self.area = place(cell, self.meant.places, hand)
        elif key == GROUP:
            self.group = _group(cell, self.meant.groups, hand)
        elif key != INSTRUMENT:
            part = self.meant.parts[key]
            if isinstance(part, Started):
                self.rotations[part.question.code] = part.rotation(cell, hand)
            for name, value in part.put(cell, hand):
                self.given.setdefault(name, []).append(value)
                self.columns.setdefault(name, column)
                self.answered.add(part.question.code)

    def _problems(self, route: Route, strange: set[str]) -> None:
        for step in route.steps:
            for problem in step.problems:
                question = _question_of(step.questions, problem.field)
                if question.code in strange:
                    # What is not known has been said; that the question is then blank is no news.
                    continue
                column = self._column(question, problem.field)
                if question.code not in self.answered:
                    self.blank.append(question.code)
                    if self.meant.agreed.blank:
                        continue
                    column = self._mapped(question)
                sentence = lazy(
                    "%(question)s: %(sentence)s", question=question.label, sentence=problem.message
                )
                self._fault(column, sentence)

    def _past(self, route: Route) -> None:
        shown = {question.code for step in route.steps for question in step.questions}
        for question in self.meant.definition.questions:
            if question.code in shown or question.code not in self.answered:
                continue
            self.past.append(question.code)
            if not self.meant.agreed.past:
                sentence = lazy(
                    "%(question)s: the answers before lead past this question, but it has an answer.",
                    question=question.label,
                )
                self._fault(self._column(question, question.first_field), sentence)

    def _kept(self, route: Route) -> dict[str, Any]:
        return {
            code: answer | {"rotation": self.rotations.get(code, 0)} if "rotation" in answer else answer
            for code, answer in route.kept.items()
        }

    def _area_of(self, route: Route) -> str:
        answered = (answer["area"] for answer in route.kept.values() if "area" in answer)
        return next(answered, self.area or UNDISCLOSED)

    def _column(self, question: Question, name: str) -> int | None:
        """Return the column that filled a field, else one of the question that the row fills."""
        if name in self.columns:
            return self.columns[name]
        filled = [column for field, column in self.columns.items() if _belongs(field, question.code)]
        return min(filled, default=self._mapped(question))

    def _mapped(self, question: Question) -> int | None:
        parts = self.meant.parts
        columns = self.meant.decided.columns.items()
        return next((at for at, key in columns if key in parts and parts[key].question is question), None)

    def _fault(self, column: int | None, sentence: Text) -> None:
        self.faults.append(Fault(self.number, column, sentence))


def _belongs(name: str, code: str) -> bool:
    """Tell whether a field is one of the question's; codes have no hyphen."""
    return name == code or name.startswith(f"{code}-")


def _question_of(questions: Sequence[Question], name: str) -> Question:
    return next(question for question in questions if _belongs(name, question.code))


def _unknown(strange: Strange, part: Part | None) -> Text:
    value = strange.values[0]
    if value in POSTCODES:
        return lazy("%(what)s: say what it stands for, or mend it.", what=POSTCODES[value])
    shown = value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"
    if part is not None and part.wants:
        return lazy("“%(value)s” cannot be read. %(wants)s", value=shown, wants=part.wants)
    return lazy("“%(value)s” is not an answer that we know. Say what it stands for, or mend it.", value=shown)


def _group(cell: str, groups: Mapping[str, int], by_hand: Mapping[str, str]) -> int | None:
    if cell in by_hand:
        return None
    found = groups.get(plain(cell))
    if found is None:
        raise Strange(cell)
    return found


def strange_values(rows: Iterable[Row], meant: Meant) -> dict[int, Counter[str]]:
    """Return the values that are not known, with how often each stands there, by column."""
    found: dict[int, Counter[str]] = {}
    for number, cells in rows:
        reading = _RowReading(number, cells, meant)
        if reading.of_another:
            continue
        for column, (key, cell) in reading.said.items():
            part = meant.parts.get(key)
            if part is not None and not part.choices:
                continue
            try:
                reading.put(column, key, cell)
            except Strange as strange:
                found.setdefault(column, Counter()).update(strange.values)
    return found


def part_at(meant: Meant, column: int) -> Part | None:
    """Return the part that a column is; None for one about the response."""
    return meant.parts.get(meant.decided.columns.get(column, ""))
