"""The page and the styles of GB/T 9704—2012 in python-docx.

Margins 37/35/28/26 mm leave 156 × 225 mm: 22 lines (docGrid 579 twentieths of a point, exact spacing 28.95 pt) of
28 characters of 16 pt, drawn together by 0.25 pt so that 28 of them fit 156 mm.
"""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

BODY, TITLE, NUMBER = "仿宋_GB2312", "方正小标宋简体", "宋体"
HEADINGS = {1: "黑体", 2: "楷体_GB2312", 3: BODY, 4: BODY}
RED = RGBColor(0xFF, 0, 0)
LINE = Pt(28.95)


def lay_page(file: Any, language: str) -> None:
    """Set paper, grid, styles and page numbers of a new document."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    _grid(section)
    _styles(file, language)
    file.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def font(target: Any, face: str, size: float) -> None:
    """Give a run or style a Chinese face and a size in points; theme fonts would win over it and are removed."""
    target.font.name, target.font.size = "Times New Roman", Pt(size)
    fonts = target._element.get_or_add_rPr().get_or_add_rFonts() if hasattr(target, "_element") else None
    if fonts is None:
        return
    fonts.set(qn("w:eastAsia"), face)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _grid(section: Any) -> None:
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")


def _styles(file: Any, language: str) -> None:
    normal = file.styles["Normal"]
    font(normal, BODY, 16)
    _spacing(normal)
    properties = normal._element.get_or_add_rPr()
    tight, tongue = OxmlElement("w:spacing"), OxmlElement("w:lang")
    tight.set(qn("w:val"), "-5")
    tongue.set(qn("w:val"), "en-US")
    tongue.set(qn("w:eastAsia"), "zh-TW" if language == "zh-Hant" else "zh-CN")
    properties.append(tight)
    properties.append(tongue)
    for name, face in [("Body Text", BODY), *((f"Heading {level}", face) for level, face in HEADINGS.items())]:
        style = file.styles[name]
        font(style, face, 16)
        style.font.bold, style.font.italic, style.font.color.rgb = False, False, RGBColor(0, 0, 0)
        _spacing(style)
        _indent(style)
    title = file.styles["Title"]
    font(title, TITLE, 22)
    title.font.bold, title.font.color.rgb = False, RGBColor(0, 0, 0)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = title._element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        title._element.pPr.remove(border)


def _spacing(style: Any) -> None:
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    shape.keep_with_next = False


def _indent(style: Any) -> None:
    """Two characters, said both ways: one office program reads characters, the other only twips."""
    indent = style._element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLine"), "640")
    indent.set(qn("w:firstLineChars"), "200")


def _page_number(footer: Any, side: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    font(paragraph.add_run("— "), NUMBER, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        font(run, NUMBER, 14)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._r.append(part)
    font(paragraph.add_run(" —"), NUMBER, 14)
