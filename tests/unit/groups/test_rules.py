"""Codes of groups, who is above whom, and what may be said of a group."""

from __future__ import annotations

from datetime import date

import pytest

from engage.foundations.refusals import Refused
from engage.groups.details import (
    ContactDetails,
    GroupDetails,
    checked_contact,
    checked_group,
    checked_vacancy,
    is_web_address,
)
from engage.groups.rules import GroupKind, code_from, free_code, in_circle, is_code

TODAY = date(2026, 11, 20)


def group(**said: object) -> GroupDetails:
    return GroupDetails(**({"name": "A group", "kind": GroupKind.YOUTH} | said))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Camden Residents’ Association", "camden-residents-association"),
        ("St John's Éire Club", "st-johns-eire-club"),
        ("  --  ", "group"),
        ("日本", "group"),
        ("x" * 200, "x" * 70),
    ],
)
def test_a_code_is_made_from_the_name(name: str, code: str) -> None:
    assert code_from(name) == code
    assert is_code(code)


def test_a_code_that_is_taken_or_means_something_else_gets_a_number() -> None:
    assert free_code("Youth", {"youth", "youth-2"}) == "youth-3"
    assert free_code("New", ()) == "new-2"
    assert not is_code("new")
    assert not is_code("Camden CPEG")


def test_going_up_from_a_group_comes_to_an_end_or_goes_round() -> None:
    parents = {1: None, 2: 1, 3: 2, 4: 4, 5: 6, 6: 5, 7: 5}
    assert [one for one in parents if in_circle(one, parents)] == [4, 5, 6, 7]


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://example.test/a?b", True),
        ("http://example.test", True),
        ("javascript:alert(1)", False),
        ("ftp://example.test", False),
        ("example.test", False),
        ("https://", False),
        ("https://a@b.test", False),
        ("https://a.test/ b", False),
        ("https://a.test\\@b", False),
        ("https://[broken", False),
    ],
)
def test_a_website_leads_to_a_host_by_http_only(address: str, fits: bool) -> None:
    assert is_web_address(address) is fits


def test_what_is_said_is_tidied_once_for_forms_and_files() -> None:
    found = checked_group(group(name="  A \t group\x07 ", about=" One\r\ntwo \n"))
    assert (found.name, found.about) == ("A group", "One\ntwo")
    contact = checked_contact(ContactDetails(name="A", email=" Chair@Example.TEST "))
    assert contact.email == "chair@example.test"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"about": "x" * 10_000}, "about"),
        ({"website": "//example.test"}, "website"),
        ({"members": -1}, "members"),
        ({"kind": GroupKind.CPEG, "area_code": None}, "area_code"),
        ({"kind": GroupKind.CPEG, "area_code": "E09000007", "parent_id": 1}, "parent"),
    ],
)
def test_what_cannot_be_kept_of_a_group_is_refused_beside_its_field(
    said: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        checked_group(group(**said))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("email", "telephone", "field"),
    [("", "", "email"), ("a@", "", "email"), ("a@b c.test", "", "email"), ("", "call me", "telephone")],
)
def test_a_contact_can_be_reached(email: str, telephone: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_contact(ContactDetails(name="A", email=email, telephone=telephone))
    assert refused.value.field == field


def test_a_vacancy_says_who_covers_and_has_begun() -> None:
    assert checked_vacancy(TODAY, " The  office ", TODAY) == "The office"
    for since, covered_by, field in ((TODAY, " ", "covered_by"), (date(2026, 11, 21), "A", "since")):
        with pytest.raises(Refused) as refused:
            checked_vacancy(since, covered_by, TODAY)
        assert refused.value.field == field
