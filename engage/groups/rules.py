"""What kinds of group there are, whom they reach, and what these are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Hashable, Mapping
from datetime import date
from enum import StrEnum
from itertools import count
from typing import Protocol, TypeVar

from engage.foundations.language import Text, lazy

LONGEST_CODE = 80
LONGEST_STEM = 70
# Words that stand for something else where an address has a group's code.
RESERVED = frozenset({"new", "import", "export", "edit", "members"})
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Key = TypeVar("Key", bound=Hashable)


class GroupKind(StrEnum):
    """What sort of group or stakeholder it is (the kinds of the 2010 mapping report, annex 2)."""

    CPEG = "cpeg"
    MEMBER_GROUP = "member_group"
    VOLUNTARY = "voluntary"
    VOLUNTARY_COUNCIL = "voluntary_council"
    SAFER_NEIGHBOURHOODS_PANEL = "safer_neighbourhoods_panel"
    ADVISORY_GROUP = "advisory_group"
    CUSTODY_VISITORS = "custody_visitors"
    NEIGHBOURHOOD_WATCH = "neighbourhood_watch"
    RESIDENTS = "residents"
    RACE_EQUALITY_COUNCIL = "race_equality_council"
    BUSINESS_FORUM = "business_forum"
    YOUTH = "youth"
    FAITH = "faith"
    PARTNERSHIP = "partnership"
    YOUTH_OFFENDING_TEAM = "youth_offending_team"
    COUNCIL = "council"
    POLICE = "police"
    REGIONAL_BODY = "regional_body"
    NATIONAL_BODY = "national_body"
    MEDIA = "media"


class Community(StrEnum):
    """Whom a group reaches: the protected characteristics of the Equality Act 2010, section 4, and others."""

    EVERYBODY = "everybody"
    YOUNG_PEOPLE = "young_people"
    OLDER_PEOPLE = "older_people"
    DISABLED_PEOPLE = "disabled_people"
    TRANS_PEOPLE = "trans_people"
    PARENTS = "parents"
    ETHNIC_MINORITIES = "ethnic_minorities"
    FAITH_COMMUNITIES = "faith_communities"
    WOMEN = "women"
    MEN = "men"
    LGB_PEOPLE = "lgb_people"
    BUSINESSES = "businesses"
    VICTIMS = "victims"
    HOMELESS_PEOPLE = "homeless_people"
    MIGRANTS = "migrants"
    MENTAL_HEALTH = "mental_health"
    LEARNING_DISABILITY = "learning_disability"


KINDS: Mapping[str, Text] = {
    "cpeg": lazy("Community Police Engagement Group"),
    "member_group": lazy("Member group"),
    "voluntary": lazy("Voluntary organisation"),
    "voluntary_council": lazy("Council for voluntary service"),
    "safer_neighbourhoods_panel": lazy("Safer Neighbourhoods panel"),
    "advisory_group": lazy("Independent advisory group"),
    "custody_visitors": lazy("Independent custody visitors panel"),
    "neighbourhood_watch": lazy("Neighbourhood Watch"),
    "residents": lazy("Residents’ association"),
    "race_equality_council": lazy("Race equality council"),
    "business_forum": lazy("Business forum"),
    "youth": lazy("Youth group"),
    "faith": lazy("Faith group"),
    "partnership": lazy("Community safety partnership"),
    "youth_offending_team": lazy("Youth offending team"),
    "council": lazy("Council"),
    "police": lazy("Police"),
    "regional_body": lazy("London body"),
    "national_body": lazy("National body"),
    "media": lazy("Press and media"),
}

COMMUNITIES: Mapping[str, Text] = {
    "everybody": lazy("Everybody in the area"),
    "young_people": lazy("Young people"),
    "older_people": lazy("Older people"),
    "disabled_people": lazy("Disabled people"),
    "trans_people": lazy("Trans people"),
    "parents": lazy("Parents, and people who are pregnant"),
    "ethnic_minorities": lazy("Black, Asian and other ethnic minority communities"),
    "faith_communities": lazy("Faith communities"),
    "women": lazy("Women and girls"),
    "men": lazy("Men and boys"),
    "lgb_people": lazy("Lesbian, gay and bisexual people"),
    "businesses": lazy("Businesses"),
    "victims": lazy("Victims of crime"),
    "homeless_people": lazy("Homeless people"),
    "migrants": lazy("Migrants and refugees"),
    "mental_health": lazy("People with mental health needs"),
    "learning_disability": lazy("People with a learning disability"),
}

# What a coordinator may add below their own group. The others speak for public bodies, not for members.
MEMBER_KINDS = (
    GroupKind.MEMBER_GROUP,
    GroupKind.VOLUNTARY,
    GroupKind.VOLUNTARY_COUNCIL,
    GroupKind.SAFER_NEIGHBOURHOODS_PANEL,
    GroupKind.NEIGHBOURHOOD_WATCH,
    GroupKind.RESIDENTS,
    GroupKind.RACE_EQUALITY_COUNCIL,
    GroupKind.BUSINESS_FORUM,
    GroupKind.YOUTH,
    GroupKind.FAITH,
)


class Standing(StrEnum):
    """Whether a group works: with somebody who runs it, for the time being without, or no more."""

    ACTIVE = "active"
    VACANT = "vacant"
    ENDED = "ended"


STANDINGS: Mapping[Standing, Text] = {
    Standing.ACTIVE: lazy("Active"),
    Standing.VACANT: lazy("Vacant"),
    Standing.ENDED: lazy("Ended"),
}
STANDING_COLOURS: Mapping[Standing, str] = {
    Standing.ACTIVE: "green",
    Standing.VACANT: "yellow",
    Standing.ENDED: "grey",
}


class Carried(Protocol):
    """What a group's standing is read from."""

    @property
    def active(self) -> bool: ...
    @property
    def vacant_since(self) -> date | None: ...


def standing(group: Carried) -> Standing:
    """Return whether the group works."""
    if not group.active:
        return Standing.ENDED
    return Standing.ACTIVE if group.vacant_since is None else Standing.VACANT


def code_from(name: str) -> str:
    """Return a name in small letters, figures and hyphens, `group` where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(sign if sign.isalnum() else " " for sign in plain.replace("'", "").lower()).split()
    code = "-".join(words)
    if len(code) > LONGEST_STEM:
        code = code[:LONGEST_STEM].rpartition("-")[0] or code[:LONGEST_STEM]
    return code or "group"


def free_code(name: str, taken: Collection[str]) -> str:
    """Return the code of a name, with a number where that code is taken or means something in an address."""
    stem = code_from(name)
    if stem not in taken and stem not in RESERVED:
        return stem
    return next(code for number in count(2) if (code := f"{stem}-{number}") not in taken)


def is_code(text: str) -> bool:
    """Tell whether `text` can be the code of a group."""
    return len(text) <= LONGEST_CODE and text not in RESERVED and _CODE.fullmatch(text) is not None


def in_circle(group: Key, parents: Mapping[Key, Key | None]) -> bool:
    """Tell whether whoever goes up from `group`, from parent to parent, comes back to where they were."""
    seen = {group}
    above = parents.get(group)
    while above is not None:
        if above in seen:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
