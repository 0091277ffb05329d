"""Whether what a bundle says can be true: days in their order, figures the same wherever they stand. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from engage.analysis.manifests import digest_of
from engage.evidence_file.chain import Head

Documents: TypeAlias = dict[str, Any]
# A report of a large consultation has a few hundred thousand characters.
LARGEST = 8 * 1024 * 1024
LONGEST_LINE = 64 * 1024
NEEDED = (
    *("timetable.json", "consultation.json", "notices.json", "links.json", "questionnaires/differences.json"),
    *("snapshots.json", "reports.json", "decisions.json", "gates.json", "progress.json", "plans.json"),
    "feedback.json",
)
# What reading a document of another shape than ours raises.
_MISSHAPEN = (AttributeError, KeyError, IndexError, RecursionError, TypeError, ValueError)


def contradictions(documents: Documents, head: Head) -> Iterator[str]:
    """Yield a sentence for each thing that is missing, misshapen or cannot be."""
    yield from (f"There is no {path}." for path in NEEDED if path not in documents)
    for check in (_of_one, _definitions, _snapshots, _reports, _plans, _decisions):
        try:
            yield from check(documents, head)
        except _MISSHAPEN:
            yield f"Something is not as we write it: {_SAYS[check]} cannot be checked."


def faults_of_log(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield where the log lacks an event, has one out of order, or is no log. It is never held whole."""
    expected = 1
    for line in _lines(pieces):
        try:
            if len(line) > LONGEST_LINE:
                raise ValueError
            number = json.loads(line)["number"]
        except _MISSHAPEN:
            yield f"audit.jsonl: event {expected} cannot be read."
            return
        if number != expected:
            yield f"audit.jsonl: where event {expected} should be is event {str(number)[:20]}."
            return
        expected += 1


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines; one that has no end within reason is cut, which makes it too long."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > LONGEST_LINE:
            yield rest
            return
    if rest:
        yield rest


def _of_one(documents: Documents, head: Head) -> Iterator[str]:
    for path in ("timetable.json", "consultation.json"):
        if path in documents and documents[path]["slug"] != head.slug:
            yield f"{path} is of another consultation than the manifest says."


def _definitions(documents: Documents, head: Head) -> Iterator[str]:
    for path, version in documents.items():
        if not path.startswith("questionnaires/") or path == "questionnaires/differences.json":
            continue
        text = json.dumps(version["definition"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        if hashlib.sha256(text.encode()).hexdigest() != version["digest"]:
            yield f"{path}: the questions are not what the version's digest was made of."


def _snapshots(documents: Documents, head: Head) -> Iterator[str]:
    for each in documents.get("snapshots.json", ()):
        if each["evidence"] is not None and digest_of(each["evidence"]) != each["digest"]:
            yield f"snapshots.json: snapshot {each['digest'][:12]} does not have the evidence of its digest."


def _reports(documents: Documents, head: Head) -> Iterator[str]:
    known = {each["digest"] for each in documents.get("snapshots.json", ())}
    for each in documents.get("reports.json", ()):
        name, content = f"Report {each['number']}", documents.get(f"reports/report-{each['number']}.json")
        if content is None:
            yield f"{name} is not in the bundle."
            continue
        if digest_of(content) != each["digest"]:
            yield f"{name} is not what its digest was made of."
        if content["snapshot"]["digest"] != each["snapshot"] or each["snapshot"] not in known:
            yield f"{name} is of a snapshot that is not the one named."
        if content["made_on"] != each["made_on"]:
            yield f"{name} says another day than the list of reports."
        for reading in each["readings"]:
            if _day(reading["read_on"]) < _day(content["made_on"]):
                yield f"{name} was read on {reading['read_on']}, before it was made."


def _plans(documents: Documents, head: Head) -> Iterator[str]:
    for each in documents.get("plans.json", ()):
        content = documents.get(each["file"])
        if content is None or digest_of(content) != each["digest"]:
            yield f"Plan {each['plan']}, version {each['number']}, is not what its digest was made of."


def _decisions(documents: Documents, head: Head) -> Iterator[str]:
    listed = {each["number"]: each for each in documents.get("reports.json", ())}
    for decision in documents.get("decisions.json", ()):
        name = f"The decision on {decision['label']}"
        if decision["report"] is None:
            yield from _older(decision, documents, name)
            continue
        report = listed.get(decision["report"])
        content = documents.get(f"reports/report-{decision['report']}.json")
        if report is None or content is None:
            yield f"{name} names a report that is not in the bundle."
            continue
        yield from _days(decision, report, name)
        yield from _figures(decision, content, name)


def _older(decision: Mapping[str, Any], documents: Documents, name: str) -> Iterator[str]:
    """A decision from before there were reports names its snapshot alone."""
    if decision["snapshot"] not in {each["digest"] for each in documents.get("snapshots.json", ())}:
        yield f"{name} names a snapshot that is not in the bundle."


def _days(decision: Mapping[str, Any], report: Mapping[str, Any], name: str) -> Iterator[str]:
    decided = _day(decision["decided_on"])
    if decided < _day(report["made_on"]):
        yield f"{name} is dated {decided}, before its report of {report['made_on']}."
    read = [_day(reading["read_on"]) for reading in report["readings"]]
    if not read:
        yield f"{name} was taken from a report that nobody had read."
    elif decided < min(read):
        yield f"{name} is dated {decided}, before its report was read on {min(read)}."


def _figures(decision: Mapping[str, Any], content: Mapping[str, Any], name: str) -> Iterator[str]:
    figures = content["figures"]
    base = figures["headline"]["base"]["count"]
    if decision["snapshot"] != content["snapshot"]["digest"]:
        yield f"{name} names another snapshot than its report."
    if decision["base"] != base:
        yield f"{name} says {decision['base']} were counted; its report says {base}."
    if decision["subject"] != "priority":
        return
    ranked = {line["code"]: line["mentions"]["count"] for line in figures["ranking"]}
    if decision["code"] not in ranked:
        yield f"{name} is on a priority that its report does not have."
    elif decision["mentions"] != ranked[decision["code"]]:
        yield f"{name} says {decision['mentions']} named it; its report says {ranked[decision['code']]}."


def _day(text: str) -> date:
    return date.fromisoformat(text)


_SAYS: Mapping[Callable[[Documents, Head], Iterator[str]], str] = {
    _of_one: "what it is of",
    _definitions: "the questionnaires",
    _snapshots: "the snapshots",
    _reports: "the reports",
    _plans: "the plans",
    _decisions: "the decisions",
}
