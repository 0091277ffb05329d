"""The message that tells what became of decisions since."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from engage.consultations.models import Consultation
from engage.feedback.labels import OUTCOMES
from engage.feedback.mails import Text
from engage.feedback.updates.queries import Moved
from engage.foundations.addresses import address_of
from engage.foundations.language import _
from engage.plan_export.rules import STANDINGS


def update_mail(consultation: Consultation, moved: Sequence[Moved]) -> Text:
    """Return the text for everybody: of each decision what it was, where it stands now, and why."""
    values = {
        "consultation": consultation,
        "moved": moved,
        "outcomes": OUTCOMES,
        "standings": STANDINGS,
        "page": address_of("feedback.show", slug=consultation.slug),
        "unsubscribe": "{{unsubscribe_url}}",
    }
    # Without the pages' context: a worker serves no request.
    plain, html = (
        current_app.jinja_env.get_template(f"feedback/email/update.{kind}").render(values)
        for kind in ("txt", "html")
    )
    subject = _("What became of it since: “%(title)s”", title=consultation.title)
    return Text(subject, plain, html)
