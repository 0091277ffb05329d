"""Delivery reports as mail servers write them."""

from __future__ import annotations

from collections.abc import Mapping


def report(
    *,
    to: str = "bounces@mail.example",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 no such user",
    more: str = "",
) -> bytes:
    """Return a report as RFC 3464 has it; `more` is a block for another recipient."""
    blocks = (
        f"Final-Recipient: rfc822; ann@example.test\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {said}\n"
    )
    text = (
        f"Return-Path: <>\nDelivered-To: {to}\nFrom: Mail Delivery <MAILER-DAEMON@mx.example>\nTo: {to}\n"
        "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"\n\n'
        "--edge\nContent-Type: text/plain\n\nI am sorry to have to tell you.\n"
        "--edge\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"{blocks}{f'{chr(10)}{more}' if more else ''}\n"
        "--edge\nContent-Type: message/rfc822\n\nSubject: An invitation\n\nHello\n--edge--\n"
    )
    return text.encode()


def old_report(
    text: str, headers: Mapping[str, str] | None = None, to: str = "bounces@mail.example"
) -> bytes:
    """Return a report in words, from the mail server unless `headers` say otherwise."""
    named = headers or {"From": "MAILER-DAEMON@mx.example", "Return-Path": "<>"}
    lines = [f"{name}: {value}" for name, value in {"To": to, "Subject": "failure notice", **named}.items()]
    return ("\n".join(lines) + f"\n\n{text}\n").encode()


def complaint(kind: str = "abuse", original: str = "", returns: str = "") -> bytes:
    """Return a feedback report as RFC 5965 has it; `original` and `returns` are whole header lines."""
    return (
        "From: <abuse@provider.example>\nTo: <bounces@mail.example>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=edge\n\n"
        "--edge\nContent-Type: text/plain\n\nThis is a report.\n"
        f"--edge\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\n"
        f"User-Agent: Some/1.0\nVersion: 1\n{original}\n"
        f"--edge\nContent-Type: message/rfc822\n\n{returns}Subject: What came of it\n\nHello\n--edge--\n"
    ).encode()
