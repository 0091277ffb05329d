"""Printing the forms of a batch."""

from __future__ import annotations

from flask import Response, current_app, render_template
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import day_or_moment, lazy
from engage.foundations.pages import INVALID, refusals_beside
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import Definition
from engage.questionnaires.queries import get_published
from engage.responses.paper import service
from engage.responses.paper.forms import PrintForm
from engage.responses.paper.officer.blueprint import batch_of, pages
from engage.responses.paper.printing import Leaflet, print_forms
from engage.responses.paper.queries import Batch
from engage.responses.paper.rules import MOST_AT_ONCE
from engage.timetable.rules import closing_said

PRINTED_TO = "paper_return_to"


@pages.route("/<code>/print", methods=["GET", "POST"])
def print_(slug: str, code: str) -> ResponseReturnValue:
    """Ask what to print, and answer with the PDF."""
    batch = batch_of(slug, code)
    form = PrintForm(
        data={
            "first": batch.first_number,
            "last": min(batch.last_number, batch.first_number + MOST_AT_ONCE - 1),
            "return_to": browser.get(PRINTED_TO, ""),
        }
    )
    if form.validate_on_submit():
        with refusals_beside(form):
            return _pdf(slug, batch, form)
    page = render_template("responses/officer/paper/print.html", form=form, slug=slug, batch=batch)
    return page, (INVALID if form.is_submitted() else 200)


def _pdf(slug: str, batch: Batch, form: PrintForm) -> Response:
    """Return the PDF of the forms asked for. It is made outside the transaction that holds the write lock."""
    first, last, large = form.first.data or 0, form.last.data or 0, form.size.data == "large"
    if not (batch.has(first) and batch.has(last) and first <= last):
        sentence = lazy(
            "The numbers of this batch go from %(first)s to %(last)s.",
            first=batch.first_number,
            last=batch.last_number,
        )
        raise Refused(sentence, "last")
    if last - first >= MOST_AT_ONCE:
        raise Refused(lazy("Print at most %(n)s forms at a time.", n=MOST_AT_ONCE), "last")
    actor, now = current_user.label, clock.now()
    definition, leaflet = _leaflet(get_consultation(db.session, slug), batch, form, large=large)
    db.session.rollback()
    serials = [batch.serial(number) for number in range(first, last + 1)]
    made = print_forms(definition, serials, leaflet, made_at=now)
    service.note_printing(
        db.session, actor=actor, now=now, batch_id=batch.id, first=first, last=last, large=large
    )
    browser[PRINTED_TO] = form.return_to.data or ""
    answer = Response(made, mimetype="application/pdf")
    name = f"{batch.code}-{first}-{last}{'-large' if large else ''}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _leaflet(
    consultation: Consultation, batch: Batch, form: PrintForm, *, large: bool
) -> tuple[Definition, Leaflet]:
    version = get_published(db.session, batch.version_id)
    closing = day_or_moment(closing_said(consultation.closes_at))
    leaflet = Leaflet(
        consultation=consultation.title,
        authority=current_app.config["SETTINGS"].authority,
        privacy_notice=version.privacy_notice,
        closing=closing,
        return_to=form.return_to.data or "",
        large=large,
    )
    return version.definition, leaflet
