"""All answers as rows of a file, read from a snapshot a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from engage.analysis.manifests import Manifest
from engage.analysis.parquet import connect
from engage.analysis.tallies import open_evidence
from engage.foundations.language import Text, lazy
from engage.foundations.spreadsheets import Cell
from engage.questionnaires.definitions import Definition
from engage.questionnaires.history import Version

BATCH = 1000
HOW_IT_CAME: tuple[tuple[str, Text], ...] = (
    ("instrument", lazy("Questionnaire")),
    ("version", lazy("Version")),
    ("channel", lazy("How it came")),
    ("area", lazy("Borough")),
    ("group", lazy("Group whose link was used")),
)
# The order says nothing of who answered when, and is always the same.
_ROWS = """
SELECT p.instrument, p.version, p.channel, p.area, p."group", r.answers
FROM present p JOIN revisions r USING (revision) ORDER BY md5(p.response || '')
"""


def export_rows(
    manifest: Manifest,
    place: Path,
    *,
    versions: Mapping[int, Version],
    areas: Mapping[str, str],
    groups: Mapping[int, str],
) -> Iterator[Sequence[Cell]]:
    """Yield a heading and then a row for each response that counts, with a column for each part of an answer.

    `versions` are those answered, by id. Their columns are joined by question code; equality answers
    and moments are left out, so that a row is of nobody in particular.
    """
    columns = _columns(versions.values())
    yield [*(str(heading) for _, heading in HOW_IT_CAME), *columns.values()]
    if not manifest.segments:
        return
    with connect() as connection:
        open_evidence(connection, manifest, place)
        rows = connection.execute(_ROWS)
        while batch := rows.fetchmany(BATCH):
            for instrument, version_id, channel, area, group, answers in batch:
                version = versions[version_id]
                cells = _cells(version.definition, json.loads(answers))
                came = (instrument, version.number, channel, areas.get(area, area), groups.get(group, ""))
                yield [*came, *(cells.get(key) for key in columns)]


def _columns(versions: Iterable[Version]) -> dict[str, str]:
    return {
        column.key: str(column.heading)
        for version in versions
        for question in version.definition.questions
        for column in question.columns()
    }


def _cells(definition: Definition, answers: Mapping[str, dict[str, object]]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for question in definition.questions:
        if question.code in answers:
            cells |= question.cells(answers[question.code])
    return cells
