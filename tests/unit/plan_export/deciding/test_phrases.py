from __future__ import annotations

import pytest

from engage.plan_export.deciding.phrases import find_empty


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Fraud is not a priority at this time for the police.", "not a priority at this time"),
        ("It was not considered a key priority.", "not considered a key priority"),
        ("Outside our remit, sadly.", "outside our remit"),
        ("This falls outside the scope of the police.", "outside the scope"),
        ("This is not a police matter.", "not a police matter"),
        ("There are limited resources for this work.", "limited resources"),
        ("In 2027 there were limited resources for it.", "limited resources"),
        ("This was decided due to resource constraints.", "due to resource constraints"),
        ("Resources.", "resources"),
        ("Noted. Thank you for raising this with us.", "noted"),
        ("Your comments have been noted by the board.", "comments have been noted"),
        ("We will continue to work with our partners.", "we will continue to"),
        ("We’ll continue to patrol the area.", "well continue to"),
        ("It is kept under review by the board.", "kept under review"),
        ("It will be looked at in due course by us.", "in due course"),
        ("That is not feasible at this time.", "not feasible at this time"),
        ("It was decided against for operational reasons.", "for operational reasons"),
        ("We take burglary very seriously in London.", "take burglary very seriously"),
        ("A balance must be struck between all of these.", "balance must be struck"),
        ("It is already covered elsewhere in our work.", "covered elsewhere"),
        ("See above, the same goes for this one.", "see above"),
        ("There was insufficient support for the idea.", "insufficient support"),
    ],
)
def test_a_phrase_that_says_nothing_is_found_and_quoted(text: str, quoted: str) -> None:
    found = find_empty(text)
    assert found is not None
    assert found.quoted == quoted
    assert quoted in str(found.refusal)
    assert str(found.phrase.why) in str(found.refusal)
    assert str(found.phrase.instead) in str(found.refusal)


@pytest.mark.parametrize(
    "text",
    [
        "This is NOT  a\npriority   at this time.",
        "This is not a pri\u00adority.",
        "This is not\u200b a\u2060 priority.",
        "This is not — a — priority!",
        "This is not a priórity.",
        "This is nоt а рrіоrіtу.",
        "This is ｎｏｔ ａ ｐｒｉｏｒｉｔｙ.",
        "This isn't a priority.",
        "This isn’t a priority.",
    ],
)
def test_it_is_found_however_it_is_dressed_up(text: str) -> None:
    assert find_empty(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "It is outside our remit: the borough councils enforce parking, and we have passed it on to them.",
        "It would take 40 officers, and with limited resources those went to robbery.",
        "We keep it under review until June 2028, when the trial in Camden ends.",
        "It is not possible because the law leaves sentencing to the courts.",
        "The boroughs enforce it, not the police.",
        "Nobody could tell us what to do, and the three trials brought nothing.",
        "Officers are moved to other priorities only in an emergency.",
        "",
    ],
)
def test_a_reason_is_left_alone(text: str) -> None:
    assert find_empty(text) is None
