"""The links of a consultation as officers see them: the whole tree, with exact counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.distribution import changing, queries, service, tree
from engage.distribution.labels import KINDS, SHOWS, address_begins, name_of
from engage.distribution.rules import LinkKind, takes_links
from engage.distribution.tree import Node
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.lists import part
from engage.foundations.pages import Audience, Pages
from engage.foundations.spreadsheets import CSV_TYPE, Cell, write_csv

pages = Pages("officer_links", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")

LINKS_A_PAGE = 50
LONGEST_SEARCH = 100
# Which links are wanted; nothing chosen shows the tree from its top.
WANTED: Mapping[str, Callable[[Node], bool]] = {
    "silent": lambda node: not node.total.submitted,
    "below": lambda node: node.total.submitted < (node.row.target or 0),
    "withdrawn": lambda node: node.row.revoked,
    "ended": lambda node: node.row.ended,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list was narrowed to."""

    words: str
    area: str
    show: str

    def __bool__(self) -> bool:
        return bool(self.words or self.area or self.show)


@pages.get("/<slug>/links")
def index(slug: str) -> ResponseReturnValue:
    """Show the top of the tree, each line with all under it; or what is looked for, wherever it is."""
    consultation = get_consultation(db.session, slug)
    tops = tree.grow(queries.links_of(db.session, consultation.id))
    filters = asked_for()
    lines = _found(tops, filters) if filters else _branches(tops)
    return render_template(
        "distribution/officer/index.html",
        consultation=consultation,
        page=part(lines, request.args.get("page", type=int), LINKS_A_PAGE),
        own=next((top for top in tops if top.row.kind is LinkKind.AUTHORITY), None),
        came=sum((top.total for top in tops), tree.Counts()),
        links=sum(1 for top in tops for _line in top.walk()),
        without=queries.cpegs_without_link(db.session, consultation.id),
        filters=filters,
        areas=places(db.session),
        **words(consultation),
    )


@pages.post("/<slug>/links")
def make(slug: str) -> ResponseReturnValue:
    """Make the authority's own link and one for each CPEG, where there is none."""
    consultation = get_consultation(db.session, slug)
    made = service.make_links(
        db.session, actor=current_user.label, consultation_id=consultation.id, now=clock.now()
    )
    changing.say_made(made)
    return redirect(url_for("officer_links.index", slug=slug), 303)


@pages.get("/<slug>/links.csv")
def export(slug: str) -> ResponseReturnValue:
    """Return the whole tree as a table, each link before those under it."""
    consultation = get_consultation(db.session, slug)
    tops = tree.grow(queries.links_of(db.session, consultation.id))
    response = Response(write_csv(_table(tops)), content_type=CSV_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-links.csv"'
    return response


@pages.get("/<slug>/links/<int:link_id>")
def show(slug: str, link_id: int) -> ResponseReturnValue:
    """Show one link with those under it."""
    consultation = get_consultation(db.session, slug)
    node = node_of(consultation, link_id)
    group_id = node.row.group_id if node.row.kind is LinkKind.GROUP else None
    without = queries.groups_without_link(db.session, consultation.id, within=group_id) if group_id else ()
    return render_template(
        "distribution/officer/show.html",
        consultation=consultation,
        node=node,
        page=part(node.children, request.args.get("page", type=int), LINKS_A_PAGE),
        without=[group for group in without if group.id != group_id],
        **words(consultation),
    )


def node_of(consultation: Consultation, link_id: int) -> Node:
    """Return a link of the consultation in its tree; 404 where it has none of that number."""
    tops = tree.grow(queries.links_of(db.session, consultation.id))
    return tree.by_id(tops).get(link_id) or abort(404)


def words(consultation: Consultation) -> dict[str, Any]:
    """Return what every page of links needs to say what it shows."""
    return {
        "KINDS": KINDS,
        "SHOWS": SHOWS,
        "name_of": name_of,
        "progress": tree.progress,
        "begins": address_begins(),
        "takes_links": takes_links(consultation.state),
    }


def asked_for() -> Filters:
    """Return what the address asks for; what is not known is nothing."""
    show = request.args.get("show", "")
    return Filters(
        words=request.args.get("q", "").strip()[:LONGEST_SEARCH],
        area=request.args.get("area", ""),
        show=show if show in WANTED else "",
    )


def _branches(tops: Sequence[Node]) -> list[Node]:
    """Return the lines under the authority's own, which has a place of its own on the page."""
    lines = []
    for top in tops:
        lines.extend(top.children if top.row.kind is LinkKind.AUTHORITY else [top])
    return lines


def _found(tops: Sequence[Node], filters: Filters) -> list[Node]:
    wanted = WANTED.get(filters.show, bool)
    everything = [node for top in tops for _depth, node in top.walk()]
    return [
        node
        for node in tree.matching(everything, filters.words)
        if wanted(node) and filters.area in ("", node.row.area_code)
    ]


def _table(tops: Sequence[Node]) -> Iterator[Sequence[Cell]]:
    yield (
        *(str(_("Level")), str(_("Link")), str(_("Kind")), str(_("Group")), str(_("Borough"))),
        *(str(_("Address")), str(_("Opened")), str(_("Started")), str(_("Sent"))),
        *(
            str(_("Opened, with all under it")),
            str(_("Started, with all under it")),
            str(_("Sent, with all under it")),
        ),
        *(str(_("Target")), str(_("Withdrawn")), str(_("Under"))),
    )
    begins = address_begins()
    # Once, not for each of thousands of lines.
    kinds = {kind: str(name) for kind, name in KINDS.items()}
    withdrawn = {True: _("yes"), False: _("no")}
    for top in tops:
        for depth, node in top.walk():
            row, own, total = node.row, node.own, node.total
            yield (
                *(depth, str(name_of(row)), kinds[row.kind], row.group, row.area, begins + row.code),
                *(own.opened, own.started, own.submitted),
                *(total.opened, total.started, total.submitted),
                *(row.target, withdrawn[row.revoked]),
                " / ".join(str(name_of(above.row)) for above in node.path),
            )
