"""What keeps a draft from being published: what is wrong with it, and what would change earlier answers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engage.questionnaires.definitions import Definition
from engage.questionnaires.differences import incompatible
from engage.questionnaires.faults import Fault
from engage.questionnaires.history import versions
from engage.questionnaires.structure import problems


def bars(session: Session, code: str, definition: Definition) -> tuple[Fault, ...]:
    """Return everything that keeps `definition` from being the next version of a questionnaire.

    It is held against every version there was, as a code that was dropped stays the code of what it meant.
    """
    found = list(problems(definition))
    for version in versions(session, code):
        known = {(fault.code, fault.question) for fault in found}
        breaks = incompatible(version.definition, definition)
        found.extend(fault for fault in breaks if (fault.code, fault.question) not in known)
    return tuple(found)
