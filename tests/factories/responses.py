"""A consultation that can be answered, and answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.boroughs.queries import areas
from engage.boroughs.service import load_london
from engage.consultations.models import Consultation, Instrument
from engage.consultations.rules import GRACE, State
from engage.distribution.models import Link
from engage.groups.models import Group
from engage.questionnaires import shipped
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.service import load_framework, publish_shipped
from engage.responses.service import Submission
from engage.responses.tickets import Ticket, new_ticket
from engage.timetable.models import Entry
from engage.timetable.rules import Level
from tests.factories.distribution import make_link
from tests.factories.groups import make_group

OPENED = datetime(2027, 9, 6, 8, 0, tzinfo=UTC)
DURING = datetime(2027, 10, 1, 12, 34, 56, tzinfo=UTC)
CLOSES = datetime(2027, 11, 28, 0, 0, tzinfo=UTC)
AFTER = datetime(2027, 12, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Exercise:
    """An open consultation with the three shipped instruments, and one group's link."""

    consultation: Consultation
    instruments: dict[str, Instrument]
    link: Link
    group: Group

    @property
    def path(self) -> str:
        return f"/take-part/{self.consultation.slug}"

    def ticket(
        self, instrument: str = "postcard", *, by_link: bool = False, began: datetime = DURING
    ) -> Ticket:
        chosen = self.instruments[instrument]
        return new_ticket(
            instrument_id=chosen.id,
            version_id=chosen.version_id,
            link_id=self.link.id if by_link else 0,
            group_id=self.group.id if by_link else 0,
            rotations=12,
            now=began,
        )

    def submission(self, ticket: Ticket | None = None, **answers: Any) -> Submission:
        given = {"priorities": {"chosen": ["asb"], "rotation": 0}, "area": {"area": "E09000007"}} | answers
        return Submission(
            self.consultation.id, ticket or self.ticket(), given, area_code=given["area"]["area"]
        )


def make_exercise(session: Session, slug: str = "priorities", state: State = State.OPEN) -> Exercise:
    """Return a stored and committed exercise, open from OPENED to CLOSES unless `state` says otherwise."""
    load_london(session)
    framework = load_framework(session, shipped.read_json(shipped.FRAMEWORK))
    offered = [Option(area.code, area.name) for area in areas(session)]
    versions = publish_shipped(session, actor="Test", now=OPENED, framework_id=framework.id, areas=offered)
    entry = make_asking_entry(session, slug)
    consultation = Consultation(
        entry_id=entry.id,
        slug=slug,
        title=entry.title,
        framework_id=framework.id,
        state=state,
        closes_at=CLOSES,
        grace_ends_at=CLOSES + GRACE,
        opened_at=None if state in (State.PLANNED, State.ANNOUNCED) else OPENED,
        closed_at=CLOSES if state is State.CLOSED else None,
    )
    session.add(consultation)
    session.flush()
    instruments = {
        code: Instrument(
            consultation_id=consultation.id,
            code=code,
            title=f"The {code}",
            summary="",
            position=position,
            version_id=versions[code].id,
        )
        for position, code in enumerate(shipped.INSTRUMENTS, start=1)
    }
    group = make_group(session, name="Camden CPEG", area_code="E09000007")
    session.add_all(instruments.values())
    session.flush()
    code = f"camden-{consultation.id}"
    link = make_link(session, consultation_id=consultation.id, group_id=group.id, code=code)
    session.commit()
    return Exercise(consultation, instruments, link, group)


def make_asking_entry(session: Session, slug: str) -> Entry:
    """Return a stored entry that says everything opening demands."""
    entry = Entry(
        slug=slug,
        title="Policing priorities",
        organisation="Metropolitan Police Authority",
        level=Level.CONSULTATION,
        duty="policing_objectives",
        purpose="To set the priorities of the plan.",
        can_change="The order of the priorities.",
        cannot_change="The law.",
        audience="Everybody in London",
        methods="A form on the web",
        how_to_take_part="Answer the form.",
        decision_maker="The full Authority",
        consultation_year=2027,
        plan_year=2028,
        notice_given_on=datetime(2027, 5, 1, tzinfo=UTC).date(),
        opens_at=OPENED,
        closes_at=CLOSES,
        decision_due_on=datetime(2028, 1, 20, tzinfo=UTC).date(),
        feedback_due_on=datetime(2028, 2, 15, tzinfo=UTC).date(),
        opened_at=OPENED,
        changed_at=OPENED,
        published_at=datetime(2027, 5, 1, tzinfo=UTC),
    )
    session.add(entry)
    session.flush()
    return entry
