"""How meetings voted, to note and to correct."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.groups.models import Group
from engage.questionnaires.kinds.base import Question
from engage.responses.meetings import queries, service
from engage.responses.meetings.forms import HANDS, RemoveForm, VoteForm, vote_form
from engage.responses.meetings.queries import Votable, Vote
from engage.responses.meetings.rules import hands_each
from engage.responses.paper.queries import groups_to_choose

pages = Pages(
    "officer_meetings",
    __name__,
    admits=Audience.OFFICERS,
    url_prefix="/officer/consultations/<slug>/meetings",
)


@pages.get("/")
def index(slug: str) -> ResponseReturnValue:
    """Show how meetings voted, apart from the responses."""
    consultation = get_consultation(db.session, slug)
    votes = queries.meeting_votes(db.session, consultation.id)
    versions = queries.versions_voted_on(db.session, votes)
    shown = [(vote, versions[vote.version_id].definition.question(vote.question_code)) for vote in votes]
    return render_template(
        "responses/officer/meetings/index.html",
        consultation=consultation,
        shown=shown,
        votable=queries.votable(db.session, consultation.id),
    )


@pages.route("/new/<instrument>/<question_code>", methods=["GET", "POST"])
def new(slug: str, instrument: str, question_code: str) -> ResponseReturnValue:
    """Note how a meeting voted on a question."""
    consultation_id = get_consultation(db.session, slug).id
    voted_on = _votable(consultation_id, instrument, question_code)
    form = vote_form(voted_on.question, _groups())
    if form.validate_on_submit():
        with refusals_beside(form):
            service.note_vote(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                today=clock.today(),
                consultation_id=consultation_id,
                version_id=voted_on.version_id,
                question_code=question_code,
                show=form.show(),
            )
            flash(_("The vote is noted."))
            return redirect(url_for(".index", slug=slug), 303)
    return _form_page(slug, form, voted_on.question, _("Note the vote of a meeting"), None)


@pages.route("/<int:vote_id>", methods=["GET", "POST"])
def edit(slug: str, vote_id: int) -> ResponseReturnValue:
    """Correct how a meeting voted."""
    vote = queries.get_vote(db.session, get_consultation(db.session, slug).id, vote_id)
    question = _question(vote)
    form = vote_form(question, _groups(), _said(vote))
    if form.validate_on_submit():
        with refusals_beside(form):
            service.correct_vote(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                today=clock.today(),
                vote_id=vote_id,
                show=form.show(),
            )
            flash(_("The vote is corrected."))
            return redirect(url_for(".index", slug=slug), 303)
    return _form_page(slug, form, question, _("Correct the vote of a meeting"), vote)


@pages.route("/<int:vote_id>/remove", methods=["GET", "POST"])
def remove(slug: str, vote_id: int) -> ResponseReturnValue:
    """Ask whether to remove a vote noted by mistake, and remove it."""
    vote = queries.get_vote(db.session, get_consultation(db.session, slug).id, vote_id)
    form = RemoveForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.remove_vote(db.session, actor=current_user.label, now=clock.now(), vote_id=vote_id)
            flash(_("The vote is removed."))
            return redirect(url_for(".index", slug=slug), 303)
    page = render_template("responses/officer/meetings/remove.html", form=form, slug=slug, vote=vote)
    return page, (INVALID if form.is_submitted() else 200)


def _form_page(
    slug: str, form: VoteForm, question: Question, heading: str, vote: Vote | None
) -> ResponseReturnValue:
    page = render_template(
        "responses/officer/meetings/form.html",
        form=form,
        slug=slug,
        question=question,
        each=hands_each(question),
        heading=heading,
        vote=vote,
    )
    return page, (INVALID if form.is_submitted() else 200)


def _groups() -> list[Group]:
    return groups_to_choose(db.session)


def _votable(consultation_id: int, instrument: str, question_code: str) -> Votable:
    return next(
        (
            one
            for one in queries.votable(db.session, consultation_id)
            if one.instrument_code == instrument and one.question.code == question_code
        ),
        None,
    ) or abort(404)


def _question(vote: Vote) -> Question:
    version = queries.versions_voted_on(db.session, [vote])[vote.version_id]
    return version.definition.question(vote.question_code) or abort(404)


def _said(vote: Vote) -> dict[str, object]:
    """Return a vote as its form's first values."""
    hands = {HANDS + code: count for code, count in vote.votes.items()}
    return {"group_id": vote.group_id, "held_on": vote.held_on, "attendance": vote.attendance, **hands}
