from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engage.people.rules import Role, Standing, needs_second_factor, standing
from engage.people.second_factor import code_at, in_fours, step_of

# RFC 6238, appendix B: the key "12345678901234567890", and what it shows with SHA-1 (its last six digits).
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOW = datetime(2026, 11, 20, 10, 0, 15, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SECRET, moment) == code
    assert step_of(code, SECRET, moment) == seconds // 30


@pytest.mark.parametrize(
    ("late", "step"), [(-61, None), (-30, STEP - 1), (0, STEP), (30, STEP + 1), (61, None)]
)
def test_a_clock_may_be_one_step_off_either_way(late: int, step: int | None) -> None:
    assert step_of(code_at(SECRET, NOW + timedelta(seconds=late)), SECRET, NOW) == step


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.3}-rest", "{} "])
def test_blanks_do_not_matter_and_too_few_digits_are_no_code(typed: str) -> None:
    right = code_at(SECRET, NOW)
    expected = STEP if "rest" not in typed else None
    assert step_of(typed.format(right), SECRET, NOW) == expected
    assert step_of(f"{right[:3]} {right[3:]}", SECRET, NOW) == STEP
    assert step_of(right + "1", SECRET, NOW) is None
    assert step_of("", SECRET, NOW) is None
    assert step_of("١٢٣٤٥٦", SECRET, NOW) is None


def test_a_secret_is_shown_in_fours() -> None:
    assert in_fours("GEZDGNBVGY") == "GEZD GNBV GY"


def test_officers_and_members_need_two_and_coordinators_choose() -> None:
    needing = {role for role in Role if needs_second_factor(role, required=True)}
    assert needing == set(Role) - {Role.COORDINATOR}
    assert not any(needs_second_factor(role, required=False) for role in Role)


@pytest.mark.parametrize(
    ("active", "joined", "days", "expected"),
    [
        (True, True, None, Standing.ACTIVE),
        (True, True, 7, Standing.ACTIVE),
        (True, False, 7, Standing.INVITED),
        (True, False, 0, Standing.LAPSED),
        (True, False, None, Standing.LAPSED),
        (False, True, None, Standing.ENDED),
        (False, False, 7, Standing.ENDED),
    ],
)
def test_an_account_stands_in_one_of_four_ways(
    active: bool, joined: bool, days: int | None, expected: Standing
) -> None:
    until = None if days is None else NOW + timedelta(days=days)
    assert standing(active=active, joined=joined, invited_until=until, now=NOW) is expected
