from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings

from engage.foundations.tables.broken import Broken
from engage.questionnaires.definitions import parse
from engage.questionnaires.exchange.own import read_own, write_own
from engage.questionnaires.templates_shipped import shipped_templates
from tests.factories.questionnaires import AREAS, definitions

FILE: dict[str, Any] = {
    "format": "engage-questionnaire",
    "format_version": 1,
    "code": "noise-at-night",
    "title": "Noise at night",
    "privacy_notice": "We keep little.",
    "definition": {
        "title": "Noise",
        "intro": "About noise",
        "minutes": 2,
        "pages": [
            {
                "code": "first",
                "title": "First",
                "questions": [
                    {
                        "code": "hears",
                        "kind": "one_choice",
                        "label": "Do you hear it?",
                        "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}],
                    }
                ],
            },
            {
                "code": "second",
                "title": "Second",
                "shown_if": {"question": "hears", "has": "yes"},
                "questions": [
                    {"code": "place", "kind": "area", "label": "Where?", "options": "areas"},
                    {"code": "many", "kind": "number", "label": "How often?", "least": 1, "most": None},
                ],
            },
        ],
    },
}
ABSENT = object()


def changed(path: str, value: Any) -> bytes:
    """Return the file with the element at `path` (like definition/pages/0) set, or taken out."""
    content = deepcopy(FILE)
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    here: Any = content
    for step in way:
        here = here[step]
    if value is ABSENT:
        del here[last]
    else:
        here[last] = value
    return json.dumps(content).encode()


def test_a_file_is_read_as_it_says() -> None:
    found = read_own(json.dumps(FILE).encode(), AREAS)
    assert (found.code, found.title, found.privacy_notice) == (
        "noise-at-night",
        "Noise at night",
        "We keep little.",
    )
    assert found.left_out == ()
    assert [item.where for item in found.taken] == [
        "pages[0].questions[0]",
        "pages[1].questions[0]",
        "pages[1].questions[1]",
    ]
    place = parse(found.definition).question("place")
    assert place is not None
    assert list(place.marks) == [area.code for area in AREAS]


@settings(max_examples=30, deadline=None)
@given(definitions())
def test_whatever_can_be_built_comes_back_as_it_was(built: dict[str, Any]) -> None:
    content = write_own(code="any", title="Any", privacy_notice="Notice", definition=built)
    assert read_own(content, AREAS).definition == built


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: str(template.code))
def test_what_ships_comes_back_as_it_was(template: Any) -> None:
    content = write_own(
        code=template.code, title=template.title, privacy_notice="", definition=template.definition
    )
    assert read_own(content, AREAS).definition == template.definition


QUESTION = "definition/pages/0/questions/0"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("format", "other", "no questionnaire of ours"),
        ("format_version", 2, "format_version is 2; we read 1"),
        ("format_version", "1", "format_version is not a whole number"),
        ("code", "Noise At Night", "code is not made of"),
        ("code", "a" * 71, "code is not made of"),
        ("title", " ", "title is blank"),
        ("title", ABSENT, "title is missing"),
        ("extra", 1, "extra is not part of the format"),
        ("definition", [], "definition is not an object"),
        ("definition/minutes", "2", "definition.minutes is not a whole number"),
        ("definition/pages", {}, "definition.pages is not a list"),
        ("definition/pages", [], "at least one page"),
        ("definition/pages/0", "page", "pages[0] is not an object"),
        ("definition/pages/0/title", ABSENT, "pages[0].title is missing"),
        ("definition/pages/0/titel", "x", "pages[0].titel is not part of the format"),
        ("definition/pages/1/code", "first", "pages[1].code “first” stands twice"),
        ("definition/pages/0/code", "First!", "pages[0].code is not lower-case"),
        ("definition/pages/1/shown_if", {"question": "hears"}, "pages[1].shown_if the condition on “hears”"),
        ("definition/pages/1/shown_if", "hears = yes", "pages[1].shown_if a condition is an object"),
        ("definition/pages/0/exit", True, "an exit page asks nothing"),
        (QUESTION, 1, "pages[0].questions[0] is not an object"),
        (f"{QUESTION}/kind", "oracle", "pages[0].questions[0].kind is not one of"),
        (f"{QUESTION}/kind", ["area"], "pages[0].questions[0].kind is not one of"),
        (f"{QUESTION}/label", ABSENT, "pages[0].questions[0].label is missing"),
        (f"{QUESTION}/label", " ", "pages[0].questions[0]: question hears: label is blank"),
        (f"{QUESTION}/label", "a\u0000b", "pages[0].questions[0].label has a character that cannot be kept"),
        (f"{QUESTION}/hint", "\ud800", "pages[0].questions[0].hint has a character that cannot be kept"),
        (f"{QUESTION}/required", "yes", "pages[0].questions[0].required is neither true nor false"),
        (f"{QUESTION}/at_most", 3, "pages[0].questions[0].at_most is not part of the format"),
        (f"{QUESTION}/options", "areas", "pages[0].questions[0].options is not a list"),
        (f"{QUESTION}/options", [], "pages[0].questions[0].options has 0 entries"),
        (f"{QUESTION}/options/1", {"code": "no"}, "pages[0].questions[0].options has an entry (2)"),
        (f"{QUESTION}/options/1/code", "yes", "pages[0].questions[0].options has the code “yes” twice"),
        ("definition/pages/1/questions/0/code", "hears", "pages[1].questions[0].code “hears” stands twice"),
        ("definition/pages/1/questions/0/code", "ticket", "no question is called"),
        ("definition/pages/1/questions/1/least", "1", "pages[1].questions[1].least is not a number"),
        ("definition/pages/1/questions/1/most", 0, "pages[1].questions[1]: question many: least is 1"),
    ],
)
def test_whatever_is_wrong_is_refused_with_its_element(path: str, value: Any, says: str) -> None:
    with pytest.raises(Broken) as refusal:
        read_own(changed(path, value), AREAS)
    assert says in str(refusal.value.message)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"format": "engage-questionnaire", "format": "engage-questionnaire"}', "“format” stands twice"),
        (b'{"format_version": NaN}', "NaN is not a number"),
        (b'{"format_version": 1e999}', "too large"),
        (b'{"format_version": ' + b"9" * 5000 + b"}", "too large"),
        (b"\xff\xfe{}", "not text in UTF-8 (byte 1)"),
        (b"\x00{}", "NUL"),
        (b'{"format": }', "line 1, column 12"),
        (b"{}", "no questionnaire of ours"),
    ],
)
def test_what_is_not_good_json_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Broken) as refusal:
        read_own(content, AREAS)
    assert says in str(refusal.value.message)
