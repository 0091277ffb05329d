"""Small files of the formats that can be imported, written here."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter import Workbook

Rows = Sequence[Sequence[Any]]

SURVEY_HEADINGS = ("type", "name", "label", "required", "relevant", "hint", "appearance", "constraint")


def surveyjs(*elements: Mapping[str, Any], **survey: Any) -> bytes:
    """Return a survey of SurveyJS with one page of these elements."""
    return json.dumps(
        {"title": "Noise", "pages": [{"name": "p1", "elements": list(elements)}]} | survey
    ).encode()


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Return a workbook; a text beginning with = is a formula."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return out.getvalue()


def xlsform(*survey: Sequence[Any], choices: Rows = (), settings: Rows = ()) -> bytes:
    """Return an XLSForm whose survey has these rows under `SURVEY_HEADINGS`."""
    sheets = {"survey": [SURVEY_HEADINGS, *survey]}
    if choices:
        sheets["choices"] = [("list_name", "name", "label"), *choices]
    if settings:
        sheets["settings"] = list(settings)
    return workbook(sheets)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(content: bytes, members: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these members in place of its own of the same name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    return zipped(held | dict(members))


def lss(**tables: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a LimeSurvey file with these tables."""
    parts = [_table(name, rows) for name, rows in tables.items()]
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType>"
        f"<languages><language>en</language></languages>{''.join(parts)}</document>"
    ).encode()


def small_lss(*questions: Mapping[str, Any], **tables: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a LimeSurvey file with one group of these questions, numbered from 1 unless they say."""
    numbered = [
        {"qid": place, "gid": 1, "sid": 9, "parent_qid": 0, "question_order": place, "language": "en"}
        | question
        for place, question in enumerate(questions, start=1)
    ]
    group = {"gid": 1, "sid": 9, "group_name": "All", "group_order": 1, "language": "en"}
    title = {"surveyls_language": "en", "surveyls_title": "Noise"}
    return lss(**({"groups": [group], "questions": numbered, "surveys_languagesettings": [title]} | tables))


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    written = "".join(
        "<row>" + "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in row.items()) + "</row>"
        for row in rows
    )
    return f"<{name}><rows>{written}</rows></{name}>"
