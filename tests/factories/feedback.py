"""A decided consultation whose feedback can be written, and people who wait for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engage.analysis.manifests import NOTHING, Manifest
from engage.analysis.models import EvidenceSnapshot
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback import service
from engage.feedback.models import Feedback
from engage.people.models import Person
from engage.people.rules import Role
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome
from engage.questionnaires.models import Priority
from engage.responses.contacts import leave_contact
from tests.factories.consultations import OFFICER, make_consultation
from tests.factories.timetable import AFTER, DURING
from tests.fixtures.people import add_person

NOW = AFTER
BASE = 3000
# A count of nothing: what was decided keeps figures of its own.
NO_EVIDENCE = Manifest("test", (), NOTHING, (), 0, ()).as_json()
# Priority, how many named it, what was decided and why.
DECIDED = (
    ("Knife crime", 1140, Outcome.ADOPTED, "It is the first objective of the plan."),
    ("Anti-social behaviour", 900, Outcome.IN_PART, "Only where ward panels ask for it."),
    ("Parking", 600, Outcome.NOT_ADOPTED, "The boroughs enforce it, not the police."),
    ("Drones", 3, Outcome.NOT_ADOPTED, "Nobody could tell us what to do."),
)


def make_decided(session: Session, state: State = State.DECIDED, **entry: Any) -> Consultation:
    """Return a consultation with the decisions of `DECIDED` and no feedback yet."""
    made = make_consultation(session, state, **entry)
    person = session.query(Person).filter_by(role=Role.ADMINISTRATOR).first()
    person = person or add_person(session, Role.ADMINISTRATOR)
    snapshot = EvidenceSnapshot(
        consultation_id=made.id,
        digest="a" * 64,
        manifest=NO_EVIDENCE,
        through=1,
        responses=BASE,
        made_at=AFTER,
    )
    session.add(snapshot)
    session.flush()
    for position, (label, mentions, outcome, reason) in enumerate(DECIDED, start=1):
        code = label.lower().replace(" ", "_").replace("-", "_")
        session.add(
            Priority(
                framework_id=made.framework_id,
                code=code,
                label=label,
                description="",
                theme="crime",
                position=position,
            )
        )
        session.add(
            Decision(
                consultation_id=made.id,
                priority_code=code,
                outcome=outcome,
                reason=reason,
                decided_on=date(2027, 10, 1),
                decision_maker="the full Authority",
                snapshot_id=snapshot.id,
                mentions=mentions,
                base=BASE,
                recorded_by=person.id,
                recorded_at=AFTER,
            )
        )
    session.flush()
    return made


def leave_contacts(session: Session, consultation: Consultation, *addresses: str) -> None:
    """Leave addresses for the consultation's feedback."""
    for address in addresses:
        leave_contact(session, consultation_id=consultation.id, address=address, today=DURING.date())


def write(session: Session, consultation: Consultation, **parts: str) -> Feedback:
    """Write all three parts, not yet published."""
    texts = {"said": "Knives first.", "decided": "We will.", "reconciled": "Because you asked."} | parts
    return service.save_feedback(session, actor=OFFICER, now=NOW, consultation_id=consultation.id, **texts)


def approve(session: Session, consultation: Consultation) -> Feedback:
    """Let one person submit what `write` wrote, and another approve it."""
    author = session.query(Person).filter_by(role=Role.ADMINISTRATOR).one()
    second = session.query(Person).filter_by(role=Role.PLANNING_OFFICER).order_by(Person.id).first()
    second = second or add_person(session, Role.PLANNING_OFFICER)
    asked = {"actor": OFFICER, "now": NOW, "consultation_id": consultation.id}
    written = service.submit(session, person_id=author.id, **asked)
    return service.approve(session, person_id=second.id, read=service.digest(written), **asked)


def publish(session: Session, consultation: Consultation) -> Feedback:
    """Publish what `write` wrote, once a second person has approved it."""
    author = session.query(Person).filter_by(role=Role.ADMINISTRATOR).one()
    if session.query(Feedback).filter_by(consultation_id=consultation.id, approved_at=None).count():
        approve(session, consultation)
    return service.publish(
        session, actor=OFFICER, now=NOW, consultation_id=consultation.id, person_id=author.id
    )


def make_published(session: Session, *addresses: str, **entry: Any) -> tuple[Consultation, Feedback]:
    """Return a consultation with published feedback that `addresses` wait for."""
    made = make_decided(session, **entry)
    leave_contacts(session, made, *addresses)
    write(session, made)
    return made, publish(session, made)
