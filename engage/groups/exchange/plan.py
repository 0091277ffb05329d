"""What a file would make of the register, group by group; nothing is changed here. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused
from engage.foundations.tables.reading import Row
from engage.groups.details import GroupDetails, checked_group, checked_vacancy
from engage.groups.exchange.cells import (
    Block,
    Fault,
    contacts_of,
    meetings_of,
    plain,
    sheet_of,
    values_of,
)
from engage.groups.exchange.columns import Column, Record, cells_of
from engage.groups.rules import GroupKind, in_circle, is_code


class What(StrEnum):
    """What becomes of a group."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


WHATS: Mapping[What, Text] = {
    What.ADDED: lazy("Added"),
    What.CHANGED: lazy("Changed"),
    What.UNCHANGED: lazy("Unchanged"),
}
# The details of a group and the column each stands in.
_PLACES = {
    "name": Column.NAME,
    "kind": Column.KIND,
    "area_code": Column.BOROUGH,
    "parent": Column.PARENT,
    "about": Column.ABOUT,
    "website": Column.WEBSITE,
    "members": Column.MEMBERS,
    "communities": Column.COMMUNITIES,
    "since": Column.VACANT_SINCE,
    "covered_by": Column.COVERED_BY,
}


@dataclass(frozen=True, slots=True)
class Register:
    """The register as it is: its groups by their codes, who was merged, and the boroughs' names by code."""

    groups: Mapping[str, Record]
    areas: Mapping[str, str]
    merged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """What a row of the file makes of its group: `changes` are (heading, said before, says now)."""

    row: int
    what: What
    record: Record
    changes: Sequence[tuple[Text, Text, Text]] = ()


@dataclass
class Plan:
    """A file tried on the register: what it would make of each group, or what is wrong with it."""

    steps: list[Step] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether the file can be taken, and would change anything."""
        return not self.faults and any(step.what is not What.UNCHANGED for step in self.steps)

    @property
    def counted(self) -> Counter[What]:
        """How many groups would be added, changed and left as they are."""
        return Counter(step.what for step in self.steps)

    @property
    def digest(self) -> str:
        """A name of exactly these changes, so that what somebody saw is what they agree to."""
        found = hashlib.sha256()
        for step in self.steps:
            # A set has no order that every process would agree on.
            record = replace(step.record, communities=frozenset())
            changes = [list(map(str, each)) for each in step.changes]
            said = (step.what.value, record, sorted(step.record.communities), changes)
            found.update(repr(said).encode(errors="replace"))
        return found.hexdigest()


def plan_of(rows: Sequence[Row], register: Register, today: date) -> Plan:
    """Return what `rows`, headings first, would make of the register.

    A column that is not in the file changes nothing; one that is says all there is to say, so a blank cell
    empties what was there. A group that the file does not name stays as it is.
    """
    plan = Plan()
    sheet = sheet_of(rows)
    plan.faults += sheet.faults
    if sheet.faults:
        return plan
    areas = {plain(name): code for code, name in register.areas.items()}
    areas |= {plain(code): code for code in register.areas}
    read: dict[str, tuple[Block, Record]] = {}
    for block in sheet.blocks:
        record = _record(block, sheet.columns, areas, register, today, plan.faults)
        if record is not None:
            read[block.code] = (block, record)
    parents = _Parents(register, {code: record for code, (_block, record) in read.items()})
    for code, (block, record) in read.items():
        read[code] = (block, replace(record, parent=parents.code_of(record.parent)))
    _refuse_together(read, register, plan.faults)
    if not plan.faults:
        plan.steps = [_step(block, record, register) for block, record in read.values()]
    return plan


def _record(
    block: Block,
    columns: Sequence[Column],
    areas: Mapping[str, str],
    register: Register,
    today: date,
    faults: list[Fault],
) -> Record | None:
    held = register.groups.get(block.code)
    before = len(faults)
    if held is None and not is_code(block.code):
        sentence = lazy("A code is made of small letters, figures and hyphens.")
        faults.append(Fault(block.row, Column.CODE, sentence))
    values = {column: value for column, value in values_of(block, areas, faults).items() if column in columns}
    record = _said(block, values, held)
    if Column.CONTACT_NAME in columns:
        record["contacts"] = contacts_of(block, faults)
    if Column.MEETING in columns:
        record["meetings"] = meetings_of(block, faults)
    if not record.get("name"):
        faults.append(Fault(block.row, Column.NAME, lazy("Enter the group’s name.")))
    if record.get("kind") is None and (Column.KIND in values or Column.KIND not in columns):
        faults.append(Fault(block.row, Column.KIND, lazy("Say what kind of group it is.")))
    if held is not None and not block.own_code and record["area_code"] != held.area_code:
        sentence = lazy("A group of this name is in another borough. Write which code this one has.")
        faults.append(Fault(block.row, Column.CODE, sentence))
    if len(faults) > before:
        return None
    return _checked(block, Record(**record), today, faults)


def _said(block: Block, values: Mapping[Column, Any], held: Record | None) -> dict[str, Any]:
    """Return what is known of the group: what the file says, and else what the register says."""
    known = {one.name: getattr(held, one.name) for one in fields(Record)} if held else {}
    said = {_ATTRIBUTES[column]: value for column, value in values.items()}
    # Neither is ever nothing: a blank cell leaves what was there.
    for name in ("kind", "active"):
        if said.get(name, "") is None:
            del said[name]
    return known | said | {"code": block.code}


_ATTRIBUTES = {
    Column.NAME: "name",
    Column.KIND: "kind",
    Column.BOROUGH: "area_code",
    Column.PARENT: "parent",
    Column.STATE: "active",
    Column.VACANT_SINCE: "vacant_since",
    Column.COVERED_BY: "covered_by",
    Column.ABOUT: "about",
    Column.WEBSITE: "website",
    Column.MEMBERS: "members",
    Column.COMMUNITIES: "communities",
}


def _checked(block: Block, record: Record, today: date, faults: list[Fault]) -> Record | None:
    """Return the record tidied by the same rules as a form's, or write down why it cannot be."""
    details = GroupDetails(
        name=record.name,
        kind=record.kind,
        area_code=record.area_code,
        about=record.about,
        website=record.website,
        members=record.members,
        communities=record.communities,
    )
    try:
        tidy = checked_group(details)
        covered_by = _vacancy(record, today)
    except Refused as refusal:
        faults.append(Fault(block.row, _PLACES[refusal.field or "name"], refusal.message))
        return None
    return replace(record, name=tidy.name, about=tidy.about, website=tidy.website, covered_by=covered_by)


