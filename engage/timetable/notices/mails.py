"""The messages that tell groups of an entry."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from engage.foundations.addresses import address_of
from engage.foundations.language import _
from engage.timetable.models import Entry, Notice
from engage.timetable.rules import NoticeKind, closing_said

# Filled from each message: the group it is for.
GROUP = "{{group}}"


@dataclass(frozen=True, slots=True)
class Text:
    """A mailing's subject and plain text, with the group's name left to fill."""

    subject: str
    plain: str


def notice_mail(entry: Entry, notice: Notice) -> Text:
    """Return the text that goes with a notice."""
    return Text(_BY_KIND[notice.kind](entry.title), _plain("notice", entry, notice=notice, kind=notice.kind))


def reminder_mail(entry: Entry) -> Text:
    """Return the text for groups that have not yet said that they know."""
    return Text(
        _("Please tell us that you have seen: %(title)s", title=entry.title),
        _plain("notice_reminder", entry),
    )


_BY_KIND = {
    NoticeKind.ISSUED: lambda title: _("Coming up: %(title)s", title=title),
    NoticeKind.CHANGED: lambda title: _("New dates: %(title)s", title=title),
    NoticeKind.POSTPONED: lambda title: _("Postponed: %(title)s", title=title),
    NoticeKind.EXTENDED: lambda title: _("Longer to answer: %(title)s", title=title),
    NoticeKind.CANCELLED: lambda title: _("Cancelled: %(title)s", title=title),
}


def _plain(name: str, entry: Entry, **values: object) -> str:
    # Without the pages' context: a worker or a command serves no request.
    template = current_app.jinja_env.get_template(f"timetable/email/{name}.txt")
    return template.render(
        entry=entry,
        last_day=closing_said(entry.closes_at),
        group=GROUP,
        notices=address_of("coordinator_notices.index"),
        page=address_of("timetable.show", slug=entry.slug),
        **values,
    )
