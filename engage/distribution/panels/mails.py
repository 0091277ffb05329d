"""The messages to panellists. Each holds a secret of the person it goes to, so no officer reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from engage.distribution.models import Panel, PanelRound
from engage.distribution.panels.invitations import Addressed
from engage.distribution.panels.queries import RoundLine
from engage.distribution.panels.rules import CONSENT_WAITS
from engage.distribution.panels.secrets import CONSENT, LEAVING, secret_of, token_for
from engage.distribution.panels.service import mailings_of, messages_to
from engage.foundations.addresses import address_of
from engage.foundations.language import Text, _, day_or_moment
from engage.foundations.settings import Settings
from engage.outbox import service as outbox
from engage.outbox.models import Mailing

INVITATION, REMINDER = "invitation", "reminder"


def mail_consent(
    session: Session, *, panel: Panel, people: Sequence[tuple[UUID, str]], on: date, now: datetime
) -> None:
    """Promise each of these addresses the question whether its owner wants to be on the panel."""
    mailing = _mailing(
        session,
        key=f"{mailings_of(panel.id)}consent:{on}",
        subject=_("Do you want to join “%(panel)s”?", panel=panel.name),
        template="panel_consent.txt",
        now=now,
        panel=panel,
        days=CONSENT_WAITS.days,
    )
    messages = [
        outbox.Promise(
            key=f"{messages_to(panellist_id)}consent:{on}",
            recipient=address,
            personal={
                "url": address_of("panels.say_yes", token=token_for(panellist_id, CONSENT)),
                "unsubscribe_url": way_out(panellist_id),
            },
        )
        for panellist_id, address in people
    ]
    _promise(session, mailing, messages, now)


def mail_round(
    session: Session, *, panel: Panel, line: RoundLine, kind: str, invited: Sequence[Addressed], now: datetime
) -> None:
    """Promise each of these their invitation, or a reminder of it."""
    reminding = kind == REMINDER
    told = {"title": line.title}
    subject = _("A reminder: %(title)s", **told) if reminding else _("You are invited: %(title)s", **told)
    mailing = _mailing(
        session,
        key=mailing_of(line.round, kind),
        subject=subject,
        template="panel_invitation.txt",
        now=now,
        panel=panel,
        line=line,
        last=day_or_moment(line.last_day),
        reminding=reminding,
    )
    messages = [
        outbox.Promise(
            key=message_key(one.panellist_id, one.invitation_id, kind),
            recipient=one.address,
            personal={
                "url": address_of("panels.open_invitation", token=secret_of(one.invitation_id)),
                "unsubscribe_url": way_out(one.panellist_id),
            },
        )
        for one in invited
    ]
    _promise(session, mailing, messages, now)


def mailing_of(round_: PanelRound, kind: str) -> str:
    """Return the key of the mailing of a round's invitations or reminders."""
    return f"{mailings_of(round_.panel_id)}round:{round_.id}:{kind}"


def message_key(panellist_id: UUID, invitation_id: UUID, kind: str) -> str:
    """Return the key of one message of a round."""
    return f"{messages_to(panellist_id)}{kind}:{invitation_id.hex}"


def way_out(panellist_id: UUID) -> str:
    """Return the address where somebody leaves the panel by one click."""
    return address_of("panels.leave", token=token_for(panellist_id, LEAVING))


def _mailing(
    session: Session, *, key: str, subject: Text, template: str, now: datetime, **values: object
) -> Mailing:
    # Without the pages' context: a worker serves no request.
    text = current_app.jinja_env.get_template(f"distribution/email/{template}").render(
        values | {"url": "{{url}}", "leave": "{{unsubscribe_url}}"}
    )
    return outbox.add_mailing(session, key=key, subject=str(subject), text_body=text, html_body=None, now=now)


def _promise(session: Session, mailing: Mailing, messages: Sequence[outbox.Promise], now: datetime) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    per_minute = settings.mail_per_minute
    outbox.promise(session, mailing=mailing, messages=messages, now=now, per_minute=per_minute)
