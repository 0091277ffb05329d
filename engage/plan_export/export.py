"""The plan's lines as files. Nothing is computed here: the figures are what the analysis returned."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from engage.analysis import disclosure
from engage.analysis.disclosure import Cell
from engage.foundations.language import _, day
from engage.foundations.spreadsheets import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from engage.foundations.spreadsheets import Cell as Written
from engage.plan_export.queries import Plan, PlanLine
from engage.plan_export.rules import OUTCOMES, STANDINGS

COLUMNS = (
    "rank",
    "priority_code",
    "priority",
    "mentions",
    "base",
    "share",
    "outcome",
    "reason",
    "decision_maker",
    "decided_on",
    "owner",
    "equality_note",
    "progress",
    "consultation",
    "consultation_slug",
    "questions",
    "snapshot",
    "report",
    "subject",
    "disclosure",
)


class Format(StrEnum):
    """What the export can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


TYPES: Mapping[Format, str] = {
    Format.CSV: CSV_TYPE,
    Format.XLSX: XLSX_TYPE,
    Format.JSON: "application/json",
}


def write(plan: Plan, chosen: Format, threshold: int) -> bytes:
    """Return the plan's lines in that format. A withheld figure is the word; in JSON it is null."""
    return _WRITERS[chosen](plan, threshold)


def rows(plan: Plan, threshold: int) -> Iterator[list[Written]]:
    """Yield the heading and a row for each priority."""
    yield list(COLUMNS)
    for line in plan.lines:
        yield list(_record(plan, line, threshold, str(_("withheld"))).values())


def _record(plan: Plan, line: PlanLine, threshold: int, withheld: str | None) -> dict[str, Written]:
    decision = line.decision
    few = line.mentions.withheld or line.base.withheld
    share: Written = withheld if few else None if line.share is None else round(line.share, 4)
    values: tuple[Written, ...] = (
        line.rank,
        line.code,
        line.label,
        _figure(line.mentions, withheld),
        _figure(line.base, withheld),
        share,
        str(OUTCOMES[decision.outcome]) if decision else None,
        decision.reason if decision else None,
        decision.decision_maker if decision else None,
        decision.decided_on if decision else None,
        decision.owner if decision else None,
        decision.equality_note if decision else None,
        _progress(line),
        plan.consultation.title,
        plan.consultation.slug,
        line.questions,
        line.digest,
        line.report,
        line.subject.value,
        str(disclosure.rule(threshold)),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _progress(line: PlanLine) -> str:
    """Return what was told of a decision's progress, the latest first, a line each."""
    return "\n".join(
        f"{day(each.said_at)}: {STANDINGS[each.standing]}. {each.said}" for each in line.progress
    )


def _figure(cell: Cell, withheld: str | None) -> int | str | None:
    return withheld if cell.count is None else cell.count


def _csv(plan: Plan, threshold: int) -> bytes:
    return write_csv(rows(plan, threshold))


def _xlsx(plan: Plan, threshold: int) -> bytes:
    return write_xlsx(rows(plan, threshold), title=str(_("Priorities")))


def _json(plan: Plan, threshold: int) -> bytes:
    lines: list[dict[str, Any]] = []
    for line in plan.lines:
        record = _record(plan, line, threshold, None)
        hidden = [name for name in ("mentions", "base") if getattr(line, name).withheld]
        lines.append(record | {"withheld": hidden})
    document = {"synthetic": plan.consultation.synthetic, "lines": lines}
    return json.dumps(document, ensure_ascii=False, indent=2, default=str).encode() + b"\n"


_WRITERS: Mapping[Format, Callable[[Plan, int], bytes]] = {
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.JSON: _json,
}
