"""The form in which a condition is built: groups of rows, with blank ones to fill."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from wtforms import FieldList, Form, FormField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from engage.foundations.language import Text, lazy
from engage.questionnaires.condition_rows import ALL, ANSWERED, ANY, AT_LEAST, AT_MOST, PART, Group, Laid, Row
from engage.questionnaires.forms import DraftForm, tidy
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.possible import counts

Facts: TypeAlias = dict[str, list[tuple[str, Text]]]
"""What can be said of each earlier answer, by the words of the question."""

MOST_GROUPS, MOST_ROWS = 10, 20
BLANK_ROWS = 3
LONGEST_NAME = 60
NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
JOINS = [SelectChoice(ALL, lazy("All of these")), SelectChoice(ANY, lazy("Any of these"))]


class RowForm(Form):
    """One fact about an earlier answer."""

    holds = SelectField(
        lazy("This must"),
        choices=[SelectChoice("yes", lazy("be so")), SelectChoice("no", lazy("not be so"))],
        default="yes",
    )
    fact = SelectField(lazy("Earlier answer"), validate_choice=False)
    number = StringField(lazy("Number"), filters=[tidy])


class GroupForm(Form):
    """Rows, and whether all of them must hold."""

    join = SelectField(lazy("What must be so"), choices=JOINS, default=ALL)
    rows = FieldList(FormField(RowForm), max_entries=MOST_ROWS)


class ConditionForm(DraftForm):
    """When a page or a question is shown."""

    join = RadioField(lazy("If there are several groups"), choices=JOINS, default=ALL)
    groups = FieldList(FormField(GroupForm), max_entries=MOST_GROUPS)

    def __init__(self, facts: Facts, **options: Any) -> None:
        super().__init__(**options)
        self.facts = facts
        known = {fact for group in facts.values() for fact, _ in group}
        for row in self.rows:
            gone = {row.fact.data} - known - {"", None}
            row.fact.choices = {"": [("", lazy("Choose an answer"))]} | facts
            if gone:
                row.fact.choices |= {str(lazy("No longer there")): [(code, code) for code in gone]}

    @property
    def rows(self) -> Iterator[RowForm]:
        """Every row of every group."""
        return (row.form for group in self.groups for row in group.form.rows)

    def laid(self) -> Laid | None:
        """Return what is built, or None with an error beside each row that says nothing."""
        known = {fact for group in self.facts.values() for fact, _ in group}
        for row in self.rows:
            problem = _problem(row, known)
            if problem is not None:
                row.fact.errors = [problem]
                self.form_errors.append(problem)
        if self.form_errors:
            return None
        groups = (Group(group.form.join.data, tuple(_rows(group.form))) for group in self.groups)
        return Laid(self.join.data or ALL, tuple(group for group in groups if group.rows))


def facts_about(questions: Sequence[Question]) -> Facts:
    """Return what can be said of the answers to `questions`."""
    facts: Facts = {}
    for place, question in enumerate(questions, start=1):
        if not question.asks:
            continue
        name = f"{place}. {shortened(question.label)}"
        said: list[tuple[str, Text]] = [(ANSWERED, lazy("has any answer"))]
        said.extend((f"={mark}", lazy("“%(label)s”", label=label)) for mark, label in question.marks.items())
        if counts(question):
            said.append((AT_LEAST, lazy("at least the number")))
            said.append((AT_MOST, lazy("at most the number")))
        # A closed list shows only what is chosen in it, so each choice says its question again.
        facts[name] = [
            (f"{question.code}{PART}{what}", lazy("%(name)s – %(words)s", name=name, words=words))
            for what, words in said
        ]
    return facts


def shortened(words: str) -> str:
    """Return as much of a question as fits into a list."""
    return words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME].rstrip()}…"


def form_values(laid: Laid) -> dict[str, Any]:
    """Return what the form shows of a condition: its rows, blank ones after them, and a blank group."""
    groups = [
        {"join": group.join, "rows": [*map(_row_values, group.rows), *({} for _ in range(BLANK_ROWS - 1))]}
        for group in laid.groups
    ]
    blank = {"join": ALL, "rows": [{} for _ in range(BLANK_ROWS)]}
    return {"join": laid.join, "groups": [*groups, blank][:MOST_GROUPS]}


def _row_values(row: Row) -> dict[str, str]:
    return {"holds": "yes" if row.holds else "no", "fact": row.fact, "number": row.number}


def _rows(group: Any) -> Iterator[Row]:
    for row in (each.form for each in group.rows):
        if row.fact.data:
            takes_number = row.fact.data.endswith((f"{PART}{AT_LEAST}", f"{PART}{AT_MOST}"))
            yield Row(row.fact.data, row.holds.data != "no", row.number.data if takes_number else "")


def _problem(row: RowForm, known: set[str]) -> Text | None:
    fact, number = row.fact.data or "", row.number.data or ""
    if not fact:
        return lazy("Choose the answer that the number is about.") if number else None
    if fact not in known:
        return lazy("This answer cannot be given any more before this. Choose another.")
    if fact.endswith((f"{PART}{AT_LEAST}", f"{PART}{AT_MOST}")) and not NUMBER.fullmatch(number):
        return lazy("Write the number beside the answer, such as 3.")
    return None
