"""Typing a form of a batch, the first time or the second."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID
from engage.foundations.refusals import Refused
from engage.responses.models import PaperForm
from engage.responses.paper import queries, service
from engage.responses.paper.forms import SerialForm
from engage.responses.paper.labels import CHANNELS
from engage.responses.paper.officer.blueprint import Typing, differs, pages, typing_of


@pages.route("/<code>/<int:number>", methods=["GET", "POST"])
def type_(slug: str, code: str, number: int) -> ResponseReturnValue:
    """Type a form: the first time, or the second time without seeing the first."""
    typing = typing_of(slug, code, number)
    form_before = queries.find_form(db.session, typing.batch.id, number)
    again = form_before is not None
    try:
        service.refuse_again(batch_twice=typing.batch.twice, form=form_before, actor=current_user.label)
    except Refused as refusal:
        return _done_already(typing, form_before, refusal)
    note = _("Somebody else has typed this form. You do not see what they typed.") if again else ""
    return typing.page(
        _("Type form %(serial)s", serial=str(typing.serial)), note, service.type_form, before=None
    )


def _done_already(typing: Typing, typed: PaperForm | None, refusal: Refused) -> ResponseReturnValue:
    """Answer somebody who comes to a form that they cannot type."""
    if typed is not None and differs(typed) and request.method == "GET":
        return redirect(
            url_for(".differences", slug=typing.slug, code=typing.batch.code, number=typing.number)
        )
    form = SerialForm(formdata=None, data={"serial": str(typing.serial)})
    form.serial.errors = [refusal.message]
    page = render_template(
        "responses/officer/paper/show.html",
        form=form,
        slug=typing.slug,
        batch=typing.batch,
        CHANNELS=CHANNELS,
    )
    return page, INVALID
