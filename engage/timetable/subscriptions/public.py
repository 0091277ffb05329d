"""Asking for news of the timetable by e-mail, and everything that one can do with it from a message."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engage.boroughs.queries import places
from engage.foundations import clock, tries
from engage.foundations.database import db, transaction
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.timetable.labels import TOPICS
from engage.timetable.rules import Topic
from engage.timetable.subscriptions import mails, queries, service
from engage.timetable.subscriptions.forms import SubscribeForm, TokenForm, WishesForm
from engage.timetable.subscriptions.rules import CONFIRM_WITHIN, EVERYTHING, Wishes

pages = Pages("subscriptions", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable/subscribe")

# Where a browser keeps, until it is closed or the mails are stopped, whose wishes it may change.
HELD = "timetable_mail"
MOST_TO_ONE_ADDRESS = 3
GONE = 410


@pages.route("", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Leave an address; what is answered never says whether it was known."""
    # A borough's page leads here with itself chosen.
    form = SubscribeForm(data={"areas": request.args.getlist("borough")})
    form.offer(places(db.session))
    if form.validate_on_submit():
        address, caller, now = str(form.address.data), request.remote_addr or "", clock.now()
        with refusals_beside(form):
            db.session.rollback()
            # Committed at once: an answer that refuses is rolled back, and the try must be remembered.
            with transaction(db.session):
                tries.count_try(db.session, purpose="subscribe", caller=caller, now=now, field="address")
                tries.count_try(
                    db.session,
                    purpose="subscribe an address",
                    caller=address.strip().lower(),
                    now=now,
                    most=MOST_TO_ONE_ADDRESS,
                    field="address",
                )
            service.ask(
                db.session,
                address=address,
                wishes=form.wishes,
                now=now,
                newsletter=bool(form.newsletter.data),
            )
            return redirect(url_for(".asked"), 303)
    if not form.is_submitted():
        form.show(_offered())
    page = render_template("timetable/subscriptions/ask.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/asked")
def asked() -> ResponseReturnValue:
    """Say what to look for in the mail."""
    return render_template("timetable/subscriptions/asked.html", days=CONFIRM_WITHIN.days)


@pages.route("/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """Ask for a press, as programs that look after mail open every link in it; a press confirms."""
    form, now = TokenForm(), clock.now()
    token = str(form.token.data or request.args.get("token", ""))
    id = mails.confirmed_by(token, now)
    found = queries.find(db.session, id) if id else None
    if found is None:
        return _gone()
    if form.validate_on_submit():
        service.confirm(db.session, subscription_id=found.id, now=now)
        session[HELD] = mails.change_token(found.id)
        return redirect(url_for(".confirmed"), 303)
    form.token.data = token
    return render_template("timetable/subscriptions/confirm.html", form=form, **_wished(found.id))


@pages.get("/confirmed")
def confirmed() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("timetable/subscriptions/confirmed.html", held=HELD in session)


@pages.route("/wishes", methods=["GET", "POST"])
def wishes() -> ResponseReturnValue:
    """Change what one gets; the address of a message is left behind at once."""
    if token := request.args.get("token", ""):
        session[HELD] = token
        return redirect(url_for(".wishes"), 303)
    id = mails.owner_of(session.get(HELD, ""), mails.CHANGE)
    found = queries.find(db.session, id) if id else None
    if found is None:
        return _gone()
    form = WishesForm()
    form.offer(places(db.session))
    if form.validate_on_submit():
        service.change(
            db.session,
            subscription_id=found.id,
            wishes=form.wishes,
            newsletter=bool(form.newsletter.data),
        )
        return redirect(url_for(".wishes", saved=1), 303)
    if not form.is_submitted():
        form.show(queries.wishes_of(db.session, [found.id])[found.id])
        form.newsletter.data = found.newsletter
    page = render_template(
        "timetable/subscriptions/wishes.html",
        form=form,
        saved="saved" in request.args,
        stop=mails.stop_token(found.id),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/stop", methods=["GET", "POST"])
def stop() -> ResponseReturnValue:
    """Ask whether to stop; a POST stops, also the one click of a mail program.

    The signed token is the whole authority, so there is no session and no other token (RFC 8058). Somebody
    who is not there any more has what they want.
    """
    id = mails.owner_of(request.args.get("token", ""), mails.STOP)
    if id is None:
        return _gone()
    if request.method == "POST":
        service.stop(db.session, subscription_id=id)
        return render_template("timetable/subscriptions/stopped.html")
    if queries.find(db.session, id) is None:
        return render_template("timetable/subscriptions/stopped.html")
    return render_template("timetable/subscriptions/stop.html")


def _offered() -> Wishes:
    """Return what the address a reader came by offers to tick; what we do not know is not there to tick."""
    topics = frozenset(Topic(code) for code in request.args.getlist("topic") if code in set(Topic))
    return Wishes(frozenset(request.args.getlist("borough")), topics)


def _gone() -> ResponseReturnValue:
    return render_template("timetable/subscriptions/gone.html"), GONE


def _wished(id: UUID) -> dict[str, object]:
    own = queries.wishes_of(db.session, [id])[id]
    names = [area.name for area in places(db.session) if area.code in own.areas]
    return {
        "everything": own == EVERYTHING,
        "areas": names,
        "topics": [text for topic, text in TOPICS.items() if topic in own.topics],
    }
