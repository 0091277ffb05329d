"""Pages of packs, which coordinators and officers share: the page itself, a file, an archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from threading import BoundedSemaphore

from flask import Response, abort, current_app, render_template, stream_with_context
from flask.typing import ResponseReturnValue

from engage.distribution.packs.files import CODES, SHEETS, TYPES, archive, find_file, in_folder, pack_files
from engage.distribution.packs.queries import PackLink
from engage.distribution.packs.rules import OBSTACLES, Facts, Obstacle, obstacle
from engage.distribution.packs.texts import texts
from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.refusals import Refused
from engage.foundations.settings import Settings
from engage.timetable.rules import closing_said

GONE = 410
BUSY = 503
SECONDS_TO_WAIT = 30
# The packs of all groups keep a processor busy for a while: one at a time in each process.
_many = BoundedSemaphore(1)


class _Turn:
    """Somebody's turn, which is given up once, whoever says first that it is over."""

    def __init__(self) -> None:
        self._held = _many.acquire(blocking=False)

    def __bool__(self) -> bool:
        return self._held

    def end(self) -> None:
        if self._held:
            self._held = False
            _many.release()


def show(found: PackLink, layout: str, back: tuple[str, str], endpoints: str) -> ResponseReturnValue:
    """Return the page of a pack; where there is none, a page that says why.

    `back` is an address and its words; `endpoints` is the blueprint whose pages the files are.
    """
    if reason := obstacle_of(found, clock.now()):
        return _none(found, layout, back, reason)
    facts = facts_of(found)
    return render_template(
        "distribution/packs/show.html",
        layout=layout,
        back=back,
        endpoints=endpoints,
        link=found.link,
        slug=found.slug,
        facts=facts,
        area=found.area,
        settled=found.entry.opened_at is not None or found.entry.notice_given_on is not None,
        sheets=SHEETS,
        codes=CODES,
        texts=texts(facts),
    )


def file(found: PackLink, name: str, layout: str, back: tuple[str, str]) -> ResponseReturnValue:
    """Return one file of a pack, to keep; pictures may also be shown in a page."""
    now = clock.now()
    if reason := obstacle_of(found, now):
        return _none(found, layout, back, reason)
    try:
        content = find_file(facts_of(found), name, made_at=now)
    except Refused as refusal:
        page = render_template(
            "distribution/packs/none.html", layout=layout, back=back, reason=refusal.message
        )
        return page, 422
    if content is None:
        abort(404)
    return _kept(content, f"{found.link.code}-{name}")


def whole(found: PackLink, layout: str, back: tuple[str, str]) -> ResponseReturnValue:
    """Return the archive of one pack."""
    now = clock.now()
    if reason := obstacle_of(found, now):
        return _none(found, layout, back, reason)
    made = b"".join(archive(pack_files(facts_of(found), made_at=now), made_at=now))
    return _kept(made, f"{found.link.code}.zip")


def everybody(found: list[PackLink], name: str, layout: str, back: tuple[str, str]) -> ResponseReturnValue:
    """Return an archive with the pack of each link, made as it is sent; nothing is read meanwhile."""
    now = clock.now()
    packs = [facts_of(one) for one in found if obstacle_of(one, now) is None]
    if not packs:
        abort(404)
    turn = _Turn()
    if not turn:
        return _busy(layout, back)
    # No connection is held while it is sent.
    db.session.rollback()
    answer = Response(stream_with_context(_each(packs, now, turn)), mimetype=TYPES["zip"])
    # However it ends, also where nobody waits for it any more.
    answer.call_on_close(turn.end)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer


def obstacle_of(found: PackLink, now: datetime) -> Obstacle | None:
    """Return why there is no pack for the link, None where there is one."""
    return obstacle(
        revoked_at=found.link.revoked_at,
        cancelled_at=found.entry.cancelled_at,
        closes_at=found.closes_at,
        now=now,
    )


def facts_of(found: PackLink) -> Facts:
    """Return what the pack of a link is made of."""
    settings: Settings = current_app.config["SETTINGS"]
    entry = found.entry
    return Facts(
        code=found.link.code,
        title=entry.title,
        purpose=entry.purpose,
        authority=settings.authority,
        group=found.group.name if found.group else "",
        address=address_of("links.follow", code=found.link.code),
        opens_at=entry.opens_at,
        closing=closing_said(found.closes_at),
        decision_maker=entry.decision_maker,
        decision_due_on=entry.decision_due_on,
        feedback_due_on=entry.feedback_due_on,
        methods=found.methods,
    )


def _each(packs: list[Facts], now: datetime, turn: _Turn) -> Iterator[bytes]:
    files = (one for facts in packs for one in in_folder(facts.code, pack_files(facts, made_at=now)))
    try:
        yield from archive(files, made_at=now)
    finally:
        turn.end()


def _busy(layout: str, back: tuple[str, str]) -> ResponseReturnValue:
    page = render_template(
        "distribution/packs/none.html",
        layout=layout,
        back=back,
        heading=_("Please wait a moment"),
        reason=_("Somebody else is being given the packs of a consultation. Try again in half a minute."),
    )
    return page, BUSY, {"Retry-After": str(SECONDS_TO_WAIT)}


def _none(found: PackLink, layout: str, back: tuple[str, str], reason: Obstacle) -> ResponseReturnValue:
    page = render_template(
        "distribution/packs/none.html",
        layout=layout,
        back=back,
        reason=OBSTACLES[reason],
        title=found.entry.title,
    )
    return page, GONE


def _kept(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype=TYPES[name.rpartition(".")[2]])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
