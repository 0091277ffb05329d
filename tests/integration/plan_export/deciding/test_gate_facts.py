"""What the gates are judged on, as it lies in the database: each fact that is taken away is missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis import service as analysis
from engage.analysis.queries import evidence_folder
from engage.consultations.models import Consultation, Instrument
from engage.foundations.settings import Settings
from engage.people.rules import Role
from engage.plan_export.deciding import gates
from engage.plan_export.deciding.gates import GateStanding
from engage.plan_export.models import Decision, DecisionReport, ReportReading
from engage.plan_export.rules import Gate, Outcome, Subject
from engage.plan_export.service import record_decision
from engage.questionnaires.models import QuestionnaireVersion
from engage.timetable.models import Entry, EntryGroup
from tests.factories.analysis import make_response
from tests.factories.deciding import NOTE, decided, make_report
from tests.factories.responses import AFTER, OPENED, Exercise
from tests.fixtures.people import add_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LATER = AFTER + timedelta(days=5)
ON = date(2027, 12, 3)


@pytest.fixture
def fair(session: Session, settings: Settings, analysed: Exercise) -> Exercise:
    """A consultation that passes every gate: both of its top priorities are decided."""
    consultation = session.get_one(Consultation, analysed.consultation.id)
    entry = session.get_one(Entry, consultation.entry_id)
    # Open for twelve weeks and a day.
    consultation.opened_at = entry.opens_at = OPENED - timedelta(days=2)
    consultation.closed_at = consultation.closes_at
    session.commit()
    make_report(session, settings, consultation, AFTER)
    person = add_person(session, Role.ADMINISTRATOR)
    for code in ("burglary", "fraud"):
        record_decision(
            session,
            actor=person.label,
            person_id=person.id,
            now=LATER,
            consultation=consultation,
            decided=decided(code, ON, outcome=Outcome.ADOPTED),
            folder=evidence_folder(settings),
        )
    session.commit()
    return analysed


def lacking(session: Session, exercise: Exercise) -> dict[Gate, list[str]]:
    """Return what is missing at each gate that is not passed."""
    session.flush()
    found: tuple[GateStanding, ...] = gates.standing(session, exercise.consultation.id)
    return {each.gate: [str(one) for one in each.missing] for each in found if not each.passed}


def entry_of(session: Session, exercise: Exercise) -> Entry:
    return session.get_one(Entry, exercise.consultation.entry_id)


def decision_on(session: Session, code: str) -> Decision:
    return session.scalars(select(Decision).where(Decision.priority_code == code)).one()


def test_a_fair_consultation_passes_all_of_them(session: Session, fair: Exercise) -> None:
    assert lacking(session, fair) == {}
    gates.refuse_unpassed(session, fair.consultation.id)


Change = Callable[[Entry, Consultation], None]


def put(name: str, value: object) -> Change:
    return lambda entry, consultation: setattr(entry, name, value)


def late_opening(entry: Entry, consultation: Consultation) -> None:
    consultation.opened_at = OPENED + timedelta(days=5)


def never_closed(entry: Entry, consultation: Consultation) -> None:
    consultation.closed_at = None


@pytest.mark.parametrize(
    ("change", "gate", "said"),
    [
        (put("purpose", " "), Gate.REASONS, "what the consultation is for"),
        (put("cannot_change", ""), Gate.REASONS, "what can change and what cannot"),
        (put("decision_due_on", None), Gate.FORMATIVE, "No day of decision"),
        (put("decision_due_on", date(2027, 11, 27)), Gate.FORMATIVE, "No day of decision"),
        (put("notice_given_on", None), Gate.TIME, "less than three months’ notice"),
        (put("notice_given_on", date(2027, 6, 5)), Gate.TIME, "less than three months’ notice"),
        (late_opening, Gate.TIME, "It was open for 78 days"),
        (never_closed, Gate.TIME, "It has not closed yet"),
    ],
    ids=[
        "no purpose",
        "what cannot change",
        "no day of decision",
        "decided before the close",
        "no notice",
        "too little notice",
        "opened late",
        "never closed",
    ],
)
def test_what_the_timetable_lacks_is_missed_at_its_gate_alone(
    session: Session, fair: Exercise, change: Change, gate: Gate, said: str
) -> None:
    change(entry_of(session, fair), session.get_one(Consultation, fair.consultation.id))
    found = lacking(session, fair)
    assert list(found) == [gate]
    assert [said in sentence for sentence in found[gate]] == [True]


def test_the_urgent_route_with_its_reason_and_who_authorised_it_stands_for_notice(
    session: Session, fair: Exercise
) -> None:
    entry = entry_of(session, fair)
    entry.notice_given_on = None
    assert list(lacking(session, fair)) == [Gate.TIME]
    entry.urgent_reason, entry.urgent_authorised_by = "The river rose.", "The Chair"
    assert lacking(session, fair) == {}


def test_a_group_that_had_less_notice_than_the_entry_is_named(session: Session, fair: Exercise) -> None:
    session.add(EntryGroup(entry_id=fair.consultation.entry_id, group_id=fair.group.id))
    [sentence] = lacking(session, fair)[Gate.TIME]
    assert sentence == "Less than three months’ notice for Camden CPEG."


def test_a_questionnaire_that_says_nothing_first_is_named_until_its_summary_does(
    session: Session, fair: Exercise
) -> None:
    postcard = session.get_one(Instrument, fair.instruments["postcard"].id)
    version = session.get_one(QuestionnaireVersion, postcard.version_id)
    version.definition = {**version.definition, "intro": "  "}
    session.commit()
    assert lacking(session, fair) == {Gate.REASONS: ["No facts were given at the start of: The postcard."]}
    postcard.summary = "What the police cost, and what they did last year."
    assert lacking(session, fair) == {}


def test_decisions_are_missed_taken_early_or_without_a_note_by_the_words_of_their_priority(
    session: Session, fair: Exercise
) -> None:
    burglary = decision_on(session, "burglary")
    theme = Decision(
        consultation_id=fair.consultation.id,
        priority_code="lights",
        subject=Subject.THEME,
        label="Lights in parks",
        outcome=Outcome.ADOPTED,
        reason="The boroughs have agreed to pay for them.",
        decided_on=date(2027, 11, 27),
        decision_maker="The full Authority",
        snapshot_id=burglary.snapshot_id,
        mentions=7,
        base=25,
        recorded_by=burglary.recorded_by,
        recorded_at=LATER,
        report_id=burglary.report_id,
        equality_note=NOTE,
    )
    session.add(theme)
    burglary.equality_note = ""
    session.delete(decision_on(session, "fraud"))
    assert lacking(session, fair) == {
        Gate.FORMATIVE: ["Decided before everybody could answer: Lights in parks."],
        Gate.CONSIDERATION: ["Decide, and say why: Fraud, identity theft and online crime."],
        Gate.EQUALITY: ["No equality note yet for: Burglary."],
    }
    theme.decided_on = date(2027, 11, 28)
    assert Gate.FORMATIVE not in lacking(session, fair)


def test_figures_that_changed_ask_for_a_new_report_that_is_read_and_decisions_from_it(
    session: Session, settings: Settings, fair: Exercise
) -> None:
    consultation = session.get_one(Consultation, fair.consultation.id)
    make_response(session, fair, chosen=("fraud",))
    session.commit()
    analysis.refresh(session, consultation=consultation, now=LATER, folder=evidence_folder(settings))
    assert lacking(session, fair) == {
        Gate.CONSIDERATION: ["The figures have changed since the report: make a new one."]
    }
    make_report(session, settings, consultation, LATER)
    assert lacking(session, fair) == {
        Gate.CONSIDERATION: [
            "Look at these again, they were decided before the latest report: "
            "Burglary; Fraud, identity theft and online crime."
        ]
    }


def test_without_anybody_who_read_the_report_nothing_counts_as_considered(
    session: Session, settings: Settings, fair: Exercise
) -> None:
    read = session.scalars(select(ReportReading)).one()
    report = session.scalars(select(DecisionReport)).one()
    assert read.report_id == report.id
    from_that = DecisionReport(
        consultation_id=report.consultation_id,
        number=2,
        snapshot_id=report.snapshot_id,
        content={**report.content, "figures": {**report.content["figures"], "equality": {"answered": 0}}},
        digest="0" * 64,
        made_by="Test",
        made_at=datetime(2027, 12, 8, 9, 0, tzinfo=UTC),
    )
    session.add(from_that)
    session.flush()
    for decision in session.scalars(select(Decision)):
        decision.report_id = from_that.id
    assert lacking(session, fair) == {
        Gate.CONSIDERATION: ["Record who of the decision makers has read the report, and when."],
        Gate.EQUALITY: [
            "Nobody’s answers to the equality questions are in the report.",
            "Nobody has read the report’s results for different groups of people.",
        ],
    }
