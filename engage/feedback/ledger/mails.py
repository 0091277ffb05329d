"""What groups and officers are written about feedback."""

from __future__ import annotations

from datetime import date

from flask import current_app

from engage.consultations.models import Consultation
from engage.foundations.addresses import address_of
from engage.foundations.language import _


def passing_on(consultation: Consultation) -> tuple[str, str]:
    """Return the subject and the text for a group, with `{{group}}` left to fill."""
    # Without the pages' context: a worker serves no request.
    text = current_app.jinja_env.get_template("feedback/email/pass_on.txt").render(
        title=consultation.title,
        group="{{group}}",
        page=address_of("feedback.show", slug=consultation.slug),
        own=address_of("coordinator_feedback.index"),
    )
    return str(_("Pass on what came of “%(title)s”", title=consultation.title)), text


def reminder(consultation: Consultation, *, due_on: date, days: int, published: bool) -> tuple[str, str]:
    """Return the subject and the text that remind officers `days` before feedback is due."""
    title = consultation.title
    if days:
        subject = _("Feedback due in %(days)s days: %(title)s", days=days, title=title)
    else:
        subject = _("Feedback due today: %(title)s", title=title)
    endpoint = "officer_ledger.show" if published else "officer_feedback.edit"
    text = current_app.jinja_env.get_template("feedback/email/due.txt").render(
        title=title,
        due_on=due_on,
        days=days,
        published=published,
        page=address_of(endpoint, slug=consultation.slug),
    )
    return str(subject), text
