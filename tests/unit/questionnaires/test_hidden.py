"""Whatever the kind, an answer that routing hides is never kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.questionnaires.definitions import Definition, follow, parse
from engage.questionnaires.kinds import KINDS
from tests.factories.questionnaires import Json, all_valid_fields, question_data

DECIDES = {
    "code": "deciding",
    "kind": "one_choice",
    "label": "Shall we ask?",
    "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}],
}
CONDITION = {"question": "deciding", "has": "yes"}


def asking(question: Json, place: str) -> Definition:
    """Return a form that asks it of some only: by a condition on the question, or on its page."""
    hidden: dict[str, Any] = {"code": "hidden", "title": "Hidden", "questions": [question]}
    if place == "page":
        hidden["shown_if"] = CONDITION
    else:
        question["shown_if"] = CONDITION
    first = {"code": "first", "title": "First", "questions": [DECIDES]}
    return parse({"title": "T", "minutes": 1, "pages": [first, hidden]})


@pytest.mark.parametrize("place", ["page", "question"])
@pytest.mark.parametrize("kind", sorted(kind for kind, each in KINDS.items() if each.asks))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_an_answer_hidden_by_routing_is_never_kept(kind: str, place: str, data: st.DataObject) -> None:
    definition = asking(data.draw(question_data("asked", kind)), place)
    sent = data.draw(all_valid_fields(definition))
    shown = follow(definition, sent | {"deciding": ["yes"]}, 0)
    hidden = follow(definition, sent | {"deciding": ["no"]}, 0)
    assert shown.step("hidden") is not None
    assert hidden.step("hidden") is None
    assert dict(hidden.kept) == {"deciding": {"chosen": "no"}}
    assert hidden.unfinished is None