def _vacancy(record: Record, today: date) -> str:
    if record.vacant_since is not None and not record.active:
        raise Refused(lazy("A group that has ended is not vacant."), "since")
    if record.vacant_since is not None:
        return checked_vacancy(record.vacant_since, record.covered_by, today)
    if record.covered_by:
        raise Refused(lazy("Nobody covers for a group that is not vacant: say since when it is."), "since")
    return ""


class _Parents:
    """Finds the code of a parent by its code or, where only one group has it, its name."""

    def __init__(self, register: Register, read: Mapping[str, Record]) -> None:
        everybody = dict(register.groups) | dict(read)
        times = Counter(plain(record.name) for record in everybody.values())
        self._codes = set(everybody)
        self._named = {
            plain(record.name): code for code, record in everybody.items() if times[plain(record.name)] == 1
        }

    def code_of(self, cell: str) -> str:
        """Return the code that `cell` means; what nobody is called stays as it is written."""
        return cell if not cell or cell in self._codes else self._named.get(plain(cell), cell)


def _refuse_together(
    read: Mapping[str, tuple[Block, Record]], register: Register, faults: list[Fault]
) -> None:
    """Write down what is wrong with groups because of others: a parent, a circle, a second CPEG."""
    final = dict(register.groups) | {code: record for code, (_block, record) in read.items()}
    parents = {code: record.parent or None for code, record in final.items()}
    cpegs = _cpegs(final)
    for code, (block, record) in read.items():
        if record.parent and record.parent not in final:
            sentence = lazy("“%(cell)s” is no group that we know.", cell=record.parent[:80])
            faults.append(Fault(block.row, Column.PARENT, sentence))
        elif record.parent and record.kind is GroupKind.CPEG:
            sentence = lazy("A Community Police Engagement Group is not part of another group.")
            faults.append(Fault(block.row, Column.PARENT, sentence))
        elif in_circle(code, parents):
            sentence = lazy("A group cannot be part of itself, or of a group below it.")
            faults.append(Fault(block.row, Column.PARENT, sentence))
        if record.active and record.kind is GroupKind.CPEG and cpegs[record.area_code] > 1:
            sentence = lazy("The borough would have two Community Police Engagement Groups.")
            faults.append(Fault(block.row, Column.BOROUGH, sentence))
        if record.active and code in register.merged:
            sentence = lazy("This group has become part of another one and cannot be used again.")
            faults.append(Fault(block.row, Column.STATE, sentence))


def _cpegs(final: Mapping[str, Record]) -> Counter[str | None]:
    return Counter(
        record.area_code for record in final.values() if record.kind is GroupKind.CPEG and record.active
    )


def _step(block: Block, record: Record, register: Register) -> Step:
    held = register.groups.get(block.code)
    if held is None:
        return Step(block.row, What.ADDED, record)
    before, after = cells_of(held, register.areas), cells_of(record, register.areas)
    changes: list[tuple[Text, Text, Text]] = [
        (column.value, _shown(before[column]), _shown(after[column]))
        for column in before
        if before[column] != after[column]
    ]
    for heading, was, now in (
        (lazy("Contacts"), held.contacts, record.contacts),
        (lazy("Meetings"), held.meetings, record.meetings),
    ):
        gone, new = Counter(was) - Counter(now), Counter(now) - Counter(was)
        if gone or new:
            said = lazy(
                "%(n)s (%(gone)s taken out, %(new)s added)", n=len(now), gone=gone.total(), new=new.total()
            )
            changes.append((heading, str(len(was)), said))
    what = What.CHANGED if changes else What.UNCHANGED
    return Step(block.row, what, record, tuple(changes))


def _shown(cell: Any) -> str:
    return "" if cell is None else str(cell)
