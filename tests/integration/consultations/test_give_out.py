"""Which version of a questionnaire a consultation gives out, and that people are told what becomes of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations import queries, service
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.refusals import Refused
from engage.questionnaires.models import Questionnaire, QuestionnaireVersion
from engage.questionnaires.service import publish
from tests.factories.consultations import OFFICER, add_instrument, make_consultation
from tests.factories.timetable import BEFORE, DURING
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of

ROOM = "/officer/consultations/priorities"
ADDRESS = f"{ROOM}/questionnaires/night/give-out"
NIGHT: dict[str, Any] = {
    "title": "At night",
    "minutes": 1,
    "pages": [
        {
            "code": "night",
            "title": "At night",
            "questions": [{"code": "why", "kind": "long_text", "label": "What worries you?"}],
        }
    ],
}


def questionnaire(session: Session, code: str = "night") -> Questionnaire:
    made = Questionnaire(code=code, title=f"The {code} form", framework_id=None)
    session.add(made)
    session.flush()
    return made


def version_of(
    session: Session, made: Questionnaire, label: str, notice: str = "We keep no names."
) -> QuestionnaireVersion:
    definition = deepcopy(NIGHT)
    definition["pages"][0]["questions"][0]["label"] = label
    return publish(
        session,
        actor=OFFICER,
        now=BEFORE,
        questionnaire=made,
        definition=definition,
        privacy_notice=notice,
        note=f"Now: {label}",
    )


def asking(session: Session, state: State = State.OPEN) -> tuple[Consultation, Questionnaire]:
    """Return a consultation in which version 1 of a questionnaire was given out."""
    made = questionnaire(session)
    first = version_of(session, made, "What worries you?")
    consultation = make_consultation(session, instruments=0, slug="priorities")
    add_instrument(session, consultation, code="night", title="The night form", version_id=first.id)
    moves = {
        State.ANNOUNCED: service.announce,
        State.OPEN: service.open_consultation,
        State.CLOSED: service.close,
    }
    for reached, move in moves.items():
        if list(State).index(reached) <= list(State).index(state):
            move(session, actor=OFFICER, now=DURING, consultation_id=consultation.id)
    session.commit()
    return consultation, made


def give(session: Session, consultation: Consultation, version: QuestionnaireVersion) -> None:
    (asked,) = queries.asked(session, consultation.id)
    service.give_out(
        session,
        actor=OFFICER,
        now=DURING,
        consultation_id=consultation.id,
        instrument_id=asked.id,
        version_id=version.id,
    )


def test_a_newer_version_is_given_out_while_it_is_open(session: Session, officer_client: PageClient) -> None:
    consultation, made = asking(session)
    version_of(session, made, "What worries you most?")
    session.commit()
    with clock.stopped_at(DURING):
        page = officer_client.get_page(ROOM)
        assert "Version 1 is given out, version 2 is published." in page.main
        assert ADDRESS in {link.href for link in page.links}
        page = officer_client.get_page(ADDRESS)
        assert text_of(page.find("ins")) == "What worries you most?"
        assert "Now: What worries you most?" in page.main
        page = officer_client.submit(page)
    assert "Version 2 is given out from now on." in page.text
    assert ADDRESS not in {link.href for link in page.links}
    assert [(row.version, row.newest) for row in queries.asked(session, consultation.id)] == [(2, 2)]
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "consultation.version_given_out")
    ).one()
    assert event.details == {"instrument": "night", "from": 1, "to": 2}


def test_pressing_again_is_refused_in_a_sentence(session: Session, officer_client: PageClient) -> None:
    _, made = asking(session)
    version_of(session, made, "What worries you most?")
    session.commit()
    with clock.stopped_at(DURING):
        officer_client.post_page(ADDRESS)
        page = officer_client.post_page(ADDRESS, status=422)
        assert "Version 2 is given out already." in page.main
        assert "it is the newest that is published" in officer_client.get_page(ADDRESS).main


def test_only_a_newer_version_of_the_same_questionnaire_is_given_out(session: Session) -> None:
    consultation, made = asking(session)
    second = version_of(session, made, "What worries you most?")
    other = version_of(session, questionnaire(session, "other"), "Something else?")
    later = version_of(session, questionnaire(session, "third"), "A")
    later.published_at = None
    session.flush()
    for wrong in (other, later):
        with pytest.raises(Refused, match="newer published version"):
            give(session, consultation, wrong)
    give(session, consultation, second)
    with pytest.raises(Refused, match="newer published version"):
        give(session, consultation, session.get_one(QuestionnaireVersion, second.id - 1))


def test_nothing_is_given_out_once_nobody_can_answer(session: Session, officer_client: PageClient) -> None:
    consultation, made = asking(session, State.CLOSED)
    second = version_of(session, made, "What worries you most?")
    session.commit()
    with pytest.raises(Refused, match="nobody can answer"):
        give(session, consultation, second)
    session.rollback()
    assert ADDRESS not in {link.href for link in officer_client.get_page(ROOM).links}


def test_a_version_without_a_privacy_notice_is_not_given_out(session: Session) -> None:
    consultation, made = asking(session)
    with pytest.raises(Refused, match="no privacy notice"):
        give(session, consultation, version_of(session, made, "What?", notice=" "))


def test_it_does_not_open_with_a_version_that_has_no_privacy_notice(
    session: Session, officer_client: PageClient
) -> None:
    made = questionnaire(session)
    bare = version_of(session, made, "What worries you?", notice="")
    consultation = make_consultation(session, instruments=1, slug="priorities")
    add_instrument(session, consultation, code="night", title="The night form", version_id=bare.id)
    service.announce(session, actor=OFFICER, now=DURING, consultation_id=consultation.id)
    with pytest.raises(service.NotReady, match="privacy notice") as refusal:
        service.open_consultation(session, actor=OFFICER, now=DURING, consultation_id=consultation.id)
    assert [missing.code for missing in refusal.value.missing] == ["privacy_notice"]
    version_of(session, made, "What worries you?")
    session.commit()
    with clock.stopped_at(DURING):
        page = officer_client.get_page(ROOM)
        assert "No privacy notice" in text_of(page.find("tbody"))
        put_right = [link.href for link in page.links if link.text.startswith("Put it right")]
        assert put_right == [f"{ROOM}#questionnaires"]
        officer_client.post_page(f"{ROOM}/questionnaires/night/give-out")
        officer_client.submit(officer_client.get_page(f"{ROOM}/open"))
    session.rollback()
    assert queries.get_consultation(session, "priorities").state is State.OPEN


def test_a_questionnaire_that_is_not_of_this_consultation_is_not_found(
    session: Session, officer_client: PageClient
) -> None:
    asking(session)
    officer_client.get_page(f"{ROOM}/questionnaires/nothing/give-out", status=404)
