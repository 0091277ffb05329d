"""What a report says, as plain data: the figures under disclosure control, and how they came about.

Everything is in the words of the day it was made, so that it reads the same for good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engage.analysis import by_equality, dimensions, disclosure, heard
from engage.analysis.disclosure import Cell
from engage.analysis.manifests import from_json
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import framework_labels, latest_snapshot, tally
from engage.analysis.results import Line, Ranked, breakdown, headline, ranking, top
from engage.analysis.tallies import Dimension, Summary
from engage.boroughs.queries import census_counts, places
from engage.consultations.models import Consultation
from engage.plan_export.deciding.report_methods import methods
from engage.plan_export.rules import TOP
from engage.questionnaires.shipped import equality_block

FORMAT = 1
PLACES = 4
# What the report is broken down by besides boroughs: how many answered, and what they named.
BY = (Dimension.INSTRUMENT, Dimension.CHANNEL)


def compose(session: Session, *, consultation: Consultation, folder: Path, threshold: int) -> dict[str, Any]:
    """Return the report of the latest snapshot, without its number and day; raises where there is none."""
    snapshot = latest_snapshot(session, consultation.id)
    assert snapshot is not None, "a report is of figures that have been counted"
    counted = tally(session, snapshot=snapshot, folder=folder)
    ranked = ranking(counted, framework_labels(session, consultation.framework_id), threshold)
    named = {line.code: line.label for line in ranked if line.mentions.count != 0}
    first = {line.code for line in top(ranked, TOP)}
    figures = {
        "headline": _headline(counted, threshold),
        "ranking": [_ranked(line, line.code in first) for line in ranked],
        "named": [{"code": code, "label": label} for code, label in named.items()],
        "boroughs": _by(session, consultation, counted, Dimension.AREA, named, threshold),
        **{
            f"by_{dimension}": _by(session, consultation, counted, dimension, named, threshold)
            for dimension in BY
        },
        "heard": _heard(session, consultation, snapshot, folder, threshold),
        "equality": _equality(session, snapshot, folder, counted, named, threshold),
    }
    return {
        "format": FORMAT,
        "consultation": {
            "slug": consultation.slug,
            "title": consultation.title,
            "made_up_responses": consultation.synthetic,
        },
        "snapshot": {"digest": snapshot.digest, "made_at": snapshot.made_at.isoformat()},
        "disclosure": {"threshold": threshold, "rule": str(disclosure.rule(threshold))},
        "figures": figures,
        "methods": methods(session, consultation, from_json(snapshot.manifest), threshold),
    }


def withheld(figures: Any) -> int:
    """Return how many figures of a report are withheld."""
    if isinstance(figures, dict):
        if figures.keys() == {"count"}:
            return figures["count"] is None
        return sum(withheld(each) for each in figures.values())
    return sum(withheld(each) for each in figures) if isinstance(figures, list) else 0


def _cell(cell: Cell) -> dict[str, int | None]:
    """A figure as it is kept: None stands for withheld, never for nobody."""
    return {"count": cell.count}


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, PLACES)


def _headline(counted: Summary, threshold: int) -> dict[str, Any]:
    told = headline(counted, threshold)
    cells = {name: _cell(getattr(told, name)) for name in ("respondents", "asked", "base", "others", "none")}
    gone = _cell(disclosure.protect_alone(counted.withdrawn, threshold))
    return {**cells, "withdrawn": gone, "texts": told.texts, "uncoded": told.uncoded, "waiting": told.waiting}


def _ranked(line: Ranked, first: bool) -> dict[str, Any]:
    return {
        "rank": line.rank,
        "code": line.code,
        "label": line.label,
        "mentions": _cell(line.mentions),
        "share": _share(line.share),
        "top": first,
    }


def _by(
    session: Session,
    consultation: Consultation,
    counted: Summary,
    dimension: Dimension,
    named: dict[str, str],
    threshold: int,
) -> list[dict[str, Any]]:
    values = dimensions.values(session, consultation.id, dimension, counted)
    return _lines(breakdown(counted, dimension, values, named, threshold), list(named))


def _lines(lines: Sequence[Line], codes: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "code": line.value.code,
            "label": str(line.value.label),
            "base": _cell(line.base),
            "named": {
                code: {"mentions": _cell(cell), "share": _share(share)}
                for code, cell, share in zip(codes, line.cells, line.shares, strict=True)
            },
        }
        for line in lines
    ]


def _heard(
    session: Session, consultation: Consultation, snapshot: EvidenceSnapshot, folder: Path, threshold: int
) -> dict[str, Any]:
    """Who was heard beside who lives here: boroughs and parts of the population."""
    found = heard.read(session, snapshot=snapshot, folder=folder)
    residents: dict[str, Counter[str]] = {}
    for measure in heard.MEASURES:
        residents[measure] = Counter()
        for categories in census_counts(session, measure).values():
            residents[measure].update(categories)
    words = _words()
    parts = heard.part_lines(found, residents, children=consultation.children_may_answer, threshold=threshold)
    areas = heard.area_lines(found, places(session), threshold) if any(found.areas.values()) else []
    return {
        "areas": [
            {
                "code": line.code,
                "label": line.name,
                "responses": _cell(line.responses),
                "for_every_10000": None if line.rate is None else round(line.rate, 1),
                "standing": str(heard.STANDINGS[line.standing]),
            }
            for line in areas
        ],
        "parts": [
            {
                "measure": line.measure,
                "measure_label": str(heard.MEASURE_NAMES[line.measure]),
                "category": line.category,
                "label": words.get(line.measure, {}).get(line.category, line.category),
                "said": _cell(line.said),
                "share": _share(line.share),
                "of_residents": _share(line.of_residents),
                "standing": str(heard.STANDINGS[line.standing]),
            }
            for line in parts
        ],
    }


def _equality(
    session: Session,
    snapshot: EvidenceSnapshot,
    folder: Path,
    counted: Summary,
    named: dict[str, str],
    threshold: int,
) -> dict[str, Any]:
    """What different parts of the population named, as far as small numbers allow."""
    found = by_equality.read(session, snapshot=snapshot, folder=folder)
    words = _words()
    questions = {question.code: question.label for question in equality_block().questions}
    measures = [
        {
            "code": measure,
            "label": questions.get(measure, measure),
            "lines": _lines(
                by_equality.lines(counted, of_measure, words.get(measure, {}), named, threshold), list(named)
            ),
        }
        for measure, of_measure in found.measures.items()
    ]
    return {"answered": found.answered, "measures": measures if found.answered else []}


def _words() -> dict[str, dict[str, str]]:
    """Return the labels of the equality questions' answers by question."""
    return {
        question.code: {option.code: option.label for option in getattr(question, "options", ())}
        for question in equality_block().questions
    }
