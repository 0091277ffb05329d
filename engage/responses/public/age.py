"""Where children may answer: an age band first, a notice in simple words, and no address of a child's.

The band is kept in this browser's session and nowhere else; with a response goes only what its author says
of it later, in the optional questions about themselves.
"""

from __future__ import annotations

from enum import StrEnum

from flask import redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from engage.foundations.language import lazy
from engage.foundations.pages import INVALID
from engage.foundations.refusals import Refused
from engage.responses.forms import AgeForm
from engage.responses.public.blueprint import AGES, SENT_AGES, offer_of, pages
from engage.responses.queries import Offer


class Age(StrEnum):
    """How old somebody says they are, as far as it matters here."""

    UNDER_13 = "under_13"
    FROM_13 = "13_to_15"
    FROM_16 = "16_or_over"


BANDS = {
    Age.UNDER_13: lazy("Under 13"),
    Age.FROM_13: lazy("13 to 15"),
    Age.FROM_16: lazy("16 or over"),
}
# In the address of a form, of somebody whose browser keeps no cookie: asked, and treated as a child.
ASKED = "asked"
NO_ADDRESS = lazy("We do not take an address from anybody under 13.")


def ask_first(offer: Offer) -> ResponseReturnValue | None:
    """Lead to the question of age whoever has not been asked; None where it is not asked, or has been."""
    if not offer.children_may_answer or ASKED in request.args or offer.slug in (browser.get(AGES) or {}):
        return None
    return redirect(url_for("take_part.age", slug=offer.slug, code=offer.code))


def hand_over(offer: Offer) -> None:
    """Keep the age beside the receipt only: whoever begins the next form here is asked again."""
    ages = dict(browser.get(AGES) or {})
    if said := ages.pop(offer.slug, None):
        browser[AGES] = ages
        browser[SENT_AGES] = {**(browser.get(SENT_AGES) or {}), offer.slug: said}


def may_leave_address(offer: Offer) -> bool:
    """Tell whether who takes part may be asked for an address: where children may answer, only from 13 on.

    Whose age we were not told is treated as a child.
    """
    if not offer.children_may_answer:
        return True
    said = (browser.get(AGES) or {}).get(offer.slug) or (browser.get(SENT_AGES) or {}).get(offer.slug)
    return said in (Age.FROM_13, Age.FROM_16)


def refuse_childs_address(offer: Offer) -> None:
    """Raise `Refused` where an address was sent by somebody who may not leave one."""
    if not may_leave_address(offer):
        raise Refused(NO_ADDRESS)


@pages.route("/<slug>/<code>/how-old", methods=["GET", "POST"])
def age(slug: str, code: str) -> ResponseReturnValue:
    """Ask for an age band, and lead on: a child to a notice in simple words, everybody else to the form."""
    offer = offer_of(slug, code)
    if not offer.children_may_answer:
        return redirect(url_for("take_part.form", slug=slug, code=code))
    form = AgeForm()
    form.age.choices = [SelectChoice(band.value, name) for band, name in BANDS.items()]
    if form.validate_on_submit():
        keeps = AGES in browser
        browser[AGES] = {**(browser.get(AGES) or {}), slug: form.age.data}
        following = "take_part.form" if form.age.data == Age.FROM_16 else "take_part.notice"
        return redirect(url_for(following, slug=slug, code=code, asked=None if keeps else 1), 303)
    # So that it is known, when the answer comes, whether the browser keeps its cookie.
    browser.setdefault(AGES, {})
    page = render_template("responses/public/age.html", form=form, offer=offer)
    return page, INVALID if form.is_submitted() else 200


@pages.get("/<slug>/<code>/before-you-start")
def notice(slug: str, code: str) -> ResponseReturnValue:
    """Say in simple words what happens with the answers, and that nobody has to give any."""
    offer = offer_of(slug, code)
    following = url_for("take_part.form", slug=slug, code=code, asked=request.args.get(ASKED))
    return render_template("responses/public/notice.html", offer=offer, following=following)
