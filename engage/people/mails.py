"""What people with an account are written. What holds a secret is private, and gone once it left."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from secrets import token_urlsafe

from flask import current_app
from sqlalchemy.orm import Session

from engage.foundations.addresses import address_of
from engage.foundations.language import Text, lazy, moment
from engage.outbox import service as outbox
from engage.outbox.rules import PRIVATE
from engage.people.models import Person
from engage.people.rules import KEY_LASTS, ROLES, KeyPurpose

KEYS = f"{PRIVATE}account:"
NEWS = "account:"


class News(StrEnum):
    """What somebody is told of their own account, so that they hear of it where it was not them."""

    CREDENTIALS = "credentials"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    RECOVERY_CODE = "recovery_code"
    ROLE = "role"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


SUBJECTS: Mapping[News, Text] = {
    News.CREDENTIALS: lazy("Your password was changed"),
    News.SECOND_FACTOR_ON: lazy("Your account asks for a code now"),
    News.SECOND_FACTOR_OFF: lazy("Your account asks for no code any more"),
    News.RECOVERY_CODE: lazy("A recovery code was used"),
    News.ROLE: lazy("What you can do was changed"),
    News.HANDED_OVER: lazy("Your successor has joined"),
    News.CLOSED: lazy("Your account was closed"),
}


def mail_invitation(
    session: Session, *, person: Person, secret: str, by: str, group: str, now: datetime
) -> None:
    """Invite somebody to join; `by` is the name of who invites, `group` that of a coordinator's group."""
    name = "coordinator" if group else "officer"
    personal = {
        "name": person.name,
        "by": by,
        "role": str(ROLES[person.role]),
        "group": group,
        "address": address_of("joining.enter", key=secret),
        "until": moment(now + KEY_LASTS[KeyPurpose.JOIN]),
    }
    subject = str(lazy("Join %(site)s", site=current_app.jinja_env.globals["site"].name))  # type: ignore[attr-defined]
    _mail(session, KEYS, f"invitation_{name}", subject, person.email, personal, now)


def mail_reset(session: Session, *, person: Person, secret: str, now: datetime) -> None:
    """Send the way to a new password."""
    personal = {
        "name": person.name,
        "address": address_of("new_password.enter", key=secret),
        "until": moment(now + KEY_LASTS[KeyPurpose.RESET]),
    }
    _mail(session, KEYS, "reset", str(lazy("Choose a new password")), person.email, personal, now)


def tell(session: Session, *, person: Person, news: News, now: datetime) -> None:
    """Tell somebody what happened to their account."""
    personal = {"name": person.name, "when": moment(now), "role": str(ROLES[person.role])}
    _mail(session, NEWS, news.value, str(SUBJECTS[news]), person.email, personal, now)


def forget_sent_keys(session: Session, now: datetime) -> None:
    """Delete the messages with keys that have left or never will."""
    outbox.forget(session, prefix=KEYS)


def _mail(
    session: Session,
    prefix: str,
    name: str,
    subject: str,
    recipient: str,
    personal: Mapping[str, str],
    now: datetime,
) -> None:
    # What is each person's own stays a blank here, and is filled when the message leaves.
    blanks = {blank: "{{" + blank + "}}" for blank in personal}
    values = {**blanks, "page": address_of("sign_in.show")}
    text = current_app.jinja_env.get_template(f"people/email/{name}.txt").render(values)
    # A text that a later version words otherwise is another mailing.
    worded = hashlib.sha256(f"{subject}\0{text}".encode()).hexdigest()[:16]
    mailing = outbox.add_mailing(
        session, key=f"{prefix}{name}:{worded}", subject=subject, text_body=text, html_body=None, now=now
    )
    message = outbox.Promise(key=f"{prefix}{token_urlsafe(16)}", recipient=recipient, personal=dict(personal))
    outbox.promise(session, mailing=mailing, messages=[message], now=now)
