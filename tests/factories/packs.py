"""Facts of packs for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from engage.distribution.packs.rules import Facts
from engage.timetable.rules import Method

LONG_ADDRESS = (
    "https://consultations.metropolitan-police-authority.example.gov.uk/go/kensington-and-chels-7KQ4"
)


def pack_facts(**overrides: Any) -> Facts:
    """Return the facts of a usual consultation."""
    values: dict[str, Any] = {
        "code": "camden-7KQ4",
        "title": "Policing priorities for 2028/29",
        "purpose": (
            "The authority sets the priorities of the police for the year. "
            "We ask you for your three, in your own words, before they are decided."
        ),
        "authority": "Metropolitan Police Authority",
        "group": "Camden Community Police Engagement Group",
        "address": "https://www.engage.example.gov.uk/go/camden-7KQ4",
        "opens_at": datetime(2027, 7, 1, 8, 0, tzinfo=UTC),
        "closing": date(2027, 9, 30),
        "decision_maker": "The full Authority",
        "decision_due_on": date(2027, 11, 25),
        "feedback_due_on": date(2027, 12, 23),
        "methods": frozenset({Method.PAPER, Method.MEETING, Method.ONLINE}),
    }
    return Facts(**(values | overrides))


def worst_facts() -> Facts:
    """Return facts as long as their columns hold."""
    return pack_facts(
        title=(
            "How should neighbourhood policing change for residents and businesses, and what comes first? "
            * 3
        )[:200],
        purpose="Word " * 2000,
        group=("Kingston upon Thames and Surbiton Community Police Engagement Group of volunteers " * 3)[
            :160
        ],
        decision_maker=("The Strategic and Operational Policing Committee " * 6)[:200],
        address=LONG_ADDRESS,
        methods=frozenset(Method),
    )
