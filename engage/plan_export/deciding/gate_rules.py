"""What each gate asks before a consultation counts as decided. Pure: facts in, sentences out.

The four Gunning principles are the courts' test of a fair consultation (R v Brent ex parte Gunning, 1985);
the equality duty is section 149 of the Equality Act 2010.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engage.foundations.language import Text, lazy
from engage.plan_export.rules import Gate

WEEKS_OPEN = 12
DAYS_OPEN = 7 * WEEKS_OPEN
# What everybody is owed cannot be signed away: a report that was read, and a reason for each top priority.
UNSIGNABLE = frozenset({Gate.CONSIDERATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the gates are judged on.

    `days_open` is None while it has not closed. `short_of_notice` names the groups that had less than three
    months, None where no groups were asked and `noticed` tells of the entry's own day. Each list holds labels
    of decisions or priorities that lack something.
    """

    purpose: str
    can_change: str
    cannot_change: str
    without_facts: tuple[str, ...]
    opened: bool
    decided_after_close: bool
    too_early: tuple[str, ...]
    days_open: int | None
    noticed: bool
    short_of_notice: tuple[str, ...] | None
    urgent: bool
    report_made: bool
    report_current: bool
    report_read: bool
    undecided: tuple[str, ...]
    from_older_report: tuple[str, ...]
    equality_answered: bool
    by_group_read: bool
    without_equality_note: tuple[str, ...]


class Check(NamedTuple):
    """One thing a gate asks: how it is said when it is there, whether it is, and what is missing if not."""

    name: Text
    met: Callable[[Facts], bool]
    missing: Callable[[Facts], Text]


def _says(text: Text) -> Callable[[Facts], Text]:
    return lambda facts: text


def _names(text: str, of: Callable[[Facts], tuple[str, ...] | None]) -> Callable[[Facts], Text]:
    return lambda facts: lazy(text, labels=_listed(of(facts) or ()))


def _listed(labels: tuple[str, ...]) -> str:
    # Priorities have commas in their own names.
    return "; ".join(labels)


def _had_notice(facts: Facts) -> bool:
    return facts.urgent or (facts.noticed if facts.short_of_notice is None else not facts.short_of_notice)


CHECKS: Mapping[Gate, tuple[Check, ...]] = {
    Gate.FORMATIVE: (
        Check(
            lazy("People were asked before the decision"),
            lambda facts: facts.opened,
            _says(lazy("The consultation was never open to answers.")),
        ),
        Check(
            lazy("What answers could change was said"),
            lambda facts: bool(facts.can_change.strip()),
            _says(lazy("Nobody was told what their answers could change.")),
        ),
        Check(
            lazy("The decision was due after the close"),
            lambda facts: facts.decided_after_close,
            _says(lazy("No day of decision after the close was given in the timetable.")),
        ),
        Check(
            lazy("Every decision was taken after the close"),
            lambda facts: not facts.too_early,
            _names("Decided before everybody could answer: %(labels)s.", lambda facts: facts.too_early),
        ),
    ),
    Gate.REASONS: (
        Check(
            lazy("The purpose was said"),
            lambda facts: bool(facts.purpose.strip()),
            _says(lazy("Nobody was told what the consultation is for.")),
        ),
        Check(
            lazy("What could and what could not change was said"),
            lambda facts: bool(facts.can_change.strip() and facts.cannot_change.strip()),
            _says(lazy("Nobody was told both what can change and what cannot.")),
        ),
        Check(
            lazy("Each questionnaire said what it was about"),
            lambda facts: not facts.without_facts,
            _names("No facts were given at the start of: %(labels)s.", lambda facts: facts.without_facts),
        ),
    ),
    Gate.TIME: (
        Check(
            lazy("It was open for at least 12 weeks"),
            lambda facts: facts.days_open is not None and facts.days_open >= DAYS_OPEN,
            lambda facts: _too_short(facts.days_open),
        ),
        Check(
            lazy("Groups had three months’ notice, or a published reason why it was urgent"),
            _had_notice,
            lambda facts: _short_notice(facts.short_of_notice),
        ),
    ),
    Gate.CONSIDERATION: (
        Check(
            lazy("The report was made"),
            lambda facts: facts.report_made,
            _says(lazy("Make the report of the figures.")),
        ),
        Check(
            lazy("The report is of the latest figures"),
            lambda facts: facts.report_made and facts.report_current,
            lambda facts: _not_current(facts.report_made),
        ),
        Check(
            lazy("A decision maker has read it"),
            lambda facts: facts.report_read,
            _says(lazy("Record who of the decision makers has read the report, and when.")),
        ),
        Check(
            lazy("Every top priority is decided, with a reason"),
            lambda facts: facts.report_made and not facts.undecided,
            lambda facts: _undecided(facts.report_made, facts.undecided),
        ),
        Check(
            lazy("Every decision is from the latest report"),
            lambda facts: not facts.from_older_report,
            _names(
                "Look at these again, they were decided before the latest report: %(labels)s.",
                lambda facts: facts.from_older_report,
            ),
        ),
    ),
    Gate.EQUALITY: (
        Check(
            lazy("People were asked about themselves, and some answered"),
            lambda facts: facts.equality_answered,
            _says(lazy("Nobody’s answers to the equality questions are in the report.")),
        ),
        Check(
            lazy("The results for different groups of people were read"),
            lambda facts: facts.by_group_read,
            _says(lazy("Nobody has read the report’s results for different groups of people.")),
        ),
        Check(
            lazy("Each decision says how it affects different people"),
            lambda facts: not facts.without_equality_note,
            _names("No equality note yet for: %(labels)s.", lambda facts: facts.without_equality_note),
        ),
    ),
}


def _too_short(days_open: int | None) -> Text:
    if days_open is None:
        return lazy("It has not closed yet.")
    return lazy(
        "It was open for %(days)s days, which is less than 12 weeks, and no reason for that is published.",
        days=days_open,
    )


def _not_current(report_made: bool) -> Text:
    if not report_made:
        return lazy("There is no report of the latest figures.")
    return lazy("The figures have changed since the report: make a new one.")


def _undecided(report_made: bool, labels: tuple[str, ...]) -> Text:
    if not report_made:
        return lazy("Which priorities have to be decided is known once the report is made.")
    return lazy("Decide, and say why: %(labels)s.", labels=_listed(labels))


def _short_notice(short: tuple[str, ...] | None) -> Text:
    if not short:
        return lazy("Groups had less than three months’ notice, and no reason for that was published.")
    shown = ", ".join(short[:5])
    if len(short) > 5:
        return lazy(
            "Less than three months’ notice for %(groups)s and %(more)s more groups.",
            groups=shown,
            more=len(short) - 5,
        )
    return lazy("Less than three months’ notice for %(groups)s.", groups=shown)


def missing(gate: Gate, facts: Facts) -> tuple[Text, ...]:
    """Return what keeps this gate from being passed, in plain words; empty where it is."""
    return tuple(check.missing(facts) for check in CHECKS[gate] if not check.met(facts))


def met(gate: Gate, facts: Facts) -> tuple[Text, ...]:
    """Return what is there of what this gate asks."""
    return tuple(check.name for check in CHECKS[gate] if check.met(facts))
