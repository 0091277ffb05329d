"""A stored response comes back on the form it was sent on, and nothing else does."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.questionnaires.definitions import follow, parse
from engage.responses.progress import fields_of, unfinished, way
from engage.responses.refilling import refilled, rotation_of
from tests.factories.answers import all_valid_fields
from tests.factories.questionnaires import definitions, shipped_definition

YES_NO = [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]


def question(code: str, kind: str = "long_text", **settings: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "label": code} | settings


def page(code: str, *questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "title": code, "questions": list(questions)} | more


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_any_questionnaire_keeps_comes_back_and_reads_as_the_same_answers(data: st.DataObject) -> None:
    definition = parse(data.draw(definitions()))
    rotation = data.draw(st.integers(0, definition.rotations - 1))
    kept = follow(definition, data.draw(all_valid_fields(definition)), rotation).kept
    written = refilled(definition, kept)
    again = follow(definition, fields_of(written), rotation_of(kept))
    assert again.kept == kept
    if not again.exits:
        assert unfinished(way(definition, written, rotation_of(kept)), written) is None


def test_a_page_that_was_never_shown_is_still_to_be_written_when_a_change_leads_to_it() -> None:
    definition = parse(
        {
            "title": "Routes",
            "minutes": 1,
            "pages": [
                page("first", question("drives", "one_choice", options=YES_NO)),
                page("cars", question("car"), shown_if={"question": "drives", "has": "yes"}),
                page("last", question("else", required=False)),
            ],
        }
    )
    written = refilled(definition, {"drives": {"chosen": "no"}})
    assert written == {"first": {"drives": ["no"]}, "last": {}}
    changed = {**written, "first": {"drives": ["yes"]}}
    step = unfinished(way(definition, changed, 0), changed)
    assert step
    assert step.page.code == "cars"


def test_the_order_of_the_list_is_the_one_it_was_answered_in() -> None:
    postcard = shipped_definition("postcard")
    kept = follow(postcard, {"priorities": ["asb"], "area": ["outside"]}, 5).kept
    assert rotation_of(kept) == 5
    assert rotation_of({}) == 0
