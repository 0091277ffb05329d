from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from engage.analysis.manifests import digest_of
from engage.foundations.language import init_language
from engage.plan_export.plans.differences import differences
from engage.plan_export.plans.rules import clean, code_for, digest_typed, moved, years_of

DIGEST = "57c28658eb0e636ed7ec4bd4be40e42663a5956756f7e979d2f215e57b61991a"


@pytest.fixture
def words() -> Iterator[None]:
    app = Flask("words")
    init_language(app)
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (DIGEST, DIGEST),
        (DIGEST.upper(), DIGEST),
        (DIGEST[:16], DIGEST[:16]),
        (f" {DIGEST[:8]} {DIGEST[8:16]}\n", DIGEST[:16]),
        (f"{DIGEST[:30]}\u200b{DIGEST[30:]}", DIGEST),
        (f"{DIGEST[:8]}-{DIGEST[8:16]}", DIGEST[:16]),
        (DIGEST[:15], None),
        (DIGEST + "0", None),
        ("g" * 16, None),
        ("٣" * 16, None),
        ("", None),
    ],
)
def test_a_digest_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert digest_typed(typed) == read


def test_a_plan_is_known_by_its_years() -> None:
    assert years_of(2028, 1) == "2028/29"
    assert years_of(2099, 3) == "2099/00 to 2101/02"
    assert code_for(2028, 1, []) == "2028-29"
    assert code_for(2028, 1, ["2028-29"]) == "2028-29-2"
    assert code_for(2028, 1, ["2028-29", "2028-29-2"]) == "2028-29-3"


def test_a_row_moves_by_one_and_stays_at_the_ends() -> None:
    assert moved([1, 2, 3], 3, up=True) == [1, 3, 2]
    assert moved([1, 2, 3], 1, up=True) == [1, 2, 3]
    assert moved([1, 2, 3], 1, up=False) == [2, 1, 3]
    assert moved([1, 2, 3], 3, up=False) == [1, 2, 3]


def test_texts_are_kept_without_what_no_document_can_hold() -> None:
    assert clean(" a\x00b\r\nc\x0b\ud800 ") == "ab\nc"
    assert clean(None) == ""


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest_of({"a": 1, "b": "é"}) == digest_of({"b": "é", "a": 1}) != digest_of({"a": 1, "b": "e"})


def plan(*objectives: dict[str, Any], **changed: Any) -> dict[str, Any]:
    said = {"title": "Plan", "first_year": 2028, "years": 1, "foreword": ""} | changed
    return {"plan": said, "objectives": list(objectives)}


def objective(key: int, title: str, *lines: dict[str, Any], **changed: Any) -> dict[str, Any]:
    rest = {"text": "", "owner": "", "measures": []} | changed
    return {"key": key, "title": title, "priorities": list(lines), **rest}


def line(code: str, **changed: Any) -> dict[str, Any]:
    usual = {
        "wording": code,
        "priority": code,
        "code": code,
        "consultation": {"slug": "one"},
        "outcome": "adopted",
        "reason": "Because.",
        "mentions": 10,
        "base": 20,
        "snapshot": "ab",
    }
    return usual | changed


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (plan(), plan(), []),
        (plan(), plan(foreword="New"), ["The foreword is worded anew."]),
        (plan(objective(1, "A")), plan(), ["Taken out: the objective “A”."]),
        (plan(), plan(objective(1, "A")), ["New: the objective “A”."]),
        (plan(objective(1, "A")), plan(objective(1, "B")), ["“A” is now called “B”."]),
        (
            plan(objective(1, "A"), objective(2, "B")),
            plan(objective(2, "B"), objective(1, "A")),
            ["The objectives stand in another order."],
        ),
        (
            plan(objective(1, "A", measures=[{"key": 5, "text": "M", "target": "1"}])),
            plan(objective(1, "A", measures=[{"key": 5, "text": "M", "target": "2"}])),
            ["“A”: the target of “M” is now “2”, and was “1”."],
        ),
        (
            plan(objective(1, "A", line("x"))),
            plan(objective(1, "A")),
            ["“A”: the priority “x” is taken out."],
        ),
        (
            plan(objective(1, "A", line("x"))),
            plan(objective(1, "A", line("x", outcome="in_part", mentions=11))),
            [
                "What was decided on “x” is now: Adopted in part.",
                "The figures of “x” are of another count.",
            ],
        ),
    ],
)
def test_what_changed_between_versions_is_said_in_words(
    words: None, before: dict[str, Any], after: dict[str, Any], said: list[str]
) -> None:
    assert [str(one) for one in differences(before, after)] == said
    assert [str(one) for one in differences(None, after)] == ["This is the first version."]
