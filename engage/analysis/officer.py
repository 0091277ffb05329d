"""Results and coding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.analysis import dimensions, disclosure, pictures, queries, results, service
from engage.analysis.coding import suggest
from engage.analysis.forms import ButtonForm, field_name, read_codes
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.tallies import Dimension, Summary
from engage.audit import service as audit
from engage.boroughs.queries import areas
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.consultations.rules import State
from engage.consultations.service import mark_analysed
from engage.foundations import clock
from engage.foundations.database import db, reading
from engage.foundations.language import _, plural
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.responses.queries import late_count

pages = Pages(
    "results",
    __name__,
    admits=Audience.READERS,
    changes=Audience.ANALYSTS,
    url_prefix="/officer/consultations",
)


@pages.get("/<slug>/results")
def show(slug: str) -> ResponseReturnValue:
    """Show the figures of the last snapshot, and by what the address asks for."""
    return _show(slug, ButtonForm())


@pages.post("/<slug>/results/refresh")
def refresh(slug: str) -> ResponseReturnValue:
    """Bring the figures up to date."""
    consultation = get_consultation(db.session, slug)
    consultation_id, actor, now = consultation.id, current_user.label, clock.now()
    # Reading may take long, so it is done outside the transaction that holds the write lock.
    db.session.rollback()
    with reading():
        prepared = service.prepare(
            db.session, consultation_id=consultation_id, name=slug, now=now, folder=folder()
        )
        db.session.rollback()
    snapshot = service.record(db.session, prepared=prepared, now=now)
    if prepared.fresh:
        audit.record(
            db.session,
            actor=actor,
            action="evidence.counted",
            subject=f"consultation:{slug}",
            at=now,
            details={"digest": snapshot.digest, "responses": snapshot.responses},
        )
    flash(_("The figures are up to date."))
    return redirect(url_for(".show", slug=slug))


@pages.post("/<slug>/results/analysed", changes=Audience.OFFICERS)
def analysed(slug: str) -> ResponseReturnValue:
    """Say that the answers have been counted and read."""
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            consultation = get_consultation(db.session, slug)
            mark_analysed(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation.id,
            )
            flash(_("The consultation is analysed. Its decisions come next."))
            return redirect(url_for(".show", slug=slug))
    return _show(slug, form), INVALID


@pages.get("/<slug>/results/coding", admits=Audience.ANALYSTS)
def coding(slug: str) -> ResponseReturnValue:
    """Show a page of texts to code, or of those that have been coded."""
    return _coding(slug, ButtonForm())


@pages.post("/<slug>/results/coding")
def save_codes(slug: str) -> ResponseReturnValue:
    """Keep every code chosen on the page."""
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            kept = service.code_texts(
                db.session,
                actor=current_user.label,
                person_id=current_user.id,
                consultation=get_consultation(db.session, slug),
                codes=read_codes(request.form),
                now=clock.now(),
            )
            flash(plural("%(num)d text is coded.", "%(num)d texts are coded.", kept))
            return redirect(url_for(".coding", slug=slug, show=request.args.get("show")))
    return _coding(slug, form), INVALID


def _show(slug: str, form: ButtonForm) -> str:
    consultation = get_consultation(db.session, slug)
    snapshot = queries.latest_snapshot(db.session, consultation.id)
    given: dict[str, Any] = {"consultation": consultation, "form": form, "State": State, "snapshot": snapshot}
    if snapshot is None:
        return render_template("analysis/officer/nothing_yet.html", **given)
    tally = queries.tally(db.session, snapshot=snapshot, folder=folder())
    labels = queries.framework_labels(db.session, consultation.framework_id)
    ranked = results.ranking(tally, labels, threshold())
    return render_template(
        "analysis/officer/show.html",
        **given,
        behind=queries.is_behind(db.session, snapshot, clock.now()),
        late=disclosure.protect_alone(late_count(db.session, consultation.id), threshold()),
        headline=results.headline(tally, threshold()),
        bars=pictures.ranking_bars(ranked),
        unnamed=[line.label for line in ranked if line.mentions.count == 0],
        ranked=ranked,
        rule=disclosure.rule(threshold()),
        **_breakdown(consultation, tally, ranked),
    )


def _breakdown(
    consultation: Consultation,
    tally: Summary,
    ranked: tuple[results.Ranked, ...],
) -> dict[str, Any]:
    """Return what the template shows of the breakdown and the priority that the address asks for."""
    asked = request.args.get("by", "")
    by = Dimension(asked) if asked in list(Dimension) else Dimension.AREA
    values = dimensions.values(db.session, consultation.id, by, tally)
    labels = {line.code: line.label for line in ranked if line.mentions.count != 0}
    lines = results.breakdown(tally, by, values, labels, threshold())
    codes = list(labels)
    wanted = request.args.get("priority", "")
    priority = wanted if wanted in labels else codes[0] if codes else ""
    place = codes.index(priority) if priority else 0
    shown: dict[str, Any] = {
        "by": by,
        "names": dimensions.NAMES,
        "labels": labels,
        "lines": lines,
        "priority": priority,
        "said": pictures.said,
    }
    if by is Dimension.AREA and priority:
        known = {area.code: area for area in areas(db.session)}
        shown |= {"tiles": pictures.tiles(lines, place, known), "key": pictures.key(lines, place)}
    elif priority:
        shown |= {"line_bars": pictures.line_bars(lines, place)}
    return shown


def _coding(slug: str, form: ButtonForm) -> str:
    consultation = get_consultation(db.session, slug)
    snapshot = queries.latest_snapshot(db.session, consultation.id)
    given: dict[str, Any] = {"consultation": consultation, "form": form, "snapshot": snapshot}
    if snapshot is None:
        return render_template("analysis/officer/nothing_yet.html", State=State, **given)
    again = request.args.get("show") == "coded"
    number = max(1, request.args.get("page", 1, type=int))
    labels = queries.framework_labels(db.session, consultation.framework_id)
    coded, coded_total = queries.texts_coded(db.session, consultation_id=consultation.id, page=number)
    waiting, waiting_total = _waiting(snapshot, 1 if again else number)
    texts, total = (coded, coded_total) if again else (waiting, waiting_total)
    return render_template(
        "analysis/officer/coding.html",
        **given,
        again=again,
        texts=[(field_name(text), text, suggest(text.text, labels)) for text in texts],
        labels=labels,
        coded_total=coded_total,
        waiting_total=waiting_total,
        page={"number": number, "pages": -(-total // queries.PAGE)},
    )


def _waiting(snapshot: EvidenceSnapshot, number: int) -> tuple[list[queries.OwnWords], int]:
    return queries.texts_to_code(db.session, snapshot=snapshot, folder=folder(), page=number)


def folder() -> Path:
    """Return where every consultation's evidence lies."""
    return queries.evidence_folder(current_app.config["SETTINGS"])


def threshold() -> int:
    """Return the smallest count that may be shown."""
    return int(current_app.config["SETTINGS"].disclosure_threshold)
