"""Everything of a consultation that is private: addresses, names, secrets and people's own words."""

from __future__ import annotations

import hashlib
from datetime import UTC
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.consultations.rules import State
from engage.distribution.models import PanelInvitation, Panellist, PanelRound
from engage.distribution.panels.secrets import secret_of
from engage.distribution.rules import LinkKind
from engage.feedback.ledger import post
from engage.feedback.ledger.post import Slip
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState, Route
from engage.groups.models import GroupContact
from engage.outbox import service as outbox
from engage.outbox.service import Promise
from engage.people.rules import Role
from engage.questionnaires.models import QuestionnaireVersion
from engage.responses.drafts import return_code
from engage.responses.models import Draft, PaperForm
from engage.responses.service import receipt_code, submit
from engage.timetable.models import Notice, NoticeReceipt
from engage.timetable.rules import NoticeKind
from tests.factories import paper
from tests.factories.analysis import make_coding, make_response, withdraw
from tests.factories.distribution import make_link
from tests.factories.outbox import make_mailing
from tests.factories.panels import make_panel
from tests.factories.responses import AFTER, DURING, Exercise
from tests.factories.subscriptions import make_subscription
from tests.fixtures.people import add_person

# What this puts into the database, or gives to people, and must be found nowhere else.
WORDS = (
    *("walter.ofthegroup@example.test", "Walter Ofthegroup", "020 7946 0123"),
    *("Posy Letterbox", "12 Nowhere Lane", "SW1A 9ZZ", "panel.person@example.test"),
    *("reader.ofnews@example.test", "Xanthe Typist", "The kitchen table of Wanda"),
    *("the snowdrops at number nine", "my neighbour Yorick", "a thing that was taken back"),
    *("My ex-husband drives the 38", "the wedding of Ursula", "Wanda rang about question four"),
)


def make_private(session: Session, exercise: Exercise) -> tuple[str, ...]:
    """Put all of it into a closed consultation; return every secret and word that nobody may find."""
    # Answers are taken while it is open.
    before, exercise.consultation.state = exercise.consultation.state, State.OPEN
    session.flush()
    given_out = _answers(session, exercise)
    _paper(session, exercise)
    exercise.consultation.state = before
    session.flush()
    coordinator = add_person(session, Role.COORDINATOR)
    _of_groups(session, exercise, coordinator.label)
    given_out += _panel(session, exercise)
    _waiting_for_feedback(session, exercise)
    make_subscription(session, address="reader.ofnews@example.test")
    for version in session.scalars(select(QuestionnaireVersion)):
        version.note = "Wanda rang about question four"
    audit.record(
        session,
        actor="Xanthe Typist <xanthe@example.test>",
        action="link.changed",
        subject=f"link:{exercise.link.code}",
        at=AFTER,
        details={"label": "the wedding of Ursula", "level": "Posy Letterbox", "state": "a@example.test"},
    )
    session.commit()
    return (*WORDS, *given_out, coordinator.email, coordinator.name)


def _answers(session: Session, exercise: Exercise) -> tuple[str, ...]:
    """Somebody answers in their own words, another begins to, a third takes it back."""
    ticket = exercise.ticket("full")
    items = [{"priority": "the snowdrops at number nine", "why": "my neighbour Yorick", "what": ""}]
    submission = exercise.submission(ticket, priorities={"items": items})
    receipt = submit(session, submission=submission, now=DURING)
    officer = add_person(session, Role.ANALYST)
    told = make_response(session, exercise, instrument="full", words=("the snowdrops at number nine",))
    make_coding(session, told, "the snowdrops at number nine", "burglary", person=officer)
    gone = make_response(session, exercise, instrument="full", words=("a thing that was taken back",))
    withdraw(session, gone)
    begun = exercise.ticket("full")
    session.add(
        Draft(
            key=begun.key,
            instrument_id=begun.instrument_id,
            version_id=begun.version_id,
            began_at=DURING,
            touched_at=DURING,
            answers={"priorities": {"items": [{"priority": "My ex-husband drives the 38"}]}},
            nonce=begun.nonce,
            return_hash=hashlib.sha256(begun.nonce.encode()).digest(),
        )
    )
    session.flush()
    return receipt.code, receipt_code(ticket), return_code(begun), ticket.nonce, ticket.seal(), begun.nonce


