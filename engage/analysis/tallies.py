"""What a snapshot says, counted: one pass over its files for each question, kept in memory by its digest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from engage.analysis.manifests import Manifest
from engage.analysis.parquet import connect, read_files

KEPT = 64


class Dimension(StrEnum):
    """What a tally can be broken down by."""

    INSTRUMENT = "instrument"
    AREA = "area"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Per value of a dimension (None: no group) how many were asked, and how many named each priority."""

    bases: Mapping[Any, int]
    mentions: Mapping[tuple[Any, str], int]


@dataclass(frozen=True, slots=True)
class Summary:
    """The tally of one question for priorities.

    `respondents`: responses that count, whatever they were asked; `asked`: those whose questionnaire asks the
    question; `base`: those of them that are counted. A response with a text that nobody has coded yet waits
    as a whole: in the base but not in the mentions it would make every share too small. `mentions`: how many
    responses of the base named a priority, each once. `others`: how many wrote "something else". Own-words
    texts are `coded` to a priority, to `none` of the framework, or `uncoded`; `texts` is all three.
    """

    respondents: int
    withdrawn: int
    asked: int
    base: int
    at_most: int
    mentions: Mapping[str, int]
    others: int
    coded: int
    none: int
    uncoded: int
    breakdowns: Mapping[Dimension, Breakdown]

    @property
    def texts(self) -> int:
        """How many priorities were given in people's own words."""
        return self.coded + self.none + self.uncoded

    @property
    def waiting(self) -> int:
        """How many responses wait for their texts to be coded."""
        return self.asked - self.base


_kept: OrderedDict[tuple[str, str], Summary] = OrderedDict()
_lock = Lock()


def summary(manifest: Manifest, place: Path, question: str) -> Summary:
    """Return the tally of `question`; computed once for each digest in this process.

    `place` is the folder of the consultation's evidence, with all files of `manifest` in it.
    """
    key = (manifest.digest, question)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    counted = count(manifest, place, question)
    with _lock:
        _kept[key] = counted
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return counted


def count(manifest: Manifest, place: Path, question: str) -> Summary:
    """Count `question` over the files, whatever is kept."""
    asked = [found for found in manifest.asked if found.question == question]
    at_most = max((found.at_most for found in asked), default=0)
    if not manifest.segments:
        empty = {dimension: Breakdown({}, {}) for dimension in Dimension}
        return Summary(0, 0, 0, 0, at_most, {}, 0, 0, 0, 0, empty)
    with connect() as connection:
        open_evidence(connection, manifest, place)
        open_mentions(connection, manifest, question)
        return _read(connection, at_most)


def open_evidence(connection: duckdb.DuckDBPyConnection, manifest: Manifest, place: Path) -> None:
    """Make the views `revisions`, `picks`, `codings`, `present` (last revisions that count) and `texts`.

    `texts` is every own-words text that counts, with its coding where there is one of this very text.
    """
    files = {
        "revisions": [segment.revisions.file("revisions") for segment in manifest.segments],
        "picks": [segment.picks.file("picks") for segment in manifest.segments],
        "codings": [manifest.codings.file("codings")],
    }
    for name, names in files.items():
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {read_files(place, names)}")  # noqa: S608
    connection.execute(_PRESENT)
    connection.execute(_TEXTS)


def open_mentions(connection: duckdb.DuckDBPyConnection, manifest: Manifest, question: str) -> None:
    """Make the tables `base` (who is counted) and `mentioned` (revision, priority) of an open evidence."""
    values: dict[str, Any] = {
        "versions": [found.version_id for found in manifest.asked if found.question == question],
        "question": question,
    }
    for statement, name in _MENTIONED:
        connection.execute(statement, {name: values[name]})


