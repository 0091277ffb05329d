"""A consultation, to open and close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations import queries, rules, service
from engage.consultations.forms import InstrumentForm, PlanForm
from engage.consultations.labels import STATES
from engage.consultations.rules import DEMANDS, LIFE, State
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import Text, _, lazy
from engage.foundations.pages import INVALID, Audience, Pages, may, refusals_beside
from engage.questionnaires.queries import published_versions
from engage.timetable.cards import card
from engage.timetable.notices.queries import short_of_notice
from engage.timetable.queries import Listed, get_entry, get_listed

pages = Pages(
    "officer_consultations",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)

# The rooms of one consultation, in the order of its life; each is another package's page.
ROOMS: tuple[tuple[str, Text], ...] = (
    ("officer_links.index", lazy("Links and groups")),
    ("heard.show", lazy("Who has not been heard yet")),
    ("officer_meetings.index", lazy("Votes of meetings")),
    ("officer_paper.index", lazy("Paper and telephone")),
    ("officer_intake.index", lazy("Responses from a file")),
    ("results.show", lazy("Results")),
    ("results.coding", lazy("Answers in people’s own words")),
    ("decision_report.show", lazy("Report for deciding")),
    ("decisions.index", lazy("Decisions")),
    ("decision_gates.show", lazy("Gates before it is decided")),
    ("officer_feedback.edit", lazy("Feedback")),
    ("officer_evidence.index", lazy("Evidence file")),
    ("officer_updates.show", lazy("Updates on decisions")),
)


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show every consultation with its state."""
    return render_template(
        "consultations/officer/index.html", lines=queries.list_consultations(db.session), STATES=STATES
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Plan the consultation of the entry named in the address; without a name, offer the entries."""
    slug = request.args.get("entry")
    if not slug:
        waiting = queries.entries_without_consultation(db.session)
        return render_template("consultations/officer/choose_entry.html", entries=waiting)
    entry_id = get_entry(db.session, slug).id
    form = PlanForm(queries.frameworks(db.session))
    if form.validate_on_submit():
        with refusals_beside(form):
            consultation = service.create(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                entry_id=entry_id,
                framework_id=form.framework_id.data,
                children_may_answer=form.children_may_answer.data,
            )
            flash(_("The consultation is planned."))
            return redirect(url_for(".show", slug=consultation.slug))
    entry = get_listed(db.session, slug)
    page = render_template("consultations/officer/new.html", form=form, card=card(entry, clock.now()))
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/of-entry/<slug>")
def of_entry(slug: str) -> ResponseReturnValue:
    """Lead from an entry to its consultation, or to where one is planned."""
    if queries.find_consultation(db.session, slug) is not None:
        return redirect(url_for(".show", slug=slug))
    if may("officer_consultations.new"):
        return redirect(url_for(".new", entry=slug))
    flash(_("No consultation of it has been planned yet."))
    return redirect(url_for("officer_timetable.show", slug=slug))


@pages.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show one consultation: its life, what opening still demands, its questionnaires, the next step."""
    return _show(slug, ButtonForm())


@pages.post("/<slug>/announce")
def announce(slug: str) -> ResponseReturnValue:
    """Tell the groups that do not know yet, and say so."""
    return _step(slug, service.announce, _("The consultation is announced."), lambda form: _show(slug, form))


@pages.route("/<slug>/open", methods=["GET", "POST"])
def open_(slug: str) -> ResponseReturnValue:
    """Ask whether to open it now, and open it."""
    if request.method == "GET":
        return _confirm_opening(slug, ButtonForm())
    return _step(
        slug,
        partial(service.open_consultation, early=True),
        _("The consultation is open."),
        lambda form: _confirm_opening(slug, form),
    )


@pages.route("/<slug>/close", methods=["GET", "POST"])
def close(slug: str) -> ResponseReturnValue:
    """Ask whether to close it now, and close it."""
    if request.method == "GET":
        return _confirm_closing(slug, ButtonForm())
    return _step(
        slug, service.close, _("The consultation is closed."), lambda form: _confirm_closing(slug, form)
    )


@pages.route("/<slug>/questionnaires/new", methods=["GET", "POST"])
def add_instrument(slug: str) -> ResponseReturnValue:
    """Offer a published version as one of the consultation's questionnaires."""
    consultation = queries.get_consultation(db.session, slug)
    consultation_id, title = consultation.id, consultation.title
    form = InstrumentForm(published_versions(db.session))
    if form.validate_on_submit():
        with refusals_beside(form):
            service.add_instrument(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation_id,
                code=form.code.data or "",
                title=form.title.data or "",
                summary=form.summary.data or "",
                position=None,
                version_id=form.version_id.data,
            )
            flash(_("The questionnaire has been added."))
            return redirect(url_for(".show", slug=slug))
    page = render_template(
        "consultations/officer/add_instrument.html", form=form, slug=slug, consultation_title=title
    )
    return page, (INVALID if form.is_submitted() else 200)


def _step(
    slug: str, verb: Callable[..., None], done: str, otherwise: Callable[[ButtonForm], str]
) -> ResponseReturnValue:
    """Carry out `verb` and say so, or show the page `otherwise` with the refusal on it."""
    consultation_id = queries.get_consultation(db.session, slug).id
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            verb(db.session, actor=current_user.label, now=clock.now(), consultation_id=consultation_id)
            flash(done)
            return redirect(url_for(".show", slug=slug))
    return otherwise(form), INVALID


def _show(slug: str, form: ButtonForm) -> str:
    now = clock.now()
    consultation = queries.get_consultation(db.session, slug)
    entry = get_listed(db.session, slug)
    asked = queries.asked(db.session, consultation.id)
    closing = queries.find_closing(db.session, slug)
    opening_at = max(now, entry.opens_at)
    return render_template(
        "consultations/officer/show.html",
        form=form,
        consultation=consultation,
        card=card(entry, now),
        asked=asked,
        life=LIFE,
        here=LIFE.index(consultation.state),
        demands=DEMANDS,
        missing=_missing(entry, asked, opening_at),
        in_grace=rules.in_grace(consultation.state, consultation.closes_at, consultation.grace_ends_at, now),
        extensions=closing.extensions if closing else (),
        rooms=ROOMS,
        STATES=STATES,
        State=State,
    )


def _confirm_opening(slug: str, form: ButtonForm) -> str:
    now = clock.now()
    consultation = queries.get_consultation(db.session, slug)
    entry = get_listed(db.session, slug)
    return render_template(
        "consultations/officer/open.html",
        form=form,
        consultation=consultation,
        card=card(entry, now),
        early=now < entry.opens_at,
        missing=_missing(entry, queries.asked(db.session, consultation.id), now),
        may_open=rules.may_move(consultation.state, State.OPEN),
    )


def _confirm_closing(slug: str, form: ButtonForm) -> str:
    now = clock.now()
    consultation = queries.get_consultation(db.session, slug)
    return render_template(
        "consultations/officer/close.html",
        form=form,
        consultation=consultation,
        card=card(get_listed(db.session, slug), now),
        early=now < consultation.closes_at,
        grace=rules.GRACE_MINUTES,
        may_close=rules.may_move(consultation.state, State.CLOSED),
    )


def _missing(entry: Listed, asked: Sequence[queries.Asked], opening_at: datetime) -> dict[str, rules.Missing]:
    """Return what opening at that moment still demands, by its code and in the order of the list."""
    short = short_of_notice(db.session, entry.id, opening_at)
    facts = queries.facts(entry, asked=asked, opening_at=opening_at, short=short)
    return {missing.code: missing for missing in rules.missing_to_open(facts)}
