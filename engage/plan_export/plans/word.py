"""A document as DOCX: real headings, tables with heading rows, a title and a language."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import docx
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from engage.plan_export.plans.blocks import Block, Bullets, Document, Grid, Heading, Paragraph

# XML 1.0 cannot hold these, however they are written.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INK = RGBColor(0x14, 0x21, 0x2B)
PETROL = RGBColor(0x0B, 0x4A, 0x57)
TYPEFACE = "Arial"
PAGE_CM = 17.0


def write(document: Document, *, made_at: datetime) -> bytes:
    """Return the document as DOCX. Every text is a text: nothing in it is markup, a field or a link."""
    made = docx.Document()
    _set_up(made, document, made_at)
    if document.mark:
        mark = made.add_paragraph(fit(document.mark))
        mark.runs[0].bold = True
    made.add_paragraph(fit(document.title), style="Title")
    for label, value in document.facts:
        line = made.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(fit(f"{label}: ")).bold = True
        line.add_run(fit(value))
    for block in document.blocks:
        _add(made, block)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def fit(text: str) -> str:
    """Return a text without the signs that XML cannot hold; its line ends become line breaks."""
    return NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _set_up(made: Docx, document: Document, made_at: datetime) -> None:
    properties = made.core_properties
    moment = made_at.astimezone(UTC).replace(tzinfo=None)
    # Word's own limit of a property.
    properties.title, properties.author = fit(document.title)[:255], fit(document.authority)[:255]
    properties.language, properties.comments = document.language, fit(document.foot)[:255]
    properties.created = properties.modified = moment
    properties.last_modified_by = ""
    for style in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        font = made.styles[style].font
        font.name, font.color.rgb = TYPEFACE, INK if style in ("Normal", "Caption") else PETROL
        fonts = made.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
        for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{part}"), None)
    made.styles["Normal"].font.size = Pt(11)
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), document.language)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - PAGE_CM) / 2)
    foot = section.footer.paragraphs[0]
    foot.text = fit(document.foot)
    foot.runs[0].font.size = Pt(8)
    if document.mark:
        head = section.header.paragraphs[0]
        head.text, head.alignment = fit(document.mark), WD_ALIGN_PARAGRAPH.RIGHT


def _add(made: Docx, block: Block) -> None:
    if isinstance(block, Heading):
        made.add_heading(fit(block.text), level=block.level)
    elif isinstance(block, Paragraph):
        made.add_paragraph(fit(f"{block.number} {block.text}".strip()))
    elif isinstance(block, Bullets):
        for item in block.items:
            made.add_paragraph(fit(item), style="List Bullet")
    else:
        _add_table(made, block)


def _add_table(made: Docx, block: Grid) -> None:
    caption = made.add_paragraph(fit(block.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = made.add_table(rows=0, cols=len(block.headings), style="Table Grid")
    table.autofit = False
    for place, cells in enumerate((block.headings, *block.rows)):
        row = table.add_row()
        for cell, text, width in zip(row.cells, cells, block.widths, strict=True):
            cell.width = Cm(PAGE_CM * width / 100)
            cell.text = fit(text)
            for run in cell.paragraphs[0].runs:
                run.font.size, run.bold = Pt(9.5), place == 0
        properties = row._tr.get_or_add_trPr()
        # A row stays on one page; the heading row is said again on the next.
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0:
            properties.append(OxmlElement("w:tblHeader"))
    made.add_paragraph()
