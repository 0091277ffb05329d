"""The file that an officer is importing just now: taken, read again, found by their session, and dropped."""

from __future__ import annotations

from flask import current_app, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import areas
from engage.consultations.queries import get_consultation, get_instrument
from engage.foundations.database import db, reading
from engage.foundations.language import _, lazy
from engage.foundations.refusals import Refused
from engage.foundations.tables.limits import MOST_BYTES
from engage.foundations.tables.reading import Written, digest_of, read_rows, written
from engage.questionnaires.queries import get_published
from engage.responses.intake import queries, service
from engage.responses.intake.carried import Carried
from engage.responses.intake.detecting import heading_lines
from engage.responses.intake.forms import FileForm
from engage.responses.intake.shelf import Shelf, Upload
from engage.responses.intake.trying import Meant
from engage.responses.models import Channel

# What the session calls the secret that leads to the file.
HELD = "intake"


def take_file(slug: str, consultation_id: int, form: FileForm) -> None:
    """Put the file on the shelf, with its columns guessed; raises `Refused` for what cannot be read."""
    instrument = get_instrument(db.session, consultation_id, form.instrument_id.data)
    upload = Upload(
        slug=slug,
        owner=str(current_user.id),
        name=(form.file.data.filename or "")[:200],
        instrument_id=instrument.id,
        version_id=instrument.version_id,
        channel=Channel(form.channel.data),
        written=Written(),
    )
    content = form.file.data.stream.read(MOST_BYTES + 1)
    db.session.rollback()
    with reading():
        how = written(content)
        shelf = _shelf()
        token = shelf.put(content, upload)
        try:
            read_again(Carried(shelf, token, upload), how, None)
        except Refused:
            shelf.forget(token)
            raise
    drop(session.get(HELD, ""))
    session[HELD] = token


def read_again(carried: Carried, how: Written, lines: int | None) -> None:
    """Read the file as it is written; `lines` of headings, None: as many as it looks to have."""
    rows = list(read_rows(carried.shelf.content(carried.token), how))
    lines = heading_lines(cells for _number, cells in rows) if lines is None else lines
    if len(rows) <= lines:
        raise Refused(lazy("There is no row below the headings."), "file")
    digest = digest_of(rows)
    service.refuse_again(db.session, instrument_id=carried.upload.instrument_id, digest=digest)
    carried.shelf.keep_rows(carried.token, rows)
    version = get_published(db.session, carried.upload.version_id)
    carried.change(written=how, lines=lines, digest=digest).guess(version.definition)


def meant_by(carried: Carried) -> Meant:
    upload = carried.upload
    consultation = get_consultation(db.session, upload.slug)
    instrument = get_instrument(db.session, consultation.id, upload.instrument_id)
    return Meant(
        definition=get_published(db.session, upload.version_id).definition,
        decided=upload.decided,
        areas={area.code: area.name for area in areas(db.session)},
        groups=queries.groups_by_name(db.session),
        instrument=(instrument.code, instrument.title),
    )


def _shelf() -> Shelf:
    return Shelf(current_app.instance_path)


def find(slug: str) -> Carried | None:
    """Return the file that this officer is importing into this consultation, if there is one."""
    token, shelf = session.get(HELD, ""), _shelf()
    upload = shelf.find(token, owner=str(current_user.id), slug=slug)
    return Carried(shelf, token, upload) if upload else None


def gone(slug: str) -> ResponseReturnValue:
    flash(_("The file is no longer here: files are kept for an hour. Choose it again."))
    return redirect(url_for(".index", slug=slug), 303)


def drop(token: str) -> None:
    _shelf().forget(token)
    session.pop(HELD, None)
