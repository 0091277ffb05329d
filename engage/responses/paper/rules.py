"""Serial numbers, when forms may be typed, and what a typed sheet comes to. Pure.

A serial is the batch's four letters, the form's number, and a check character. The 29 characters are the
figures and the consonants that are not taken for a figure; 29 is a prime, so that the check finds every
single wrong character and every two neighbours that changed places.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engage.consultations.rules import State
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused

CHARACTERS = "0123456789BCDFGHJKMNPQRSTWXYZ"
LETTERS = CHARACTERS[10:]
CODE_LENGTH = 4
NUMBER_LENGTH = 4
MOST_FORMS = 1000
MOST_AT_ONCE = 500
# Letters that no serial has, as what they look like.
LOOKS_LIKE = str.maketrans("OIL", "011")
MAY_TYPE = (State.OPEN, State.CLOSED)
MAY_PREPARE = (State.PLANNED, State.ANNOUNCED, *MAY_TYPE)


@dataclass(frozen=True, slots=True)
class Serial:
    """A form of a batch."""

    code: str
    number: int

    def __str__(self) -> str:
        """Return it as it is printed: KQWD-0042-7."""
        number = f"{self.number:0{NUMBER_LENGTH}}"
        return f"{self.code}-{number}-{check_character(self.code + number)}"


def check_character(characters: str) -> str:
    """Return the character that closes a serial of these (all of them in `CHARACTERS`)."""
    total = sum(place * CHARACTERS.index(one) for place, one in enumerate(characters, start=1))
    return CHARACTERS[total % len(CHARACTERS)]


def read_serial(typed: str) -> Serial:
    """Return the serial somebody typed; case, blanks and hyphens do not matter.

    Raises `Refused` beside `serial`, with another sentence for a wrong check character than for no serial.
    """
    tidy = "".join(one for one in typed.upper() if one.isalnum()).translate(LOOKS_LIKE)
    code, number = tidy[:CODE_LENGTH], tidy[CODE_LENGTH:-1]
    if (
        len(tidy) != CODE_LENGTH + NUMBER_LENGTH + 1
        or not set(tidy) <= set(CHARACTERS)
        or not set(code) <= set(LETTERS)
        or not number.isdigit()
    ):
        raise Refused(
            lazy("Write the serial number as it stands on the form, like %(example)s.", example=EXAMPLE),
            "serial",
        )
    if check_character(tidy[:-1]) != tidy[-1]:
        raise Refused(
            lazy("The last character does not fit, so something is mistyped: compare it with the form."),
            "serial",
        )
    return Serial(code, int(number))


EXAMPLE = str(Serial("KQWD", 42))


def refuse_typing(state: State) -> None:
    """Raise `Refused` unless forms may be typed now: from the opening until the responses are analysed.

    A form that reached us by the closing counts, and typing it may take some days more; which forms came too
    late is for whoever makes up the batch to keep out.
    """
    if state in (State.PLANNED, State.ANNOUNCED):
        raise Refused(lazy("The consultation is not open yet, so no form of it can have been filled in."))
    if state not in MAY_TYPE:
        raise Refused(lazy("The responses have been analysed, so no more forms can be typed."))


def refuse_preparing(state: State) -> None:
    """Raise `Refused` once forms of the consultation can no longer be typed."""
    if state not in MAY_PREPARE:
        raise Refused(lazy("The responses have been analysed, so no more forms can be typed."))


def received(now: datetime, closing: datetime) -> datetime:
    """Return when a form typed `now` reached us at the latest: before the closing, though typed after it."""
    return min(now, closing - timedelta(microseconds=1))
