"""The consultation of the year before: answered, closed, coded in part, decided and fed back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from engage.consultations.rules import State
from engage.demo import content, steps
from engage.demo.content import Line
from engage.demo.steps import Step

SEED = 2027
RESPONSES = 800
CONTACTS = 60


def steps_of(line: Line, *, today: date, evidence: Path, send_mail: Callable[[], None]) -> list[Step]:
    """Return the steps of its whole life, at their moments."""
    slug, details = line.slug, line.details
    return [
        Step(line.added_at, steps.planned(line)),
        Step(line.added_at, steps.while_in(slug, State.PLANNED, steps.announce)),
        Step(details.opens_at, steps.while_in(slug, State.ANNOUNCED, steps.open_)),
        Step(
            content.moment_in(today, -45, 4),
            steps.answered(slug, responses=RESPONSES, contacts=CONTACTS, seed=SEED),
        ),
        Step(details.closes_at, steps.while_in(slug, State.OPEN, steps.close)),
    ]
