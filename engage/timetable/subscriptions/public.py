"""Asking for news and the newsletter by e-mail, and everything that one can do about them from a message."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engage.boroughs.queries import places
from engage.foundations import clock, tries
from engage.foundations.database import db, transaction
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.timetable.labels import TOPICS
from engage.timetable.models import Subscription
from engage.timetable.rules import Topic
from engage.timetable.subscriptions import mails, queries, service
from engage.timetable.subscriptions.forms import SubscribeForm, TokenForm, WishesForm
from engage.timetable.subscriptions.rules import CONFIRM_WITHIN, Mail, Wishes
from engage.timetable.subscriptions.stopping import gone, named, stop_page

pages = Pages("subscriptions", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable/subscribe")

# Where a browser keeps, until it is closed or the mails are stopped, whose wishes it may change.
HELD = "timetable_mail"
MOST_TO_ONE_ADDRESS = 3


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
            service.ask(db.session, address=address, kinds=form.chosen, wishes=form.wishes, now=now)
            return redirect(url_for(".asked"), 303)
    if not form.is_submitted():
        form.show(*_offered())
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
        return gone()
    if form.validate_on_submit():
        service.confirm(db.session, subscription_id=found.id, now=now)
        session[HELD] = mails.change_token(found.id)
        return redirect(url_for(".confirmed"), 303)
    form.token.data = token
    return render_template("timetable/subscriptions/confirm.html", form=form, **_wished(found))


@pages.get("/confirmed")
def confirmed() -> ResponseReturnValue:
    """Say that it is done, and when to expect what."""
    id = mails.owner_of(session.get(HELD, ""), mails.CHANGE)
    found = queries.find(db.session, id) if id else None
    kinds = queries.kinds_of(found) if found else frozenset()
    return render_template("timetable/subscriptions/confirmed.html", kinds=kinds)


@pages.route("/wishes", methods=["GET", "POST"])
def wishes() -> ResponseReturnValue:
    """Change what one gets; the address of a message is left behind at once."""
    if token := request.args.get("token", ""):
        session[HELD] = token
        return redirect(url_for(".wishes"), 303)
    id = mails.owner_of(session.get(HELD, ""), mails.CHANGE)
    found = queries.find(db.session, id) if id else None
    if found is None:
        return gone()
    form = WishesForm()
    form.offer(places(db.session))
    if form.validate_on_submit():
        with refusals_beside(form):
            service.change(
                db.session,
                subscription_id=found.id,
                kinds=form.chosen,
                wishes=form.wishes,
                now=clock.now(),
            )
            return redirect(url_for(".wishes", saved=1), 303)
    if not form.is_submitted():
        form.show(queries.kinds_of(found), queries.wishes_of(db.session, [found.id])[found.id])
    page = render_template(
        "timetable/subscriptions/wishes.html",
        form=form,
        saved="saved" in request.args,
        stop=mails.stop_token(found.id, None),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/stop", methods=["GET", "POST"])
def stop() -> ResponseReturnValue:
    """Stop the news or everything, as the token says; see `stop_page`."""
    token = request.args.get("token", "")
    if (id := mails.owner_of(token, mails.STOPS[Mail.NEWS])) is not None:
        return stop_page(id, Mail.NEWS)
    return stop_page(mails.owner_of(token, mails.STOPS[None]), None)


def _offered() -> tuple[frozenset[Mail], Wishes]:
    """Return what the address a reader came by offers to tick; what we do not know is not there to tick."""
    kinds = frozenset(Mail(code) for code in request.args.getlist("kind") if code in set(Mail))
    topics = frozenset(Topic(code) for code in request.args.getlist("topic") if code in set(Topic))
    return kinds or frozenset({Mail.NEWS}), Wishes(frozenset(request.args.getlist("borough")), topics)


def _wished(found: Subscription) -> dict[str, object]:
    own, kinds = queries.wishes_of(db.session, [found.id])[found.id], queries.kinds_of(found)
    names = [area.name for area in places(db.session) if area.code in own.areas]
    topics = [text for topic, text in TOPICS.items() if topic in own.topics]
    return {
        "kinds": named(kinds),
        "areas": names,
        "topics": topics,
        "about_topics": Mail.NEWS in kinds,
    }
