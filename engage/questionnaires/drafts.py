"""The draft of a questionnaire's next version: begun, changed by one officer at a time, published or dropped.

Nobody answers a draft, and a version that people answer is never touched by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from engage.audit.service import record
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import parse
from engage.questionnaires.models import Questionnaire, QuestionnaireDraft, QuestionnaireVersion
from engage.questionnaires.publishable import bars
from engage.questionnaires.queries import find_questionnaire, newest_version
from engage.questionnaires.service import publish

RESERVED = frozenset({"new", "import", "bank", "templates"})
STALE = lazy(
    "Somebody changed this questionnaire after you opened this page. Look at what follows, then save again."
)
STALE_OWN = lazy(
    "You have changed this questionnaire since: you pressed twice, or in another window. "
    "Look at what follows, then save again if you still want to."
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it stands. `definition` is a copy in JSON, free to be changed and handed back."""

    questionnaire_id: int
    code: str
    title: str
    framework_id: int | None
    definition: dict[str, Any]
    privacy_notice: str
    revision: int
    edited_by: str
    edited_at: datetime


def get_draft(session: Session, code: str) -> Drafted:
    """Return the draft of the questionnaire with this code; raises NoResultFound where there is none."""
    return _drafted(session.execute(_drafts(code)).one())


def find_draft(session: Session, code: str) -> Drafted | None:
    """Return the draft of the questionnaire with this code, or None."""
    row = session.execute(_drafts(code)).one_or_none()
    return None if row is None else _drafted(row)


def start(
    session: Session,
    *,
    actor: str,
    now: datetime,
    code: str,
    title: str,
    framework_id: int | None,
    definition: Mapping[str, Any],
    privacy_notice: str = "",
) -> None:
    """Add a questionnaire with a first draft.

    Raises `Refused` where the code is taken, and `DefinitionError` where nothing is described.
    """
    parse(definition)
    if code in RESERVED or find_questionnaire(session, code) is not None:
        taken = lazy("There is a questionnaire called “%(code)s” already. Choose another name.", code=code)
        raise Refused(taken, "code")
    questionnaire = Questionnaire(code=code, title=title, framework_id=framework_id)
    session.add(questionnaire)
    session.flush()
    _add_draft(session, questionnaire, actor, now, definition, privacy_notice)
    _note(session, actor, now, code, action="questionnaire.started")


def begin_from_live(session: Session, *, actor: str, now: datetime, code: str) -> None:
    """Begin a draft from the newest published version; a draft that is there already stays as it is.

    Raises NoResultFound for an unknown questionnaire, and `Refused` where nothing has been published.
    """
    questionnaire = session.execute(
        select(Questionnaire).where(Questionnaire.code == code).with_for_update()
    ).scalar_one()
    if session.get(QuestionnaireDraft, questionnaire.id) is not None:
        return
    newest = newest_version(session, questionnaire.id)
    if newest is None:
        raise Refused(lazy("Nothing has been published that a draft could begin from."))
    _add_draft(session, questionnaire, actor, now, newest.definition, newest.privacy_notice)
    _note(
        session, actor, now, code, action="questionnaire.draft_begun", details={"from_version": newest.number}
    )


def change(
    session: Session,
    *,
    actor: str,
    now: datetime,
    code: str,
    revision: int,
    definition: Mapping[str, Any] | None = None,
    privacy_notice: str | None = None,
    title: str | None = None,
) -> int:
    """Change what is given of the draft, and return its new revision; where nothing changes, the one it has.

    Raises `Refused` where the draft is no longer at `revision`, `DefinitionError` where the definition
    describes no questionnaire, and NoResultFound where there is no draft.
    """
    questionnaire, draft = _hold(session, code)
    after = draft.definition if definition is None else definition
    notice = draft.privacy_notice if privacy_notice is None else privacy_notice
    name = questionnaire.title if title is None else title
    if (after, notice, name) == (draft.definition, draft.privacy_notice, questionnaire.title):
        return draft.revision
    _refuse_stale(draft, revision, actor)
    parse(after)
    details = changes(draft.definition, after)
    draft.definition, draft.privacy_notice, questionnaire.title = deepcopy(dict(after)), notice, name
    draft.revision, draft.edited_by, draft.edited_at = draft.revision + 1, actor, now
    session.flush()
    _note(
        session,
        actor,
        now,
        code,
        action="questionnaire.draft_changed",
        details={"revision": draft.revision} | details,
    )
    return draft.revision


