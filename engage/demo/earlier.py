"""The consultation of the year before: answered, closed, coded, decided and fed back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engage.analysis import queries as analysis
from engage.analysis import service as counting
from engage.analysis.queries import PAGE
from engage.analysis.service import Code
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.consultations.service import mark_analysed
from engage.demo import content, steps
from engage.demo.content import Line
from engage.demo.people import ADMINISTRATOR, OFFICER, person_of
from engage.demo.steps import Step
from engage.evidence_file import service as evidence_file
from engage.evidence_file.queries import find_last
from engage.feedback import service as feedback
from engage.feedback.drafting import starting_texts
from engage.feedback.filling import facts_of
from engage.feedback.queries import find_feedback
from engage.foundations.clock import in_london
from engage.plan_export import service as deciding
from engage.plan_export.deciding import reports
from engage.plan_export.queries import find_plan
from engage.plan_export.service import Decided

SEED = 2027
RESPONSES = 800
CONTACTS_IN_A_HUNDRED = 8
DECIDED_ON = 10


@dataclass(frozen=True, slots=True)
class Tools:
    """What the steps need of the installation: its evidence folder, its threshold, its worker."""

    evidence: Path
    threshold: int
    work: Callable[[], None]


def steps_of(line: Line, *, today: date, responses: int, tools: Tools) -> list[Step]:
    """Return the steps of its whole life, at their moments."""
    slug, details = line.slug, line.details
    once = partial(steps.while_in, slug)

    def at(weeks: int, day: int, hour: int, minute: int = 0) -> datetime:
        return content.moment_in(today, weeks, day, time(hour, minute))

    contacts = responses * CONTACTS_IN_A_HUNDRED // 100
    answers = steps.answered(slug, responses=responses, contacts=contacts, seed=SEED)
    return [
        Step(line.added_at, steps.planned(line)),
        Step(line.added_at, once(State.PLANNED, steps.announce)),
        Step(details.opens_at, once(State.ANNOUNCED, steps.open_)),
        Step(at(-45, 4, 17), answers),
        Step(details.closes_at, once(State.OPEN, steps.close)),
        Step(at(-44, 1, 9), once(State.CLOSED, partial(count, tools))),
        Step(at(-43, 2, 16), once(State.CLOSED, partial(_code, tools))),
        Step(at(-42, 0, 11), once(State.CLOSED, partial(_analyse, tools))),
        Step(at(-39, 3, 15), once(State.ANALYSED, partial(_decide, tools))),
        Step(at(-36, 1, 10), once(State.DECIDED, partial(_feed_back, tools))),
        # The worker has the mails out at once, and a minute later it can say that everybody has them.
        Step(at(-36, 1, 10, 1), lambda session, now: tools.work()),
        Step(at(-36, 1, 10, 3), lambda session, now: tools.work()),
        Step(at(-35, 2, 10), once(State.FED_BACK, partial(_bundle, tools))),
    ]


def count(tools: Tools, session: Session, consultation: Consultation, now: datetime) -> None:
    """Bring the figures up to date."""
    counting.refresh(session, consultation=consultation, now=now, folder=tools.evidence)


def _code(tools: Tools, session: Session, consultation: Consultation, now: datetime) -> None:
    """Read all that people wrote; what says none of the known words names none of the priorities."""
    officer = person_of(session, OFFICER)
    snapshot = analysis.latest_snapshot(session, consultation.id)
    _, coded = analysis.texts_coded(session, consultation_id=consultation.id, page=1)
    if snapshot is None or coded:
        return
    words = content.reading()
    page_of = partial(analysis.texts_to_code, session, snapshot=snapshot, folder=tools.evidence)
    _, waiting = page_of(page=1)
    codes = [
        Code(text.response_id, text.question, text.slot, text.text_digest, _read(text.text, words))
        for page in range(1, ceil(waiting / PAGE) + 1)
        for text in page_of(page=page)[0]
    ]
    counting.code_texts(
        session,
        actor=officer.label,
        person_id=officer.id,
        consultation=consultation,
        codes=codes,
        now=now,
    )


def _read(text: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the first priority one of whose words stands in `text`, None where none does."""
    said = text.casefold()
    return next((code for code, signs in words.items() if any(sign in said for sign in signs)), None)


def _analyse(tools: Tools, session: Session, consultation: Consultation, now: datetime) -> None:
    count(tools, session, consultation, now)
    mark_analysed(session, actor=steps.officer(session), now=now, consultation_id=consultation.id)


def _decide(tools: Tools, session: Session, consultation: Consultation, now: datetime) -> None:
    """Decide on the priorities that were named most, whichever they are."""
    administrator = person_of(session, ADMINISTRATOR)
    plan = find_plan(session, consultation=consultation, folder=tools.evidence, threshold=tools.threshold)
    if plan is None:
        return
    report = reports.make(
        session,
        actor=administrator.label,
        now=now,
        consultation=consultation,
        folder=tools.evidence,
        threshold=tools.threshold,
    )
    reports.acknowledge(
        session,
        actor=administrator.label,
        now=now,
        report_id=report.id,
        reader=content.READER,
        read_on=in_london(now).date(),
    )
    verdicts = content.verdicts()
    for line in plan.lines[:DECIDED_ON]:
        verdict = verdicts[line.code]
        deciding.record_decision(
            session,
            actor=administrator.label,
            person_id=administrator.id,
            now=now,
            consultation=consultation,
            decided=Decided(
                line.code,
                verdict.outcome,
                verdict.reason,
                in_london(now).date(),
                "The full Authority",
                owner=content.OWNER,
                equality_note=content.EQUALITY_NOTES[verdict.outcome],
            ),
            folder=tools.evidence,
        )
    deciding.finish(
        session,
        actor=administrator.label,
        now=now,
        consultation=consultation,
        folder=tools.evidence,
        threshold=tools.threshold,
    )


def _feed_back(tools: Tools, session: Session, consultation: Consultation, now: datetime) -> None:
    """Write the feedback from the figures, have it approved and publish it, unless that is done."""
    written = find_feedback(session, consultation.id)
    if written is not None and written.published_at is not None:
        return
    officer = person_of(session, OFFICER)
    facts = facts_of(session, consultation, folder=tools.evidence, threshold=tools.threshold)
    texts = starting_texts(facts.figures)
    feedback.save_feedback(
        session,
        actor=officer.label,
        now=now,
        consultation_id=consultation.id,
        said=texts.said,
        decided=texts.decided,
        reconciled=content.why(),
        easy_read=texts.easy_read,
        facts=facts,
    )
    second = person_of(session, ADMINISTRATOR)
    asked: dict[str, Any] = {"now": now, "consultation_id": consultation.id}
    submitted = feedback.submit(session, actor=officer.label, person_id=officer.id, **asked)
    feedback.approve(
        session, actor=second.label, person_id=second.id, read=feedback.digest(submitted), **asked
    )
    feedback.publish(session, actor=officer.label, person_id=officer.id, **asked)


def _bundle(tools: Tools, session: Session, consultation: Consultation, now: datetime) -> None:
    """Make the evidence file, unless there is one."""
    if find_last(session, consultation.id) is None:
        evidence_file.make(
            session,
            actor=steps.officer(session),
            now=now,
            consultation=consultation,
            instance=tools.evidence.parent,
            folder=tools.evidence,
            threshold=tools.threshold,
        )
