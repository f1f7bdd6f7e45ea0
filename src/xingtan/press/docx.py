"""Official documents as docx in the page of GB/T 9704—2012: 22 lines of 28 characters, 仿宋 16 pt, red head, page numbers — 1 —.

The file is meant to be edited on: real styles, real headings, real page fields.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from .document import Block, Document, Heading, Paragraph, Run, Table, printable, red_size
from .docx_page import BODY, HEADINGS, RED, TITLE, font, lay_page

ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
EPOCH = datetime(2000, 1, 1)
LONGEST = 255  # characters of a file's property, set by the format


def official(document: Document) -> bytes:
    """Return the document as docx bytes. Figures are hyperlinks to their provenance; their notes stand beside them."""
    file = docx.Document()
    lay_page(file, document.language)
    _properties(file, document)
    _head(file, document)
    for block in document.blocks:
        _block(file, block)
    _foot(file, document)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _properties(file: Any, document: Document) -> None:
    core = file.core_properties
    core.title, core.author = printable(document.title)[:LONGEST], printable(document.author or document.issuer)[:LONGEST]
    core.language = document.language
    core.comments, core.created, core.modified = printable(document.footer)[:LONGEST], EPOCH, EPOCH


def _head(file: Any, document: Document) -> None:
    if document.form == "document" and document.issuer:
        _line(file, document.red_head, TITLE, red_size(document.issuer), colour=RED)
        _line(file, document.number or " ", BODY, 16)
        _rule(file, RED, "18")
        _line(file, "", BODY, 16)
    elif document.form == "letter" and document.issuer:
        _line(file, document.issuer, TITLE, 30, colour=RED)
        _rule(file, RED, "18")
        _line(file, document.number or " ", BODY, 16, align="right")
    title = _line(file, document.title, TITLE, 22)
    title.style = file.styles["Title"]
    if document.form == "speech" and document.issuer:
        _line(file, document.issuer, HEADINGS[2], 16)
    if document.draft:
        _line(file, document.draft, HEADINGS[2], 16)
    _line(file, "", BODY, 16)
    if document.addressee:
        _line(file, f"{document.addressee}：", BODY, 16, align="left")


def _block(file: Any, block: Block) -> None:
    if isinstance(block, Heading):
        paragraph = file.add_paragraph(style=f"Heading {block.level}")
        _runs(paragraph, (Run(block.label), *block.runs), HEADINGS[block.level])
    elif isinstance(block, Paragraph):
        paragraph = file.add_paragraph(style="Body Text")
        _runs(paragraph, (Run(block.item), *block.runs) if block.item else block.runs, BODY)
    elif isinstance(block, Table):
        _table(file, block)
    else:
        _line(file, f"［{block.alt}］", BODY, 16)


def _line(file: Any, text: str, face: str, size: float, *, align: str = "center", colour: RGBColor | None = None) -> Any:
    paragraph = file.add_paragraph()
    run = paragraph.add_run(printable(text))
    font(run, face, size)
    paragraph.alignment = ALIGN[align]
    if size > 16:
        paragraph.paragraph_format.line_spacing = 1.0
    if colour is not None:
        run.font.color.rgb = colour
    return paragraph


def _rule(file: Any, colour: RGBColor, size: str) -> None:
    """The red separator: a bottom border of the paragraph above it."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", size), ("space", "1"), ("color", str(colour))):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    file.paragraphs[-1]._p.get_or_add_pPr().append(borders)


def _runs(paragraph: Any, runs: tuple[Run, ...], face: str) -> None:
    for run in runs:
        made = _linked(paragraph, run) if run.link.startswith(("http://", "https://")) else paragraph.add_run(printable(run.text))
        font(made, face, 16)
        made.bold = run.bold or None
        if run.kind == "mark":
            font(made, HEADINGS[2], 14)


def _linked(paragraph: Any, run: Run) -> Any:
    """A run inside a hyperlink to the figure's provenance."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(run.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    made = paragraph.add_run(printable(run.text))
    link.append(made._r)
    paragraph._p.append(link)
    return made


def _table(file: Any, table: Table) -> None:
    if table.caption:
        _line(file, table.caption, HEADINGS[1], 14)
    made = file.add_table(rows=0, cols=len(table.head), style="Table Grid")
    made.autofit = True
    for row, cells in enumerate((table.head, *table.rows)):
        places = made.add_row().cells
        for column, (place, content) in enumerate(zip(places, cells, strict=True)):
            paragraph = place.paragraphs[0]
            paragraph.alignment = ALIGN["center" if row == 0 else table.align[column] if column < len(table.align) else "left"]
            _runs(paragraph, content, HEADINGS[1] if row == 0 else BODY)
            for run in paragraph.runs:
                run.font.size = Pt(12)
    header = made.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))
    _line(file, "", BODY, 16)


def _foot(file: Any, document: Document) -> None:
    if document.issuer or document.date:
        _line(file, "", BODY, 16)
        for text in (document.issuer if document.form != "speech" else "", document.date):
            if text:
                signature = _line(file, text, BODY, 16, align="right")
                signature.paragraph_format.right_indent = Pt(64)
    if document.copy_to or document.printed_by:
        _line(file, "", BODY, 16)
        _rule(file, RGBColor(0, 0, 0), "8")
        if document.copy_to:
            _line(file, document.copied, BODY, 14, align="left")
        if document.printed_by:
            _line(file, document.printed_by, BODY, 14, align="left")
        _rule(file, RGBColor(0, 0, 0), "8")
    if document.notes:
        file.add_page_break()
        _line(file, document.notes_title, HEADINGS[1], 16, align="left")
        for note in document.notes:
            _runs(file.add_paragraph(style="Body Text"), note, BODY)