_PRESENT = """
CREATE TABLE present AS
SELECT r.revision, r.response, r.version, r.instrument, r.area, r."group", r.channel
FROM revisions r
JOIN (SELECT response, max(number) AS number FROM revisions GROUP BY response) USING (response, number)
WHERE r.kind <> 'withdrawn'
"""
_TEXTS = """
CREATE VIEW texts AS
SELECT p.revision, p.response, p.question, p.slot, p.text_digest, c.priority,
       c.response IS NOT NULL AS is_coded
FROM picks p
SEMI JOIN present USING (revision)
LEFT JOIN codings c USING (response, question, slot, text_digest)
WHERE p.source = 'own_words'
"""
# Two texts of one response may be coded to the same priority: it is one mention. A list has no code twice.
_MENTIONED = (
    ("CREATE TABLE asked AS SELECT * FROM present WHERE list_contains($versions, version)", "versions"),
    (
        """
        CREATE TABLE base AS
        SELECT * FROM asked
        ANTI JOIN (SELECT revision FROM texts WHERE question = $question AND NOT is_coded) USING (revision)
        """,
        "question",
    ),
    (
        """
        CREATE TABLE mentioned AS
        SELECT revision, priority FROM picks WHERE question = $question AND source = 'list'
        UNION ALL
        SELECT DISTINCT revision, priority FROM texts WHERE question = $question AND priority IS NOT NULL
        """,
        "question",
    ),
    (
        "CREATE TABLE other AS "
        "SELECT DISTINCT revision FROM picks WHERE question = $question AND source = 'other'",
        "question",
    ),
    ("CREATE TABLE said AS SELECT is_coded, priority FROM texts WHERE question = $question", "question"),
)


def _read(connection: duckdb.DuckDBPyConnection, at_most: int) -> Summary:
    dimensions = ", ".join(f'"{dimension}"' for dimension in Dimension)
    sets = ", ".join(f'("{dimension}")' for dimension in Dimension)
    grouping = ", ".join(f'grouping("{dimension}")' for dimension in Dimension)
    bases = connection.execute(
        f"SELECT {grouping}, {dimensions}, count(*) FROM base GROUP BY GROUPING SETS ({sets}, ())"  # noqa: S608
    ).fetchall()
    both = ", ".join(f'("{dimension}", priority)' for dimension in Dimension)
    mentions = connection.execute(
        f"SELECT {grouping}, {dimensions}, priority, count(*) FROM mentioned JOIN base USING (revision) "  # noqa: S608
        f"GROUP BY GROUPING SETS ({both}, (priority))"
    ).fetchall()
    width = len(Dimension)
    breakdowns = {}
    for place, dimension in enumerate(Dimension):
        breakdowns[dimension] = Breakdown(
            {row[width + place]: row[-1] for row in bases if not row[place]},
            {(row[width + place], row[-2]): row[-1] for row in mentions if not row[place]},
        )
    respondents, withdrawn, asked, others = _one(connection, _COUNTS)
    coded, none, uncoded = _one(connection, _SAID)
    return Summary(
        respondents=respondents,
        withdrawn=withdrawn,
        asked=asked,
        base=sum(row[-1] for row in bases if all(row[:width])),
        at_most=at_most,
        mentions={row[-2]: row[-1] for row in mentions if all(row[:width])},
        others=others,
        coded=coded,
        none=none,
        uncoded=uncoded,
        breakdowns=breakdowns,
    )


_COUNTS = """
SELECT (SELECT count(*) FROM present),
       (SELECT count(DISTINCT response) FROM revisions) - (SELECT count(*) FROM present),
       (SELECT count(*) FROM asked),
       (SELECT count(*) FROM other SEMI JOIN base USING (revision))
"""
_SAID = """
SELECT count(*) FILTER (WHERE is_coded AND priority IS NOT NULL),
       count(*) FILTER (WHERE is_coded AND priority IS NULL),
       count(*) FILTER (WHERE NOT is_coded)
FROM said
"""


def _one(connection: duckdb.DuckDBPyConnection, statement: str) -> tuple[int, ...]:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return tuple(int(value) for value in row)
