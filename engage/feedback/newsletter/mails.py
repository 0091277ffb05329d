"""An issue as a message, and the addresses that are each reader's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import current_app

from engage.feedback.labels import OUTCOMES
from engage.feedback.models import Newsletter
from engage.feedback.newsletter.composing import Part
from engage.feedback.newsletter.rules import SECTIONS
from engage.foundations.addresses import address_of
from engage.outbox.assorted import Wording
from engage.plan_export.rules import STANDINGS
from engage.timetable.labels import NEWS
from engage.timetable.subscriptions.mails import STOPS, change_token, keys_of, owner_of, stop_token
from engage.timetable.subscriptions.rules import Mail

BLANKS = {"wishes": "{{wishes_url}}", "stop": "{{unsubscribe_url}}"}
WORDS = {"NEWS": NEWS, "SECTIONS": SECTIONS, "OUTCOMES": OUTCOMES, "STANDINGS": STANDINGS}


def issue_mail(issue: Newsletter, parts: Sequence[Part], ways: Mapping[str, str] = BLANKS) -> Wording:
    """Return an issue with these parts as text and HTML; `ways` are the ways to change and to stop it."""
    values = {
        "issue": issue,
        "parts": parts,
        "page": address_of("newsletter.show", newsletter_id=issue.id),
        **WORDS,
        **ways,
    }
    # Without the pages' context: a worker serves no request.
    plain, html = (
        current_app.jinja_env.get_template(f"feedback/email/newsletter.{kind}").render(values)
        for kind in ("txt", "html")
    )
    return Wording(issue.title, plain, html)


def as_anybody_gets_it() -> dict[str, str]:
    """Return ways for a preview or a test, which are nobody's own."""
    return {
        "wishes": address_of("subscriptions.ask", kind=Mail.NEWSLETTER),
        "stop": address_of("newsletter.index"),
    }


def own_addresses(subscription_id: UUID) -> dict[str, str]:
    """Return where one reader changes what they get, and where they stop the newsletter."""
    return {
        "wishes_url": address_of("subscriptions.wishes", token=change_token(subscription_id)),
        "unsubscribe_url": address_of("newsletter.stop", token=stop_token(subscription_id, Mail.NEWSLETTER)),
    }


def message_key(subscription_id: UUID, newsletter_id: int) -> str:
    """Return the key of the message that brings a reader an issue: there is never a second."""
    return f"{keys_of(subscription_id, Mail.NEWSLETTER)}{newsletter_id}"


def stops_for(token: str) -> UUID | None:
    """Return whose newsletter a token stops, None where it is not ours."""
    return owner_of(token, STOPS[Mail.NEWSLETTER])
