"""Overlaps of what is still to come or open, to read: always in the same number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.groups.models import Group
from engage.timetable.models import Entry, EntryGroup, EntryMark, OverlapDecision
from engage.timetable.overlaps import rules
from engage.timetable.overlaps.rules import Finding, Plan, Suggestion
from engage.timetable.overlaps.sweep import findings
from engage.timetable.rules import MarkKind


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as an overlap names it. `area_name` None means all of London."""

    id: int
    slug: str
    title: str
    organisation: str
    area_name: str | None
    opens_at: datetime
    closes_at: datetime
    draft: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two entries that overlap, and what was decided about them (None: nothing yet).

    `movable` is how many of the two have not opened; where none has, nothing can be done about it any more.
    """

    finding: Finding
    first: Line
    second: Line
    decision: OverlapDecision | None
    movable: int


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is still to come or open at `now`; `decisions` by the pair of ids."""

    now: datetime
    plans: Sequence[Plan]
    lines: Mapping[int, Line]
    decisions: Mapping[tuple[int, int], OverlapDecision]

    def overlaps(self) -> list[Overlap]:
        """Return every two entries that overlap: what can still be changed first, then the first to come."""
        return sorted(map(self.overlap, findings(self.plans)), key=_turn)

    def overlap(self, finding: Finding) -> Overlap:
        """Return a finding with the names of its entries and what was decided."""
        first, second = (self.lines[each] for each in finding.pair)
        movable = len(rules.movable(finding, self.now))
        return Overlap(finding, first, second, self.decisions.get(finding.pair), movable)

    def suggestion(self, finding: Finding) -> Suggestion:
        """Return what to do about a finding."""
        return rules.suggestion(finding, self.plans, self.now)


def known(session: Session, now: datetime) -> Known:
    """Return what is still to come or open at `now`, drafts included; five queries, however many."""
    rows = session.execute(
        select(Entry, Area.name)
        .outerjoin(Area, Area.code == Entry.area_code)
        .where(Entry.cancelled_at.is_(None), Entry.closed_at.is_(None), Entry.closes_at > now)
        .order_by(Entry.opens_at, Entry.id)
    ).all()
    ids = select(Entry.id).where(
        Entry.cancelled_at.is_(None), Entry.closed_at.is_(None), Entry.closes_at > now
    )
    marks: dict[tuple[int, MarkKind], set[str]] = defaultdict(set)
    chosen = select(EntryMark.entry_id, EntryMark.kind, EntryMark.code).where(EntryMark.entry_id.in_(ids))
    for entry_id, kind, code in session.execute(chosen.order_by(EntryMark.entry_id, EntryMark.code)):
        marks[entry_id, kind].add(code)
    asked: dict[int, set[int]] = defaultdict(set)
    pairs = select(EntryGroup.entry_id, EntryGroup.group_id).where(EntryGroup.entry_id.in_(ids))
    for entry_id, group_id in session.execute(pairs.order_by(EntryGroup.entry_id, EntryGroup.group_id)):
        asked[entry_id].add(group_id)
    above = _Above(session)
    plans = [
        Plan(
            id=entry.id,
            title=entry.title,
            opens_at=entry.opens_at,
            closes_at=entry.closes_at,
            area_code=entry.area_code,
            topics=frozenset(marks[entry.id, MarkKind.TOPIC]),
            audiences=frozenset(marks[entry.id, MarkKind.AUDIENCE]),
            groups=frozenset(asked[entry.id]),
            above=above.of(asked[entry.id]),
            opened=entry.opened_at is not None,
        )
        for entry, _ in rows
    ]
    lines = {entry.id: _line(entry, area) for entry, area in rows}
    return Known(now, plans, lines, _decisions(session))


def undecided(session: Session, now: datetime) -> int:
    """Return how many overlaps nobody has decided on that something can still be done about."""
    everything = known(session, now)
    return sum(
        finding.pair not in everything.decisions and bool(rules.movable(finding, now))
        for finding in findings(everything.plans)
    )


