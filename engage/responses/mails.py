"""The message with a return code. Nothing of it in the outbox names the form, and it does not stay there."""

from __future__ import annotations

from datetime import datetime
from secrets import token_urlsafe

from flask import current_app
from sqlalchemy.orm import Session

from engage.foundations.addresses import address_of
from engage.foundations.language import _
from engage.outbox import service as outbox
from engage.outbox.addresses import tidy_address
from engage.outbox.rules import PRIVATE
from engage.responses.queries import Offer
from engage.responses.rules import show_receipt

RETURN_CODES = f"{PRIVATE}return-code:"


def mail_return_code(session: Session, *, offer: Offer, code: str, address: str, now: datetime) -> None:
    """Promise a message with the code to an address; raises `Refused` where it cannot be one."""
    values = {"offer": offer, "code": "{{code}}", "page": address_of("take_part.come_back")}
    text = current_app.jinja_env.get_template("responses/email/return_code.txt").render(values)
    mailing = outbox.add_mailing(
        session,
        key=f"{RETURN_CODES}{offer.instrument_id}:{offer.closes_at:%Y%m%d%H%M}",
        subject=_("The code you asked for"),
        text_body=text,
        html_body=None,
        now=now,
    )
    message = outbox.Promise(
        key=f"{RETURN_CODES}{token_urlsafe(16)}",
        recipient=tidy_address(address),
        personal={"code": show_receipt(code)},
    )
    outbox.promise(session, mailing=mailing, messages=[message], now=now)


def forget_sent_codes(session: Session, now: datetime) -> None:
    """Delete the messages with return codes that have left or never will, with their addresses."""
    outbox.forget(session, prefix=RETURN_CODES)
