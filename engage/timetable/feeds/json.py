"""A view of the timetable as JSON; `schema` describes every part, and docs/timetable-feeds.md explains it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from engage.timetable.cards import web_link
from engage.timetable.days import feedback_day
from engage.timetable.duties.rules import NO_DUTY, DutyName
from engage.timetable.feeds.reading import Feed, Item, changed
from engage.timetable.feeds.schema import VERSION
from engage.timetable.rules import last_day


def document(feed: Feed, schema: str) -> bytes:
    """Return the JSON of `feed`; `schema` is the address of its description."""
    duties = dict(feed.duties)
    values = {
        "$schema": schema,
        "version": VERSION,
        "title": feed.head.title,
        "publisher": feed.head.authority,
        "language": feed.head.language,
        "page": feed.head.page,
        "feed": feed.head.itself,
        "changed_at": _moment(feed.head.modified),
        "view": dict(feed.asked),
        "entries": [_entry(item, duties) for item in feed.items],
    }
    return written(values)


def written(values: Mapping[str, Any]) -> bytes:
    """Return `values` as UTF-8, small, and the same each time."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _entry(item: Item, duties: Mapping[str, DutyName]) -> dict[str, Any]:
    entry, marks = item.entry, item.marks
    web = web_link(entry.web_address)
    return {
        "id": str(entry.uid),
        "page": item.address,
        "title": entry.title,
        "organisation": entry.organisation,
        "state": item.state.value,
        "level": entry.level.value,
        "duty": _duty(entry.duty, duties),
        "borough": {"code": entry.area_code, "name": entry.area_name} if entry.area_code else None,
        "topics": [topic.value for topic in marks.topics],
        "methods": [method.value for method in marks.methods],
        "audiences": [audience.value for audience in marks.audiences],
        "purpose": entry.purpose,
        "can_change": entry.can_change,
        "cannot_change": entry.cannot_change,
        "audience": entry.audience,
        "method": entry.methods,
        "how_to_take_part": entry.how_to_take_part,
        "web_address": web.href if web else None,
        "run_here": entry.run_here,
        "decision_maker": entry.decision_maker,
        "consultation_year": entry.consultation_year,
        "plan_year": entry.plan_year,
        "repeats": entry.repeats.value,
        "notice_given_on": _day(entry.notice_given_on),
        "urgent_reason": entry.urgent_reason,
        "opens_at": _moment(entry.opens_at),
        "closes_at": _moment(entry.closes_at),
        "last_day": _day(last_day(entry.closes_at)),
        "opened_at": _moment(entry.opened_at),
        "closed_at": _moment(entry.closed_at),
        "decision_due_on": _day(entry.decision_due_on),
        "feedback_on": _day(feedback_day(entry)),
        "fed_back_at": _moment(entry.fed_back_at),
        "cancelled_at": _moment(entry.cancelled_at),
        "cancelled_reason": entry.cancelled_reason,
        "changed_at": _moment(changed(entry)),
        "number_of_changes": entry.number_of_changes,
    }


def _duty(code: str, duties: Mapping[str, DutyName]) -> dict[str, str] | None:
    if code == NO_DUTY:
        return None
    duty = duties[code]
    return {"code": code, "name": duty.name, "law": duty.law}


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
