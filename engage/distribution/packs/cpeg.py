"""A coordinator's packs: of the links of their own group and of those below it."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.distribution.packs import queries, showing
from engage.distribution.packs.queries import PackLink
from engage.distribution.queries import family
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import Audience, Pages

pages = Pages("coordinator_packs", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/links")
LAYOUT = "layouts/coordinator.html"


@pages.get("/<int:link_id>/pack")
def show(link_id: int) -> ResponseReturnValue:
    """Show everything with which a link is passed on."""
    return showing.show(_own(link_id), LAYOUT, _back(), pages.name)


@pages.get("/<int:link_id>/pack.zip")
def whole(link_id: int) -> ResponseReturnValue:
    """The whole pack in one archive."""
    return showing.whole(_own(link_id), LAYOUT, _back())


@pages.get("/<int:link_id>/pack/<name>")
def file(link_id: int, name: str) -> ResponseReturnValue:
    """One file of the pack."""
    return showing.file(_own(link_id), name, LAYOUT, _back())


def _own(link_id: int) -> PackLink:
    """Return a link of the coordinator's own group or one below it; any other is not found."""
    return queries.get_link(db.session, link_id, group_ids=family(db.session, current_user.group_id))


def _back() -> tuple[str, str]:
    return url_for("coordinator_links.index"), str(_("Links and posters"))
