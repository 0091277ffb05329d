"""What a delivery report says, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.outbox.reports import Report, read_report
from engage.outbox.rules import closes_address, find_status, paced
from tests.factories.bounces import old_report, report

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_failed_delivery_says_its_status_and_what_the_server_said() -> None:
    found = read_report(report(status="5.1.1", said="smtp; 550 5.1.1 <ann@example.test>: no such user"))
    assert found == Report("5.1.1", "smtp; 550 5.1.1 <ann@example.test>: no such user")


def test_a_delivery_that_is_put_off_is_never_for_good() -> None:
    found = read_report(report(action="delayed", status="5.1.1"))
    assert found
    assert found.status == "4.1.1"


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", ""])
def test_good_news_is_no_report(action: str) -> None:
    assert read_report(report(action=action, status="2.0.0")) is None


def test_of_several_recipients_the_one_refused_for_good_counts() -> None:
    block = "Final-Recipient: rfc822; b@example.test\nAction: failed\nStatus: 5.1.1\n"
    found = read_report(report(status="4.2.2", more=block))
    assert found
    assert found.status == "5.1.1"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
        ("The server said: 550 No such user here", "5.0.0"),
        ("421 Try again later", "4.0.0"),
        ("It could not be delivered.", "5.0.0"),
    ],
)
def test_an_old_report_in_words_is_read_by_its_codes(text: str, status: str) -> None:
    found = read_report(old_report(text))
    assert found
    assert found.status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "Ann <ann@example.test>"},
        {"From": "MAILER-DAEMON@example.test", "Auto-Submitted": "auto-replied (vacation)"},
    ],
)
def test_somebodys_reply_is_no_report_whatever_it_says(headers: dict[str, str]) -> None:
    assert read_report(old_report("I am away. Room 5.1.1, telephone 550 123", headers)) is None


@given(st.binary(max_size=400))
def test_whatever_comes_is_read_without_a_fault(junk: bytes) -> None:
    for data in (junk, report() + junk, junk + report(), report().replace(b"5.1.1", junk[:9])):
        read_report(data)


@pytest.mark.parametrize("status", ["5.1.1", "5.0.0", "5.2.1", "5.1.10", "5.4.4"])
def test_a_refusal_for_good_closes_its_address(status: str) -> None:
    assert closes_address(status)


@pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.3.4", "5.6.1", "5.7.1", "5.1.8", ""])
def test_what_passes_or_blames_something_else_closes_none(status: str) -> None:
    assert not closes_address(status)


@pytest.mark.parametrize("text", ["version 15.1.1", "5.1.1.9", "host 10.5.1.1", "nothing"])
def test_other_numbers_are_no_status(text: str) -> None:
    assert find_status(text) is None


def test_each_domain_is_sent_so_many_a_minute_and_others_do_not_wait_for_it() -> None:
    domains = ["a.test", "a.test", "b.test", "a.test"]
    moments = paced(domains, now=NOW, per_minute=2, last={})
    assert [moment - NOW for moment in moments] == [
        timedelta(0),
        timedelta(seconds=30),
        timedelta(0),
        timedelta(seconds=60),
    ]


def test_those_that_wait_already_go_first() -> None:
    [moment] = paced(["a.test"], now=NOW, per_minute=60, last={"a.test": NOW + timedelta(minutes=5)})
    assert moment == NOW + timedelta(minutes=5, seconds=10)


@pytest.mark.parametrize("per_minute", [1, 7, 60, 200])
def test_in_no_minute_more_leave_than_the_limit(per_minute: int) -> None:
    moments = paced(["a.test"] * 500, now=NOW, per_minute=per_minute, last={})
    for start in moments:
        within = [moment for moment in moments if start <= moment < start + timedelta(minutes=1)]
        assert len(within) <= per_minute


def test_without_a_limit_everything_may_leave_now() -> None:
    assert paced(["a.test"] * 3, now=NOW, per_minute=0, last={}) == [NOW] * 3
