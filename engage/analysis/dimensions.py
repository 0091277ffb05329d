"""The lines of each breakdown, with the words that people see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.results import Value
from engage.analysis.tallies import Dimension, Summary
from engage.boroughs.queries import areas
from engage.consultations.queries import instruments
from engage.distribution.queries import group_lines
from engage.distribution.tree import rolled_up
from engage.foundations.language import Text, lazy
from engage.groups.models import Group
from engage.responses.models import Channel

NAMES: Mapping[Dimension, Text] = {
    Dimension.INSTRUMENT: lazy("Questionnaire"),
    Dimension.AREA: lazy("Borough"),
    Dimension.GROUP: lazy("Group whose link was used"),
    Dimension.CHANNEL: lazy("How the response came"),
}
CHANNELS: Mapping[Channel, Text] = {
    Channel.WEB: lazy("On the web"),
    Channel.PAPER: lazy("On paper"),
    Channel.TELEPHONE: lazy("By telephone"),
    Channel.MEETING: lazy("At a meeting"),
    Channel.PANEL: lazy("By invitation to a panel"),
}


def values(session: Session, consultation_id: int, dimension: Dimension, summary: Summary) -> list[Value]:
    """Return the lines of a breakdown in the order in which they are shown; every raw value is in one."""
    build = _BUILDERS[dimension]
    return build(session, consultation_id, summary.breakdowns[dimension].bases)


def _instruments(session: Session, consultation_id: int, found: Iterable[object]) -> list[Value]:
    offered = instruments(session, consultation_id)
    return [Value(instrument.title, frozenset({instrument.code}), instrument.code) for instrument in offered]


def _areas(session: Session, consultation_id: int, found: Iterable[object]) -> list[Value]:
    return [Value(area.name, frozenset({area.code}), area.code) for area in areas(session)]


def _channels(session: Session, consultation_id: int, found: Iterable[object]) -> list[Value]:
    return [Value(label, frozenset({channel.value}), channel.value) for channel, label in CHANNELS.items()]


def _groups(session: Session, consultation_id: int, found: Iterable[object]) -> list[Value]:
    """A line for each group, its member groups and those merged into it with it; one for no link."""
    used = {group_id for group_id in found if isinstance(group_id, int)}
    counted_with = rolled_up(group_lines(session))
    gathered: dict[int, set[int]] = {}
    for group_id in sorted(used & counted_with.keys()):
        gathered.setdefault(counted_with[group_id], set()).add(group_id)
    named = session.execute(
        select(Group.id, Group.name, Group.code).where(Group.id.in_(gathered)).order_by(Group.name, Group.id)
    )
    lines = [Value(name, frozenset(gathered[group_id]), code) for group_id, name, code in named]
    return [*lines, Value(lazy("No group’s link"), frozenset({None}))]


_BUILDERS: Mapping[Dimension, Callable[[Session, int, Iterable[object]], list[Value]]] = {
    Dimension.INSTRUMENT: _instruments,
    Dimension.AREA: _areas,
    Dimension.GROUP: _groups,
    Dimension.CHANNEL: _channels,
}
