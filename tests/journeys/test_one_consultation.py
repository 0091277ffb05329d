"""One consultation from timetable to feedback, as its people live it, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys import the_coordinator, the_londoner, the_officer
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.usefixtures("town")
def test_one_consultation_goes_from_timetable_to_feedback(visitor: Callable[[], Visitor]) -> None:
    officer, coordinator = visitor(), visitor()
    the_officer.adds_an_entry(officer)
    the_officer.plans_and_opens_it(officer)
    link = the_coordinator.finds_the_link(coordinator)
    answered_by_link(visitor(), link)
    answered_in_own_words(visitor())
    the_coordinator.sees_how_many_came(coordinator, "fewer than 5")


def answered_by_link(londoner: Visitor, link: str) -> None:
    londoner.go(link)
    londoner.sees(the_officer.TITLE, "start")
    londoner.reads("You came by the link of Waltham Forest")
    londoner.follows("Postcard")
    the_londoner.asks_for_too_much_first(londoner)
    londoner.presses("Send my answers")
    receipt = the_londoner.keeps_the_receipt(londoner)
    the_londoner.tells_about_themself(londoner)
    the_londoner.leaves_an_address(londoner, "amira@example.org")
    the_londoner.reads_the_answers_back(londoner, receipt, "Waltham Forest")


def answered_in_own_words(londoner: Visitor) -> None:
    the_londoner.answers_in_own_words(londoner)
    the_londoner.changes_the_borough(londoner, "Camden")
    londoner.page.get_by_role("button", name="Send my answers").dblclick()
    receipt = the_londoner.keeps_the_receipt(londoner)
    londoner.goes_back()
    londoner.go(f"/take-part/{the_officer.SLUG}/received")
    assert the_londoner.keeps_the_receipt(londoner) == receipt
    the_londoner.leaves_an_address(londoner, "bertie@example.org")
