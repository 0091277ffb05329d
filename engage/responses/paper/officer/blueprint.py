"""The pages of paper, and what they share: the batch in the address, a form of it being typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _, plural
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.questionnaires.definitions import Definition
from engage.questionnaires.kinds.base import Problem
from engage.questionnaires.queries import Published, get_published
from engage.responses.models import PaperForm
from engage.responses.paper import entry, queries
from engage.responses.paper.forms import PressForm
from engage.responses.paper.labels import OUTCOMES
from engage.responses.paper.queries import Batch
from engage.responses.paper.rules import Serial
from engage.responses.paper.service import Outcome
from engage.responses.paper.sheets import NOTHING, Sheet, read_sheet
from engage.responses.paper.words import numbers

pages = Pages(
    "officer_paper", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations/<slug>/paper"
)


@dataclass(frozen=True, slots=True)
class Typing:
    """A form of a batch, being typed."""

    slug: str
    batch: Batch
    number: int
    version: Published

    @property
    def serial(self) -> Serial:
        return self.batch.serial(self.number)

    @property
    def definition(self) -> Definition:
        return self.version.definition

    def page(
        self, heading: str, note: str, verb: Callable[..., Outcome], *, before: Sheet | None
    ) -> ResponseReturnValue:
        """Show the form to type, or carry out `verb` with the sheet that was typed."""
        form = PressForm()
        given, marks = entry.typed_before(self.definition, before) if before else ({}, {})
        problems: tuple[Problem, ...] = ()
        if form.is_submitted():
            given, marks = entry.typed_fields(self.definition), entry.marks_sent(self.definition)
        if form.validate_on_submit():
            sheet, problems = read_sheet(self.definition, given, marks, self.number - 1)
            if not problems:
                with refusals_beside(form):
                    actor, now = current_user.label, clock.now()
                    outcome = verb(
                        db.session,
                        actor=actor,
                        now=now,
                        batch_id=self.batch.id,
                        number=self.number,
                        sheet=sheet,
                    )
                    return self.saved(outcome, sheet.beside)
        html = entry.entry_page(
            form,
            slug=self.slug,
            batch=self.batch,
            number=self.number,
            definition=self.definition,
            heading=heading,
            note=note,
            given=given,
            marks=marks,
            problems=problems,
        )
        return html, (INVALID if form.is_submitted() else 200)

    def saved(self, outcome: Outcome, beside: tuple[str, ...]) -> ResponseReturnValue:
        """Say what became of the form and go back to the field for the next serial number."""
        flash(_("Form %(serial)s %(became)s.", serial=str(self.serial), became=OUTCOMES[outcome]))
        if beside:
            flash(_beside(self.definition, beside))
        return redirect(url_for(".show", slug=self.slug, code=self.batch.code), 303)


def _beside(definition: Definition, codes: tuple[str, ...]) -> str:
    places = numbers(definition)
    asked = ", ".join(str(places[code]) for code in codes)
    return str(
        plural(
            "Question %(asked)s is not counted: the answers before it lead past it.",
            "Questions %(asked)s are not counted: the answers before them lead past them.",
            len(codes),
            asked=asked,
        )
    )


def batch_of(slug: str, code: str) -> Batch:
    """Return a batch of the consultation; raises `NoResultFound`."""
    return queries.get_batch(db.session, get_consultation(db.session, slug).id, code)


def typing_of(slug: str, code: str, number: int) -> Typing:
    """Return a form of a batch; 404 where the batch has none of this number."""
    batch = batch_of(slug, code)
    if not batch.has(number):
        abort(404)
    return Typing(slug, batch, number, get_published(db.session, batch.version_id))


def differs(typed: PaperForm) -> bool:
    """Tell whether a form waits for somebody to settle its differences."""
    return typed.second is not None and typed.response_id is None and not typed.first.get(NOTHING)
