"""Panels as officers keep them: who is on one, whom to ask next, how a round goes. Never who answered."""

from __future__ import annotations

from dataclasses import astuple
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.distribution.models import Panel
from engage.distribution.panels import queries, rounds, rules, service
from engage.distribution.panels.forms import DrawForm, FileForm, JoinForm, PanelForm, SendForm, details_of
from engage.distribution.panels.reading import Newcomer, read_newcomers
from engage.distribution.panels.rounds import Plan
from engage.distribution.rules import Shown
from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _, number, plural
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.foundations.tokens import new_code, sign, unsign

pages = Pages("officer_panels", __name__, admits=Audience.OFFICERS, url_prefix="/officer/panels")

SEALED = "panel plan"
SEED_LETTERS = 10


@pages.get("/")
def index() -> ResponseReturnValue:
    """List the panels."""
    return render_template("distribution/officer/panels.html", panels=queries.list_panels(db.session))


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a panel."""
    form = PanelForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            panel = service.make_panel(
                db.session, actor=current_user.label, now=clock.now(), details=form.details()
            )
            return redirect(url_for(".show", code=panel.code), 303)
    return _form(form, _("Make a panel"), url_for(".index"))


@pages.route("/<code>/change", methods=["GET", "POST"])
def change(code: str) -> ResponseReturnValue:
    """Change what is said of a panel."""
    panel = queries.get_panel(db.session, code)
    form = PanelForm(data=details_of(panel))
    if form.validate_on_submit():
        with refusals_beside(form):
            service.change_panel(
                db.session, actor=current_user.label, now=clock.now(), panel=panel, details=form.details()
            )
            flash(_("Your changes are saved."), "success")
            return redirect(url_for(".show", code=code), 303)
    return _form(form, _("Change the panel"), url_for(".show", code=code))


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show a panel: how many are on it, its rounds, what can be done."""
    panel = queries.get_panel(db.session, code)
    people, waiting = queries.count_people(db.session, panel.id)
    return render_template(
        "distribution/officer/panel.html",
        panel=panel,
        people=people,
        waiting=waiting,
        rounds=[(line, _answered(line)) for line in queries.rounds_of(db.session, panel.id)],
        address=address_of("panels.join", code=code),
    )


@pages.route("/<code>/end", methods=["GET", "POST"])
def end(code: str) -> ResponseReturnValue:
    """Ask whether to end a panel, and end it."""
    panel, form = queries.get_panel(db.session, code), ButtonForm()
    if form.validate_on_submit():
        service.end_panel(db.session, actor=current_user.label, now=clock.now(), panel=panel)
        flash(_("The panel has ended, and its addresses are deleted."), "success")
        return redirect(url_for(".index"), 303)
    people, waiting = queries.count_people(db.session, panel.id)
    return render_template(
        "distribution/officer/panel_end.html", panel=panel, form=form, count=people + waiting
    )


@pages.get("/<code>/people")
def people(code: str) -> ResponseReturnValue:
    """List who is on a panel and how often each was asked."""
    panel = queries.get_panel(db.session, code)
    page = request.args.get("page", default=1, type=int)
    return render_template(
        "distribution/officer/panel_people.html",
        panel=panel,
        page=queries.list_people(db.session, panel.id, page=page, today=clock.today()),
    )


@pages.post("/<code>/people/<uuid:panellist_id>/remove")
def remove(code: str, panellist_id: UUID) -> ResponseReturnValue:
    """Take somebody off a panel who asked for it."""
    panel = queries.get_panel(db.session, code)
    try:
        service.remove(
            db.session, actor=current_user.label, panel=panel, panellist_id=panellist_id, now=clock.now()
        )
    except Refused as refusal:
        flash(str(refusal.message))
    else:
        flash(_("The address is deleted."), "success")
    return redirect(url_for(".people", code=code), 303)


@pages.route("/<code>/people/add", methods=["GET", "POST"])
def add(code: str) -> ResponseReturnValue:
    """Ask somebody to join, by their address."""
    form = JoinForm(places(db.session), prefix="one")
    if form.validate_on_submit():
        with refusals_beside(form):
            return _asked(code, [form.newcomer()])
    return _add(code, form, FileForm())


@pages.post("/<code>/people/import")
def import_people(code: str) -> ResponseReturnValue:
    """Ask everybody in a file to join; the file is taken whole or not at all."""
    form = FileForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            newcomers = read_newcomers(form.file.data.read(), queries.by_area(db.session))
            return _asked(code, newcomers)
    return _add(code, JoinForm(places(db.session), prefix="one", formdata=None), form)


@pages.route("/<code>/draw", methods=["GET", "POST"])
def draw(code: str) -> ResponseReturnValue:
    """Say what to ask and how many; then look at the round before anything is sent."""
    panel = queries.get_panel(db.session, code)
    choices = queries.open_instruments(db.session, clock.now())
    form = DrawForm(choices)
    if form.validate_on_submit():
        with refusals_beside(form):
            last = queries.last_round(db.session, panel.id)
            size = form.size.data or 0
            seed = new_code(SEED_LETTERS)
            return _preview(
                panel,
                Plan(panel.id, form.instrument_id.data, size, form.spread.data, seed, last.id if last else 0),
            )
    shown = render_template(
        "distribution/officer/panel_draw.html",
        panel=panel,
        form=form,
        choices=choices,
        people=queries.count_people(db.session, panel.id)[0],
        smallest=rules.SMALLEST_ROUND * _threshold(),
    )
    return shown, (INVALID if form.is_submitted() else 200)


