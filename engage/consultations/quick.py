"""An emerging issue, from idea to open: entry, questionnaire, version and consultation in one transaction.

Nothing is let off: every gate that a planned consultation passes is passed here, notice by the urgent route.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations import queries, rules, service
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused
from engage.questionnaires import drafts
from engage.questionnaires.definitions import parse
from engage.questionnaires.edits import code_from
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.models import PriorityFramework
from engage.questionnaires.queries import find_questionnaire
from engage.questionnaires.readability import estimated_minutes
from engage.timetable import service as timetable
from engage.timetable.details import EntryDetails
from engage.timetable.details import problems as contradictions

MOST_QUESTIONS = 3
MOST_OPTIONS = 12
LONGEST_OPTION = 200
INSTRUMENT = "poll"
INSTRUMENT_TITLE_LENGTH = 120


class How(StrEnum):
    """How a question is answered."""

    LIST = "list"
    AGREE = "agree"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question, by its number on the form.

    `options` are what can be chosen, or the statements to agree with; own words have none.
    """

    number: int
    label: str
    how: How
    options: tuple[str, ...] = ()
    at_most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Everything an officer says of an emerging issue. `places` are offered where the borough is asked."""

    details: EntryDetails
    questions: tuple[Asked, ...]
    places: tuple[Option, ...]
    privacy_notice: str


class Problem(NamedTuple):
    """One thing that keeps the issue from being opened, and the field of its form that it belongs to."""

    field: str
    sentence: Text


def problems(issue: Issue, now: datetime) -> tuple[Problem, ...]:
    """Return what keeps the issue from being opened at `now`: one sentence for each field."""
    found: dict[str, Problem] = {}
    for each in (*_of_questions(issue.questions), *_of_entry(issue.details, now)):
        found.setdefault(each.field, each)
    return tuple(found.values())


def open_issue(session: Session, *, actor: str, now: datetime, issue: Issue) -> Consultation:
    """Make everything that the issue needs and open it; raises `Refused`, and then nothing is to be kept."""
    for problem in problems(issue, now):
        raise Refused(problem.sentence, problem.field)
    framework = _hold_framework(session)
    _refuse_second(session, issue.details.title)
    entry = timetable.add_entry(session, actor=actor, now=now, details=issue.details)
    code = _free_code(session, entry.slug)
    drafts.start(
        session,
        actor=actor,
        now=now,
        code=code,
        title=issue.details.title,
        framework_id=framework.id,
        definition=definition(issue),
        privacy_notice=issue.privacy_notice,
    )
    drafted = drafts.get_draft(session, code)
    version = drafts.publish_draft(
        session, actor=actor, now=now, code=code, revision=drafted.revision, note=issue.details.urgent_reason
    )
    consultation = service.create(session, actor=actor, now=now, entry_id=entry.id, framework_id=framework.id)
    service.add_instrument(
        session,
        actor=actor,
        now=now,
        consultation_id=consultation.id,
        code=INSTRUMENT,
        title=issue.details.title[:INSTRUMENT_TITLE_LENGTH],
        summary="",
        position=None,
        version_id=version.id,
    )
    service.announce(session, actor=actor, now=now, consultation_id=consultation.id)
    service.open_consultation(session, actor=actor, now=now, consultation_id=consultation.id)
    return consultation


def definition(issue: Issue) -> dict[str, Any]:
    """Return the questionnaire of an issue, on one page."""
    taken: set[str] = set()
    questions = []
    for question in issue.questions:
        code = code_from(question.label, taken, "question")
        taken.add(code)
        questions.append({"code": code, "label": question.label} | _setting(question))
    if issue.places:
        questions.append(_place(issue.places, taken))
    page = {"code": "questions", "title": issue.details.title, "intro": "", "questions": questions}
    asked = {"title": issue.details.title, "intro": issue.details.purpose, "minutes": 1, "pages": [page]}
    return asked | {"minutes": estimated_minutes(parse(asked))}


def _setting(question: Asked) -> dict[str, Any]:
    if question.how is How.WORDS:
        hint = str(lazy("Please do not write names or anything that tells who somebody is."))
        return {"kind": "long_text", "hint": hint, "required": False}
    options = _options(question.options)
    if question.how is How.AGREE:
        return {"kind": "statements", "rows": options}
    if question.at_most == 1:
        return {"kind": "one_choice", "options": options}
    hint = str(lazy("Choose up to %(n)s.", n=question.at_most))
    return {"kind": "several_choices", "hint": hint, "options": options, "at_most": question.at_most}


def _options(labels: tuple[str, ...]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for label in labels:
        code = code_from(label, {each["code"] for each in found}, "option")
        found.append({"code": code, "label": label})
    return found


def _place(places: tuple[Option, ...], taken: set[str]) -> dict[str, Any]:
    return {
        "code": code_from("area", taken, "area"),
        "kind": "area",
        "label": str(lazy("Where in London do you live?")),
        "hint": str(lazy("Your postcode tells us the borough. We keep the borough and forget the postcode.")),
        "options": [{"code": place.code, "label": place.label} for place in places],
    }


def _of_entry(details: EntryDetails, now: datetime) -> Iterator[Problem]:
    for problem in contradictions(details):
        if problem.field == "feedback_late_reason":
            # An urgent question is no place to be late with what came of it: this form asks for no reason.
            yield Problem("feedback_due_on", lazy("Give a day within 12 weeks of the last day to answer."))
        else:
            yield Problem(*problem)
    if not details.urgent_authorised_by.strip():
        yield Problem("urgent_authorised_by", lazy("Say which role allowed the shorter notice."))
    facts = queries.facts(details, asked=(), opening_at=now)
    for missing in rules.missing_to_open(facts):
        # The questionnaire is made with all the rest; shorter notice is the business of the urgent reason.
        if missing.field:
            field = "urgent_reason" if missing.field == "notice_given_on" else missing.field
            yield Problem(field, missing.sentence)


def _of_questions(questions: tuple[Asked, ...]) -> Iterator[Problem]:
    for question in questions:
        number = question.number
        if not question.label:
            yield Problem(f"label_{number}", lazy("Write the question."))
        if question.how is not How.WORDS:
            yield from _of_options(f"options_{number}", question)
        if question.how is How.LIST and not 1 <= question.at_most <= len(question.options or ("",)):
            yield Problem(
                f"at_most_{number}",
                lazy("Enter a number from 1 to %(n)s, as many as you list.", n=len(question.options)),
            )


def _of_options(field: str, question: Asked) -> Iterator[Problem]:
    least = 2 if question.how is How.LIST else 1
    if len(question.options) < least:
        what = lazy("List at least two things to choose, one on each line.")
        yield Problem(field, what if least > 1 else lazy("Write at least one statement, each on a line."))
    elif len(question.options) > MOST_OPTIONS:
        yield Problem(field, lazy("List at most %(n)s.", n=MOST_OPTIONS))
    elif any(len(option) > LONGEST_OPTION for option in question.options):
        yield Problem(field, lazy("Use at most %(most)s characters on a line.", most=LONGEST_OPTION))
    elif len({option.casefold() for option in question.options}) < len(question.options):
        yield Problem(field, lazy("The same line stands here twice."))


def _hold_framework(session: Session) -> PriorityFramework:
    """Return the newest framework; others who open an issue wait here, so that pressing twice opens one."""
    newest = next(iter(queries.frameworks(session)), None)
    if newest is None:
        raise Refused(lazy("There is no priority framework yet. Run: engage load-questionnaires"))
    held = select(PriorityFramework).where(PriorityFramework.id == newest.id).with_for_update()
    return session.scalars(held).one()


def _refuse_second(session: Session, title: str) -> None:
    same = select(Consultation.id).where(Consultation.state == State.OPEN, Consultation.title == title)
    if session.scalar(same.limit(1)) is not None:
        raise Refused(lazy("A consultation with this title is open already."), "title")


def _free_code(session: Session, slug: str) -> str:
    stem, code, number = slug[:70], slug, 2
    while find_questionnaire(session, code) is not None or code in drafts.RESERVED:
        code, number = f"{stem}-{number}", number + 1
    return code
