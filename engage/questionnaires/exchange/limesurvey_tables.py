"""The tables inside a .lss file: groups, questions, their parts and texts, in one language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.foundations.tables.limits import tidy

_TEXTS = ("groups", "questions", "subquestions", "answers")
_TEXT_TABLES = ("group_l10ns", "question_l10ns", "answer_l10ns")
_KEYS = {"group_l10ns": "gid", "question_l10ns": "qid", "answer_l10ns": "aid"}
_OTHERS = ("quota", "assessments", "defaultvalues", "conditions")


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table; a column that is not there reads as blank."""

    columns: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.columns.get(name, "")

    def order(self, name: str) -> int:
        """Return a column by which rows are ordered, 0 where it is no number."""
        text = self[name][:9]
        return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as its tables describe it. `parts` and `answers` are by the question they belong to."""

    language: str
    languages: frozenset[str]
    settings: Record
    groups: tuple[Record, ...]
    questions: tuple[Record, ...]
    parts: Mapping[str, tuple[Record, ...]]
    answers: Mapping[str, tuple[Record, ...]]
    attributes: Mapping[str, Mapping[str, str]]
    others: Mapping[str, int]


def read_tables(root: Element) -> Survey:
    """Return the survey; raises `Broken` where it has no groups or questions, or a code stands twice."""
    tables = {
        name: _records(root, name)
        for name in (
            *_TEXTS,
            *_TEXT_TABLES,
            *_OTHERS,
            "surveys_languagesettings",
            "question_attributes",
            "surveys",
        )
    }
    language, languages = _languages(root, tables)
    held = {name: _in_language(tables[name], language) for name in _TEXTS}
    texts = {name: _in_language(tables[name], language) for name in _TEXT_TABLES}
    # Since version 4 the words stand in tables of their own.
    held["groups"] = _worded(held["groups"], texts["group_l10ns"], "gid")
    for name in ("questions", "subquestions"):
        held[name] = _worded(held[name], texts["question_l10ns"], "qid")
    held["answers"] = _worded(held["answers"], texts["answer_l10ns"], "aid")
    if not held["groups"] or not held["questions"]:
        raise Broken(lazy("This LimeSurvey file has no groups or no questions."))
    questions = sorted(
        (one for one in held["questions"] if one["parent_qid"] in ("", "0")),
        key=lambda one: one.order("question_order"),
    )
    _refuse_twice(questions, "title")
    _refuse_twice(held["groups"], "gid")
    settings = _in_language(tables["surveys_languagesettings"], language, "surveyls_language")
    return Survey(
        language,
        languages,
        settings[0] if settings else Record({}),
        tuple(sorted(held["groups"], key=lambda one: one.order("group_order"))),
        tuple(questions),
        _by(held["subquestions"], "parent_qid", "question_order"),
        _by(held["answers"], "qid", "sortorder"),
        _attributes(tables["question_attributes"], language),
        {name: len(tables[name]) for name in _OTHERS},
    )


def _records(root: Element, table: str) -> list[Record]:
    return [
        Record({cell.tag: tidy(cell.text or "") for cell in row})
        for row in root.iterfind(f"{table}/rows/row")
    ]


def _languages(root: Element, tables: Mapping[str, list[Record]]) -> tuple[str, frozenset[str]]:
    """Return the language to read (English, else the survey's own, else the first), and all there are."""
    found = [tidy(one.text or "") for one in root.iterfind("languages/language")]
    found += [row["surveyls_language"] for row in tables["surveys_languagesettings"]]
    base = [row["language"] for row in tables["surveys"]]
    every = [language for language in found if language]
    english = [language for language in every if language == "en" or language.startswith("en-")]
    own = [language for language in base if language in every]
    chosen = next(iter((*english, *own, *every)), "")
    return chosen, frozenset(every)


def _in_language(rows: list[Record], language: str, column: str = "language") -> list[Record]:
    return [row for row in rows if not row[column] or not language or row[column] == language]


def _worded(rows: list[Record], texts: list[Record], key: str) -> list[Record]:
    words = {text[key]: text.columns for text in texts}
    return [Record({**words.get(row[key], {}), **row.columns}) for row in rows]


def _by(rows: Iterable[Record], key: str, order: str) -> dict[str, tuple[Record, ...]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return {value: tuple(sorted(held, key=lambda one: one.order(order))) for value, held in found.items()}


def _attributes(rows: list[Record], language: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _in_language(rows, language):
        if row["value"]:
            found[row["qid"]][row["attribute"]] = row["value"]
    return dict(found)


def _refuse_twice(rows: Iterable[Record], column: str) -> None:
    seen: set[str] = set()
    for row in rows:
        if row[column] in seen:
            message = lazy(
                "The %(column)s “%(value)s” stands twice.", column=f"<{column}>", value=row[column][:60]
            )
            raise Broken(message)
        seen.add(row[column])
