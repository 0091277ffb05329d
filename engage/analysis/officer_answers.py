"""The answers to every question, whatever its kind, and all of them as a file."""

from __future__ import annotations

from functools import partial

from flask import Response, render_template, stream_with_context
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.analysis import answers, disclosure, queries
from engage.analysis.answer_tables import show
from engage.analysis.exporting import export_rows
from engage.analysis.officer import folder, pages, threshold
from engage.analysis.snapshots import ensure_files
from engage.audit import service as audit
from engage.boroughs.queries import areas
from engage.consultations.queries import get_consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience
from engage.foundations.spreadsheets import CSV_TYPE, csv_chunks
from engage.groups.queries import names
from engage.questionnaires.history import get_version_by_id


@pages.get("/<slug>/results/answers", admits=Audience.ANALYSTS)
def every_answer(slug: str) -> ResponseReturnValue:
    """Show how often each answer to each question was given, as of the last snapshot."""
    consultation = get_consultation(db.session, slug)
    snapshot = queries.latest_snapshot(db.session, consultation.id)
    if snapshot is None:
        return render_template("analysis/officer/nothing_yet.html", consultation=consultation, State=State)
    manifest, place = ensure_files(db.session, snapshot=snapshot, folder=folder())
    counted = answers.count(manifest, place, partial(get_version_by_id, db.session))
    return render_template(
        "analysis/officer/answers.html",
        consultation=consultation,
        snapshot=snapshot,
        shown=[(joined.questionnaire, show(one, joined.labels, threshold())) for joined, one in counted],
        rule=disclosure.rule(threshold()),
    )


@pages.post("/<slug>/results/answers.csv")
def export_answers(slug: str) -> ResponseReturnValue:
    """Hand over every response that counts as a row of a file. It is written in the log who had it."""
    consultation = get_consultation(db.session, slug)
    snapshot = queries.latest_snapshot(db.session, consultation.id)
    if snapshot is None:
        return render_template("analysis/officer/nothing_yet.html", consultation=consultation, State=State)
    manifest, place = ensure_files(db.session, snapshot=snapshot, folder=folder())
    # Read before the answer begins: while it streams, nothing more is asked of the database.
    ids = answers.versions_answered(manifest, place)
    rows = export_rows(
        manifest,
        place,
        versions={id: get_version_by_id(db.session, id) for id in ids},
        areas={area.code: area.name for area in areas(db.session)},
        groups=names(db.session),
    )
    audit.record(
        db.session,
        actor=current_user.label,
        action="answers.exported",
        subject=f"consultation:{slug}",
        at=clock.now(),
        details={"digest": snapshot.digest, "responses": snapshot.responses},
    )
    return Response(
        stream_with_context(csv_chunks(rows)),
        mimetype=CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{slug}-answers.csv"'},
    )
