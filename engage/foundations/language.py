"""Every text a person sees passes here: translation by Flask-Babel, dates by London's clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeAlias

from babel import Locale
from flask import Flask, has_request_context, request
from flask_babel import Babel, format_date, format_decimal, get_locale, gettext, ngettext
from flask_babel.speaklater import LazyString
from markupsafe import escape

from engage.foundations.clock import in_london

Text: TypeAlias = str | LazyString
LOCALES: tuple[str, ...] = ("en_GB",)
# Read once: reading a locale's name takes longer than finding a page.
_LOCALES = {code: Locale.parse(code) for code in LOCALES}

_ = gettext
plural = ngettext


class LazyText(LazyString):  # type: ignore[misc]
    """A text translated when it is read, and escaped in pages like any other.

    The library's own claims to be markup, so that what somebody typed would reach a page unescaped by way of
    a sentence that quotes it.
    """

    def __html__(self) -> str:
        return str(escape(str(self)))


def lazy(text: str, /, **quoted: Any) -> LazyText:
    """Return `text`, with `quoted` filled in, to be translated when somebody reads it."""
    return LazyText(gettext, text, **quoted)


__all__ = [
    "LOCALES",
    "Text",
    "_",
    "day",
    "init_language",
    "lazy",
    "locale_code",
    "moment",
    "number",
    "percent",
    "plural",
]


def init_language(app: Flask) -> None:
    """Set up translation and the filters `day`, `moment`, `day_or_moment`, `number` and `percent`."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LOCALES[0])
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/London")
    Babel(app, locale_selector=_locale)
    for show in (day, moment, day_or_moment, number, percent):
        app.add_template_filter(show)


def locale_code() -> str:
    """Return the locale in use, as the `lang` attribute wants it (`en-GB`)."""
    return str(get_locale() or LOCALES[0]).replace("_", "-")


def day(value: date | datetime | None, form: str = "d MMMM yyyy") -> str:
    """Return a day in words (3 October 2026); a datetime is first read by London's clock."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = in_london(value).date()
    return str(format_date(value, form))


def moment(value: datetime | None) -> str:
    """Return a moment in words by London's clock (3 October 2026 at 5pm), as the style guide writes times."""
    if value is None:
        return ""
    local = in_london(value)
    if local.hour in (0, 12) and local.minute == 0:
        clock = _("midnight") if local.hour == 0 else _("midday")
    else:
        minutes = f":{local.minute:02d}" if local.minute else ""
        clock = f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"
    return str(_("%(day)s at %(clock)s", day=day(value), clock=clock))


def day_or_moment(value: date | datetime) -> str:
    """Return a whole day as `day` says it, and what is less of one as `moment` does."""
    return moment(value) if isinstance(value, datetime) else day(value)


def number(value: float) -> str:
    """Return a number with its thousands parted (3,423)."""
    return str(format_decimal(value))


def percent(share: float | None, places: int = 0) -> str:
    """Return a share of 1 as a percentage (0.384 -> 38%)."""
    return "" if share is None else f"{share * 100:.{places}f}%"


def _locale() -> Locale:
    if len(LOCALES) == 1 or not has_request_context():
        return _LOCALES[LOCALES[0]]
    return _LOCALES[request.accept_languages.best_match(LOCALES, LOCALES[0])]
