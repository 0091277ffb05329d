"""How levels, states, topics, methods and news are said to people, in plain English.

The meanings answer what Members and groups asked of the 2010 definitions: plain words, what somebody who
takes part may expect, and that consultation and engagement go both ways.
"""

from __future__ import annotations

from typing import NamedTuple

from engage.foundations.language import Text, lazy
from engage.timetable.rules import EntryState, Level, Method, NewsKind, Repeats, Topic


class LevelText(NamedTuple):
    """A level in plain words: its name, what we do, and what you can expect."""

    name: Text
    meaning: Text
    expect: Text


class StateText(NamedTuple):
    """A state in plain words: for a tag, for a heading, and the tag's colour."""

    name: Text
    heading: Text
    colour: str


LEVELS = {
    Level.COMMUNICATION: LevelText(
        lazy("Communication"),
        lazy("We tell you about our plans, decisions or work."),
        lazy("You can read or hear it and ask us about it. We are not asking for your views this time."),
    ),
    Level.CONSULTATION: LevelText(
        lazy("Consultation"),
        lazy("We ask what you think about something that is not decided yet."),
        lazy(
            "Your answers are counted, and the people who decide see what was said. Afterwards we tell you "
            "what was decided, what changed because of you, and why other things did not change."
        ),
    ),
    Level.ENGAGEMENT: LevelText(
        lazy("Engagement"),
        lazy("We meet and work with you over time, and not only when there is something to decide."),
        lazy(
            "It goes both ways: you can raise what matters to you as well as answer our questions. We "
            "listen, do what we can together, and tell you what came of it."
        ),
    ),
}

STATES = {
    EntryState.OPEN: StateText(lazy("Open"), lazy("Open now"), "green"),
    EntryState.FORTHCOMING: StateText(lazy("Coming up"), lazy("Coming up"), "blue"),
    EntryState.CLOSED: StateText(lazy("Closed"), lazy("Closed"), "grey"),
    EntryState.FED_BACK: StateText(lazy("Fed back"), lazy("Closed, and feedback given"), "purple"),
    EntryState.CANCELLED: StateText(lazy("Cancelled"), lazy("Cancelled"), "red"),
}

TOPICS = {
    Topic.PRIORITIES: lazy("Policing priorities"),
    Topic.NEIGHBOURHOODS: lazy("Neighbourhood policing"),
    Topic.ANTISOCIAL_BEHAVIOUR: lazy("Antisocial behaviour"),
    Topic.VIOLENCE: lazy("Violence and knife crime"),
    Topic.WOMEN_AND_GIRLS: lazy("Violence against women and girls"),
    Topic.HATE_CRIME: lazy("Hate crime"),
    Topic.YOUNG_PEOPLE: lazy("Young people and crime"),
    Topic.BURGLARY_AND_THEFT: lazy("Burglary and theft"),
    Topic.ROADS_AND_TRANSPORT: lazy("Roads and public transport"),
    Topic.DRUGS_AND_ALCOHOL: lazy("Drugs and alcohol"),
    Topic.BUSINESS_CRIME: lazy("Crime against businesses"),
    Topic.TERRORISM: lazy("Terrorism"),
    Topic.STOP_AND_SEARCH: lazy("Stop and search"),
    Topic.CUSTODY: lazy("People in police custody"),
    Topic.COMPLAINTS_AND_CONDUCT: lazy("Complaints and how the police behave"),
    Topic.BUDGET: lazy("What policing costs"),
    Topic.BUILDINGS: lazy("Police stations and buildings"),
    Topic.OTHER: lazy("Something else"),
}

METHODS = {
    Method.ONLINE: lazy("Online"),
    Method.PAPER: lazy("On paper"),
    Method.TELEPHONE: lazy("By telephone"),
    Method.MEETING: lazy("At meetings"),
    Method.EVENT: lazy("At events"),
    Method.FOCUS_GROUP: lazy("In focus groups"),
    Method.PANEL: lazy("By a panel"),
    Method.INTERVIEW: lazy("In interviews"),
    Method.POST: lazy("By post"),
}

NEWS = {
    NewsKind.ANNOUNCED: lazy("Announced"),
    NewsKind.CHANGED: lazy("Changed"),
    NewsKind.OPENED: lazy("Opened"),
    NewsKind.POSTPONED: lazy("Postponed"),
    NewsKind.EXTENDED: lazy("More time to answer"),
    NewsKind.CLOSED: lazy("Closed"),
    NewsKind.RESULTS: lazy("Results published"),
    NewsKind.DECIDED: lazy("Decided"),
    NewsKind.FED_BACK: lazy("Feedback given"),
    NewsKind.CANCELLED: lazy("Cancelled"),
}

REPEATS = {
    Repeats.NEVER: lazy("Asked once"),
    Repeats.MONTHLY: lazy("Asked every month"),
    Repeats.QUARTERLY: lazy("Asked every three months"),
    Repeats.HALF_YEARLY: lazy("Asked every six months"),
    Repeats.YEARLY: lazy("Asked every year"),
}
