from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engage.plan_export.deciding.gate_rules import CHECKS, UNSIGNABLE, Facts, met, missing
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
        (Gate.CONSIDERATION, {"undecided": ("Fraud", "Robbery")}, "Fraud; Robbery"),
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
    said = [str(sentence) for sentence in missing(Gate.CONSIDERATION, facts)]
    assert said == [
        "Make the report of the figures.",
        "There is no report of the latest figures.",
        "Record who of the decision makers has read the report, and when.",
        "Which priorities have to be decided is known once the report is made.",
    ]


@pytest.mark.parametrize("days", [84, 85, 365])
def test_twelve_weeks_are_enough(days: int) -> None:
    assert missing(Gate.TIME, replace(FAIR, days_open=days)) == ()


@pytest.mark.parametrize("days", [0, 1, 83])
def test_less_than_twelve_weeks_is_too_short(days: int) -> None:
    assert f"{days} days" in str(missing(Gate.TIME, replace(FAIR, days_open=days))[0])


# Urgent, noticed by the entry's own day, groups short of notice (None: no groups were asked): had notice?
NOTICE = [
    (False, True, None, True),
    (False, False, None, False),
    (False, True, (), True),
    (False, False, (), True),
    (False, True, ("Brent CPEG",), False),
    (False, False, ("Brent CPEG",), False),
    (True, False, None, True),
    (True, True, ("Brent CPEG",), True),
    (True, False, ("Brent CPEG",), True),
]


@pytest.mark.parametrize(("urgent", "noticed", "short", "enough"), NOTICE)
def test_notice_is_that_of_each_group_where_groups_were_asked(
    urgent: bool, noticed: bool, short: tuple[str, ...] | None, enough: bool
) -> None:
    facts = replace(FAIR, urgent=urgent, noticed=noticed, short_of_notice=short)
    assert (missing(Gate.TIME, facts) == ()) is enough


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
@pytest.mark.parametrize(
    ("name", "gates"),
    [
        ("purpose", [Gate.REASONS]),
        ("can_change", [Gate.FORMATIVE, Gate.REASONS]),
        ("cannot_change", [Gate.REASONS]),
    ],
)
def test_blanks_say_nothing(name: str, gates: list[Gate], text: str) -> None:
    assert [gate for gate in Gate if missing(gate, replace(FAIR, **{name: text}))] == gates


def test_a_consultation_of_which_nothing_is_true_lacks_all_that_every_gate_asks() -> None:
    nothing = Facts(
        purpose="",
        can_change="",
        cannot_change="",
        without_facts=("Postcard",),
        opened=False,
        decided_after_close=False,
        too_early=("Fraud",),
        days_open=None,
        noticed=False,
        short_of_notice=None,
        urgent=False,
        report_made=False,
        report_current=False,
        report_read=False,
        undecided=("Fraud",),
        from_older_report=("Fraud",),
        equality_answered=False,
        by_group_read=False,
        without_equality_note=("Fraud",),
    )
    for gate in Gate:
        assert len(missing(gate, nothing)) == len(CHECKS[gate])
        assert met(gate, nothing) == ()


def test_only_consideration_can_never_be_signed_away() -> None:
    assert set(Gate) - UNSIGNABLE == {Gate.FORMATIVE, Gate.REASONS, Gate.TIME, Gate.EQUALITY}
