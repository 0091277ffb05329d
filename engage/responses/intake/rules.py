"""When responses may be imported. Pure."""

from __future__ import annotations

from engage.consultations.rules import State
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused

MAY_IMPORT = (State.OPEN, State.CLOSED)


def refuse_importing(state: State) -> None:
    """Raise `Refused` unless responses may be imported now: from the opening until they are analysed."""
    if state in (State.PLANNED, State.ANNOUNCED):
        raise Refused(lazy("The consultation is not open yet, so there can be no responses to it."))
    if state not in MAY_IMPORT:
        raise Refused(lazy("The responses have been analysed, so no more can be imported."))
