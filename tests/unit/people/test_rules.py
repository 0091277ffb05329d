from __future__ import annotations

import pytest

from engage.foundations.pages import Audience
from engage.people.rules import ROLES, Role, audiences, password_problem, safe_next


@pytest.mark.parametrize(
    "address", ["/", "/officer/", "/officer/audit/?page=2", "/coordinator/links/3#qr", "/timetable/caf%C3%A9"]
)
def test_a_page_of_this_site_can_be_gone_on_to(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "officer",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "https://elsewhere.example/",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        " /officer/",
        "/officer/\x00",
    ],
)
def test_nothing_that_leads_elsewhere_is_gone_on_to(address: str | None) -> None:
    assert safe_next(address) is None


@pytest.mark.parametrize(
    "password", ["a long enough password", "123456789012", "ünïcödé pässwörd", "x" * 199 + "y"]
)
def test_a_password_of_twelve_to_two_hundred_characters_will_do(password: str) -> None:
    assert password_problem(password, "officer@example.test") is None


@pytest.mark.parametrize(
    "password", ["", "elevenchars", "x" * 201, "Officer@Example.test", "aaaaaaaaaaaaaaaa"]
)
def test_a_password_that_is_short_or_endless_or_the_address_will_not(password: str) -> None:
    assert password_problem(password, "officer@example.test") is not None


def test_every_role_has_a_name_and_pages() -> None:
    assert set(ROLES) == set(Role)
    assert all(Audience.SIGNED_IN in audiences(role) for role in Role)


def test_no_coordinator_is_admitted_where_officers_are() -> None:
    assert Audience.OFFICERS not in audiences(Role.COORDINATOR)
    assert Audience.COORDINATORS not in audiences(Role.ADMINISTRATOR) | audiences(Role.PLANNING_OFFICER)
