"""Conditions as an officer builds them: groups of rows, each row one fact about an earlier answer.

Pure: `laid_out` turns a condition (JSON) into groups where it has that shape, `gathered` turns groups back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engage.questionnaires.edits import Json

ALL, ANY = "all", "any"
ANSWERED, AT_LEAST, AT_MOST = "answered", "at_least", "at_most"
# Parts a question's code from what is said of its answer; no code has it.
PART = "|"


@dataclass(frozen=True, slots=True)
class Row:
    """`fact` is "question|answered", "question|at_least", "question|at_most" or "question|=mark"."""

    fact: str
    holds: bool = True
    number: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of which all, or any, must hold."""

    join: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """Groups of which all, or any, must hold."""

    join: str
    groups: tuple[Group, ...]


def laid_out(condition: Mapping[str, Any] | None) -> Laid | None:
    """Return a condition as groups of rows, or None where it is nested deeper than that."""
    if condition is None:
        return Laid(ALL, ())
    group = _group(condition)
    if group is not None:
        return Laid(ALL, (group,))
    for join in (ALL, ANY):
        groups = [_group(part) for part in condition.get(join, ())]
        if groups and all(groups):
            return Laid(join, tuple(group for group in groups if group is not None))
    return None


def gathered(laid: Laid) -> Json | None:
    """Return the condition that groups of rows say, None where they say nothing."""
    groups = [_joined(group.join, [_leaf(row) for row in group.rows]) for group in laid.groups if group.rows]
    return _joined(laid.join, groups) if groups else None


def _joined(join: str, parts: Sequence[Json]) -> Json:
    return parts[0] if len(parts) == 1 else {join: list(parts)}


def _group(condition: Mapping[str, Any]) -> Group | None:
    row = _row(condition)
    if row is not None:
        return Group(ALL, (row,))
    for join in (ALL, ANY):
        rows = [_row(part) for part in condition.get(join, ())]
        if rows and all(rows):
            return Group(join, tuple(row for row in rows if row is not None))
    return _between(condition)


def _between(condition: Mapping[str, Any]) -> Group | None:
    """A number from one to another is two rows."""
    if not {AT_LEAST, AT_MOST} <= condition.keys():
        return None
    question = condition["question"]
    return Group(
        ALL, tuple(Row(f"{question}{PART}{name}", True, str(condition[name])) for name in (AT_LEAST, AT_MOST))
    )


def _row(condition: Mapping[str, Any]) -> Row | None:
    if condition.keys() == {"not"}:
        row = _row(condition["not"])
        return Row(row.fact, False, row.number) if row and row.holds else None
    match dict(condition):
        case {"question": str(question), "has": str(mark)}:
            return Row(f"{question}{PART}={mark}")
        case {"question": str(question), "answered": True}:
            return Row(f"{question}{PART}{ANSWERED}")
        case {"question": str(question), **limits} if len(limits) == 1:
            ((name, number),) = limits.items()
            return Row(f"{question}{PART}{name}", True, str(number))
    return None


def _leaf(row: Row) -> Json:
    question, _, what = row.fact.partition(PART)
    leaf: Json = {"question": question}
    if what.startswith("="):
        leaf["has"] = what[1:]
    elif what == ANSWERED:
        leaf["answered"] = True
    else:
        leaf[what] = float(row.number) if "." in row.number else int(row.number)
    return leaf if row.holds else {"not": leaf}
