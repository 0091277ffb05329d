"""The answers to every question of a consultation, counted over a snapshot; versions are joined by codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from engage.analysis.manifests import Manifest
from engage.analysis.parquet import connect
from engage.analysis.tallies import open_evidence
from engage.foundations.language import Text
from engage.questionnaires.history import Version
from engage.questionnaires.kinds.age_band import AgeBand
from engage.questionnaires.kinds.area import AreaQuestion
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.matrix import Grid, Matrix
from engage.questionnaires.kinds.number import Number
from engage.questionnaires.kinds.one_choice import OneChoice
from engage.questionnaires.kinds.priorities_list import PrioritiesList
from engage.questionnaires.kinds.scale import Scale
from engage.questionnaires.kinds.several_choices import SeveralChoices
from engage.questionnaires.kinds.statements import Statements

# Where in a stored answer the marks of a kind are, in DuckDB's words: one row for each mark.
_ONE = "json_extract_string(answer, '$.{part}')"
_MANY = "unnest(json_extract_string(answer, '$.{part}[*]'))"
_GRID = (
    "unnest(list_transform(json_keys(answer, '$.rows'), "
    "lambda row: row || ':' || json_extract_string(answer, '$.rows.\"' || row || '\"')))"
)
MARKS: Mapping[str, str] = {
    OneChoice.kind: _ONE.format(part="chosen"),
    AgeBand.kind: _ONE.format(part="chosen"),
    AreaQuestion.kind: _ONE.format(part="area"),
    Scale.kind: _ONE.format(part="point"),
    SeveralChoices.kind: _MANY.format(part="chosen"),
    PrioritiesList.kind: _MANY.format(part="chosen"),
    Matrix.kind: _GRID,
    Statements.kind: _GRID,
}


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of the numbers given and their ends, with a tenth of the people cut off at each."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A question: how many were given a version that asks it, how many answered, how many chose each mark."""

    question: Question
    asked: int
    answered: int
    marks: Mapping[str, int]
    spread: Spread | None = None

    @property
    def single(self) -> bool:
        """Whether an answer has one mark at most, so that the counts add up to those who answered."""
        return not isinstance(self.question, SeveralChoices | PrioritiesList | Grid)


@dataclass(frozen=True, slots=True)
class AskedInVersions:
    """A question as the newest version asks it, the versions that ask it, and every mark offered by any."""

    questionnaire: str
    question: Question
    versions: tuple[int, ...]
    labels: Mapping[str, Text]


def joined(versions: Sequence[Version]) -> tuple[AskedInVersions, ...]:
    """Return the questions of these versions, which come from the oldest, questionnaire by questionnaire.

    Each comes once, joined by code and kind: a code that was given another kind later is another question,
    and the same code in another questionnaire is one too, for its words may differ.
    """
    found: dict[str, dict[tuple[str, str], AskedInVersions]] = {}
    for version in versions:
        asked = found.setdefault(version.code, {})
        for question in version.definition.questions:
            if not question.asks:
                continue
            before = asked.get((question.code, question.kind))
            labels = dict(question.marks)
            if before:
                labels |= {mark: label for mark, label in before.labels.items() if mark not in labels}
            ids = (*(before.versions if before else ()), version.id)
            asked[question.code, question.kind] = AskedInVersions(version.title, question, ids, labels)
    return tuple(question for asked in found.values() for question in asked.values())


def count(
    manifest: Manifest, place: Path, version: Callable[[int], Version]
) -> tuple[tuple[AskedInVersions, Counted], ...]:
    """Count every question of the versions that responses which count were given.

    `place` is the folder of the consultation's evidence, with all files of `manifest` in it; `version` finds
    a version by its id.
    """
    if not manifest.segments:
        return ()
    with connect() as connection:
        open_evidence(connection, manifest, place)
        connection.execute(
            "CREATE TABLE said AS SELECT version, answers FROM revisions SEMI JOIN present USING (revision)"
        )
        asked = joined([version(id) for id in _versions(connection)])
        return tuple((one, count_said(connection, one.question, one.versions)) for one in asked)


def versions_answered(manifest: Manifest, place: Path) -> tuple[int, ...]:
    """Return the ids of the versions that responses which count were given, the oldest first."""
    if not manifest.segments:
        return ()
    with connect() as connection:
        open_evidence(connection, manifest, place)
        return _versions(connection)


def _versions(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    rows = connection.execute("SELECT DISTINCT version FROM present ORDER BY version").fetchall()
    return tuple(int(version) for (version,) in rows)


def count_said(connection: duckdb.DuckDBPyConnection, question: Question, versions: Sequence[int]) -> Counted:
    """Count a question over the table `said` (version, answers as JSON), a row for each response."""
    values: dict[str, Any] = {"versions": list(versions), "path": f'$."{question.code}"'}
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE answer AS SELECT json_extract(answers, $path) AS answer "
        "FROM said WHERE list_contains($versions, version)",
        values,
    )
    asked, answered = _row(connection, "SELECT count(*), count(answer) FROM answer")
    marks: dict[str, int] = {}
    if words := MARKS.get(question.kind):
        rows = connection.execute(
            f"SELECT mark, count(*) FROM (SELECT {words} AS mark FROM answer WHERE answer IS NOT NULL) "  # noqa: S608
            "WHERE mark IS NOT NULL GROUP BY mark"
        ).fetchall()
        marks = {str(mark): int(times) for mark, times in rows}
    if isinstance(question, PrioritiesList) and question.other:
        (others,) = _row(
            connection, "SELECT count(*) FROM answer WHERE json_extract_string(answer, '$.other') <> ''"
        )
        marks["other"] = int(others)
    return Counted(question, int(asked), int(answered), marks, _spread(connection, question, int(answered)))


def _spread(connection: duckdb.DuckDBPyConnection, question: Question, answered: int) -> Spread | None:
    if not isinstance(question, Number) or not answered:
        return None
    number = "CAST(json_extract_string(answer, '$.number') AS DOUBLE)"
    low, middle, high = _row(
        connection,
        f"SELECT quantile_disc({number}, 0.1), quantile_disc({number}, 0.5), quantile_disc({number}, 0.9) "  # noqa: S608
        "FROM answer WHERE answer IS NOT NULL",
    )
    return Spread(float(low), float(middle), float(high))


def _row(connection: duckdb.DuckDBPyConnection, statement: str) -> tuple[Any, ...]:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row
