"""What is said of a group, a contact, a meeting and a borough, tidied and looked through. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tables.limits import tidy
from engage.groups.rules import Community, GroupKind

LONGEST = {
    "name": 160,
    "about": 4_000,
    "website": 300,
    "covered_by": 300,
    "role": 120,
    "email": 320,
    "telephone": 40,
    "place": 200,
    "note": 2_000,
    "link_member": 200,
    "link_member_contact": 320,
    "custody_visitors": 4_000,
    "partnership": 4_000,
}
LONGEST_CONTACT_NAME = 120
MOST_MEMBERS = 10_000_000
MOST_CONTACTS = 20
# Figures, and an extension at the end; 101 and 999 are numbers too.
_TELEPHONE = re.compile(r"\+?[\d ()./\-]{3,}(?:(?:ext|x)\.? ?\d{1,6})?", re.IGNORECASE)
_SEVERAL_LINES = frozenset({"about", "note", "custody_visitors", "partnership"})
Said = TypeVar("Said", "GroupDetails", "ContactDetails", "MeetingDetails", "BoroughDetails")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDetails:
    """What a register says of a group. `area_code` None: London-wide; `members` None: nobody has said."""

    name: str
    kind: GroupKind
    area_code: str | None = None
    parent_id: int | None = None
    about: str = ""
    website: str = ""
    members: int | None = None
    communities: frozenset[Community] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """Somebody to write to or to ring about a group."""

    name: str
    role: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDetails:
    """A meeting of a group."""

    starts_at: datetime
    place: str = ""
    open_to_public: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoroughDetails:
    """What a borough's page says besides its groups."""

    link_member: str = ""
    link_member_contact: str = ""
    custody_visitors: str = ""
    partnership: str = ""


def checked_group(details: GroupDetails) -> GroupDetails:
    """Return `details` tidied; raises `Refused` beside what cannot be kept."""
    details = _tidied(details)
    if not details.name:
        raise Refused(lazy("Enter the group’s name."), "name")
    refuse_long(details)
    if details.website and not is_web_address(details.website):
        raise Refused(lazy("Enter a web address that begins with https:// or http://."), "website")
    if details.members is not None and not 0 <= details.members <= MOST_MEMBERS:
        raise Refused(
            lazy("Enter how many people it speaks to, from 0 to %(most)s.", most=f"{MOST_MEMBERS:,}"),
            "members",
        )
    if details.kind is GroupKind.CPEG and details.parent_id is not None:
        raise Refused(lazy("A Community Police Engagement Group is not part of another group."), "parent")
    if details.kind is GroupKind.CPEG and details.area_code is None:
        raise Refused(lazy("Choose the borough of the Community Police Engagement Group."), "area_code")
    return details


def checked_contact(details: ContactDetails) -> ContactDetails:
    """Return `details` tidied, the email address in small letters; raises `Refused`."""
    details = _tidied(details)
    if not details.name:
        raise Refused(lazy("Enter the contact’s name."), "name")
    if len(details.name) > LONGEST_CONTACT_NAME:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_CONTACT_NAME), "name")
    refuse_long(details)
    if not details.email and not details.telephone:
        raise Refused(lazy("Enter an email address or a telephone number."), "email")
    if details.telephone and not _TELEPHONE.fullmatch(details.telephone):
        raise Refused(lazy("Enter a telephone number, like 020 7946 0000."), "telephone")
    return replace(details, email=_email(details.email))


def checked_meeting(details: MeetingDetails) -> MeetingDetails:
    """Return `details` tidied, to the minute; raises `Refused`."""
    details = _tidied(details)
    refuse_long(details)
    return replace(details, starts_at=details.starts_at.replace(second=0, microsecond=0))


def checked_borough(details: BoroughDetails) -> BoroughDetails:
    """Return `details` tidied; raises `Refused`."""
    details = _tidied(details)
    refuse_long(details)
    return details


def checked_vacancy(since: date, covered_by: str, today: date) -> str:
    """Return who covers, tidied; raises `Refused` where nobody does, or the day has not come."""
    covered_by = _one_line(covered_by)
    if not covered_by:
        raise Refused(lazy("Say who covers for the group: people will be sent to them."), "covered_by")
    if len(covered_by) > LONGEST["covered_by"]:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST["covered_by"]), "covered_by")
    if since > today:
        raise Refused(lazy("The day since when it is vacant must not be in the future."), "since")
    return covered_by


def refuse_long(details: GroupDetails | ContactDetails | MeetingDetails | BoroughDetails) -> None:
    """Raise `Refused` beside the first text that is too long."""
    for one in fields(details):
        value, most = getattr(details, one.name), LONGEST.get(one.name)
        if isinstance(value, str) and most is not None and len(value) > most:
            raise Refused(lazy("Use at most %(most)s characters.", most=f"{most:,}"), one.name)


def is_web_address(text: str) -> bool:
    """Tell whether a browser may be sent to `text`: http or https, a host, nobody's password."""
    if not text.isprintable() or any(sign.isspace() or sign == "\\" for sign in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _email(text: str) -> str:
    if not text:
        return ""
    try:
        # Reserved names such as example.test are for demonstrations; nothing is asked of the network here.
        known = validate_email(text, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        raise Refused(lazy("Enter a whole email address, like name@example.org."), "email") from None
    return (known.ascii_email or known.normalized).lower()


def _tidied(details: Said) -> Said:
    texts: dict[str, Any] = {
        one.name: tidy(value) if one.name in _SEVERAL_LINES else _one_line(value)
        for one in fields(details)
        if type(value := getattr(details, one.name)) is str
    }
    return replace(details, **texts)


def _one_line(text: str) -> str:
    return " ".join(tidy(text).split())