def _paper(session: Session, exercise: Exercise) -> None:
    """Forms on paper, in a batch that an officer called by a name; the questionnaire stays as it was."""
    full = exercise.instruments["full"]
    version_id = full.version_id
    batch = paper.make_batch(session, exercise, title="The kitchen table of Wanda")
    full.version_id = version_id
    typed = {"first": {"more": "my neighbour Yorick"}, "first_by": "Xanthe Typist <xanthe@example.test>"}
    session.add(PaperForm(batch_id=batch.id, number=1, typed_at=AFTER, **typed))
    session.flush()


def _of_groups(session: Session, exercise: Exercise, coordinator: str) -> None:
    """Whom groups are reached by, what they were told, and what they remarked."""
    walter = {"name": "Walter Ofthegroup", "email": "walter.ofthegroup@example.test"}
    session.add(GroupContact(group_id=exercise.group.id, telephone="020 7946 0123", **walter))
    consultation = exercise.consultation
    said = (
        "Questions? Ask Test coordinator, coordinator@example.test, or TEST  COORDINATOR on "
        "020 7946 0123, or walter.ofthegroup@example.test."
    )
    notice = Notice(
        entry_id=consultation.entry_id,
        kind=NoticeKind.ISSUED,
        opens_at=DURING,
        closes_at=AFTER,
        said=said,
        given_by="Xanthe Typist <xanthe@example.test>",
        given_at=DURING.astimezone(UTC),
    )
    session.add(notice)
    session.flush()
    session.add(
        NoticeReceipt(
            notice_id=notice.id,
            group_id=exercise.group.id,
            issued_at=DURING,
            seen_at=DURING,
            acknowledged_at=DURING,
            acknowledged_by=coordinator,
            remark="Ring Walter Ofthegroup first",
        )
    )
    make_link(
        session,
        consultation_id=consultation.id,
        group_id=exercise.group.id,
        code="an-event",
        kind=LinkKind.EVENT,
        label="the wedding of Ursula",
    )


def _panel(session: Session, exercise: Exercise) -> tuple[str, ...]:
    """A panel, and the invitation of somebody on it."""
    panel = make_panel(session)
    person = Panellist(
        panel_id=panel.id,
        address="panel.person@example.test",
        asked_to_join_on=DURING.date(),
        consented_on=DURING.date(),
    )
    drawn = PanelRound(
        panel_id=panel.id,
        consultation_id=exercise.consultation.id,
        instrument_id=exercise.instruments["full"].id,
        size=1,
        drawn_by="Xanthe Typist <xanthe@example.test>",
        drawn_at=DURING,
    )
    session.add_all([person, drawn])
    session.flush()
    id = uuid4()
    session.add(
        PanelInvitation(
            id=id,
            round_id=drawn.id,
            consultation_id=exercise.consultation.id,
            panellist_id=person.id,
            token_hash=bytes(range(32)),
            asked_on=DURING.date(),
        )
    )
    session.flush()
    return (secret_of(id),)


def _waiting_for_feedback(session: Session, exercise: Exercise) -> None:
    """Postal addresses, mail that waits with a secret in it, and what a mail server said."""
    consultation_id = exercise.consultation.id
    slips = [Slip("Posy Letterbox", "12 Nowhere Lane\nLondon", "SW1A 9ZZ")]
    xanthe = {"actor": "Xanthe Typist <xanthe@example.test>", "now": AFTER}
    post.add_slips(session, consultation_id=consultation_id, slips=slips, left_on=DURING.date(), **xanthe)
    feedback = session.scalars(select(Feedback).where(Feedback.consultation_id == consultation_id)).one()
    secret = {"unsubscribe_url": "http://localhost/unsubscribe?token=a-secret-of-posy", "name": "Posy"}
    messages = [Promise(f"feedback:{feedback.id}:1", "quentin.respondent@example.test", secret)]
    mailing = make_mailing(session, key=f"feedback:{feedback.id}")
    outbox.promise(session, mailing=mailing, messages=messages, now=AFTER)
    session.add(
        Delivery(
            feedback_id=feedback.id,
            route=Route.EMAIL,
            state=DeliveryState.UNDELIVERABLE,
            reason="550 5.1.1 quentin.respondent@example.test: no such user",
        )
    )
    session.flush()
