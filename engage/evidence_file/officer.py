"""Bundles of a consultation: made, listed and handed out."""

from __future__ import annotations

from pathlib import Path

from flask import abort, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.analysis.queries import evidence_folder
from engage.consultations.queries import get_consultation
from engage.evidence_file import queries, service
from engage.evidence_file.forms import BundleForm
from engage.foundations import clock
from engage.foundations.database import db, reading
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside

pages = Pages(
    "officer_evidence",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)


@pages.get("/<slug>/evidence")
def index(slug: str) -> ResponseReturnValue:
    """List the bundles of a consultation."""
    return _page(slug, BundleForm())


@pages.post("/<slug>/evidence")
def make(slug: str) -> ResponseReturnValue:
    """Make the next bundle; pressed twice, it is made once."""
    form, actor, now = BundleForm(), current_user.label, clock.now()
    if form.validate_on_submit():
        with refusals_beside(form):
            consultation_id = get_consultation(db.session, slug).id
            last = queries.find_last(db.session, consultation_id)
            if last is None or last.number <= (form.after.data or 0):
                prepared = _prepared(slug)
                bundle = service.record(
                    db.session, actor=actor, now=now, consultation_id=consultation_id, prepared=prepared
                )
                flash(_("Bundle %(number)s is made.", number=bundle.number))
            return redirect(url_for(".index", slug=slug))
    return _page(slug, form), INVALID


@pages.get("/<slug>/evidence/<int:number>.zip", admits=Audience.OFFICERS)
def download(slug: str, number: int) -> ResponseReturnValue:
    """Hand out a bundle as it was made."""
    consultation = get_consultation(db.session, slug)
    bundle = queries.get_bundle(db.session, consultation.id, number)
    file = service.bundle_file(_instance(), consultation.id, bundle.digest)
    if not file.is_file():
        abort(404)
    return send_file(
        file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"evidence-{slug}-{number}.zip",
        max_age=0,
    )


def _prepared(slug: str) -> service.Prepared:
    """Read and write the bundle outside the transaction that holds the write lock: it may take long."""
    db.session.rollback()
    settings = current_app.config["SETTINGS"]
    with reading():
        prepared = service.prepare(
            db.session,
            now=clock.now(),
            consultation=get_consultation(db.session, slug),
            instance=_instance(),
            folder=evidence_folder(settings),
            threshold=settings.disclosure_threshold,
        )
        db.session.rollback()
    return prepared


def _page(slug: str, form: BundleForm) -> str:
    consultation = get_consultation(db.session, slug)
    made = queries.bundles(db.session, consultation.id)
    form.after.data = made[0].number if made else 0
    here = {
        bundle.id
        for bundle in made
        if service.bundle_file(_instance(), consultation.id, bundle.digest).is_file()
    }
    return render_template(
        "evidence_file/officer/index.html", consultation=consultation, bundles=made, form=form, here=here
    )


def _instance() -> Path:
    return Path(current_app.instance_path)