def of_entry(session: Session, entry_id: int, now: datetime) -> list[Overlap]:
    """Return the overlaps of one entry, the undecided first; none of one that is over or cancelled."""
    everything = known(session, now)
    mine = next((plan for plan in everything.plans if plan.id == entry_id), None)
    if mine is None:
        return []
    found = [finding for plan in everything.plans if (finding := _both(mine, plan)) is not None]
    overlaps = sorted(map(everything.overlap, found), key=_turn)
    return sorted(overlaps, key=lambda overlap: overlap.decision is not None)


def settled(session: Session, entry_id: int) -> list[tuple[OverlapDecision, Line]]:
    """Return every decision about this entry with the other of the two, the latest first."""
    other = (Entry.id == OverlapDecision.entry_id) | (Entry.id == OverlapDecision.other_id)
    statement = (
        select(OverlapDecision, Entry, Area.name)
        .join(Entry, other & (Entry.id != entry_id))
        .outerjoin(Area, Area.code == Entry.area_code)
        .where(or_(OverlapDecision.entry_id == entry_id, OverlapDecision.other_id == entry_id))
        .order_by(OverlapDecision.decided_at.desc(), OverlapDecision.id.desc())
    )
    return [(decision, _line(entry, area)) for decision, entry, area in session.execute(statement)]


def find_overlap(everything: Known, pair: tuple[int, int]) -> Overlap | None:
    """Return how these two entries overlap, or None where they do not, or one of them is over."""
    plans = {plan.id: plan for plan in everything.plans}
    if not all(each in plans for each in pair):
        return None
    finding = _both(plans[pair[0]], plans[pair[1]])
    return everything.overlap(finding) if finding is not None else None


def find_decision(session: Session, pair: tuple[int, int]) -> OverlapDecision | None:
    """Return what was decided about two entries, the lower id first, or None."""
    statement = select(OverlapDecision).where(
        OverlapDecision.entry_id == pair[0], OverlapDecision.other_id == pair[1]
    )
    return session.scalars(statement).one_or_none()


def group_names(session: Session, overlaps: Iterable[Overlap]) -> Mapping[int, str]:
    """Return the names of the groups that these overlaps share, in one query."""
    ids = sorted({group for overlap in overlaps for group in overlap.finding.shared.groups})
    rows = session.execute(select(Group.id, Group.name).where(Group.id.in_(ids)).order_by(Group.id))
    return dict(iter(rows))


class _Above:
    """Which groups each group belongs to, from one query for all."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(
            select(Group.id, Group.parent_id).where(Group.parent_id.is_not(None)).order_by(Group.id)
        )
        self.parents: dict[int, int | None] = dict(iter(rows))

    def of(self, groups: Iterable[int]) -> frozenset[int]:
        """Return all groups above any of `groups`."""
        found: set[int] = set()
        for group in groups:
            parent = self.parents.get(group)
            while parent is not None and parent not in found:
                found.add(parent)
                parent = self.parents.get(parent)
        return frozenset(found)


def _decisions(session: Session) -> Mapping[tuple[int, int], OverlapDecision]:
    rows = session.scalars(select(OverlapDecision).order_by(OverlapDecision.id))
    return {(row.entry_id, row.other_id): row for row in rows}


def _both(one: Plan, other: Plan) -> Finding | None:
    if one.id == other.id or not rules.windows_meet(one, other):
        return None
    first, second = sorted((one, other), key=lambda plan: plan.id)
    both = rules.shared(first, second)
    return Finding(first, second, both) if both else None


def _turn(overlap: Overlap) -> tuple[int, datetime, tuple[int, int]]:
    finding = overlap.finding
    return -overlap.movable, max(finding.first.opens_at, finding.second.opens_at), finding.pair


def _line(entry: Entry, area_name: str | None) -> Line:
    return Line(
        id=entry.id,
        slug=entry.slug,
        title=entry.title,
        organisation=entry.organisation,
        area_name=area_name,
        opens_at=entry.opens_at,
        closes_at=entry.closes_at,
        draft=entry.published_at is None,
    )
