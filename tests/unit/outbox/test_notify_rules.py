"""What GOV.UK Notify answers and reports, and what follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engage.foundations.settings import ROOT
from engage.outbox.notify_rules import (
    DAY_IS_FULL,
    FAILURES,
    Receipt,
    is_bearer,
    judge_template,
    read_receipt,
    refusal,
)
from engage.outbox.rules import closes_address
from engage.outbox.transports import Deferred, Rejected, Unreachable
from tests.factories.notify import GOOD_TEMPLATE, TOKEN, told


@pytest.mark.parametrize(
    ("status", "error", "message", "kind"),
    [
        (400, "ValidationError", "email_address Not a valid email address", Rejected),
        (400, "InvalidEmailError", "Not a valid email address", Rejected),
        (400, "BadRequestError", "Recipient can't be empty", Rejected),
        (400, "BadRequestError", "Your message is too long. Emails cannot be longer", Rejected),
        (400, "BadRequestError", "Template not found", Unreachable),
        (400, "BadRequestError", "Template has been deleted", Unreachable),
        (400, "BadRequestError", "Missing personalisation: name", Unreachable),
        (400, "BadRequestError", "email_reply_to_id does not exist in database", Unreachable),
        (400, "BadRequestError", "Service is not allowed to send emails", Unreachable),
        # It may be this address only: members of the team get theirs.
        (400, "BadRequestError", "Can’t send to this recipient using a team-only API key", Deferred),
        (400, "ValidationError", "something new is wrong", Deferred),
        (401, "AuthError", "Unauthorized: authentication token must be provided", Unreachable),
        (403, "AuthError", "Invalid token: API key not found", Unreachable),
        (403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds", Unreachable),
        (404, "NoResultFound", "No result found", Deferred),
        (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests", Unreachable),
        (429, "TooManyRequestsError", "Exceeded send limits (email: 250000) for today", Unreachable),
        (500, "Exception", "Internal server error", Deferred),
        (502, "", "Request failed", Unreachable),
        (503, "", "Request failed", Unreachable),
        (504, "EventletTimeout", "Timeout serving request", Deferred),
    ],
)
def test_each_answer_is_about_this_message_or_about_all(
    status: int, error: str, message: str, kind: type[Exception]
) -> None:
    found = refusal(status, [{"error": error, "message": message}])
    assert type(found) is kind
    assert message[:20] in str(found)


def test_only_a_full_day_is_a_long_rest() -> None:
    def rest(error: str) -> object:
        found = refusal(429, [{"error": error, "message": ""}])
        assert isinstance(found, Unreachable)
        return found.rest

    assert rest("TooManyRequestsError") == DAY_IS_FULL
    assert rest("RateLimitError") is None


def test_an_answer_without_words_has_a_meaning_too() -> None:
    assert isinstance(refusal(400, []), Deferred)
    assert isinstance(refusal(429, []), Unreachable)


def test_of_the_failures_only_the_permanent_closes_an_address() -> None:
    assert [name for name, report in FAILURES.items() if closes_address(report.status)] == [
        "permanent-failure"
    ]
    assert FAILURES["permanent-failure"].status == "5.1.1"


@pytest.mark.parametrize(
    ("payload", "receipt"),
    [
        (told("<a@x>", "delivered"), Receipt("<a@x>", "delivered")),
        ({"reference": " <a@x> ", "status": "x"}, Receipt("<a@x>", "x")),
        ({"reference": None, "status": "delivered"}, None),
        ({"reference": "", "status": "delivered"}, None),
        ({"reference": "<a@x>"}, None),
        ({"reference": ["<a@x>"], "status": "delivered"}, None),
        (["delivered"], None),
        (None, None),
    ],
)
def test_a_report_is_read_or_left(payload: object, receipt: Receipt | None) -> None:
    assert read_receipt(payload) == receipt


@pytest.mark.parametrize(
    ("header", "right"),
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer {TOKEN}", True),
        (f"Bearer  {TOKEN} ", True),
        (TOKEN, False),
        (f"Basic {TOKEN}", False),
        (f"Bearer {TOKEN}x", False),
        (f"Bearer {TOKEN[:-1]}", False),
        ("Bearer ", False),
        ("Bearer tökén", False),
        ("", False),
    ],
)
def test_only_the_whole_token_is_the_token(header: str, right: bool) -> None:
    assert is_bearer(header, TOKEN) is right


@pytest.mark.parametrize(
    ("changed", "right"),
    [
        ({}, True),
        ({"subject": " (( Subject )) ", "body": "((BODY))\r\n"}, True),
        ({"type": "sms"}, False),
        ({"subject": "News: ((subject))"}, False),
        ({"body": "Hello\n((body))"}, False),
        ({"body": ""}, False),
    ],
)
def test_a_template_holds_our_text_and_no_more(changed: dict[str, str], right: bool) -> None:
    assert judge_template(GOOD_TEMPLATE | changed).right is right


def test_one_module_alone_needs_the_optional_package() -> None:
    needing = {
        path.relative_to(ROOT)
        for path in (ROOT / "engage").rglob("*.py")
        if "from notifications_python_client" in path.read_text(encoding="utf-8")
    }
    assert needing == {Path("engage/outbox/notify.py")}
