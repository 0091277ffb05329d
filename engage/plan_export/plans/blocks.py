"""What a document consists of: headings, paragraphs, lists and tables, whoever writes it and as what."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from engage.foundations.typesetting import Piece, typeset

LAYOUT = Path(__file__).with_name("plan.typ")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (a section) or 2."""

    text: str
    level: int = 1
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `number` is that of a numbered one, in a section of a committee paper."""

    text: str
    number: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, its heading row, and its rows; `widths` are shares of the page."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    kind: str = "table"


Block: TypeAlias = Heading | Paragraph | Bullets | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """A document. `mark` (DRAFT) stands on every page, as does `foot`."""

    title: str
    authority: str
    language: str
    mark: str
    foot: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...] = field(default=())


def typeset_plan(document: Document, *, made_at: datetime) -> bytes:
    """Return a document as a tagged PDF; raises `Refused` where no typeface has a letter."""
    piece = Piece(asdict(document) | {"blocks": [_lined(block) for block in document.blocks]})
    [pdf] = typeset(LAYOUT, [piece], made_at=made_at, without_decoration=True)
    return pdf


def _lined(block: Block) -> dict[str, Any]:
    """Return a block for the layout, each text as its lines: on paper a line break would be a blank."""
    values = asdict(block)
    if isinstance(block, Paragraph):
        return values | {"text": block.text.split("\n")}
    if isinstance(block, Bullets):
        return values | {"items": [item.split("\n") for item in block.items]}
    if isinstance(block, Grid):
        return values | {"rows": [[cell.split("\n") for cell in row] for row in block.rows]}
    return values
