"""The newsletter, to write, look at, try and send."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.feedback.models import Newsletter
from engage.feedback.newsletter import mails, queries, service
from engage.feedback.newsletter.composing import compose
from engage.feedback.newsletter.forms import IssueForm, PressForm, starting_values, written_values
from engage.feedback.newsletter.rules import LONGEST_FOREWORD, parts_for
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.outbox.previews import mail_file

pages = Pages(
    "officer_newsletter",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/newsletters",
)


@pages.get("")
def index() -> ResponseReturnValue:
    """Show every issue: drafts, and what went to how many."""
    return render_template(
        "feedback/newsletter/officer.html",
        issues=queries.issues(db.session),
        sent=queries.addresses_sent(db.session),
        readers=queries.count_readers(db.session),
        subject_of=service.subject_of,
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Begin an issue: from where the last one ended."""
    now, last = clock.now(), _last()
    form = IssueForm(data=starting_values(last, now))
    if form.validate_on_submit():
        since, until = form.moments(last.until if last else None, now)
        with refusals_beside(form):
            issue = service.start(
                db.session,
                actor=current_user.label,
                now=now,
                title=form.title.data or "",
                foreword=form.foreword.data or "",
                since=since,
                until=until,
            )
            return redirect(url_for(".show", newsletter_id=issue.id))
    return _form_page(form, _("Begin an issue of the newsletter"), None)


@pages.route("/<int:newsletter_id>/edit", methods=["GET", "POST"])
def edit(newsletter_id: int) -> ResponseReturnValue:
    """Change an issue that was not sent."""
    issue, now, last = queries.get_issue(db.session, newsletter_id), clock.now(), _last()
    form = IssueForm(data=written_values(issue))
    if form.validate_on_submit():
        since, until = form.moments(last.until if last else None, now)
        with refusals_beside(form):
            service.change(
                db.session,
                actor=current_user.label,
                now=now,
                newsletter_id=newsletter_id,
                title=form.title.data or "",
                foreword=form.foreword.data or "",
                since=since,
                until=until,
            )
            flash(_("Saved."))
            return redirect(url_for(".show", newsletter_id=newsletter_id))
    return _form_page(form, _("Change the issue"), newsletter_id)


@pages.get("/<int:newsletter_id>")
def show(newsletter_id: int) -> ResponseReturnValue:
    """Show an issue as it is, as text too, and what can be done with it."""
    issue, now = queries.get_issue(db.session, newsletter_id), clock.now()
    parts = compose(db.session, issue, now)
    return render_template(
        "feedback/newsletter/preview.html",
        issue=issue,
        parts=parts,
        text=mails.issue_mail(issue, parts, mails.as_anybody_gets_it()).plain,
        readers=queries.count_readers(db.session),
        sent=queries.addresses_sent(db.session).get(service.subject_of(issue)),
        form=PressForm(),
        **mails.WORDS,
    )


@pages.get("/<int:newsletter_id>/mail")
def mail(newsletter_id: int) -> ResponseReturnValue:
    """Hand out the email as a file, whole or as a reader of one borough gets it."""
    issue, now, ways = queries.get_issue(db.session, newsletter_id), clock.now(), mails.as_anybody_gets_it()
    parts = parts_for(compose(db.session, issue, now), request.args.getlist("borough"))
    wording = mails.issue_mail(issue, parts, ways)
    return mail_file(wording, unsubscribe=ways["stop"], name=f"newsletter-{issue.id}.eml", at=now)


@pages.post("/<int:newsletter_id>/try")
def try_out(newsletter_id: int) -> ResponseReturnValue:
    """Send the issue to whoever presses."""
    if PressForm().validate_on_submit():
        address = current_user.email
        service.try_out(db.session, newsletter_id=newsletter_id, address=address, now=clock.now())
        flash(_("It is on its way to %(address)s.", address=address))
    return redirect(url_for(".show", newsletter_id=newsletter_id))


@pages.route("/<int:newsletter_id>/send", methods=["GET", "POST"])
def send(newsletter_id: int) -> ResponseReturnValue:
    """Ask once more, say how many will get it, publish it and send it."""
    issue, form = queries.get_issue(db.session, newsletter_id), PressForm()
    if form.validate_on_submit():
        service.publish(db.session, actor=current_user.label, now=clock.now(), newsletter_id=newsletter_id)
        flash(_("The issue is published, and on its way to everybody who asked for it."))
        return redirect(url_for(".show", newsletter_id=newsletter_id))
    page = render_template(
        "feedback/newsletter/send.html", issue=issue, form=form, readers=queries.count_readers(db.session)
    )
    return page, (INVALID if form.is_submitted() else 200)


def _last() -> Newsletter | None:
    return next(iter(queries.published(db.session)), None)


def _form_page(form: IssueForm, heading: str, newsletter_id: int | None) -> ResponseReturnValue:
    page = render_template(
        "feedback/newsletter/form.html",
        form=form,
        heading=heading,
        newsletter_id=newsletter_id,
        longest=LONGEST_FOREWORD,
    )
    return page, (INVALID if form.is_submitted() else 200)
