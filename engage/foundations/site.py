"""What every page says about the site itself, and the few things that templates must ask Python."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, url_for
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)

from engage.foundations.language import locale_code
from engage.foundations.pages import may
from engage.foundations.settings import Mode, Settings

NAME = "Engage"
DAY_MONTH_YEAR = "%d %m %Y"


@dataclass(frozen=True, slots=True)
class Site:
    """Whose site it is. `demo`: the responses in it were made up by a program, and every page says so."""

    name: str
    authority: str
    police_service: str
    demo: bool


def init_site(app: Flask) -> None:
    """Give every template, and every macro, `site`, `asset`, `field_kind`, `locale_code` and `may`."""
    settings: Settings = app.config["SETTINGS"]
    versions: dict[str, str] = {}

    def asset(name: str) -> str:
        """Return the address of a file under static/, which changes when the file does."""
        if name not in versions:
            versions[name] = _digest(Path(str(app.static_folder)) / name)
        return url_for("static", filename=name, v=versions[name] or None)

    app.jinja_env.globals.update(
        site=Site(
            name=NAME,
            authority=settings.authority,
            police_service=settings.police_service,
            demo=settings.mode is Mode.DEMO,
        ),
        asset=asset,
        field_kind=field_kind,
        locale_code=locale_code,
        may=may,
    )


def field_kind(field: Field) -> str:
    """Return which part of components/form.html draws `field`.

    A date is asked in one box, or in three (`date_parts`) where its first format is day, month and year.
    """
    if isinstance(field, DateField) and field.format[0] == DAY_MONTH_YEAR:
        return "date_parts"
    for kind, name in _KINDS:
        if isinstance(field, kind):
            return name
    return str(getattr(field.widget, "input_type", None) or "text")


# The first that fits, so a kind comes before the kind it is made from.
_KINDS: tuple[tuple[type[Field], str], ...] = (
    (BooleanField, "checkbox"),
    (RadioField, "radios"),
    (SelectMultipleField, "checkboxes"),
    (SelectField, "select"),
    (TextAreaField, "textarea"),
    (PasswordField, "password"),
    (FileField, "file"),
)


def _digest(path: Path) -> str:
    """Return a short digest of the file's bytes, empty where it has not been built."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else ""
