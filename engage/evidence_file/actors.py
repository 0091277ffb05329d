"""Who did something, as a bundle says it: a role and a number of this bundle, never a name or an address."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.people.models import Person

_ADDRESS = re.compile(r"<([^<>]+)>\s*$")
PLATFORM = "the platform"


class Actors:
    """Numbers people in the order in which they are met, so that the same content numbers them alike."""

    def __init__(self, session: Session) -> None:
        found = session.execute(select(Person.id, Person.email, Person.role).order_by(Person.id))
        self._roles: dict[str, str] = {}
        self._emails: dict[int, str] = {}
        for id, email, role in found:
            self._roles[email] = role.value.replace("_", " ")
            self._emails[id] = email
        self._names: dict[str, str] = {}

    def of(self, actor: str) -> str:
        """Return who an actor of the log is; whatever is no account is the platform itself."""
        match = _ADDRESS.search(actor)
        if match is None:
            return PLATFORM
        email = match.group(1).lower()
        return self._named(email, self._roles.get(email, "former account"))

    def of_person(self, person_id: int | None) -> str | None:
        """Return who the owner of an account is."""
        if person_id is None:
            return None
        email = self._emails.get(person_id, "")
        return self._named(email, self._roles.get(email, "former account"))

    def of_reader(self, reader: str) -> str:
        """Return who has read a report: somebody who decides, and who may have no account."""
        return self._named(f"reader:{reader.casefold()}", "decision maker")

    def _named(self, key: str, role: str) -> str:
        return self._names.setdefault(key, f"{role} {len(self._names) + 1}")
