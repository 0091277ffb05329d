"""The messages of subscriptions: the one that asks whether it was them, and the day's news.

The newsletter is promised elsewhere; its keys and tokens are here, as one subscription is for both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import current_app

from engage.foundations.addresses import address_of
from engage.foundations.language import Text, _, day, lazy, plural
from engage.foundations.tokens import sign, unsign
from engage.outbox.assorted import Wording
from engage.outbox.rules import PRIVATE
from engage.timetable.cards import Card, card
from engage.timetable.labels import NEWS, STATES
from engage.timetable.news import News
from engage.timetable.rules import EntryState
from engage.timetable.subscriptions.rules import MAILS, MOST_ENTRIES, Mail

ASKING = f"{PRIVATE}timetable-asked:"
NEWS_OF = "timetable-news:"
CONFIRM, CHANGE = "timetable confirm", "timetable wishes"
# What a token is signed for that stops one kind of mail, or with None all of it.
STOPS: dict[Mail | None, str] = {
    Mail.NEWS: "timetable stop",
    Mail.NEWSLETTER: "newsletter stop",
    None: "timetable stop everything",
}
ASKED: dict[frozenset[Mail], Text] = {
    frozenset({Mail.NEWS}): lazy("Do you want news of the timetable?"),
    frozenset({Mail.NEWSLETTER}): lazy("Do you want the newsletter?"),
    frozenset(Mail): lazy("Do you want news of the timetable and the newsletter?"),
}
# What can be answered now comes first, and what is over last.
_ORDER = tuple(EntryState)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with what happened to it, last first."""

    card: Card
    news: tuple[News, ...]
    page: str


def confirming(kinds: Collection[Mail]) -> Wording:
    """Return the text that asks whoever has the address whether they want what was asked for."""
    values = {"kinds": _named(kinds), "confirm": "{{confirm_url}}"}
    return _wording("confirm", str(ASKED[frozenset(kinds)]), values)


def known_already(kinds: Collection[Mail]) -> Wording:
    """Return the text for somebody who gets this and was asked for again."""
    values = {"kinds": _named(kinds), "wishes": "{{wishes_url}}", "stop": "{{unsubscribe_url}}"}
    return _wording("known", _("You get emails from us already"), values)


def digest(news: Sequence[News], now: datetime) -> Wording:
    """Return the day's news as one text, with blanks for the ways to change it and to stop it."""
    told = gathered(news, now)
    values = {
        "told": told[:MOST_ENTRIES],
        "more": max(len(told) - MOST_ENTRIES, 0),
        "NEWS": NEWS,
        "STATES": STATES,
        "timetable": address_of("timetable.index"),
        "wishes": "{{wishes_url}}",
        "stop": "{{unsubscribe_url}}",
    }
    subject = plural(
        "Asking London about policing: news of %(n)s entry, %(day)s",
        "Asking London about policing: news of %(n)s entries, %(day)s",
        len(told),
        n=len(told),
        day=day(now),
    )
    return Wording(str(subject), _rendered("digest.txt", values), _rendered("digest.html", values))


def gathered(news: Sequence[News], now: datetime) -> list[Told]:
    """Return the entries of `news`, each once, what can be answered now first."""
    by_entry: dict[int, list[News]] = {}
    for one in news:
        by_entry.setdefault(one.entry.id, []).insert(0, one)
    told = [
        Told(
            card(several[0].entry, now),
            tuple(several),
            address_of("timetable.show", slug=several[0].entry.slug),
        )
        for several in by_entry.values()
    ]
    return sorted(
        told, key=lambda one: (_ORDER.index(one.card.state), one.card.entry.opens_at, one.card.entry.id)
    )


def confirm_address(id: UUID, until: datetime) -> str:
    """Return where somebody says, until then, that it was them."""
    return address_of("subscriptions.confirm", token=sign([str(id), int(until.timestamp())], CONFIRM))


def own_addresses(id: UUID, kind: Mail | None) -> Mapping[str, str]:
    """Return what is each reader's own: where they change what they get, and stop this or with None all."""
    return {
        "wishes_url": address_of("subscriptions.wishes", token=change_token(id)),
        "unsubscribe_url": address_of("subscriptions.stop", token=stop_token(id, kind)),
    }


def change_token(id: UUID) -> str:
    """Return what lets somebody change what they get."""
    return sign(str(id), CHANGE)


def stop_token(id: UUID, kind: Mail | None) -> str:
    """Return what lets somebody stop one kind of mail, or with None all of it, and do nothing else."""
    return sign(str(id), STOPS[kind])


def confirmed_by(token: str, now: datetime) -> UUID | None:
    """Return whom a confirming token is for, None where it is not ours or has run out."""
    value = unsign(token, CONFIRM)
    if not isinstance(value, list) or len(value) != 2 or now.timestamp() >= value[1]:
        return None
    return _id(value[0])


def owner_of(token: str, purpose: str) -> UUID | None:
    """Return whose a token for this purpose is, None where it is not ours."""
    return _id(unsign(token, purpose))


def message_key(id: UUID, day: date) -> str:
    """Return the key of somebody's message of a day: there is never a second."""
    return f"{keys_of(id, Mail.NEWS)}{day.isoformat()}"


def keys_of(id: UUID, kind: Mail | None = None) -> str:
    """Return how the keys of somebody's messages of one kind begin, or of all of them."""
    return f"{NEWS_OF}{id.hex}:{f'{kind}-' if kind else ''}"


def _id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _named(kinds: Collection[Mail]) -> list[Text]:
    return [MAILS[kind] for kind in Mail if kind in kinds]


def _wording(name: str, subject: str, values: Mapping[str, object]) -> Wording:
    return Wording(str(subject), _rendered(f"{name}.txt", values))


def _rendered(name: str, values: Mapping[str, object]) -> str:
    # Without the pages' context: a worker serves no request.
    return current_app.jinja_env.get_template(f"timetable/email/{name}").render(values)
