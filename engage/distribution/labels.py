"""What links are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping

from engage.distribution.rules import LinkKind
from engage.distribution.tree import LinkRow
from engage.foundations.addresses import address_of
from engage.foundations.language import Text, lazy

KINDS: Mapping[str, Text] = {
    LinkKind.AUTHORITY: lazy("The authority’s own"),
    LinkKind.GROUP: lazy("Group"),
    LinkKind.EVENT: lazy("Event"),
    LinkKind.POSTER: lazy("Poster"),
}
# What a list of links can be narrowed to.
SHOWS: Mapping[str, Text] = {
    "": lazy("All links"),
    "silent": lazy("Nobody has answered yet"),
    "below": lazy("Below their target"),
    "withdrawn": lazy("Withdrawn"),
    "ended": lazy("Of groups that have ended"),
}
AUTHORITY: Text = lazy("The authority’s own link")


def name_of(row: LinkRow) -> Text:
    """Return what a link is called: its label, else its group, else that it is the authority's."""
    return row.label or row.group or AUTHORITY


def in_full(row: LinkRow) -> Text:
    """Return what a link is called where its group is not beside it."""
    if row.label and row.group:
        return lazy("%(name)s (%(group)s)", name=row.label, group=row.group)
    return name_of(row)


def address_begins() -> str:
    """Return how the address of every link begins; its code follows."""
    return address_of("links.follow", code="x").removesuffix("x")


# What goes with a group that becomes part of another, by the names of `Moving`.
MOVING: Mapping[str, Text] = {
    "groups": lazy("Groups below it"),
    "people": lazy("People with an account"),
    "contacts": lazy("Contacts"),
    "meetings": lazy("Meetings that the other does not have"),
    "communities": lazy("Communities that the other did not reach"),
    "entries": lazy("Entries of the timetable that ask it, and not the other yet"),
    "notices": lazy("Notices it was given"),
    "requests": lazy("Requests to reach people"),
    "links": lazy("Links, which keep their addresses and counts"),
}
