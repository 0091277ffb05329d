"""Questionnaires, as officers build them in a browser without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.database import transaction
from engage.questionnaires import drafts, edits, service, shipped
from engage.questionnaires.definitions import parse
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.queries import find_questionnaire
from engage.questionnaires.templates_shipped import Template, shipped_templates
from tests.factories.boroughs import make_area
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page

NOW = datetime(2027, 5, 4, 9, 30, tzinfo=UTC)
LIST = "/officer/questionnaires/"
HERE = "/officer/questionnaires/noise"
DEFINITION: dict[str, Any] = {
    "title": "Noise",
    "intro": "",
    "minutes": 3,
    "pages": [
        {
            "code": "one",
            "title": "Where you are",
            "questions": [
                {
                    "code": "heard",
                    "kind": "one_choice",
                    "label": "Have you heard noise at night?",
                    "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}],
                },
                {"code": "nights", "kind": "number", "label": "On how many nights?", "required": False},
            ],
        },
        {
            "code": "two",
            "title": "What you heard",
            "questions": [{"code": "what", "kind": "long_text", "label": "What was it?"}],
        },
    ],
}


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def draft(session: Session) -> None:
    for code, title in (("noise", "Noise"), ("untouched", "Untouched")):
        with transaction(session):
            drafts.start(
                session,
                actor="Ada",
                now=NOW,
                code=code,
                title=title,
                framework_id=None,
                definition=DEFINITION,
            )


def definition(session: Session, code: str = "noise") -> dict[str, Any]:
    session.rollback()
    found = drafts.get_draft(session, code).definition
    parse(found)
    return found


def questions(session: Session) -> list[dict[str, Any]]:
    return [question for page in definition(session)["pages"] for question in page.get("questions", [])]


def revision(session: Session) -> str:
    session.rollback()
    return str(drafts.get_draft(session, "noise").revision)


def publish(session: Session) -> None:
    with transaction(session):
        drafts.publish_draft(
            session, actor="Ada", now=NOW, code="noise", revision=int(revision(session)), note=""
        )


def fill(client: PageClient, url: str, **typed: Any) -> Page:
    """Fetch a form, type into it, and send it."""
    status = typed.pop("status", 200)
    return client.submit(client.get_page(url), typed, status=status)


def test_the_list_says_what_is_published_and_what_is_written(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    publish(session)
    page = officer_client.get_page(LIST)
    assert "Noise Version 1, 4 May 2027 None Copy Noise" in page.main
    assert "Untouched Not yet Draft Ada, 4 May 2027" in page.main


def test_an_officer_begins_from_nothing(session: Session, officer_client: PageClient) -> None:
    page = fill(officer_client, f"{LIST}new", title="Litter in parks")
    assert page.h1 == "Litter in parks"
    assert "Nothing is published yet." in page.main
    found = drafts.get_draft(session, "litter-in-parks")
    assert found.definition["title"] == "Litter in parks"
    assert found.edited_by == officer_client.person.label  # type: ignore[union-attr]
    assert "We" in found.privacy_notice


def test_a_copy_has_its_own_name_and_its_own_draft(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    publish(session)
    fill(officer_client, f"{LIST}new", title="Noise again", begins_from="copy:noise")
    copy = definition(session, "noise-again")
    assert [page["code"] for page in copy["pages"]] == ["one", "two"]
    assert copy["title"] == "Noise again"
    assert drafts.find_draft(session, "noise") is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": " "}, "Enter a title."),
        ({"title": "x" * 10_000}, "Shorten this to 200 characters or fewer."),
        ({"title": "Noise"}, "There is a questionnaire called “noise” already."),
        ({"title": "New"}, "There is a questionnaire called “new” already."),
        ({"title": "Quiet", "code": "Not OK!"}, "Use lower-case letters"),
        ({"title": "Quiet", "begins_from": "copy:unheard"}, "Not a valid choice"),
        ({"title": "Quiet", "framework": "999"}, "Not a valid choice"),
    ],
)
def test_a_beginning_that_cannot_be_is_refused_with_what_was_typed(
    draft: None, officer_client: PageClient, typed: dict[str, str], sentence: str
) -> None:
    page = fill(officer_client, f"{LIST}new", status=422, **typed)
    assert sentence in page.main
    assert page.field("title").get("value") == typed["title"].strip()


def test_the_next_version_is_written_beside_the_one_in_use(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    publish(session)
    page = officer_client.get_page(HERE)
    assert "Published on 4 May 2027." in page.main
    page = officer_client.post_page(f"{HERE}/begin")
    assert "Version 1 stays as it is until you publish this." in page.main
    assert definition(session) == DEFINITION


def test_a_draft_is_discarded_only_when_confirmed(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    officer_client.get_page(f"{HERE}/discard")
    assert definition(session) == DEFINITION
    page = fill(officer_client, f"{HERE}/discard")
    assert page.h1 == "Questionnaires"
    session.rollback()
    assert find_questionnaire(session, "noise") is None
    assert find_questionnaire(session, "untouched") is not None


def test_the_words_before_the_first_page_are_changed(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    fill(
        officer_client, f"{HERE}/about", title="Night noise", intro="Tell us.", minutes="4", name="Noise 2027"
    )
    found = drafts.get_draft(session, "noise")
    assert (found.title, found.definition["title"]) == ("Noise 2027", "Night noise")
    assert (found.definition["intro"], found.definition["minutes"]) == ("Tell us.", 4)
    page = fill(officer_client, f"{HERE}/about", status=422, minutes="soon", intro="Kept")
    assert "Enter a whole number of minutes from 1 to 120." in page.main
    assert "".join(page.field("intro").itertext()).strip() == "Kept"


def test_the_privacy_notice_is_changed(session: Session, draft: None, officer_client: PageClient) -> None:
    fill(officer_client, f"{HERE}/privacy", privacy_notice="We keep nothing.\r\nAsk us.")
    assert drafts.get_draft(session, "noise").privacy_notice == "We keep nothing.\nAsk us."
    fill(officer_client, f"{HERE}/privacy", status=422, privacy_notice="x" * 20_001)


def test_pages_are_added_changed_moved_and_removed(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    fill(officer_client, f"{HERE}/pages/new", title="Not for you", intro="Thank you.", use="exit")
    fill(officer_client, f"{HERE}/pages/new", title="Last", intro="", use="ask")
    codes = [page["code"] for page in definition(session)["pages"]]
    assert codes == ["one", "two", "not_for_you", "last"]
    assert definition(session)["pages"][2]["exit"] is True
    fill(officer_client, f"{HERE}/pages/last", title="The end")
    assert definition(session)["pages"][3]["title"] == "The end"
    move = {"move": "up", "revision": revision(session)}
    officer_client.post_page(f"{HERE}/pages/last/move", move)
    assert [page["code"] for page in definition(session)["pages"]] == ["one", "two", "last", "not_for_you"]
    page = officer_client.get_page(f"{HERE}/pages/one/remove")
    assert "These 2 questions go with it:" in page.main
    assert len(definition(session)["pages"]) == 4
    officer_client.submit(page)
    assert [page["code"] for page in definition(session)["pages"]] == ["two", "last", "not_for_you"]


def test_the_only_page_stays(session: Session, draft: None, officer_client: PageClient) -> None:
    fill(officer_client, f"{HERE}/pages/two/remove")
    page = fill(officer_client, f"{HERE}/pages/one/remove", status=422)
    assert "keeps at least one page" in page.main
    assert [page["code"] for page in definition(session)["pages"]] == ["one"]


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


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("one_choice", {"label": ""}, "Write the question."),
        ("one_choice", {"label": "x" * 10_000}, "Shorten this to 500 characters or fewer."),
        ("one_choice", {"label": "Which?"}, "Write at least one."),
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


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: template.code)
def test_every_template_can_be_begun_from(
    session: Session, officer_client: PageClient, template: Template
) -> None:
    page = fill(officer_client, f"{LIST}new", title="Ours", begins_from=f"template:{template.code}")
    assert page.h1 == "Ours"
    assert "Nothing keeps it from being published." in page.main
    assert definition(session, "ours") == template.definition | {"title": "Ours"}


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


def test_questions_are_spread_over_pages_and_gathered_again(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    fill(officer_client, f"{HERE}/arrange", arrangement="each")
    assert [len(page["questions"]) for page in definition(session)["pages"]] == [1, 1, 1]
    fill(officer_client, f"{HERE}/arrange", arrangement="one")
    assert [one["code"] for one in questions(session)] == ["heard", "nights", "what"]
    assert len(definition(session)["pages"]) == 1
    fill(officer_client, f"{HERE}/arrange", status=422)


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


def test_moving_what_somebody_else_has_moved_shows_how_it_stands(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    page = officer_client.post_page(f"{HERE}/pages/two/move", {"move": "up", "revision": "7"}, status=422)
    assert "Somebody changed this questionnaire" in page.main
    assert definition(session) == DEFINITION


def test_pressing_twice_adds_once(session: Session, draft: None, officer_client: PageClient) -> None:
    seen = officer_client.get_page(f"{HERE}/pages/two/questions/new/long_text")
    for _ in range(2):
        page = officer_client.submit(seen, {"label": "Anything else?"})
        assert page.h1 == "Noise"
    assert [one["code"] for one in questions(session)] == ["heard", "nights", "what", "anything_else"]
    seen = officer_client.get_page(f"{HERE}/pages/new")
    for _ in range(2):
        officer_client.submit(seen, {"title": "More"})
    assert [page["code"] for page in definition(session)["pages"]] == ["one", "two", "more"]


def test_a_question_is_shown_after_certain_answers(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    url = f"{HERE}/questions/what/conditions"
    fill(officer_client, url, **{"groups-0-rows-0-fact": "heard|=yes"})
    assert questions(session)[-1]["shown_if"] == {"question": "heard", "has": "yes"}
    typed = {
        "groups-0-rows-1-fact": "nights|at_least",
        "groups-0-rows-1-number": "3",
        "groups-0-join": "any",
        "groups-1-rows-0-fact": "nights|answered",
        "groups-1-rows-0-holds": "no",
    }
    page = fill(officer_client, url, **typed)
    assert questions(session)[-1]["shown_if"] == {
        "all": [
            {"any": [{"question": "heard", "has": "yes"}, {"question": "nights", "at_least": 3}]},
            {"not": {"question": "nights", "answered": True}},
        ]
    }
    assert "Shown only if" in page.main
    page = officer_client.get_page(url)
    before = questions(session)[-1]["shown_if"]
    officer_client.submit(page)
    assert questions(session)[-1]["shown_if"] == before
    empty = {name: "" for name in page.form_values() if name.endswith(("-fact", "-number"))}
    officer_client.submit(page, empty | {"revision": revision(session)})
    assert "shown_if" not in questions(session)[-1]


def test_a_page_is_shown_after_certain_answers(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    fill(officer_client, f"{HERE}/pages/two/conditions", **{"groups-0-rows-0-fact": "heard|=yes"})
    assert definition(session)["pages"][1]["shown_if"] == {"question": "heard", "has": "yes"}
    page = officer_client.get_page(f"{HERE}/pages/one/conditions")
    assert "Nothing is asked on the pages before" in page.main


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"groups-0-rows-0-fact": "heard|=unheard"}, "cannot be given any more"),
        ({"groups-0-rows-0-fact": "what|answered"}, "cannot be given any more"),
        ({"groups-0-rows-0-fact": "nights|at_least"}, "Write the number beside the answer"),
        (
            {"groups-0-rows-0-fact": "nights|at_least", "groups-0-rows-0-number": "nan"},
            "Write the number beside the answer",
        ),
        ({"groups-0-rows-0-number": "3"}, "Choose the answer that the number is about."),
    ],
)
def test_a_condition_that_says_nothing_is_refused(
    session: Session, draft: None, officer_client: PageClient, typed: dict[str, str], sentence: str
) -> None:
    page = fill(officer_client, f"{HERE}/pages/two/conditions", status=422, **typed)
    assert sentence in page.main
    assert definition(session) == DEFINITION


def test_a_condition_too_deep_for_rows_stays_until_it_is_replaced(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    leaf = {"question": "heard", "has": "yes"}
    deep = {"any": [{"all": [leaf, {"any": [leaf, {"not": {"all": [leaf, leaf]}}]}]}, leaf]}
    after = definition(session)
    after["pages"][1]["shown_if"] = deep
    with transaction(session):
        drafts.change(session, actor="Ada", now=NOW, code="noise", revision=1, definition=after)
    page = officer_client.get_page(f"{HERE}/pages/two/conditions")
    assert "nested deeper than can be built here" in page.main
    officer_client.submit(page)
    assert definition(session)["pages"][1]["shown_if"] == deep
    officer_client.submit(officer_client.get_page(f"{HERE}/pages/two/conditions"), {"always": "yes"})
    assert "shown_if" not in definition(session)["pages"][1]
    fill(officer_client, f"{HERE}/pages/two/conditions", **{"groups-0-rows-0-fact": "heard|=no"})
    assert definition(session)["pages"][1]["shown_if"] == {"question": "heard", "has": "no"}


@pytest.mark.parametrize(
    "address",
    [
        f"{LIST}unheard",
        f"{LIST}unheard/about",
        f"{HERE}/pages/unheard",
        f"{HERE}/pages/unheard/remove",
        f"{HERE}/pages/unheard/conditions",
        f"{HERE}/pages/unheard/questions/new",
        f"{HERE}/pages/two/questions/new/unheard",
        f"{HERE}/questions/unheard",
        f"{HERE}/questions/unheard/remove",
        f"{HERE}/questions/unheard/conditions",
    ],
)
def test_what_is_not_there_is_not_found(draft: None, officer_client: PageClient, address: str) -> None:
    officer_client.get_page(address, status=404)


def test_a_form_without_a_sensible_revision_changes_nothing(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    for sent in ("", "-1", "9" * 5_000, "one", "²"):
        officer_client.post_page(f"{HERE}/pages/two", {"title": "X", "revision": sent}, status=422)
    assert definition(session) == DEFINITION


def test_what_officers_typed_stays_text(session: Session, draft: None, officer_client: PageClient) -> None:
    fill(officer_client, f"{HERE}/questions/what", label="<script>alert(1)</script>", hint="a\x00b")
    page = officer_client.get_page(HERE)
    assert "<script>alert(1)</script>" in page.main
    assert questions(session)[-1]["hint"] == "ab"


def test_a_question_of_place_begins_with_every_borough(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    with transaction(session):
        make_area(session, code="E09000032", name="Wandsworth", short_name="Wns", tile_row=4)
    fill(officer_client, f"{HERE}/pages/two/questions/new/area")
    added = definition(session)["pages"][1]["questions"][1]
    assert added["label"] == "Where in London do you live?"
    assert {"code": "E09000032", "label": "Wandsworth"} in added["options"]
