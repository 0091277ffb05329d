"""Questionnaires, as officers build them in a browser without scripts."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from engage.questionnaires import drafts
from engage.questionnaires.queries import find_questionnaire
from engage.questionnaires.templates_shipped import Template, shipped_templates
from tests.factories.drafts import (
    DEFINITION,
    HERE,
    LIST,
    definition,
    fill,
    publish,
    questions,
    revision,
)
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.usefixtures("at_that_time")


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


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: template.code)
def test_every_template_can_be_begun_from(
    session: Session, officer_client: PageClient, template: Template
) -> None:
    page = fill(officer_client, f"{LIST}new", title="Ours", begins_from=f"template:{template.code}")
    assert page.h1 == "Ours"
    assert "Nothing keeps it from being published." in page.main
    assert definition(session, "ours") == template.definition | {"title": "Ours"}


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


def test_questions_are_spread_over_pages_and_gathered_again(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    fill(officer_client, f"{HERE}/arrange", arrangement="each")
    assert [len(page["questions"]) for page in definition(session)["pages"]] == [1, 1, 1]
    fill(officer_client, f"{HERE}/arrange", arrangement="one")
    assert [one["code"] for one in questions(session)] == ["heard", "nights", "what"]
    assert len(definition(session)["pages"]) == 1
    fill(officer_client, f"{HERE}/arrange", status=422)


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
