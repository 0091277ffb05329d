"""The view of the timetable that an address asks for: the same words in every view and every feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.boroughs.queries import places
from engage.foundations.language import Text
from engage.foundations.lists import one_of
from engage.groups.rules import COMMUNITIES, Community
from engage.timetable import queries
from engage.timetable.duties import queries as duties
from engage.timetable.duties.rules import DutyName
from engage.timetable.labels import LEVELS, METHODS, STATES, TOPICS
from engage.timetable.queries import EVERYTHING, Filters
from engage.timetable.rules import EntryState, Level, Method, Topic

LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class View:
    """What a reader asked to see of the timetable; `state` None means at any time."""

    filters: Filters = EVERYTHING
    state: EntryState | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything may be left out."""
        return self.state is not None or self.filters != EVERYTHING

    def shows(self, state: EntryState) -> bool:
        """Tell whether entries that stand there belong to the view."""
        return self.state in (None, state)

    def follows(self, state: EntryState) -> bool:
        """Tell whether who follows the view hears of entries that stand there: of cancelled ones always."""
        return self.shows(state) or state is EntryState.CANCELLED

    def asked(self) -> dict[str, str]:
        """Return the parts of an address that ask for this view."""
        state = {"state": self.state.value} if self.state else {}
        return state | self.filters.asked()


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen besides what the program itself knows."""

    areas: Sequence[Area]
    duties: Mapping[str, DutyName]
    organisations: Sequence[str]


def choices(session: Session) -> Choices:
    """Return the boroughs, the register of duties and the organisations that ask."""
    return Choices(places(session), duties.names(session), queries.organisations(session))


def view_of(asked: Mapping[str, str], known: Choices) -> View:
    """Return the view an address asks for; what we do not know narrows nothing."""
    borough, duty = asked.get("borough", ""), asked.get("duty", "")
    organisation = asked.get("organisation", "")
    filters = Filters(
        duty=duty if duty in known.duties else None,
        level=one_of(Level, asked.get("level", "")),
        area_code=borough if any(area.code == borough for area in known.areas) else None,
        audience=one_of(Community, asked.get("audience", "")),
        organisation=organisation if organisation in known.organisations else None,
        method=one_of(Method, asked.get("method", "")),
        topic=one_of(Topic, asked.get("topic", "")),
        words=" ".join(asked.get("words", "").replace("\0", " ").split())[:LONGEST_SEARCH],
    )
    return View(filters, one_of(EntryState, asked.get("state", "")))


def said(view: View, known: Choices) -> tuple[Text, ...]:
    """Return in words what the view is narrowed to; empty where it shows everything."""
    filters = view.filters
    parts: tuple[Text | None, ...] = (
        STATES[view.state].heading if view.state else None,
        next((area.name for area in known.areas if area.code == filters.area_code), None),
        COMMUNITIES[filters.audience] if filters.audience else None,
        TOPICS[filters.topic] if filters.topic else None,
        METHODS[filters.method] if filters.method else None,
        LEVELS[filters.level].name if filters.level else None,
        known.duties[filters.duty].name if filters.duty else None,
        filters.organisation,
        f"“{filters.words}”" if filters.words else None,
    )
    return tuple(part for part in parts if part)
