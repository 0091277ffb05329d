"""Publishing a draft, and what is different between any two versions."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import NoResultFound
from werkzeug import Response

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, refusals_beside
from engage.questionnaires import drafts, history
from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.differences import differences as changes_between
from engage.questionnaires.differences import incompatible
from engage.questionnaires.drafts import Drafted
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.forms import PublishForm
from engage.questionnaires.officer.versions import name_of
from engage.questionnaires.previews import DRAFT
from engage.questionnaires.publishable import bars
from engage.questionnaires.readability import advise


@pages.route("/<code>/publish", methods=["GET", "POST"])
def publish(code: str) -> ResponseReturnValue:
    """Show what publishing the draft would mean, and publish it."""
    drafted = drafts.find_draft(db.session, code)
    if drafted is None:
        return _nothing_to_publish(code)
    live = history.find_newest(db.session, code)
    form = PublishForm(follows=live is not None)
    if form.validate_on_submit():
        try:
            with refusals_beside(form):
                version = drafts.publish_draft(
                    db.session,
                    actor=current_user.label,
                    now=clock.now(),
                    code=code,
                    revision=form.seen,
                    note=form.note.data or "",
                )
                flash(_("Version %(n)s is published.", n=version.number))
                return redirect(url_for(".versions", code=code))
        except NoResultFound:
            db.session.rollback()
            return _nothing_to_publish(code)
    if form.is_submitted():
        # A refusal may have been about what somebody else did to the draft.
        drafted = drafts.find_draft(db.session, code)
        if drafted is None:
            return _nothing_to_publish(code)
    form.revision.data = str(drafted.revision)
    return _publish_page(form, drafted, live), (INVALID if form.is_submitted() else 200)


@pages.get("/<code>/differences")
def differences(code: str) -> ResponseReturnValue:
    """Show what is different between two versions, or between one and the draft."""
    before, after = (request.args.get(name, type=int) for name in ("before", "after"))
    if before is None or after is None:
        return redirect(url_for(".versions", code=code))
    old, new = _asked(code, before), _asked(code, after)
    return render_template(
        "questionnaires/officer/differences.html",
        code=code,
        names=[name_of(number) for number in (before, after)],
        changes=changes_between(old[0], new[0]),
        breaks=incompatible(old[0], new[0]),
        notices=(old[1], new[1]),
    )


def _publish_page(form: PublishForm, drafted: Drafted, live: history.Version | None) -> str:
    definition = parse(drafted.definition)
    return render_template(
        "questionnaires/officer/publish.html",
        form=form,
        drafted=drafted,
        live=live,
        faults=bars(db.session, drafted.code, definition),
        advice=advise(definition, drafted.privacy_notice),
        changes=changes_between(live.definition, definition) if live else (),
        notices=(live.privacy_notice, drafted.privacy_notice) if live else (),
    )


def _nothing_to_publish(code: str) -> Response:
    if history.find_newest(db.session, code) is None:
        abort(404)
    flash(_("There is no draft to publish: somebody has just published or discarded it."), "warning")
    return redirect(url_for(".versions", code=code), 303)


def _asked(code: str, number: int) -> tuple[Definition, str]:
    if number == DRAFT:
        drafted = drafts.get_draft(db.session, code)
        return parse(drafted.definition), drafted.privacy_notice
    version = history.get_version(db.session, code, number)
    return version.definition, version.privacy_notice
