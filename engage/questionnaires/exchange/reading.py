"""Opening JSON and XML that a stranger may have written: small, flat, and without anything that acts.

Every limit is checked before or while the file is read, so that a hostile one costs neither time nor memory.
"""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.foundations.tables.limits import refuse_too_large, tidy

MOST_PARTS = 120_000
MOST_ELEMENTS = 60_000
DEEPEST = 40

# One long step for each string, so that brackets inside one do not count; never steps back.
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.?+[^"\\]*+)*+(?:"|\Z)|[\[\]{},]', re.DOTALL)


def read_json(content: bytes) -> Any:
    """Return what JSON in UTF-8 says; raises `Broken` for anything else, and for what is too big or deep."""
    text = _text(content)
    _refuse_towers(text)
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        message = lazy(
            "This is not JSON: line %(line)s, column %(column)s.", line=error.lineno, column=error.colno
        )
        raise Broken(message) from error


def read_xml(content: bytes) -> Element:
    """Return the root of an XML file; raises `Broken` where it declares anything, or is too big or deep."""
    refuse_too_large(content)
    parser = DefusedXMLParser(
        target=_BoundedTree(), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise Broken(lazy("This file declares a document type or entities. We do not open those.")) from error
    except ParseError as error:
        line, column = error.position
        message = lazy("This is not XML: line %(line)s, column %(column)s.", line=line, column=column + 1)
        raise Broken(message) from error
    except (ValueError, LookupError) as error:
        raise Broken(lazy("This XML is not written in UTF-8.")) from error
    return root


class _BoundedTree(TreeBuilder):
    """Builds the tree, and stops at too many elements or too deep a nesting."""

    def __init__(self) -> None:
        super().__init__()
        self.count = self.depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self.count, self.depth = self.count + 1, self.depth + 1
        if self.depth > DEEPEST:
            raise Broken(lazy("An element is nested deeper than %(deepest)s others.", deepest=DEEPEST))
        if self.count > MOST_ELEMENTS or len(attrs) > DEEPEST:
            raise Broken(lazy("The file has more than %(most)s elements.", most=f"{MOST_ELEMENTS:,}"))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def _text(content: bytes) -> str:
    refuse_too_large(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Broken(lazy("The file is not text in UTF-8 (byte %(byte)s).", byte=error.start + 1)) from error
    if "\x00" in text:
        raise Broken(lazy("The file has NUL characters in it, so it is not a text."))
    return text


def _refuse_towers(text: str) -> None:
    depth = 0
    for parts, found in enumerate(_STRUCTURE.finditer(text), start=1):
        mark = found[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        if depth > DEEPEST:
            raise Broken(lazy("Something is nested deeper than %(deepest)s levels.", deepest=DEEPEST))
        if parts > MOST_PARTS:
            raise Broken(lazy("The file has more than %(most)s parts.", most=f"{MOST_PARTS:,}"))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Broken(lazy("“%(name)s” stands twice in one object.", name=tidy(twice)[:80]))
    return found


def _no_number(written: str) -> float:
    raise Broken(lazy("%(written)s is not a number.", written=written))


def _whole(written: str) -> int:
    if len(written) > 16:
        raise Broken(lazy("The number %(written)s… is too large.", written=written[:16]))
    return int(written)


def _finite(written: str) -> float:
    number = float(written)
    if abs(number) > 1e15:
        raise Broken(lazy("The number %(written)s is too large.", written=written[:16]))
    return number
