"""Questions, as officers write them in a browser without scripts."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from engage.foundations.database import transaction
from engage.questionnaires import drafts, edits, service, shipped
from engage.questionnaires.kinds import KINDS
from tests.factories.boroughs import make_area
from tests.factories.drafts import (
    DEFINITION,
    HERE,
    LIST,
    NOW,
    definition,
    fill,
    publish,
    questions,
    revision,
)
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.usefixtures("at_that_time")


def test_a_question_is_asked_with_its_options(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    url = f"{HERE}/pages/two/questions/new/one_choice"
    typed = {
        "label": "How loud was it?",
        "options-0-label": "Loud",
        "options-1-label": "Very loud",
        "options-1-hint": "I could not sleep",
        "options_paste": "Bearable\r\n\r\nI cannot say",
    }
    page = fill(officer_client, url, **typed)
    assert page.h1 == "Noise"
    added = definition(session)["pages"][1]["questions"][1]
    assert added["code"] == "how_loud_was_it"
    assert added["options"] == [
        {"code": "loud", "label": "Loud"},
        {"code": "very_loud", "label": "Very loud", "hint": "I could not sleep"},
        {"code": "bearable", "label": "Bearable"},
        {"code": "i_cannot_say", "label": "I cannot say"},
    ]


def test_a_reworded_option_keeps_its_code_and_others_move_around_it(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    typed = {
        "options-0-label": "Yes, often",
        "options-1-order": "1",
        "options-2-label": "No",
        "options-1-label": "Never",
    }
    fill(officer_client, f"{HERE}/questions/heard", **typed)
    assert questions(session)[0]["options"] == [
        {"code": "no", "label": "Never"},
        {"code": "yes", "label": "Yes, often"},
        {"code": "no_2", "label": "No"},
    ]
    fill(officer_client, f"{HERE}/questions/heard", **{"options-0-remove": "y"})
    assert [option["code"] for option in questions(session)[0]["options"]] == ["yes", "no_2"]


def test_a_new_option_never_takes_the_code_of_a_published_one(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    publish(session)
    officer_client.post_page(f"{HERE}/begin")
    fill(officer_client, f"{HERE}/questions/heard", **{"options-1-remove": "y", "options-2-label": "No idea"})
    fill(officer_client, f"{HERE}/questions/heard", **{"options-2-label": "No"})
    codes = [option["code"] for option in questions(session)[0]["options"]]
    assert codes == ["yes", "no_idea", "no_2"]


def test_the_code_of_a_question_is_free_until_it_is_published(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    fill(officer_client, f"{HERE}/questions/heard", code="noise_heard")
    assert questions(session)[0]["code"] == "noise_heard"
    for wrong in ("what", "Not OK", "ticket", "x" * 41):
        page = fill(officer_client, f"{HERE}/questions/noise_heard", status=422, code=wrong)
        assert page.field("code").get("value") == wrong
    publish(session)
    officer_client.post_page(f"{HERE}/begin")
    page = officer_client.get_page(f"{HERE}/questions/noise_heard")
    assert not page.all("input", name="code")
    fill(officer_client, f"{HERE}/questions/noise_heard", code="renamed")
    assert questions(session)[0]["code"] == "noise_heard"


def test_a_removed_questions_code_is_not_given_again(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    publish(session)
    officer_client.post_page(f"{HERE}/begin")
    fill(officer_client, f"{HERE}/questions/what/remove")
    fill(officer_client, f"{HERE}/pages/two/questions/new/long_text", label="What?")
    assert questions(session)[-1]["code"] == "what_2"


def test_a_question_of_place_begins_with_every_borough(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    with transaction(session):
        make_area(session, code="E09000032", name="Wandsworth", short_name="Wns", tile_row=4)
    fill(officer_client, f"{HERE}/pages/two/questions/new/area")
    added = definition(session)["pages"][1]["questions"][1]
    assert added["label"] == "Where in London do you live?"
    assert {"code": "E09000032", "label": "Wandsworth"} in added["options"]


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("one_choice", {"label": ""}, "Write the question."),
        ("one_choice", {"label": "x" * 10_000}, "Shorten this to 500 characters or fewer."),
        ("one_choice", {"label": "Which?"}, "Write at least one."),
        ("one_choice", {"label": ""}, "Write at least one."),
        (
            "one_choice",
            {"label": "Which?", "options-0-hint": "Only a hint"},
            "Row 1: Write a label, or tick “Remove”.",
        ),
        (
            "one_choice",
            {"label": "Which?", "options-0-label": "A", "options-1-label": "a"},
            "Row 2: “a” is there already.",
        ),
        ("one_choice", {"label": "Which?", "options-0-label": "A" * 10_000}, "Row 1: Shorten the label"),
        (
            "one_choice",
            {"label": "Which?", "options-0-label": "A", "options-0-order": "first"},
            "Row 1: Write the place as a whole number",
        ),
        (
            "one_choice",
            {"label": "Which?", "options_paste": "\n".join(f"Option {n}" for n in range(300))},
            "There are 300.",
        ),
        ("scale", {"label": "How far?", "low": "many"}, "Enter a whole number, such as 3."),
        ("scale", {"label": "How far?", "low": "9" * 5_000}, "Shorten this"),
        ("scale", {"label": "How far?", "low": "5", "high": "1"}, "“The highest number” is 1"),
        ("several_choices", {"label": "Which?", "options-0-label": "A", "none_of": "B"}, "No answer above"),
        ("date", {"label": "When?", "earliest": "2027-02-31"}, "Not a valid date value."),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_what_was_typed(
    session: Session,
    draft: None,
    officer_client: PageClient,
    kind: str,
    typed: dict[str, str],
    sentence: str,
) -> None:
    page = fill(officer_client, f"{HERE}/pages/two/questions/new/{kind}", status=422, **typed)
    assert sentence in page.main
    assert page.field("label").get("value") == typed["label"]
    assert definition(session) == DEFINITION


def test_the_kinds_are_offered_by_name(draft: None, officer_client: PageClient) -> None:
    page = officer_client.get_page(f"{HERE}/pages/two/questions/new")
    for kind in KINDS.values():
        assert f"{kind.name} {kind.what}" in page.main


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_asked(
    session: Session, draft: None, officer_client: PageClient, kind: str
) -> None:
    url = f"{HERE}/pages/two/questions/new/{kind}"
    typed = {"label": "What, exactly?"}
    for name in ("options", "rows"):
        if officer_client.get_page(url).all("textarea", name=f"{name}_paste"):
            typed[f"{name}_paste"] = "First\nSecond\nThird"
    if kind == "organisation":
        assert officer_client.get_page(url).field("name_label").get("value") == "Name of the organisation"
    page = fill(officer_client, url, **typed)
    assert page.h1 == "Noise"
    added = definition(session)["pages"][1]["questions"][1]
    assert (added["kind"], added["label"]) == (kind, "What, exactly?")
    page = fill(officer_client, f"{HERE}/questions/{added['code']}", label="Exactly what?")
    assert definition(session)["pages"][1]["questions"][1] == added | {"label": "Exactly what?"}


def test_the_answer_that_excludes_the_others_is_named_by_its_words(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    typed = {"label": "Which?", "options_paste": "Cars\nDogs\nNone of these", "none_of": "none of these"}
    fill(officer_client, f"{HERE}/pages/two/questions/new/several_choices", **typed)
    assert definition(session)["pages"][1]["questions"][1]["none_of"] == "none_of_these"
    page = officer_client.get_page(f"{HERE}/questions/which")
    assert page.field("none_of").get("value") == "None of these"


def test_a_list_of_priorities_begins_as_the_framework_has_it(
    session: Session, officer_client: PageClient
) -> None:
    with transaction(session):
        framework = service.load_framework(session, shipped.read_json(shipped.FRAMEWORK))
    fill(officer_client, f"{LIST}new", title="Yours", framework=str(framework.id))
    fill(officer_client, f"{LIST}yours/pages/start/questions/new/priorities_list", label="Yours?")
    options = definition(session, "yours")["pages"][0]["questions"][0]["options"]
    wanted = [(one["code"], one["label"]) for one in shipped.read_json(shipped.FRAMEWORK)["priorities"]]
    assert [(option["code"], option["label"]) for option in options] == wanted


def test_questions_are_moved_over_the_edge_of_a_page_and_removed(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    for code, way in (("nights", "down"), ("heard", "up"), ("what", "up"), ("what", "up")):
        officer_client.post_page(
            f"{HERE}/questions/{code}/move", {"move": way, "revision": revision(session)}
        )
    order = [[one["code"] for one in page["questions"]] for page in definition(session)["pages"]]
    assert order == [["heard", "what"], ["nights"]]
    fill(officer_client, f"{HERE}/questions/nights", page="one")
    fill(officer_client, f"{HERE}/questions/heard/remove")
    order = [[one["code"] for one in page["questions"]] for page in definition(session)["pages"]]
    assert order == [["what", "nights"], []]


def test_the_second_of_two_officers_is_told_and_keeps_what_was_typed(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    seen = officer_client.get_page(f"{HERE}/questions/what")
    theirs = edits.change_question(
        DEFINITION, "what", DEFINITION["pages"][1]["questions"][0] | {"label": "Theirs"}
    )
    with transaction(session):
        drafts.change(session, actor="Ada", now=NOW, code="noise", revision=1, definition=theirs)
    page = officer_client.submit(seen, {"label": "Mine"}, status=422)
    assert "Somebody changed this questionnaire after you opened this page." in page.main
    assert page.field("label").get("value") == "Mine"
    assert questions(session)[-1]["label"] == "Theirs"
    officer_client.submit(page)
    assert questions(session)[-1]["label"] == "Mine"
