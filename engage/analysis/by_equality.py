"""Which priorities each part of the population named: what the equality duty asks to be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from engage.analysis.models import EvidenceSnapshot
from engage.analysis.parquet import connect
from engage.analysis.results import Line, Value, lines_of
from engage.analysis.snapshots import ensure_files
from engage.analysis.tallies import Breakdown, Summary, open_evidence, open_mentions
from engage.foundations.language import Text, lazy

# Equality questions with few enough answers that figures by them can be told.
LOOKED_AT = ("age_band", "sex", "ethnic_group", "disability", "religion", "sexual_orientation")
NOT_SAID: Text = lazy("Not said")


@dataclass(frozen=True, slots=True)
class Equality:
    """Per measure (`age_band`), by category, who was counted and what they named; None: they did not say."""

    measures: Mapping[str, Breakdown]

    @property
    def answered(self) -> bool:
        """Whether anybody answered any of the equality questions."""
        return any(value is not None for found in self.measures.values() for value in found.bases)


def read(session: Session, *, snapshot: EvidenceSnapshot, folder: Path) -> Equality:
    """Return what each part of the population had named when the snapshot was made."""
    manifest, place = ensure_files(session, snapshot=snapshot, folder=folder)
    if not manifest.segments:
        return Equality({measure: Breakdown({}, {}) for measure in LOOKED_AT})
    with connect() as connection:
        open_evidence(connection, manifest, place)
        open_mentions(connection, manifest, manifest.question)
        found = {}
        for measure in LOOKED_AT:
            path = {"path": f"$.answers.{measure}"}
            bases = dict(connection.execute(_BASES, path).fetchall())
            named = connection.execute(_NAMED, path).fetchall()
            found[measure] = Breakdown(bases, {(value, code): count for value, code, count in named})
    return Equality(found)


_SAID = (
    "SELECT revision, json_extract_string(equality, $path) AS value "
    "FROM revisions SEMI JOIN base USING (revision)"
)
_BASES = f"SELECT value, count(*) FROM ({_SAID}) GROUP BY value"  # noqa: S608
_NAMED = (
    f"SELECT value, priority, count(*) FROM mentioned JOIN ({_SAID}) USING (revision) "  # noqa: S608
    "GROUP BY value, priority"
)


def lines(
    summary: Summary,
    found: Breakdown,
    categories: Mapping[str, str],
    labels: Mapping[str, str],
    threshold: int,
) -> tuple[Line, ...]:
    """Return a line for each of `categories` (code to words) and one for who did not say, protected.

    Whatever is not among `categories` is gathered with who did not say, so that the lines add up.
    """
    others = frozenset(value for value in found.bases if value not in categories)
    values = [Value(label, frozenset({code}), code) for code, label in categories.items()]
    return lines_of(
        summary, found, [*values, Value(NOT_SAID, others | {None}, "not_said")], labels, threshold
    )