@pages.post("/<code>/send")
def send(code: str) -> ResponseReturnValue:
    """Draw the round that was looked at, and have its invitations mailed."""
    panel, form = queries.get_panel(db.session, code), SendForm()
    plan = _opened(form.plan.data or "", panel)
    if plan is None or not form.validate_on_submit():
        return redirect(url_for(".draw", code=code), 303)
    try:
        round_id = rounds.draw_round(
            db.session, actor=current_user.label, plan=plan, threshold=_threshold(), now=clock.now()
        )
    except Refused as refusal:
        db.session.rollback()
        flash(str(refusal.message))
        return redirect(url_for(".draw", code=code), 303)
    flash(_("The invitations are on their way."), "success")
    return redirect(url_for(".show_round", code=code, round_id=round_id), 303)


@pages.get("/<code>/rounds/<int:round_id>")
def show_round(code: str, round_id: int) -> ResponseReturnValue:
    """Show how a round goes: numbers, and those that would tell too much withheld."""
    return _round(code, round_id, ButtonForm())


@pages.post("/<code>/rounds/<int:round_id>/remind")
def remind(code: str, round_id: int) -> ResponseReturnValue:
    """Remind those who have not answered."""
    queries.get_round(db.session, code=code, round_id=round_id)
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            rounds.remind(db.session, actor=current_user.label, round_id=round_id, now=clock.now())
            flash(_("Those who have not answered are reminded."), "success")
            return redirect(url_for(".show_round", code=code, round_id=round_id), 303)
    return _round(code, round_id, form), INVALID


def _round(code: str, round_id: int, form: ButtonForm) -> str:
    now = clock.now()
    line = queries.get_round(db.session, code=code, round_id=round_id)
    return render_template(
        "distribution/officer/panel_round.html",
        panel=queries.get_panel(db.session, code),
        line=line,
        answered=_answered(line),
        reminded=rules.shown_of(line.reminded, line.asked, _threshold()),
        may_remind=rules.may_remind(
            asked_at=line.round.drawn_at,
            reminded_at=line.round.reminded_at,
            closes_at=line.closes_at,
            is_open=line.is_open(now),
            now=now,
        ),
        is_open=line.is_open(now),
        no_reminder=rounds.NO_REMINDER,
        threshold=_threshold(),
        form=form,
    )


def _preview(panel: Panel, plan: Plan) -> str:
    now, threshold = clock.now(), _threshold()
    drawn = rounds.look_ahead(db.session, plan=plan, threshold=threshold, now=now)
    names = {area.code: area.name for area in places(db.session)}
    counts = rules.by_area(drawn.chosen)
    choices = {choice.instrument_id: choice for choice in queries.open_instruments(db.session, now)}
    return render_template(
        "distribution/officer/panel_preview.html",
        panel=panel,
        plan=plan,
        drawn=drawn,
        choice=choices[plan.instrument_id],
        areas=[(names[code], n) for code, n in counts.items() if code],
        left_out=queries.count_people(db.session, panel.id)[0] - drawn.eligible.looked_at,
        nowhere=counts.get(None, 0),
        few=rules.few((one.area_code for one in drawn.chosen), threshold),
        threshold=threshold,
        per_minute=current_app.config["SETTINGS"].mail_per_minute,
        form=SendForm(formdata=None, plan=sign(list(astuple(plan)), SEALED)),
    )


def _opened(sealed: str, panel: Panel) -> Plan | None:
    values = unsign(sealed, SEALED)
    plan = Plan(*values) if isinstance(values, list) else None
    return plan if plan and plan.panel_id == panel.id else None


def _asked(code: str, newcomers: list[Newcomer]) -> ResponseReturnValue:
    asked = service.add_people(
        db.session,
        actor=current_user.label,
        panel=queries.get_panel(db.session, code),
        newcomers=newcomers,
        now=clock.now(),
    )
    if asked:
        flash(plural("%(n)s person is asked.", "%(n)s people are asked.", asked, n=number(asked)), "success")
    else:
        flash(_("Nobody new: they are on the panel, or were asked today."))
    return redirect(url_for(".people", code=code), 303)


def _add(code: str, one: JoinForm, file: FileForm) -> ResponseReturnValue:
    panel = queries.get_panel(db.session, code)
    shown = render_template("distribution/officer/panel_add.html", panel=panel, one=one, file=file)
    return shown, (INVALID if one.errors or file.errors else 200)


def _form(form: PanelForm, heading: str, back: str) -> ResponseReturnValue:
    shown = render_template("distribution/officer/panel_form.html", form=form, heading=heading, back=back)
    return shown, (INVALID if form.is_submitted() else 200)


def _answered(line: queries.RoundLine) -> Shown:
    return rules.shown_of(line.answered, line.asked, _threshold())


def _threshold() -> int:
    threshold: int = current_app.config["SETTINGS"].disclosure_threshold
    return threshold
