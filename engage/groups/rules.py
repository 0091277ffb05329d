"""What kinds of group there are, whom they reach, and what these are called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from engage.foundations.language import Text, lazy


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
