"""The way in: who has given the right password and not yet the code, and who is signed in by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, session, url_for
from flask_login import login_user

from engage.foundations.database import db
from engage.foundations.settings import SecondFactor, Settings
from engage.people import queries
from engage.people.models import Person
from engage.people.rules import HALFWAY_LASTS, Role, needs_second_factor

HELD = "halfway"


@dataclass(frozen=True, slots=True)
class Halfway:
    """Somebody between their password and their code, who is not signed in yet.

    `wanted` is the page they were on the way to.
    """

    person: Person
    wanted: str | None


def needs_two(person: Person) -> bool:
    """Tell whether somebody must have a second factor here."""
    settings: Settings = current_app.config["SETTINGS"]
    return needs_second_factor(person.role, required=settings.second_factor is SecondFactor.REQUIRED)


def must_set_up(person: Person) -> bool:
    """Tell whether somebody must set up a second factor before anything else."""
    return needs_two(person) and person.totp_confirmed_at is None


def stop_halfway(person: Person, wanted: str | None, now: datetime) -> None:
    """Remember in this browser who is on the way in; whoever was signed in is so no more."""
    session.clear()
    # A new password or role ends this with everything else, as it goes by the same key.
    session[HELD] = {"key": person.session_key, "since": int(now.timestamp()), "wanted": wanted}


def find_halfway(now: datetime) -> Halfway | None:
    """Return who is on the way in, None where nobody is or it has taken too long."""
    held = session.get(HELD)
    if not held or now - datetime.fromtimestamp(held["since"], UTC) > HALFWAY_LASTS:
        return None
    person = queries.find_by_session_key(db.session, held["key"])
    return Halfway(person, held["wanted"]) if person is not None else None


def go_in(person: Person) -> None:
    """Sign somebody in. Nothing that was in the browser before belongs to the person who is there now."""
    session.clear()
    login_user(person)


def desk_of(person: Person) -> str:
    """Return the address of somebody's own start page."""
    coordinator = person.role is Role.COORDINATOR
    return url_for("coordinator_desk.index" if coordinator else "officer_desk.index")
