"""Our own format, as docs/questionnaire-format.md describes it: what is exported, and read back strictly.

Nothing is guessed or left out: whatever is not exactly as described refuses the file, naming the element.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeAlias

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.conditions import ConditionError
from engage.questionnaires.definitions import CODE, parse
from engage.questionnaires.exchange.reading import read_json
from engage.questionnaires.exchange.report import Imported, Source, Taken
from engage.questionnaires.kinds import KINDS, written
from engage.questionnaires.kinds.base import READERS, DefinitionError, Option, Question
from engage.questionnaires.kinds.written import Unfit
from engage.questionnaires.shipped import with_areas

FORMAT = "engage-questionnaire"
FORMAT_VERSION = 1
FILE_NAME = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?")
LONGEST_NAME, LONGEST_TITLE = 70, 200

Reader: TypeAlias = Callable[[Any], Any]
Element: TypeAlias = tuple[Reader, bool]
"""How an element is read, and whether it must be there."""


def _condition(value: Any) -> Any:
    return None if value is None else READERS["Condition"](value)


FILE: Mapping[str, Element] = {
    "format": (written.text, True),
    "format_version": (written.whole, True),
    "code": (written.text, True),
    "title": (written.text, True),
    "privacy_notice": (written.text, False),
    "definition": (lambda value: value, True),
}
DEFINITION: Mapping[str, Element] = {
    "title": (written.text, True),
    "intro": (written.text, False),
    "minutes": (written.whole, True),
    "pages": (written.listed, True),
}
PAGE: Mapping[str, Element] = {
    "code": (written.text, True),
    "title": (written.text, True),
    "intro": (written.text, False),
    "shown_if": (_condition, False),
    "exit": (written.yes_no, False),
    "questions": (written.listed, False),
}


def write_own(*, code: str, title: str, privacy_notice: str, definition: Mapping[str, Any]) -> bytes:
    """Return a questionnaire as a file: JSON in UTF-8, which `read_own` reads back as it was."""
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "code": code,
        "title": title,
        "privacy_notice": privacy_notice,
        "definition": definition,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def read_own(content: bytes, areas: Sequence[Option]) -> Imported:
    """Return the questionnaire in a file of ours; raises `Broken` naming the element that is wrong.

    `areas` are offered where an area question's options are the word "areas".
    """
    data = read_json(content)
    if not is_own(data):
        raise Broken(
            lazy("This is no questionnaire of ours: it does not say “format”: “%(format)s”.", format=FORMAT)
        )
    _elements("", data, FILE)
    if data["format_version"] != FORMAT_VERSION:
        message = lazy(
            "format_version is %(found)s; we read %(known)s.",
            found=data["format_version"],
            known=FORMAT_VERSION,
        )
        raise Broken(message)
    if len(data["code"]) > LONGEST_NAME or not FILE_NAME.fullmatch(data["code"]):
        raise Broken(lazy("code is not made of lower-case letters, figures and single hyphens."))
    if not data["title"].strip() or len(data["title"]) > LONGEST_TITLE:
        raise Broken(lazy("title is blank or longer than %(most)s characters.", most=LONGEST_TITLE))
    taken = _checked(data["definition"], areas)
    definition = with_areas(data["definition"], areas)
    try:
        parse(definition)
    except DefinitionError as error:
        raise Broken(lazy("definition: %(why)s.", why=str(error))) from error
    notice = data.get("privacy_notice", "")
    return Imported(Source.OWN, data["code"], data["title"], notice, definition, tuple(taken))


def is_own(data: Any) -> bool:
    """Tell whether JSON says that it is in our format."""
    return isinstance(data, dict) and data.get("format") == FORMAT


def _checked(definition: Any, areas: Sequence[Option]) -> list[Taken]:
    """Check every element of a definition, and return its questions for the report."""
    _elements("definition", definition, DEFINITION)
    taken: list[Taken] = []
    pages: set[str] = set()
    questions: set[str] = set()
    for place, page in enumerate(definition["pages"]):
        path = f"pages[{place}]"
        _elements(path, page, PAGE)
        _own_code(path, page["code"], pages)
        for number, question in enumerate(page.get("questions", ())):
            where = f"{path}.questions[{number}]"
            kind = _question(where, question, areas)
            _own_code(where, question["code"], questions)
            taken.append(Taken(where, question["label"], kind.name))
    return taken


def _question(path: str, data: Any, areas: Sequence[Option]) -> type[Question]:
    if not isinstance(data, dict):
        raise Broken(lazy("%(where)s is not an object.", where=path))
    kind = KINDS.get(data["kind"]) if isinstance(data.get("kind"), str) else None
    if kind is None:
        raise Broken(lazy("%(where)s.kind is not one of: %(kinds)s.", where=path, kinds=", ".join(KINDS)))
    if kind is KINDS["area"] and data.get("options") == "areas":
        data = data | {"options": [{"code": area.code, "label": area.label} for area in areas]}
    _elements(path, data, question_elements(kind))
    try:
        kind.from_json(data)
    except DefinitionError as error:
        raise Broken(lazy("%(where)s: %(why)s.", where=path, why=str(error))) from error
    return kind


def question_elements(kind: type[Question]) -> dict[str, Element]:
    """Return the elements of a question of a kind, as its class declares them."""
    elements: dict[str, Element] = {"kind": (written.text, True)}
    for field in fields(kind):
        wanted, _, optional = str(field.type).partition(" | ")
        elements[field.name] = (_reader(wanted, optional == "None"), field.default is MISSING)
    return elements


def _reader(wanted: str, optional: bool) -> Reader:
    read = READERS[wanted]
    return (lambda value: None if value is None else read(value)) if optional else read


def _elements(path: str, data: Any, known: Mapping[str, Element]) -> None:
    if not isinstance(data, dict):
        raise Broken(lazy("%(where)s is not an object.", where=path or lazy("The file")))
    before = f"{path}." if path else ""
    for name in sorted(data.keys() - known.keys()):
        raise Broken(lazy("%(where)s is not part of the format.", where=f"{before}{name[:60]}"))
    for name, (read, needed) in known.items():
        if name not in data:
            if needed:
                raise Broken(lazy("%(where)s is missing.", where=f"{before}{name}"))
            continue
        try:
            read(data[name])
        except (Unfit, ConditionError) as error:
            why = lazy("%(where)s %(why)s.", where=f"{before}{name}", why=str(error))
            raise Broken(why) from error


def _own_code(path: str, code: str, seen: set[str]) -> None:
    if not CODE.fullmatch(code):
        message = lazy("%(where)s.code is not lower-case letters, digits and underscores.", where=path)
        raise Broken(message)
    if code in seen:
        raise Broken(lazy("%(where)s.code “%(code)s” stands twice.", where=path, code=code))
    seen.add(code)
