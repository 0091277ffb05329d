"""Verbs of a plan's versions: made by one person, approved by another, published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.manifests import digest_of
from engage.audit import service as audit
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.plan_export.models import PlanVersion, PolicingPlan
from engage.plan_export.plans import content, queries
from engage.plan_export.plans.content import Draft
from engage.plan_export.plans.figures import changed_since_counted
from engage.plan_export.plans.rules import TAKEN_UP, clean
from engage.plan_export.plans.service import Actor

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the evidence lies, and the smallest count that may be shown."""

    folder: Path
    threshold: int


def make_version(
    session: Session, *, by: Actor, plan: PolicingPlan, note: str, evidence: Evidence
) -> PlanVersion:
    """Keep the plan as it stands now. The draft goes on beside it.

    Raises `Refused` for a plan without objectives, one that has not changed, decisions that are not final or
    no longer adopted, and figures that are not what their snapshot counts.
    """
    # Whoever comes second waits here, so that two versions never get the same number.
    session.scalars(select(PolicingPlan).where(PolicingPlan.id == plan.id).with_for_update()).one()
    draft = content.draft(session, queries.rows_of(session, plan), evidence.threshold)
    said = clean(note)
    if len(said) > LONGEST_NOTE:
        raise Refused(lazy("Shorten this to %(most)s characters or fewer.", most=f"{LONGEST_NOTE:,}"), "note")
    newest = queries.newest_version(session, plan.id)
    digest = digest_of(draft.content)
    if newest is not None and newest.digest == digest:
        raise Refused(lazy("Nothing has changed since version %(number)s.", number=newest.number))
    _refuse_unfit(session, draft, evidence)
    version = PlanVersion(
        plan_id=plan.id,
        number=newest.number + 1 if newest else 1,
        note=said,
        content=draft.content,
        digest=digest,
        made_by=by.label,
        made_by_id=by.person_id,
        made_at=by.now,
    )
    session.add(version)
    session.flush()
    _record(session, by, plan, version, "plan_version.made")
    return version


def approve(session: Session, *, by: Actor, plan: PolicingPlan, version: PlanVersion) -> None:
    """Say that a version is right; raises `Refused` for whoever made it, and where it has been approved."""
    if version.approved_at is not None:
        raise Refused(lazy("This version has been approved already."))
    if is_made_by(version, by):
        raise Refused(lazy("You made this version: somebody else has to approve it."))
    _refuse_altered(version)
    version.approved_by, version.approved_by_id, version.approved_at = by.label, by.person_id, by.now
    session.flush()
    _record(session, by, plan, version, "plan_version.approved")


def publish(session: Session, *, by: Actor, plan: PolicingPlan, version: PlanVersion) -> None:
    """Show an approved version to everybody; raises `Refused`."""
    if version.approved_at is None:
        raise Refused(lazy("A second person has to approve this version first."))
    if version.published_at is not None:
        raise Refused(lazy("This version has been published already."))
    _refuse_altered(version)
    version.published_at = by.now
    session.flush()
    _record(session, by, plan, version, "plan_version.published")


def is_made_by(version: PlanVersion, by: Actor) -> bool:
    """Tell whether they made it, whatever their name is now; old versions know only what they were called.

    Somebody else who is called just like that counts as the maker: nobody could tell the two apart.
    """
    return by.person_id == version.made_by_id or by.label == version.made_by


def is_intact(version: PlanVersion) -> bool:
    """Tell whether a version says what its digest was made of."""
    return digest_of(version.content) == version.digest


def _refuse_altered(version: PlanVersion) -> None:
    if not is_intact(version):
        raise Refused(lazy("What this version says has been changed since it was made: make a new one."))


def _refuse_unfit(session: Session, draft: Draft, evidence: Evidence) -> None:
    if not draft.rows.objectives:
        raise Refused(lazy("Write at least one objective first."))
    taken = [each for each in draft.named if each.decision.id in draft.rows.taken]
    for each in taken:
        if not each.final:
            raise Refused(
                lazy("The decisions of “%(title)s” are not final yet.", title=each.consultation.title)
            )
        if each.decision.outcome not in TAKEN_UP:
            raise Refused(
                lazy("“%(priority)s” is no longer adopted: take it out of the plan.", priority=each.label)
            )
    shown = {line["code"] for part in ("not_adopted", "in_no_objective") for line in draft.content[part]}
    figures = [
        each.decision
        for each in draft.named
        if each.decision.id in draft.rows.taken or each.decision.priority_code in shown
    ]
    if wrong := changed_since_counted(session, figures, evidence.folder):
        labels = {each.decision.id: each.label for each in draft.named}
        raise Refused(
            lazy(
                "The figures of “%(priority)s” are not what its snapshot counts: record its decision again.",
                priority=labels[wrong[0].id],
            )
        )


def _record(session: Session, by: Actor, plan: PolicingPlan, version: PlanVersion, action: str) -> None:
    audit.record(
        session,
        actor=by.label,
        action=action,
        subject=f"plan:{plan.code}",
        at=by.now,
        details={"version": version.number, "digest": version.digest},
    )
