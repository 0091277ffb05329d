"""Where a consultation is met: what it is about, what may be answered, and by whose link one came."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from engage.distribution.queries import find_link
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.groups.queries import get_group
from engage.responses.public.blueprint import followed_link, offers_of, pages, published
from engage.timetable.queries import get_entry


@pages.get("/<slug>")
def start(slug: str) -> ResponseReturnValue:
    """Say what is asked and why, and lead to the forms."""
    found = offers_of(slug)
    minutes = {offer.code: published(offer.version_id).definition.minutes for offer in found}
    link = find_link(db.session, followed_link(found[0].consultation_id) or "")
    return render_template(
        "responses/public/start.html",
        entry=get_entry(db.session, slug),
        offers=found,
        minutes=minutes,
        is_open=found[0].is_open(clock.now()),
        group=get_group(db.session, link.group_id) if link and not link.revoked_at else None,
        notice=published(found[0].version_id).privacy_notice,
    )


@pages.post("/<slug>/without-group")
def without_group(slug: str) -> ResponseReturnValue:
    """Forget by whose link this browser came."""
    consultation_id = offers_of(slug)[0].consultation_id
    via = dict(browser.get("via") or {})
    via.pop(str(consultation_id), None)
    browser["via"] = via
    flash(_("Your answers will not be counted for a group."))
    return redirect(url_for("take_part.start", slug=slug), 303)
