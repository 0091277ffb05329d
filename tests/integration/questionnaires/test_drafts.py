"""Drafts: one beside whatever is published, changed by one officer at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.database import transaction
from engage.foundations.refusals import Refused
from engage.questionnaires import drafts, service
from engage.questionnaires.kinds.base import DefinitionError
from engage.questionnaires.models import Questionnaire
from engage.questionnaires.queries import find_questionnaire, newest_version

NOW = datetime(2027, 5, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def definition(*labels: str) -> dict[str, Any]:
    questions = [
        {"code": f"q{place}", "kind": "long_text", "label": label} for place, label in enumerate(labels, 1)
    ]
    return {
        "title": "Noise",
        "intro": "",
        "minutes": 2,
        "pages": [{"code": "only", "title": "Noise", "questions": questions}],
    }


def begin(session: Session, code: str = "noise", **options: Any) -> None:
    values: dict[str, Any] = {"title": "Noise", "framework_id": None, "definition": definition("What?")}
    with transaction(session):
        drafts.start(session, actor="Ada", now=NOW, code=code, **values | options)


def publish(session: Session, code: str = "noise") -> None:
    draft = drafts.get_draft(session, code)
    questionnaire = session.get_one(Questionnaire, draft.questionnaire_id)
    service.publish(
        session,
        actor="Ada",
        now=NOW,
        questionnaire=questionnaire,
        definition=draft.definition,
        privacy_notice=draft.privacy_notice,
    )


def change(session: Session, revision: int, **options: Any) -> int:
    values: dict[str, Any] = {"actor": "Bea", "now": LATER, "code": "noise"}
    with transaction(session):
        return drafts.change(session, revision=revision, **values | options)


def test_a_new_questionnaire_begins_as_a_draft(session: Session) -> None:
    begin(session, privacy_notice="We keep nothing.")
    draft = drafts.get_draft(session, "noise")
    assert (draft.title, draft.revision, draft.edited_by, draft.edited_at) == ("Noise", 1, "Ada", NOW)
    assert (draft.definition, draft.privacy_notice) == (definition("What?"), "We keep nothing.")
    assert newest_version(session, draft.questionnaire_id) is None


@pytest.mark.parametrize("code", ["noise", "new", "import"])
def test_a_name_that_is_taken_is_refused(session: Session, code: str) -> None:
    begin(session)
    with pytest.raises(Refused) as refusal:
        begin(session, code)
    assert refusal.value.field == "code"


def test_what_describes_nothing_is_no_draft(session: Session) -> None:
    begin(session)
    with pytest.raises(DefinitionError):
        begin(session, "empty", definition={"title": "Empty", "minutes": 1, "pages": []})
    with pytest.raises(DefinitionError):
        change(session, 1, definition={"title": "Empty", "minutes": 1, "pages": []})
    assert drafts.get_draft(session, "noise").revision == 1


def test_a_change_makes_the_next_revision_and_says_in_the_log_what_changed(session: Session) -> None:
    begin(session, definition=definition("What?", "Where?"))
    after = definition("What, and when?")
    after["pages"][0]["questions"].append({"code": "why", "kind": "long_text", "label": "Why?"})
    assert change(session, 1, definition=after, privacy_notice="Anonymous.", title="Noise at night") == 2
    draft = drafts.get_draft(session, "noise")
    assert (draft.definition, draft.privacy_notice, draft.title) == (after, "Anonymous.", "Noise at night")
    assert (draft.revision, draft.edited_by, draft.edited_at) == (2, "Bea", LATER)
    event = session.execute(
        select(AuditEvent).where(AuditEvent.action == "questionnaire.draft_changed")
    ).scalar_one()
    assert (event.actor, event.subject) == ("Bea", "questionnaire:noise")
    assert event.details == {"revision": 2, "added": ["why"], "removed": ["q2"], "reworded": ["q1"]}


def test_the_second_of_two_officers_is_told_and_changes_nothing(session: Session) -> None:
    begin(session)
    change(session, 1, definition=definition("Ada’s words"), actor="Ada")
    with pytest.raises(Refused, match="Somebody changed this questionnaire"):
        change(session, 1, definition=definition("Bea’s words"))
    with pytest.raises(Refused, match="You have changed this questionnaire"):
        change(session, 1, definition=definition("More of Ada’s words"), actor="Ada")
    draft = drafts.get_draft(session, "noise")
    assert (draft.revision, draft.definition) == (2, definition("Ada’s words"))


def test_the_same_change_sent_twice_is_made_once(session: Session) -> None:
    begin(session)
    assert change(session, 1, definition=definition("Again")) == 2
    assert change(session, 1, definition=definition("Again")) == 2


def test_changing_a_copy_changes_no_draft(session: Session) -> None:
    begin(session)
    copy = drafts.get_draft(session, "noise").definition
    copy["pages"][0]["questions"].clear()
    assert drafts.get_draft(session, "noise").definition == definition("What?")


def test_the_next_draft_begins_from_what_is_published(session: Session) -> None:
    begin(session, privacy_notice="Anonymous.")
    begin(session, "untouched")
    publish(session)
    with transaction(session):
        drafts.discard(session, actor="Ada", now=NOW, code="noise", revision=1)
    assert drafts.find_draft(session, "noise") is None
    with transaction(session):
        drafts.begin_from_live(session, actor="Bea", now=LATER, code="noise")
    draft = drafts.get_draft(session, "noise")
    assert (draft.definition, draft.privacy_notice) == (definition("What?"), "Anonymous.")
    change(session, 1, definition=definition("Changed"))
    with transaction(session):
        drafts.begin_from_live(session, actor="Bea", now=LATER, code="noise")
    assert drafts.get_draft(session, "noise").definition == definition("Changed")
    live = newest_version(session, draft.questionnaire_id)
    assert live is not None
    assert live.definition == definition("What?")


def test_what_was_never_published_begins_no_draft_and_goes_with_its_last_one(session: Session) -> None:
    begin(session)
    begin(session, "untouched")
    with pytest.raises(Refused), transaction(session):
        drafts.discard(session, actor="Ada", now=NOW, code="noise", revision=2)
    with transaction(session):
        drafts.discard(session, actor="Ada", now=NOW, code="noise", revision=1)
    assert find_questionnaire(session, "noise") is None
    assert find_questionnaire(session, "untouched") is not None


def test_publishing_ends_the_draft(session: Session) -> None:
    begin(session, privacy_notice="Anonymous.")
    begin(session, "untouched")
    with transaction(session):
        version = drafts.publish_draft(
            session, actor="Bea", now=LATER, code="noise", revision=1, note="The first."
        )
    assert (version.number, version.note, version.published_at) == (1, "The first.", LATER)
    assert (version.definition, version.privacy_notice) == (definition("What?"), "Anonymous.")
    assert drafts.find_draft(session, "noise") is None
    assert drafts.find_draft(session, "untouched") is not None


def test_a_draft_that_cannot_be_answered_is_not_published(session: Session) -> None:
    begin(session, definition=definition())
    with pytest.raises(Refused, match="asks nothing"), transaction(session):
        drafts.publish_draft(session, actor="Bea", now=LATER, code="noise", revision=1, note="")
    assert drafts.get_draft(session, "noise").revision == 1


def test_nothing_is_published_that_somebody_changed_meanwhile(session: Session) -> None:
    begin(session)
    change(session, 1, definition=definition("Changed"), actor="Ada")
    with pytest.raises(Refused, match="Somebody changed"), transaction(session):
        drafts.publish_draft(session, actor="Bea", now=LATER, code="noise", revision=1, note="")
    assert newest_version(session, drafts.get_draft(session, "noise").questionnaire_id) is None


def test_a_draft_that_differs_in_nothing_is_not_published(session: Session) -> None:
    begin(session)
    publish(session)
    with pytest.raises(Refused, match="same as version 1"), transaction(session):
        drafts.publish_draft(session, actor="Bea", now=LATER, code="noise", revision=1, note="")
    assert drafts.find_draft(session, "noise") is not None


def test_nothing_is_done_to_a_draft_that_is_not_there(session: Session) -> None:
    service.get_or_add_questionnaire(session, code="bare", title="Bare", framework_id=None)
    session.commit()
    with pytest.raises(NoResultFound):
        drafts.get_draft(session, "bare")
    with pytest.raises(NoResultFound):
        drafts.get_draft(session, "unheard")
    with pytest.raises(NoResultFound):
        drafts.begin_from_live(session, actor="Ada", now=NOW, code="unheard")
    with pytest.raises(Refused):
        drafts.begin_from_live(session, actor="Ada", now=NOW, code="bare")
