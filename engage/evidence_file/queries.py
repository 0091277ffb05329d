"""The bundles that were made."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.evidence_file.models import EvidenceBundle
from engage.timetable.models import Entry


@dataclass(frozen=True, slots=True)
class Known:
    """A bundle whose digest anybody may look up."""

    bundle: EvidenceBundle
    slug: str
    title: str


def bundles(session: Session, consultation_id: int) -> list[EvidenceBundle]:
    """Return the bundles of a consultation, the last first."""
    return list(
        session.scalars(
            select(EvidenceBundle)
            .where(EvidenceBundle.consultation_id == consultation_id)
            .order_by(EvidenceBundle.number.desc())
        )
    )


def find_last(session: Session, consultation_id: int) -> EvidenceBundle | None:
    """Return the last bundle of a consultation, None where none was made."""
    return next(iter(bundles(session, consultation_id)), None)


def get_bundle(session: Session, consultation_id: int, number: int) -> EvidenceBundle:
    """Return a bundle of this consultation; raises `NoResultFound`."""
    return session.scalars(
        select(EvidenceBundle).where(
            EvidenceBundle.consultation_id == consultation_id, EvidenceBundle.number == number
        )
    ).one()


def get_known(session: Session, digest: str) -> Known:
    """Return the bundle with this digest, of a consultation in the public timetable; else `NoResultFound`."""
    bundle, slug, title = session.execute(
        select(EvidenceBundle, Consultation.slug, Consultation.title)
        .join(Consultation, Consultation.id == EvidenceBundle.consultation_id)
        .join(Entry, Entry.id == Consultation.entry_id)
        .where(EvidenceBundle.digest == digest, Entry.published_at.is_not(None))
    ).one()
    return Known(bundle, slug, title)


def get_public(session: Session, slug: str) -> tuple[Consultation, list[EvidenceBundle]]:
    """Return a consultation of the public timetable with its bundles; raises `NoResultFound`."""
    consultation = session.scalars(
        select(Consultation)
        .join(Entry, Entry.id == Consultation.entry_id)
        .where(Consultation.slug == slug, Entry.published_at.is_not(None))
    ).one()
    return consultation, bundles(session, consultation.id)
