"""How many are told of what; no address is shown to anybody."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from engage.boroughs.queries import places
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.timetable.labels import TOPICS
from engage.timetable.subscriptions.queries import numbers
from engage.timetable.subscriptions.rules import withheld

pages = Pages(
    "officer_subscriptions", __name__, admits=Audience.READERS, url_prefix="/officer/timetable/subscribers"
)


@pages.get("")
def index() -> ResponseReturnValue:
    """Show how many get what, by borough and by topic."""
    threshold = current_app.config["SETTINGS"].disclosure_threshold
    found = numbers(db.session)
    areas = [(area.name, found.by_area.get(area.code, 0)) for area in places(db.session)]
    topics = [(text, found.by_topic.get(topic.value, 0)) for topic, text in TOPICS.items()]
    return render_template(
        "timetable/subscriptions/officer.html",
        readers=withheld(found.readers, threshold),
        news=withheld(found.news, threshold),
        newsletter=withheld(found.newsletter, threshold),
        all_areas=withheld(found.all_areas, threshold),
        all_topics=withheld(found.all_topics, threshold),
        areas=[(name, withheld(count, threshold)) for name, count in areas],
        topics=[(name, withheld(count, threshold)) for name, count in topics],
        threshold=threshold,
    )
