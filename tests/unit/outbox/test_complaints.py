"""Complaints as providers send them (RFC 5965)."""

from __future__ import annotations

import pytest

from engage.outbox.bounces import read_bounce_address, read_return_address
from engage.outbox.reports import addresses_in, is_complaint, read_report
from tests.factories.bounces import complaint

OURS = "bounces+12-abcdefghijklmnop@mail.example"
FROM_OURS = f"Original-Mail-From: <{OURS}>\n"


@pytest.mark.parametrize(
    ("kind", "expected"), [("abuse", True), ("ABUSE", True), ("not-spam", False), ("virus", False)]
)
def test_only_abuse_is_a_complaint(kind: str, expected: bool) -> None:
    assert is_complaint(complaint(kind, FROM_OURS)) is expected


@pytest.mark.parametrize(
    "data",
    [complaint(original=FROM_OURS), complaint(returns=f"Return-Path: <{OURS}>\n")],
    ids=["in the report", "in the copy"],
)
def test_our_return_address_is_found_in_the_report_or_in_the_message(data: bytes) -> None:
    ours = read_bounce_address("bounces@mail.example")
    assert ours is not None
    found = next(filter(None, (read_return_address(ours, place) for place in addresses_in(data))), None)
    assert found is not None
    assert (found.message_id, found.proof) == (12, "abcdefghijklmnop")


def test_an_ordinary_message_is_no_complaint() -> None:
    data = b"From: ann@example.org\nSubject: Feedback-Type: abuse\n\nFeedback-Type: abuse\n"
    assert not is_complaint(data)
    assert read_report(data) is None
