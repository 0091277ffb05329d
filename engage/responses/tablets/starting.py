"""Starting a device at an event, whoever does it: what it may ask, and handing it over to the public."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.language import Text, _
from engage.questionnaires.queries import get_published
from engage.responses.queries import Offer, offers
from engage.responses.tablets.event import Event, begin, ends
from engage.responses.tablets.rules import may_be_shared, works_offline
from engage.responses.tablets.service import note_start


@dataclass(frozen=True, slots=True)
class Sharable:
    """A form that one person after the other can answer on one device."""

    offer: Offer
    offline: bool

    @property
    def choice(self) -> tuple[str, Text]:
        """Its code, and what an organiser must know of it."""
        told = _("works without a connection for a while") if self.offline else _("needs a connection")
        return self.offer.code, f"{self.offer.name} ({told})"


def sharable(session: Session, slug: str) -> list[Sharable]:
    """Return the forms of a consultation that can be answered on a shared device, in order."""
    read = ((offer, get_published(session, offer.version_id).definition) for offer in offers(session, slug))
    return [Sharable(offer, works_offline(asked)) for offer, asked in read if may_be_shared(asked)]


def hand_over(session: Session, *, actor: str, offer: Offer, link: str, back: str) -> ResponseReturnValue:
    """Sign out whoever is signed in, and show the form to the first person.

    Raises `Refused` where the consultation is not open.
    """
    now = clock.now()
    note_start(session, actor=actor, now=now, offer=offer, link=link)
    begin(Event(secrets.token_urlsafe(16), offer.slug, offer.code, link, ends(now), back))
    answer = redirect(url_for("take_part.at_event", slug=offer.slug, code=offer.code), 303)
    # Also what the browser keeps of the pages of whoever was signed in, to show when somebody presses Back.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
