"""Rounds: drawing people of a panel, inviting them, reminding them, and using an invitation up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.queries import places
from engage.consultations.models import Consultation
from engage.consultations.rules import is_open
from engage.distribution.models import Panel, PanelInvitation, PanelRound
from engage.distribution.panels import queries
from engage.distribution.panels.rules import (
    LARGEST_ROUND,
    SMALLEST_ROUND,
    Candidate,
    Eligible,
    Limits,
    draw,
    eligible,
    may_remind,
)
from engage.distribution.panels.secrets import hash_of, secret_of
from engage.foundations import jobs
from engage.foundations.clock import in_london
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused

MAIL_ROUND = "panels.mail_round"


@dataclass(frozen=True, slots=True)
class Plan:
    """A round as it is to be drawn: it names everything the draw follows from, so it can be repeated.

    `after` is the round drawn before it (0: none): where another was drawn meanwhile, it is out of date.
    """

    panel_id: int
    instrument_id: int
    size: int
    spread: bool
    seed: str
    after: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a plan comes to: who would be asked, and how many are left in peace."""

    chosen: Sequence[Candidate]
    eligible: Eligible


def look_ahead(session: Session, *, plan: Plan, threshold: int, now: datetime) -> Drawn:
    """Return what a plan comes to today; changes nothing. Raises `Refused` where it cannot be carried out."""
    panel = session.get_one(Panel, plan.panel_id)
    choice = _open_choice(session, plan.instrument_id, now)
    smallest = SMALLEST_ROUND * threshold
    if not smallest <= plan.size <= LARGEST_ROUND:
        limits = {"least": smallest, "most": f"{LARGEST_ROUND:,}"}
        raise Refused(lazy("Ask at least %(least)s and at most %(most)s people.", **limits), "size")
    today = in_london(now).date()
    found = queries.candidates(
        session, panel_id=panel.id, consultation_id=choice.consultation_id, today=today
    )
    may = eligible(found, Limits(panel.rest_days, panel.most_a_year), today)
    if len(may.candidates) < smallest:
        text = lazy(
            "Only %(n)s people can be asked now, and a round asks at least %(least)s, so that no answer "
            "points at anybody.",
            n=len(may.candidates),
            least=smallest,
        )
        raise Refused(text)
    residents = {area.code: area.residents or 0 for area in places(session)} if plan.spread else None
    return Drawn(draw(may.candidates, plan.size, plan.seed, residents), may)


def draw_round(session: Session, *, actor: str, plan: Plan, threshold: int, now: datetime) -> int:
    """Draw a round, write its invitations and have them mailed; return its id.

    The same plan again is the same round. Raises `Refused` where another round was drawn since it was made.
    """
    panel = session.scalars(select(Panel).where(Panel.id == plan.panel_id).with_for_update()).one()
    last = queries.last_round(session, panel.id)
    if last is not None and last.id != plan.after:
        if (last.instrument_id, last.size, last.drawn_by) == (plan.instrument_id, plan.size, actor):
            return last.id
        raise Refused(lazy("Another round was drawn since you saw this. Look at it again."))
    drawn = look_ahead(session, plan=plan, threshold=threshold, now=now)
    choice = _open_choice(session, plan.instrument_id, now)
    made = PanelRound(
        panel_id=panel.id,
        consultation_id=choice.consultation_id,
        instrument_id=plan.instrument_id,
        size=plan.size,
        drawn_by=actor,
        drawn_at=now,
    )
    session.add(made)
    session.flush()
    _invite(session, made, drawn.chosen, in_london(now).date())
    jobs.ask(session, name=MAIL_ROUND, arguments=_first_chunk(made, "invitation"), at=now)
    audit.record(
        session,
        actor=actor,
        action="panel.drawn",
        subject=f"panel:{panel.code}",
        at=now,
        details={
            "round": made.id,
            "instrument": plan.instrument_id,
            "size": plan.size,
            "spread": plan.spread,
            "seed": plan.seed,
            "could_be_asked": len(drawn.eligible.candidates),
            "asked": len(drawn.chosen),
        },
    )
    return made.id


def remind(session: Session, *, actor: str, round_id: int, now: datetime) -> None:
    """Have those of a round who have not answered reminded, once; raises `Refused` where it may not be."""
    chosen = select(PanelRound).where(PanelRound.id == round_id).with_for_update()
    found = session.scalars(chosen, execution_options={"populate_existing": True}).one()
    consultation = session.get_one(Consultation, found.consultation_id)
    if not may_remind(
        asked_at=found.drawn_at,
        reminded_at=found.reminded_at,
        closes_at=consultation.closes_at,
        is_open=is_open(consultation.state, consultation.closes_at, now),
        now=now,
    ):
        raise Refused(NO_REMINDER)
    found.reminded_at = now
    session.flush()
    session.execute(
        update(PanelInvitation)
        .where(PanelInvitation.round_id == round_id, PanelInvitation.answered.is_(False))
        .where(PanelInvitation.panellist_id.is_not(None))
        .values(reminded_on=in_london(now).date())
    )
    jobs.ask(session, name=MAIL_ROUND, arguments=_first_chunk(found, "reminder"), at=now)
    code = session.scalars(select(Panel.code).where(Panel.id == found.panel_id)).one()
    audit.record(
        session,
        actor=actor,
        action="panel.reminded",
        subject=f"panel:{code}",
        at=now,
        details={"round": round_id},
    )


def use_invitation(session: Session, token_hash: bytes) -> bool:
    """Use an invitation up, in the transaction that stores the response. False where it was used before.

    Of two at once the database lets one through. Nothing else is written down: neither when, nor for what.
    """
    return session.connection().execute(_USE, {"held": token_hash}).first() is not None


NO_REMINDER = lazy(
    "A reminder goes once, a day after the invitations at the earliest, and not in the last 24 hours."
)

_USE = (
    update(PanelInvitation)
    .where(PanelInvitation.token_hash == bindparam("held"), PanelInvitation.answered.is_(False))
    .values(answered=True)
    .returning(PanelInvitation.round_id)
)


def _open_choice(session: Session, instrument_id: int, now: datetime) -> queries.Choice:
    choices = {choice.instrument_id: choice for choice in queries.open_instruments(session, now)}
    if instrument_id not in choices:
        raise Refused(lazy("Choose a questionnaire that can be answered now."), "instrument_id")
    return choices[instrument_id]


def _invite(session: Session, round_: PanelRound, chosen: Sequence[Candidate], today: date) -> None:
    ids = [uuid4() for _ in chosen]
    rows = [
        {
            "id": invitation_id,
            "round_id": round_.id,
            "consultation_id": round_.consultation_id,
            "panellist_id": candidate.id,
            "token_hash": hash_of(secret_of(invitation_id)),
            "asked_on": today,
            "answered": False,
        }
        for invitation_id, candidate in zip(ids, chosen, strict=True)
    ]
    # In the order of the random keys, as they lie: not in the order of the draw.
    rows.sort(key=lambda row: str(row["id"]))
    session.connection().execute(insert(PanelInvitation), rows)


def _first_chunk(round_: PanelRound, kind: str) -> dict[str, object]:
    return {"round_id": round_.id, "kind": kind, "after": None}
