"""The feedback's mail as it will look, a copy to oneself, and what has been deleted since."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.feedback import mails, queries, retention
from engage.feedback.figures import figures
from engage.feedback.forms import PublishForm
from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import Audience, Pages
from engage.outbox import service as outbox
from engage.outbox.assorted import Wording
from engage.outbox.previews import mail_file
from engage.outbox.rendering import fill
from engage.outbox.service import Promise
from engage.outbox.way_out import way_shown

pages = Pages(
    "officer_feedback_mail",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)

TRIED = "feedback-try:"


@pages.route("/<slug>/feedback/mail", methods=["GET", "POST"])
def show(slug: str) -> ResponseReturnValue:
    """Show the mail as text and as its reader sees it; a POST sends a copy to the officer's own address."""
    consultation, form = get_consultation(db.session, slug), PublishForm()
    text = _text(consultation)
    if text is None:
        flash(_("Write the feedback first."))
        return redirect(url_for("officer_feedback.edit", slug=slug))
    if form.validate_on_submit():
        _try_sending(consultation, text)
        flash(_("A copy is on its way to %(address)s.", address=current_user.email))
        return redirect(url_for(".show", slug=slug), 303)
    return render_template(
        "feedback/officer/mail.html",
        consultation=consultation,
        text=text,
        plain=_filled(text.plain),
        form=form,
        runs=retention.list_runs(db.session, consultation.id),
        way=way_shown(current_app.config["SETTINGS"]),
    )


@pages.get("/<slug>/feedback/mail/as-sent")
def as_sent(slug: str) -> ResponseReturnValue:
    """Hand out the message as it leaves, for a mail program to open: both parts, and every header."""
    text = _text(get_consultation(db.session, slug))
    if text is None:
        return redirect(url_for("officer_feedback.edit", slug=slug))
    return mail_file(
        Wording(text.subject, text.plain, text.html),
        unsubscribe=address_of("feedback.unsubscribe"),
        name="feedback.eml",
        at=clock.now(),
    )


def _text(consultation: Consultation) -> mails.Text | None:
    feedback = queries.find_feedback(db.session, consultation.id)
    if feedback is None:
        return None
    threshold = current_app.config["SETTINGS"].disclosure_threshold
    return mails.result_mail(
        consultation, feedback, figures(db.session, consultation.id, threshold=threshold)
    )


def _filled(part: str) -> str:
    """Return a part with a way out that stops nothing."""
    return fill(part, {"unsubscribe_url": address_of("feedback.unsubscribe")})


def _try_sending(consultation: Consultation, text: mails.Text) -> None:
    """Promise one copy to whoever is signed in; again within a minute is the same copy."""
    now = clock.now()
    key = f"{TRIED}{consultation.id}:{current_user.id}:{now:%Y%m%d%H%M}"
    mailing = outbox.add_mailing(
        db.session,
        key=key,
        subject=_("Test: %(subject)s", subject=text.subject),
        text_body=_filled(text.plain),
        html_body=_filled(text.html),
        now=now,
    )
    outbox.promise(db.session, mailing=mailing, messages=[Promise(key, current_user.email, {})], now=now)
