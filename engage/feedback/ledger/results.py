"""What a group is shown of a result, and what its pack is made of: as public as the public page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from engage.consultations.queries import get_consultation
from engage.feedback import places
from engage.feedback.figures import Figure, figures
from engage.feedback.ledger.cascade import Told
from engage.feedback.places import Part
from engage.foundations.addresses import address_of

TOP = 5


@dataclass(frozen=True, slots=True)
class Result:
    """The result in short: the most named first. `local` is the borough's part, None where it has none."""

    title: str
    authority: str
    published_at: datetime
    address: str
    group: str
    area: str
    figures: Sequence[Figure]
    more: int
    local: Part | None


def result_of(session: Session, told: Told, *, authority: str, folder: Path, threshold: int) -> Result:
    """Return what came of a consultation, for a group; small counts are withheld as on the public page."""
    consultation = get_consultation(session, told.slug)
    decided = figures(session, consultation.id, threshold=threshold)
    local = None
    if told.area_code is not None:
        parts = places.parts(session, consultation, decided, folder=folder, threshold=threshold)
        local = places.find_part(parts, told.area_code)
    return Result(
        title=consultation.title,
        authority=authority,
        published_at=told.published_at,
        address=address_of("feedback.show", slug=told.slug),
        group=told.group,
        area=told.area or "",
        figures=decided[:TOP],
        more=max(len(decided) - TOP, 0),
        local=local,
    )
