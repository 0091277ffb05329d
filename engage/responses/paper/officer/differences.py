"""Settling in what two typings of a form differ."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import Text, _, lazy
from engage.foundations.pages import INVALID, refusals_beside
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import Definition
from engage.responses.models import PaperForm
from engage.responses.paper import queries, service
from engage.responses.paper.forms import PressForm
from engage.responses.paper.officer.blueprint import differs, pages, typing_of
from engage.responses.paper.sheets import Sheet, differing, sheet_from
from engage.responses.paper.words import numbers


@pages.route("/<code>/<int:number>/differences", methods=["GET", "POST"])
def differences(slug: str, code: str, number: int) -> ResponseReturnValue:
    """Show in what two typings of a form differ, and take whose is right."""
    typing = typing_of(slug, code, number)
    typed = queries.get_form(db.session, typing.batch.id, number)
    if not differs(typed):
        return redirect(url_for(".show", slug=slug, code=code), 303)
    compared = _compared(typing.definition, typed)
    form = PressForm()
    chosen = {code_: request.form.get(f"_right-{code_}", "") for code_ in compared}
    if form.validate_on_submit():
        with refusals_beside(form):
            if not set(chosen.values()) <= {"first", "second"}:
                raise Refused(lazy("Choose which is right in every question."))
            outcome = service.settle(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                batch_id=typing.batch.id,
                number=number,
                second_is_right=frozenset(one for one, side in chosen.items() if side == "second"),
            )
            return typing.saved(outcome, ())
    page = render_template(
        "responses/officer/paper/differences.html",
        form=form,
        slug=slug,
        batch=typing.batch,
        serial=typing.serial,
        compared=compared.values(),
        chosen=chosen,
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>/<int:number>/again", methods=["GET", "POST"])
def again(slug: str, code: str, number: int) -> ResponseReturnValue:
    """Settle the differences of a form by typing it from the paper."""
    typing = typing_of(slug, code, number)
    typed = queries.get_form(db.session, typing.batch.id, number)
    if not differs(typed):
        return redirect(url_for(".show", slug=slug, code=code), 303)
    return typing.page(
        _("Settle form %(serial)s", serial=str(typing.serial)),
        _("This is what was typed first. Put right what differs from the paper: what you save counts."),
        service.settle_by_typing,
        before=sheet_from(typed.first),
    )


def _compared(definition: Definition, typed: PaperForm) -> dict[str, dict[str, object]]:
    """Return the questions in which two typings differ, with how each reads, by code."""
    assert typed.second is not None
    first, second = sheet_from(typed.first), sheet_from(typed.second)
    places = numbers(definition)
    return {
        question.code: {
            "code": question.code,
            "place": places[question.code],
            "label": question.label,
            "first": _read_back(question.code, definition, first),
            "second": _read_back(question.code, definition, second),
        }
        for question in differing(definition, first, second)
    }


def _read_back(code: str, definition: Definition, sheet: Sheet) -> list[Text]:
    """Return the lines of what a sheet says of a question."""
    question = definition.question(code)
    assert question is not None
    if code in sheet.spoilt:
        return [_("Spoilt or illegible")]
    if code in sheet.kept:
        several = len(question.lines(sheet.kept[code])) > 1
        lines = question.lines(sheet.kept[code])
        return [f"{line.label}: {line.text}" if several else line.text for line in lines]
    return [_("Answered, but the answers before lead past it") if code in sheet.beside else _("Nothing")]
