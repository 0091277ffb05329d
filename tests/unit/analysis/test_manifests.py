from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engage.analysis.manifests import Asked, Content, Hole, Manifest, Segment, canonical, from_json, without

NOW = datetime(2027, 12, 1, tzinfo=UTC)
MANIFEST = Manifest(
    consultation="priorities",
    segments=(
        Segment(0, 9, absent=((3, 4),), late=(), revisions=Content(7, "a" * 64), picks=Content(9, "b" * 64)),
        Segment(9, 20, absent=(), late=(3,), revisions=Content(12, "c" * 64), picks=Content(1, "d" * 64)),
    ),
    codings=Content(0, "e" * 64),
    asked=(Asked(1, "priorities-full", 1, "f" * 64, "priorities", "priorities_own_words", 3),),
    watched_through=25,
    holes=(Hole((22, 24), NOW),),
)


def test_a_manifest_reads_back_from_json_as_it_was() -> None:
    assert from_json(json.loads(json.dumps(MANIFEST.as_json()))) == MANIFEST


def test_the_digest_is_of_the_evidence_and_of_nothing_else() -> None:
    assert replace(MANIFEST, watched_through=99, holes=()).digest == MANIFEST.digest
    assert replace(MANIFEST, codings=Content(1, "0" * 64)).digest != MANIFEST.digest


def test_a_hole_is_watched_for_an_hour() -> None:
    assert MANIFEST.young_holes(NOW + timedelta(minutes=59)) == MANIFEST.holes
    assert MANIFEST.young_holes(NOW + timedelta(minutes=61)) == ()


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"\\u00e9","b":1}'


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_taking_ids_out_of_spans_leaves_exactly_the_others(held: set[int], taken: set[int]) -> None:
    spans = [(id, id) for id in sorted(held)] + [(40, 50)]
    left = without(spans, sorted(taken | {45}))
    found = {id for first, last in left for id in range(first, last + 1)}
    assert found == (held - taken) | (set(range(40, 51)) - {45})
