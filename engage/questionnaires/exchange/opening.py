"""A file of any of the formats: which it is, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.foundations.tables.limits import refuse_too_large
from engage.questionnaires.exchange import limesurvey, own, surveyjs, xlsform
from engage.questionnaires.exchange.reading import read_json
from engage.questionnaires.exchange.report import Imported, Source
from engage.questionnaires.kinds.base import Option

_BLANKS = b"\xef\xbb\xbf \t\r\n"


def open_file(content: bytes, source: Source | None, areas: Sequence[Option]) -> Imported:
    """Return the questionnaire in a file of `source` (None: whatever it looks like); raises `Broken`.

    `areas` are the places that a question in our own format may ask for.
    """
    refuse_too_large(content)
    match source or detected(content):
        case Source.OWN:
            return own.read_own(content, areas)
        case Source.SURVEYJS:
            return surveyjs.read_survey(content)
        case Source.XLSFORM:
            return xlsform.read_form(content)
        case Source.LIMESURVEY:
            return limesurvey.read_survey(content)


def detected(content: bytes) -> Source:
    """Return the format that the content looks like; raises `Broken` where it looks like none."""
    if content.startswith(b"PK"):
        return Source.XLSFORM
    start = content.lstrip(_BLANKS)[:1]
    if start == b"<":
        return Source.LIMESURVEY
    if start != b"{":
        raise Broken(lazy("We do not know this kind of file. Choose a .json, .xlsx or .lss file."))
    return Source.OWN if own.is_own(read_json(content)) else Source.SURVEYJS
