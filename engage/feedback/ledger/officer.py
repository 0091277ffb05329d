"""The ledger for officers: who is owed the feedback, by which route, and whether it came."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.feedback.ledger import others, queries, rules, service
from engage.feedback.ledger.forms import GroupsForm, PressForm, SignOffForm
from engage.feedback.ledger.queries import Wanted
from engage.feedback.models import Feedback
from engage.feedback.queries import find_feedback, get_published, reach
from engage.feedback.rules import DeliveryState, Route
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _, number, plural
from engage.foundations.lists import one_of
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.spreadsheets import CSV_TYPE, Cell, write_csv
from engage.groups.listing import LONGEST_WORDS, Filters, listed
from engage.groups.rules import KINDS, GroupKind

pages = Pages(
    "officer_ledger", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations/<slug>/feedback"
)

FURTHEST_PAGE = 1_000_000


@pages.get("/ledger")
def show(slug: str) -> ResponseReturnValue:
    """Show a page of the ledger, of a route, a state or one address."""
    consultation, feedback = get_published(db.session, slug)
    wanted = Wanted(
        one_of(Route, request.args.get("route", "")),
        one_of(DeliveryState, request.args.get("state", "")),
        request.args.get("who", ""),
    )
    page = min(request.args.get("page", default=1, type=int), FURTHEST_PAGE)
    routes = queries.by_route(db.session, feedback.id)
    return render_template(
        "feedback/officer/ledger.html",
        consultation=consultation,
        feedback=feedback,
        page=queries.page(db.session, feedback.id, wanted, number=page),
        wanted=wanted,
        routes=routes,
        reach=reach(db.session, feedback, routes),
        again=len(others.reachable_after_all(db.session, feedback.id)),
        may_sign=feedback.signed_off_at is None and consultation.fed_back_at is None,
        ROUTES=rules.ROUTES,
        STATES=rules.STATES,
        REASONS=rules.REASONS,
    )


@pages.get("/ledger.csv")
def export(slug: str) -> Response:
    """The whole ledger as a file."""
    _consultation, feedback = get_published(db.session, slug)
    rows: list[list[Cell]] = [["route", "who", "state", "attempts", "queued", "settled", "reason"]]
    for line in queries.everything(db.session, feedback.id):
        settled = [line.queued_at, line.settled_at]
        said = str(rules.REASONS.get(line.reason, line.reason))
        rows.append([line.route.value, line.who, line.state.value, line.attempts, *settled, said])
    answer = Response(write_csv(rows), content_type=CSV_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="ledger-{slug}.csv"'
    return answer


@pages.route("/sign-off", methods=["GET", "POST"])
def sign_off(slug: str) -> ResponseReturnValue:
    """Say by name why fewer were reached than were to be; everybody can read it."""
    consultation, feedback = get_published(db.session, slug)
    form = SignOffForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.sign_off(
                db.session,
                actor=current_user.label,
                name=current_user.name,
                now=clock.now(),
                feedback_id=feedback.id,
                reason=form.reason.data or "",
            )
            flash(_("It is signed. Everybody can read why."))
            return redirect(url_for(".show", slug=slug), 303)
    come = reach(db.session, feedback)
    page = render_template(
        "feedback/officer/sign_off.html",
        consultation=consultation,
        feedback=feedback,
        reach=come,
        met=rules.is_met(come, feedback.target_percent),
        form=form,
        longest=rules.LONGEST_REASON,
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/groups", methods=["GET", "POST"])
def groups(slug: str) -> ResponseReturnValue:
    """Choose groups of the register that are told besides those whose link was used."""
    consultation, feedback = _begun(slug)
    form = GroupsForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            added = others.choose_groups(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                feedback_id=feedback.id,
                group_ids=form.groups.data or [],
            )
            flash(_("%(n)s groups were added to those who are told.", n=number(added)))
            return redirect(url_for(".groups", slug=slug), 303)
    filters = Filters(
        kind=one_of(GroupKind, request.args.get("kind", "")),
        area_code=request.args.get("borough") or None,
        words=" ".join(request.args.get("words", "").replace("\0", " ").split())[:LONGEST_WORDS],
    )
    page = render_template(
        "feedback/officer/groups.html",
        consultation=consultation,
        feedback=feedback,
        form=form,
        filters=filters,
        found=listed(
            db.session,
            filters,
            number=min(request.args.get("page", 1, type=int), FURTHEST_PAGE),
            per_page=queries.PER_PAGE,
            now=clock.now(),
        ),
        told=queries.listed_groups(db.session, feedback.id)
        | queries.groups_used(db.session, consultation.id),
        again=len(others.reachable_after_all(db.session, feedback.id)) if feedback.published_at else 0,
        KINDS=KINDS,
        areas=places(db.session),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/groups/again")
def write_again(slug: str) -> ResponseReturnValue:
    """Write to the groups that were not reached and have another address since."""
    _consultation, feedback = get_published(db.session, slug)
    form = PressForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            found = others.write_again(
                db.session, actor=current_user.label, now=clock.now(), feedback_id=feedback.id
            )
            flash(plural("%(num)s group is written to.", "%(num)s groups are written to.", found))
    for message in form.form_errors:
        flash(str(message), "error")
    return redirect(url_for(".groups", slug=slug), 303)


def _begun(slug: str) -> tuple[Consultation, Feedback]:
    """Return a consultation with its feedback, written or published; 404 before anybody began to write."""
    consultation = get_consultation(db.session, slug)
    return consultation, find_feedback(db.session, consultation.id) or abort(404)
