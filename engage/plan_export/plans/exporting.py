"""A plan as a file, of any version or of the draft. Nothing is computed here: it is written as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from engage.analysis.manifests import digest_of
from engage.foundations.language import _
from engage.foundations.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, write_csv, write_xlsx
from engage.plan_export.models import PlanVersion
from engage.plan_export.plans import paper, word
from engage.plan_export.plans.blocks import typeset_plan
from engage.plan_export.plans.content import share_of
from engage.plan_export.plans.paper import Issue
from engage.plan_export.plans.rules import Stage, stage
from engage.plan_export.rules import OUTCOMES, Outcome

DRAFT = "DRAFT"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SCHEMA_VERSION = 1
COLUMNS = (
    "version",
    "kind",
    "objective_number",
    "objective",
    "owner",
    "text",
    "target",
    "priority_code",
    "priority",
    "mentions",
    "base",
    "share",
    "outcome",
    "reason",
    "equality_note",
    "decision_maker",
    "decided_on",
    "consultation_slug",
    "consultation_year",
    "questions",
    "snapshot",
    "report",
    "version_digest",
    "disclosure",
)
# The kinds of rows, in their order.
OBJECTIVE, MEASURE, PRIORITY, NOT_ADOPTED, IN_NONE = (
    "objective",
    "measure",
    "priority",
    "not_adopted",
    "in_no_objective",
)


class Format(StrEnum):
    """What a plan can be written as."""

    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"

    @property
    def content_type(self) -> str:
        """The media type."""
        return {"docx": DOCX_TYPE, "pdf": "application/pdf", "xlsx": XLSX_TYPE, "csv": CSV_TYPE}.get(
            self.value, "application/json"
        )


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written: a plan's content, of a version or, without number, of the draft."""

    content: Mapping[str, Any]
    made_at: datetime
    number: int | None = None
    digest: str = ""
    approved_at: datetime | None = None
    published_at: datetime | None = None

    @property
    def draft(self) -> bool:
        """Whether it is no version."""
        return self.number is None

    @property
    def intact(self) -> bool:
        """Whether a version still says what its digest was made of."""
        return self.draft or digest_of(self.content) == self.digest

    @property
    def stage(self) -> Stage | None:
        """How far a version has come; None for the draft."""
        return None if self.draft else stage(self.approved_at, self.published_at)

    @property
    def file_name(self) -> str:
        """The name of its files, without what they are."""
        part = "draft" if self.draft else f"version-{self.number}"
        return f"policing-plan-{self.content['plan']['code']}-{part}"


def of_version(version: PlanVersion) -> Export:
    """Return what is to be written of a version."""
    return Export(
        version.content,
        version.made_at,
        version.number,
        version.digest,
        version.approved_at,
        version.published_at,
    )


def export(asked: Export, chosen: Format, issue: Issue) -> bytes:
    """Return the plan in that format. A withheld figure is the word; in JSON it is null and named."""
    return _WRITERS[chosen](asked, issue)


def as_json(asked: Export) -> dict[str, Any]:
    """Return the plan as other systems take it up, by the schema; `content` is what the digest is of."""
    return {
        "schema_version": SCHEMA_VERSION,
        "draft": asked.draft,
        "version": asked.number,
        "digest": asked.digest or None,
        "made_at": asked.made_at.isoformat(),
        "approved_at": asked.approved_at.isoformat() if asked.approved_at else None,
        "published_at": asked.published_at.isoformat() if asked.published_at else None,
        "content": dict(asked.content),
    }


def rows(asked: Export) -> Iterator[list[Cell]]:
    """Yield the heading, then each objective followed by its measures and priorities, then the rest."""
    yield list(COLUMNS)
    for objective in asked.content["objectives"]:
        own = {
            "objective_number": objective["number"],
            "objective": objective["title"],
            "owner": objective["owner"],
        }
        yield _row(asked, OBJECTIVE, own | {"text": objective["text"]})
        for measure in objective["measures"]:
            yield _row(asked, MEASURE, own | {"text": measure["text"], "target": measure["target"]})
        for line in objective["priorities"]:
            yield _row(asked, PRIORITY, own | _line(line))
    for kind in (NOT_ADOPTED, IN_NONE):
        for line in asked.content[kind]:
            yield _row(asked, kind, _line(line))


def _row(asked: Export, kind: str, values: Mapping[str, Cell]) -> list[Cell]:
    known: dict[str, Cell] = {
        "version": DRAFT if asked.number is None else asked.number,
        "kind": kind,
        "version_digest": asked.digest,
        "disclosure": asked.content["disclosure"]["rule"],
        **values,
    }
    return [known.get(column) for column in COLUMNS]


def _line(line: Mapping[str, Any]) -> dict[str, Cell]:
    withheld, share = str(_("withheld")), share_of(line)
    report = line["report"]
    return {
        "owner": line["owner"],
        "text": line["wording"],
        "priority_code": line["code"],
        "priority": line["priority"],
        "mentions": withheld if line["mentions"] is None else line["mentions"],
        "base": withheld if line["base"] is None else line["base"],
        "share": withheld if line["withheld"] else None if share is None else round(share, 4),
        "outcome": str(OUTCOMES[Outcome(line["outcome"])]),
        "reason": line["reason"],
        "equality_note": line["equality_note"],
        "decision_maker": line["decision_maker"],
        "decided_on": date.fromisoformat(line["decided_on"]),
        "consultation_slug": line["consultation"]["slug"],
        "consultation_year": line["consultation"]["consultation_year"],
        "questions": "; ".join(
            f"{one['questionnaire']}/{one['question']} version {one['version']} {one['version_digest']}"
            for one in line["questions"]
        ),
        "snapshot": line["snapshot"],
        "report": report["digest"] if report else None,
    }


def _csv(asked: Export, issue: Issue) -> bytes:
    return write_csv(rows(asked))


def _xlsx(asked: Export, issue: Issue) -> bytes:
    return write_xlsx(rows(asked), title=DRAFT if asked.draft else f"Version {asked.number}")


def _json(asked: Export, issue: Issue) -> bytes:
    return json.dumps(as_json(asked), ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def _docx(asked: Export, issue: Issue) -> bytes:
    return word.write(paper.committee_paper(asked.content, _named(asked), issue), made_at=asked.made_at)


def _pdf(asked: Export, issue: Issue) -> bytes:
    return typeset_plan(paper.plan(asked.content, _named(asked), issue), made_at=asked.made_at)


def _named(asked: Export) -> paper.Named:
    return paper.Named(asked.number, asked.digest, asked.made_at, asked.stage)


_WRITERS: Mapping[Format, Callable[[Export, Issue], bytes]] = {
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.JSON: _json,
    Format.DOCX: _docx,
    Format.PDF: _pdf,
}
