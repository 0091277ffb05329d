"""The register of the demonstration: whom groups reach, who answers for them, when they meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.boroughs.queries import places
from engage.boroughs.rules import slug_of
from engage.demo.content import moment_in
from engage.demo.steps import Step, officer
from engage.foundations.clock import in_london
from engage.foundations.database import transaction
from engage.foundations.spreadsheets import write_csv
from engage.foundations.tables.reading import read_rows, written
from engage.groups import keeping, queries, service
from engage.groups.details import BoroughDetails, ContactDetails, MeetingDetails
from engage.groups.exchange.columns import Record, rows_of
from engage.groups.exchange.plan import plan_of
from engage.groups.exchange.queries import register
from engage.groups.exchange.service import import_groups
from engage.groups.meetings import Rhythm, moments
from engage.groups.rules import Community, GroupKind

WEEKS = -79
FILE = "groups.csv"
VACANT = "havering-cpeg"
VACANT_FOR = timedelta(days=75)
COVERS = "The authority’s engagement team, engagement@authority.example.test, 020 7946 0100"
EVENING = time(19)
YEARS = 2
SURNAMES = ("Okafor", "Bennett", "Chowdhury", "Marsh", "Grant", "Novak", "Osei", "Patel", "Riley", "Santos")
FIRST_NAMES = ("Ama", "David", "Nasreen", "Helen", "Leroy", "Marta", "Kofi", "Priya", "Sean", "Lucia", "Ruth")

REACHED: Mapping[GroupKind, Sequence[Community]] = {
    GroupKind.CPEG: (Community.EVERYBODY,),
    GroupKind.SAFER_NEIGHBOURHOODS_PANEL: (Community.EVERYBODY,),
    GroupKind.MEMBER_GROUP: (Community.EVERYBODY,),
    GroupKind.ADVISORY_GROUP: (Community.ETHNIC_MINORITIES,),
    GroupKind.BUSINESS_FORUM: (Community.BUSINESSES,),
    GroupKind.FAITH: (Community.FAITH_COMMUNITIES,),
    GroupKind.YOUTH: (Community.YOUNG_PEOPLE,),
}
# By a word in the name, where the kind says less.
NAMED: Mapping[str, Community] = {
    "disab": Community.DISABLED_PEOPLE,
    "older": Community.OLDER_PEOPLE,
    "age uk": Community.OLDER_PEOPLE,
    "women": Community.WOMEN,
    "lgbt": Community.LGB_PEOPLE,
    "victim": Community.VICTIMS,
    "refugee": Community.MIGRANTS,
    "mind": Community.MENTAL_HEALTH,
}


def steps_of(today: date) -> list[Step]:
    """Return the steps that fill the register: a file, a vacancy, and a text for each borough."""
    since = today - VACANT_FOR
    began = moment_in(today, WEEKS)

    def fill(session: Session, now: datetime) -> None:
        with transaction(session):
            _import(session, now)
            _boroughs(session, now)

    def vacate(session: Session, now: datetime) -> None:
        with transaction(session):
            group = queries.get_by_code(session, VACANT)
            who = officer(session)
            if group.vacant_since is None:
                service.leave_vacant(
                    session, actor=who, now=now, group_id=group.id, since=since, covered_by=COVERS
                )

    return [Step(began, fill), Step(began + (since - in_london(began).date() + timedelta(days=3)), vacate)]


def _import(session: Session, now: datetime) -> None:
    """Import the register with what an officer has gathered, unless that was done."""
    held = register(session)
    cpegs = [record.code for record in held.groups.values() if record.kind is GroupKind.CPEG]
    if any(record.contacts for record in held.groups.values()):
        return
    told = [_told(record, cpegs, now) for record in held.groups.values()]
    content = write_csv(rows_of(told, held.areas))
    rows = list(read_rows(content, written(content)))
    plan = plan_of(rows, held, in_london(now).date())
    import_groups(session, actor=officer(session), now=now, name=FILE, rows=rows, seen=plan.digest)


def _told(record: Record, cpegs: Sequence[str], now: datetime) -> Record:
    reached = {community for word, community in NAMED.items() if word in record.name.lower()}
    reached = reached or set(REACHED.get(record.kind, (Community.EVERYBODY,)))
    record = replace(record, communities=frozenset(reached))
    if record.code not in cpegs:
        return record
    place = cpegs.index(record.code)
    borough = record.name.partition(" Community")[0]
    domain = f"{slug_of(borough)}.example.test"
    return replace(
        record,
        about=f"Brings people in {borough} together with their local police, about six times a year.",
        website=f"https://{domain}/",
        members=180 + 37 * (place % 11),
        contacts=(
            ContactDetails(name=_name(place), role="Chair", email=f"chair@{domain}"),
            ContactDetails(name=_name(place + 7), role="Secretary", telephone=f"020 7946 0{200 + place}"),
        ),
        meetings=tuple(_meetings(place, borough, in_london(now).date())),
    )


def _name(place: int) -> str:
    return f"{FIRST_NAMES[place % len(FIRST_NAMES)]} {SURNAMES[place % len(SURNAMES)]}"


def _meetings(place: int, borough: str, today: date) -> Iterator[MeetingDetails]:
    """Yield a meeting every two months, on an evening from Monday to Thursday, for some years."""
    first = date(today.year, today.month, 1)
    first += timedelta(days=(place % 4 - first.weekday()) % 7 + 7 * (place % 3))
    for year in range(YEARS + 1):
        for moment in moments([first + timedelta(days=364 * year)], Rhythm.TWO_MONTHLY, EVENING):
            yield MeetingDetails(starts_at=moment, place=f"{borough} Town Hall", open_to_public=True)


def _boroughs(session: Session, now: datetime) -> None:
    actor = officer(session)
    for place, area in enumerate(places(session)):
        if queries.find_cpeg(session, area.code) is not None:
            details = _details(area, place)
            keeping.save_borough(session, actor=actor, now=now, area_code=area.code, details=details)


def _details(area: Area, place: int) -> BoroughDetails:
    return BoroughDetails(
        link_member=_name(place + 3),
        link_member_contact=f"{slug_of(area.name)}@authority.example.test",
        custody_visitors=(
            f"Volunteers visit people held at police stations in {area.name} unannounced, and report what "
            "they find. The authority trains new visitors every spring."
        ),
        partnership=(
            f"The council, the police, probation, the fire service and the NHS work together as the Safer "
            f"{area.name} Partnership, which meets four times a year."
        ),
    )
