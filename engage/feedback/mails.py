"""The message that brings people the result they took part for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import current_app

from engage.consultations.models import Consultation
from engage.feedback.figures import Figure
from engage.feedback.labels import OUTCOMES
from engage.feedback.models import Feedback
from engage.foundations.addresses import address_of
from engage.foundations.language import _
from engage.foundations.tokens import sign, unsign
from engage.outbox.rules import LONGEST_SUBJECT

TOP = 5
PURPOSE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Text:
    """A mailing's subject and both its parts, with `{{unsubscribe_url}}` left to fill."""

    subject: str
    plain: str
    html: str


def result_mail(consultation: Consultation, feedback: Feedback, figures: list[Figure]) -> Text:
    """Return the text for everybody: the result itself, and where to read the whole of it."""
    values = {
        "consultation": consultation,
        "feedback": feedback,
        "figures": figures[:TOP],
        "more": max(len(figures) - TOP, 0),
        "outcomes": OUTCOMES,
        "page": address_of("feedback.show", slug=consultation.slug),
        "mine": address_of("mine.show"),
        "unsubscribe": "{{unsubscribe_url}}",
    }
    # Without the pages' context: a worker serves no request.
    plain, html = (
        current_app.jinja_env.get_template(f"feedback/email/result.{kind}").render(values)
        for kind in ("txt", "html")
    )
    subject = _("What came of “%(title)s”", title=consultation.title)
    return Text(subject[:LONGEST_SUBJECT], plain, html)


def way_out(contact_id: UUID) -> str:
    """Return the address where one contact unsubscribes."""
    return address_of("feedback.unsubscribe", token=sign(str(contact_id), PURPOSE))


def contact_of(token: str) -> UUID | None:
    """Return the contact a signed address is for, None where it is not ours."""
    value = unsign(token, PURPOSE)
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
