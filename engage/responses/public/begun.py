"""A copy of a form of several pages on its way, and how it leads from one page to the next.

The ticket in the form is all that is needed. Where the browser keeps its cookie each page has an address of
its own to go back to; where it does not, the next page answers the last one directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import Text
from engage.foundations.pages import INVALID
from engage.questionnaires.definitions import Route, Step
from engage.questionnaires.kinds.base import Line
from engage.questionnaires.queries import Published
from engage.responses import drafts, progress
from engage.responses.progress import Pages
from engage.responses.public.blueprint import counts_start, hold_ticket, keeps_cookies, let_go, published
from engage.responses.public.rendering import Look, form_page
from engage.responses.queries import Offer
from engage.responses.tickets import Ticket


@dataclass(frozen=True)
class Form:
    """A copy of a form on its way, with what is written on it so far."""

    offer: Offer
    ticket: Ticket
    draft: Pages

    @property
    def version(self) -> Published:
        """The version that was given out, whatever is given out now."""
        return published(self.ticket.version_id)

    @cached_property
    def route(self) -> Route:
        """The way that what is written leads."""
        return progress.way(self.version.definition, self.draft, self.ticket.rotation)

    @property
    def unfinished(self) -> Step | None:
        """The first page that is not finished, None where all can be sent."""
        return progress.unfinished(self.route, self.draft)

    @property
    def is_taken(self) -> bool:
        """Whether it can still be sent."""
        return self.offer.takes(self.ticket.began_at, clock.now())

    def with_page(self, code: str, fields: Mapping[str, list[str]]) -> Form:
        """Return it with these fields on one page."""
        return Form(self.offer, self.ticket, {**self.draft, code: fields})

    def has_finished(self, step: Step) -> bool:
        """Tell whether a page was written and left as finished."""
        return progress.is_finished(step, self.draft)

    def wrong_at(self, page_code: str) -> bool:
        """Tell whether something is wrong or missing on a page."""
        step = self.route.step(page_code)
        return step is not None and bool(step.problems)

    def address(self, page_code: str, *, returning: bool = False) -> str:
        """Return the address of one of its pages; `returning`: from there it goes back to checking."""
        offer = self.offer
        page = url_for("take_part.page", slug=offer.slug, code=offer.code, page_code=page_code)
        return f"{page}?return=1" if returning else page

    def lead(self, step: Step | None, *, returning: bool = False) -> ResponseReturnValue:
        """Answer a page that was sent with the one at `step`, None: with checking. An exit ends the form."""
        if step is not None and step.page.exit:
            drafts.forget_draft(db.session, self.ticket)
            let_go(self.offer)
            return redirect(self.address(step.page.code), 303)
        hold_ticket(self.ticket)
        if keeps_cookies():
            return redirect(self._address_of(step, returning), 303)
        step, returning = (step, returning) if step else (self.unfinished, True)
        return self.page(step, returning=returning) if step else self.check()

    def page(
        self,
        step: Step,
        *,
        returning: bool = False,
        wrong: bool = False,
        apology: Text | None = None,
    ) -> str:
        """Return one of its pages, and where it is `wrong` what is wrong with it."""
        place = progress.place_of(self.version.definition, self.route, step)
        look = Look(
            place=place,
            action=self.address(step.page.code, returning=returning),
            until=self.offer.grace_for(self.ticket.began_at, clock.now()),
            changes=bool(self.ticket.changes),
            counts=not wrong and place.number == 1 and counts_start(self.ticket),
        )
        return form_page(
            self.offer,
            self.version,
            step,
            self.ticket,
            look,
            given=self.draft.get(step.page.code),
            problems=step.problems if wrong else (),
            apology=apology,
        )

    def check(self, apology: Text | None = None) -> str:
        """Return the page that shows everything that would be sent, with a way to change each page."""
        return render_template(
            "responses/public/check.html",
            form=None,
            offer=self.offer,
            parts=[(step.page, self._lines(step)) for step in self.route.steps if _asks(step)],
            ticket=self.ticket.seal(),
            changes=bool(self.ticket.changes),
            linked=keeps_cookies(),
            until=self.offer.grace_for(self.ticket.began_at, clock.now()),
            apology=apology,
        )

    def again(self, page_code: str, apology: Text | None = None) -> ResponseReturnValue:
        """Return a page once more with what was typed, what is wrong with it or why it was not taken."""
        step = self.route.step(page_code)
        if step is None:
            return self.lead(self.unfinished)
        return self.page(step, wrong=apology is None, apology=apology), INVALID

    def _address_of(self, step: Step | None, returning: bool) -> str:
        if step is None:
            return url_for("take_part.check", slug=self.offer.slug, code=self.offer.code)
        return self.address(step.page.code, returning=returning)

    def _lines(self, step: Step) -> list[Line]:
        kept = self.route.kept
        return [
            line
            for question in step.questions
            if question.code in kept
            for line in question.lines(kept[question.code])
        ]


def _asks(step: Step) -> bool:
    """Tell whether there is anything to answer on a page; it may hold facts only."""
    return any(question.asks for question in step.questions)
