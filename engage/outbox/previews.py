"""A message as a file, for an officer's own mail program: as it leaves, but to nobody."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app

from engage.outbox.assorted import Wording
from engage.outbox.rendering import Letter, read_sender, render


def mail_file(wording: Wording, *, unsubscribe: str, name: str, at: datetime) -> Response:
    """Hand out a message, both parts and every header; `unsubscribe` is a way out that stops nothing."""
    letter = Letter(
        subject=wording.subject,
        text_body=wording.plain,
        html_body=wording.html,
        recipient="reader@example.org",
        personal={"unsubscribe_url": unsubscribe},
        message_id="<preview@example.org>",
    )
    content = render(letter, sender=read_sender(current_app.config["SETTINGS"].mail_from), at=at)
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, content_type="message/rfc822", headers=headers)
