"""Files of answers, as other tools and we ourselves write them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engage.analysis.exporting import HOW_IT_CAME
from engage.foundations.spreadsheets import Cell, write_csv
from engage.questionnaires.definitions import Definition

Answers = Mapping[str, Any]


def our_rows(definition: Definition, answers: Iterable[Answers], area: str = "Camden") -> list[list[Cell]]:
    """Return the rows of answers.csv for answers to one questionnaire."""
    columns = {column.key: str(column.heading) for one in definition.questions for column in one.columns()}
    rows: list[list[Cell]] = [[*(str(heading) for _, heading in HOW_IT_CAME), *columns.values()]]
    for given in answers:
        cells: dict[str, Cell] = {}
        for question in definition.questions:
            if question.code in given:
                cells |= question.cells(given[question.code])
        rows.append(["full", 1, "web", area, "", *(cells.get(key) for key in columns)])
    return rows


def our_csv(definition: Definition, answers: Iterable[Answers]) -> bytes:
    """Return answers.csv for answers to one questionnaire."""
    return write_csv(our_rows(definition, answers))


def csv_of(*rows: Sequence[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Return rows as somebody else's program writes them."""
    lines = (
        delimiter.join(f'"{cell}"' if delimiter in cell or "\n" in cell else cell for cell in row)
        for row in rows
    )
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def upload(content: bytes, name: str = "answers.csv", **fields: Any) -> dict[str, Any]:
    """Return what the form of a file sends."""
    return {"file": (io.BytesIO(content), name), "channel": "paper", **fields}
