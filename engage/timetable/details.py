"""What an officer says of an entry, and what is wrong with it. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from engage.foundations.clock import in_london
from engage.foundations.language import Text, lazy
from engage.timetable import rules
from engage.timetable.rules import Level, Repeats

LENGTHS = {
    "title": 200,
    "organisation": 160,
    "decision_maker": 200,
    "urgent_authorised_by": 200,
    "web_address": 500,
}
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDetails:
    """Everything an officer says of an entry. Texts are plain; empty means not yet written.

    `duty` is a code of the register. `area_code` None means all of London. `closes_at` is the first moment
    when nobody can answer any more. `web_address` is where people take part in what is run elsewhere.
    """

    title: str
    organisation: str
    level: Level
    duty: str
    consultation_year: int
    opens_at: datetime
    closes_at: datetime
    plan_year: int | None = None
    area_code: str | None = None
    purpose: str = ""
    can_change: str = ""
    cannot_change: str = ""
    audience: str = ""
    methods: str = ""
    how_to_take_part: str = ""
    web_address: str = ""
    decision_maker: str = ""
    notice_given_on: date | None = None
    urgent_reason: str = ""
    urgent_authorised_by: str = ""
    decision_due_on: date | None = None
    feedback_due_on: date | None = None
    feedback_late_reason: str = ""
    run_here: bool = True
    repeats: Repeats = Repeats.NEVER


class Problem(NamedTuple):
    """One thing wrong with the details: which of them, and a sentence for the officer."""

    field: str
    sentence: Text


def problems(details: EntryDetails) -> tuple[Problem, ...]:
    """Return what is wrong with `details`, in the order of the form.

    An entry may be added before everything is known; what is said must not contradict itself. What opening
    demands besides is the consultation's business.
    """
    return (*_texts(details), *_opening(details), *_afterwards(details))


def _texts(details: EntryDetails) -> Iterator[Problem]:
    if not details.title.strip():
        yield Problem("title", lazy("Enter a title."))
    if not details.organisation.strip():
        yield Problem("organisation", lazy("Enter the organisation that asks."))
    for name, most in LENGTHS.items():
        if len(getattr(details, name)) > most:
            yield Problem(name, lazy("Use at most %(most)s characters.", most=most))
    if details.web_address and not _is_web_address(details.web_address):
        yield Problem("web_address", lazy("Enter a web address that begins with https:// or http://."))


def _is_web_address(text: str) -> bool:
    """Tell whether `text` is an address that a browser may be sent to: http or https, and a host."""
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _opening(details: EntryDetails) -> Iterator[Problem]:
    if details.closes_at <= details.opens_at:
        yield Problem("closes_at", lazy("The last day to answer must not be before the opening."))
    notice = details.notice_given_on
    if notice is not None and notice > in_london(details.opens_at).date():
        yield Problem("notice_given_on", lazy("Notice must be given before the opening."))
    if details.urgent_reason.strip() and not details.urgent_authorised_by.strip():
        yield Problem("urgent_authorised_by", lazy("Say which role allowed the shorter notice."))
    for name in ("consultation_year", "plan_year"):
        year = getattr(details, name)
        if year is not None and year not in YEARS:
            yield Problem(name, lazy("Enter a year with four figures, such as 2027."))
    if details.plan_year is not None and details.plan_year <= details.consultation_year:
        yield Problem("plan_year", lazy("The plan's year must be after the year of the consultation."))


def _afterwards(details: EntryDetails) -> Iterator[Problem]:
    if details.closes_at <= details.opens_at:
        # That is said already, and what follows from it would only confuse.
        return
    decision, feedback = details.decision_due_on, details.feedback_due_on
    if decision is not None and not rules.decided_after_close(details.closes_at, decision):
        yield Problem("decision_due_on", lazy("The decision must come after the last day to answer."))
    if feedback is None:
        return
    if feedback <= rules.last_day(details.closes_at):
        yield Problem("feedback_due_on", lazy("Feedback must come after the last day to answer."))
    elif decision is not None and feedback < decision:
        yield Problem("feedback_due_on", lazy("Feedback must not come before the decision."))
    elif not rules.feedback_in_time(details.closes_at, feedback) and not details.feedback_late_reason.strip():
        yield Problem(
            "feedback_late_reason",
            lazy("Feedback is due within 12 weeks of closing: give the reason why it will come later."),
        )
