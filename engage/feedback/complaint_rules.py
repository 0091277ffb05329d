"""Whom a message was for, from its key: that says what a complaint about it stops."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class About(StrEnum):
    """What somebody complains of having been sent."""

    CONSULTATION = "consultation"
    NEWS = "news"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Stopped:
    """What is stopped, and for whom: a contact, a subscription or somebody on a panel."""

    about: About
    id: UUID


_ID = r"(?P<id>[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})"
_KINDS = (
    (About.PANEL, re.compile(rf"private:panel:{_ID}:.+")),
    # The newsletter's, too: a complaint about either stops both.
    (About.NEWS, re.compile(rf"(?:private:timetable-asked|timetable-news):{_ID}:.+")),
    # Feedback and updates: the last word of the key is the contact.
    (About.CONSULTATION, re.compile(rf"(?:feedback|update)[^:]*:.+:{_ID}")),
)


def stopped_by(key: str) -> Stopped | None:
    """Return what a complaint about the message `key` stops; None for mail that is nobody's subscription."""
    for about, pattern in _KINDS:
        if found := pattern.fullmatch(key):
            return Stopped(about, UUID(found["id"]))
    return None
