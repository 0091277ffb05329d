"""Who did something, as a bundle says it: a role and a number of this bundle, never a name or an address."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.people.models import Person

_ADDRESS = re.compile(r"<([^<>]+)>\s*$")
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"“”]+@[^\s<>()\[\],;:\"“”]+[^\s<>()\[\],;:\"“”.!?]")
_TELEPHONE = re.compile(r"(?<![\w/.-])(?:\+\d{1,3}|\(?0\d)[\d ()-]{7,16}\d(?![\w/-])")
PLATFORM = "the platform"
LEFT_OUT = "(left out)"


class Actors:
    """Numbers people in the order in which they are met, so that the same content numbers them alike."""

    def __init__(self, session: Session) -> None:
        found = session.execute(select(Person.id, Person.email, Person.role, Person.name).order_by(Person.id))
        self._roles: dict[str, str] = {}
        self._emails: dict[int, str] = {}
        self._called: dict[str, str] = {}
        for id, email, role, name in found:
            self._roles[email] = role.value.replace("_", " ")
            self._emails[id] = email
            # One word may be any word; whoever is called by two is meant.
            if " " in name.strip():
                self._called.setdefault(" ".join(name.split()).casefold(), email)
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

    def hide(self, text: str) -> str:
        """Return what was written for some and not for everybody, without addresses and names of accounts."""
        text = _TELEPHONE.sub(LEFT_OUT, _ANY_ADDRESS.sub(LEFT_OUT, text))
        if not self._called:
            return text
        names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in self._called)
        return re.sub(rf"(?<!\w)(?:{names})(?!\w)", self._in_place_of, text, flags=re.IGNORECASE)

    def _in_place_of(self, name: re.Match[str]) -> str:
        email = self._called.get(" ".join(name[0].split()).casefold(), "")
        return self._named(email, self._roles.get(email, "former account"))

    def _named(self, key: str, role: str) -> str:
        return self._names.setdefault(key, f"{role} {len(self._names) + 1}")