def discard(session: Session, *, actor: str, now: datetime, code: str, revision: int) -> None:
    """Drop the draft, and with it a questionnaire that has never been published.

    Raises `Refused` where the draft is no longer at `revision`, NoResultFound where there is no draft.
    """
    questionnaire, draft = _hold(session, code)
    _refuse_stale(draft, revision, actor)
    session.delete(draft)
    session.flush()
    if newest_version(session, questionnaire.id) is None:
        session.delete(questionnaire)
        session.flush()
    _note(
        session,
        actor,
        now,
        code,
        action="questionnaire.draft_discarded",
        details={"revision": draft.revision},
    )


def publish_draft(
    session: Session, *, actor: str, now: datetime, code: str, revision: int, note: str
) -> QuestionnaireVersion:
    """Publish the draft as the next version, and return that; the draft is gone.

    Raises `Refused` where the draft is no longer at `revision`, where something keeps it from being published
    and where nothing differs from what is published; NoResultFound where there is no draft.
    """
    questionnaire, draft = _hold(session, code)
    _refuse_stale(draft, revision, actor)
    faults = bars(session, code, parse(draft.definition))
    if faults:
        raise Refused(faults[0].sentence)
    newest = newest_version(session, questionnaire.id)
    version = publish(
        session,
        actor=actor,
        now=now,
        questionnaire=questionnaire,
        definition=draft.definition,
        privacy_notice=draft.privacy_notice,
        note=note,
    )
    if newest is not None and version.id == newest.id:
        raise Refused(lazy("This draft is the same as version %(number)s.", number=newest.number))
    session.delete(draft)
    session.flush()
    return version


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the codes of the questions added, removed and reworded between two definitions, for the log."""
    old, new = (
        {question["code"]: question for page in one["pages"] for question in page.get("questions", ())}
        for one in (before, after)
    )
    found = {
        "added": sorted(new.keys() - old.keys()),
        "removed": sorted(old.keys() - new.keys()),
        "reworded": sorted(code for code in new.keys() & old.keys() if new[code] != old[code]),
    }
    return {what: codes for what, codes in found.items() if codes}


def _drafts(code: str) -> Select[Questionnaire, QuestionnaireDraft]:
    return (
        select(Questionnaire, QuestionnaireDraft)
        .join(QuestionnaireDraft, QuestionnaireDraft.questionnaire_id == Questionnaire.id)
        .where(Questionnaire.code == code)
    )


def _hold(session: Session, code: str) -> tuple[Questionnaire, QuestionnaireDraft]:
    """Return the questionnaire and its draft as they are now; nobody else changes them until the commit."""
    held = session.execute(_drafts(code).with_for_update().execution_options(populate_existing=True)).one()
    return held[0], held[1]


def _refuse_stale(draft: QuestionnaireDraft, revision: int, actor: str) -> None:
    if draft.revision != revision:
        raise Refused(STALE_OWN if draft.edited_by == actor else STALE)


def _drafted(row: Row[Questionnaire, QuestionnaireDraft]) -> Drafted:
    questionnaire, draft = row[0], row[1]
    return Drafted(
        questionnaire.id,
        questionnaire.code,
        questionnaire.title,
        questionnaire.framework_id,
        deepcopy(draft.definition),
        draft.privacy_notice,
        draft.revision,
        draft.edited_by,
        draft.edited_at,
    )


def _add_draft(
    session: Session,
    questionnaire: Questionnaire,
    actor: str,
    now: datetime,
    definition: Mapping[str, Any],
    privacy_notice: str,
) -> None:
    session.add(
        QuestionnaireDraft(
            questionnaire_id=questionnaire.id,
            definition=deepcopy(dict(definition)),
            privacy_notice=privacy_notice,
            edited_by=actor,
            edited_at=now,
        )
    )
    session.flush()


def _note(
    session: Session,
    actor: str,
    now: datetime,
    code: str,
    *,
    action: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    record(session, actor=actor, action=action, subject=f"questionnaire:{code}", at=now, details=details)
