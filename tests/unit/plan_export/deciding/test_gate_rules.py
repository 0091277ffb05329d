from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engage.plan_export.deciding.gate_rules import CHECKS, Facts, met, missing
from engage.plan_export.rules import Gate

FAIR = Facts(
    purpose="To set the priorities.",
    can_change="Their order.",
    cannot_change="The law.",
    without_facts=(),
    opened=True,
    decided_after_close=True,
    too_early=(),
    days_open=84,
    noticed=True,
    short_of_notice=None,
    urgent=False,
    report_made=True,
    report_current=True,
    report_read=True,
    undecided=(),
    from_older_report=(),
    equality_answered=True,
    by_group_read=True,
    without_equality_note=(),
)


def test_a_fair_consultation_passes_every_gate() -> None:
    for gate in Gate:
        assert missing(gate, FAIR) == ()
        assert len(met(gate, FAIR)) == len(CHECKS[gate])


@pytest.mark.parametrize(
    ("gate", "lacks", "said"),
    [
        (Gate.FORMATIVE, {"opened": False}, "never open"),
        (Gate.FORMATIVE, {"decided_after_close": False}, "No day of decision"),
        (Gate.FORMATIVE, {"too_early": ("Fraud",)}, "before everybody could answer: Fraud"),
        (Gate.REASONS, {"purpose": " "}, "what the consultation is for"),
        (Gate.REASONS, {"cannot_change": ""}, "what cannot"),
        (Gate.REASONS, {"without_facts": ("Postcard",)}, "at the start of: Postcard"),
        (Gate.TIME, {"days_open": 83}, "83 days"),
        (Gate.TIME, {"days_open": None}, "not closed yet"),
        (Gate.TIME, {"noticed": False}, "three months"),
        (Gate.TIME, {"short_of_notice": ("Brent CPEG",)}, "Brent CPEG"),
        (Gate.TIME, {"short_of_notice": tuple("ABCDEFG")}, "2 more groups"),
        (Gate.CONSIDERATION, {"report_current": False}, "have changed since"),
        (Gate.CONSIDERATION, {"report_read": False}, "has read the report"),
        (Gate.CONSIDERATION, {"undecided": ("Fraud", "Robbery")}, "Fraud, Robbery"),
        (Gate.CONSIDERATION, {"from_older_report": ("Fraud",)}, "before the latest report: Fraud"),
        (Gate.EQUALITY, {"equality_answered": False}, "equality questions"),
        (Gate.EQUALITY, {"by_group_read": False}, "different groups of people"),
        (Gate.EQUALITY, {"without_equality_note": ("Fraud",)}, "note yet for: Fraud"),
    ],
)
def test_what_one_gate_lacks_is_said_there_and_holds_up_no_other(
    gate: Gate, lacks: dict[str, Any], said: str
) -> None:
    facts = replace(FAIR, **lacks)
    [sentence] = missing(gate, facts)
    assert said in str(sentence)
    assert len(met(gate, facts)) == len(CHECKS[gate]) - 1
    assert all(missing(other, facts) == () for other in Gate if other is not gate)


def test_nothing_can_be_changed_where_nobody_said_what_can() -> None:
    facts = replace(FAIR, can_change="")
    assert [gate for gate in Gate if missing(gate, facts)] == [Gate.FORMATIVE, Gate.REASONS]


@pytest.mark.parametrize("short", [None, ("Brent CPEG",)])
def test_the_urgent_route_stands_for_notice(short: tuple[str, ...] | None) -> None:
    facts = replace(FAIR, noticed=False, short_of_notice=short, urgent=True)
    assert missing(Gate.TIME, facts) == ()


def test_without_a_report_nothing_has_been_considered() -> None:
    facts = replace(FAIR, report_made=False, report_current=False, report_read=False)
    assert len(missing(Gate.CONSIDERATION, facts)) == 4
