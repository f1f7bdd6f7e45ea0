from __future__ import annotations

import io
import re
import zipfile

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from xingtan.press import docx, markdown, pdf
from xingtan.press.document import Document, Run

FIGURE = Run("20.7万元", "figure", link="https://xingtan.example/p/x/figures/1/", note="〔存疑〕")


@pytest.fixture(scope="module")
def document():
    text = f"# 工作回顾\n\n全镇投入{markdown.token(0)}。\n\n## 条件\n\n- 第一项\n\n| 单位 | 投入 |\n| --- | ---: |\n| 甲 | {markdown.token(0)} |\n"
    return Document(
        "示例镇年度总结",
        markdown.parse(text, [FIGURE]),
        issuer="示例镇人民政府",
        number="示政发〔2009〕3号",
        addressee="各村、各学校",
        date="2009年12月31日",
        copy_to=("示例县教育局",),
        notes=((Run("来源说明"),),),
        notes_title="数字来源",
    )


@pytest.fixture(scope="module")
def opened(document):
    return python_docx.Document(io.BytesIO(docx.official(document)))


def test_the_page_is_that_of_the_standard(opened):
    section = opened.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert opened.settings.odd_and_even_pages_header_footer
    assert Mm(225) // Pt(28.95) == 22


def test_headings_body_and_title_carry_the_prescribed_faces(opened):
    faces = {}
    for paragraph in opened.paragraphs:
        for run in paragraph.runs:
            fonts = run._element.rPr.rFonts if run._element.rPr is not None else None
            if fonts is not None:
                faces.setdefault(run.text, (fonts.get(qn("w:eastAsia")), run.font.size.pt))
    assert faces["示例镇年度总结"] == ("方正小标宋简体", 22)
    assert faces["工作回顾"] == ("黑体", 16)
    assert faces["条件"] == ("楷体_GB2312", 16)
    assert faces["全镇投入"] == ("仿宋_GB2312", 16)


def test_the_document_reads_in_the_official_order(opened):
    texts = [paragraph.text for paragraph in opened.paragraphs if paragraph.text.strip()]
    order = [
        "示例镇人民政府文件",
        "示政发〔2009〕3号",
        "示例镇年度总结",
        "各村、各学校：",
        "一、工作回顾",
        "（一）条件",
        "示例镇人民政府",
        "2009年12月31日",
        "抄送：示例县教育局。",
    ]
    places = [texts.index(text) for text in order]
    assert places == sorted(places)


def test_a_figure_is_a_link_with_its_mark_beside_it(opened):
    links = [opened.part.rels[link.get(qn("r:id"))].target_ref for link in opened.element.iter(qn("w:hyperlink"))]
    assert links == [FIGURE.link] * 2  # in the text and in the table
    paragraph = next(p for p in opened.paragraphs if p.text.startswith("全镇投入"))
    assert paragraph.text == "全镇投入20.7万元〔存疑〕。"


def test_page_numbers_are_fields_right_on_odd_and_left_on_even_pages(opened):
    section = opened.sections[0]
    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == side
        assert paragraph.text.startswith("— ")
        assert "PAGE" in paragraph._p.xml


def test_the_same_document_gives_the_same_bytes(document):
    def parts(data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert parts(docx.official(document)) == parts(docx.official(document))
    assert pdf.official(document) == pdf.official(document)


def test_the_pdf_has_its_fonts_embedded_and_its_figures_linked(document):
    data = pdf.official(document)
    assert data.startswith(b"%PDF-")
    assert FIGURE.link.encode() in data
    assert b"/FontFile" in data
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 2


def test_text_of_a_user_is_never_typst_code(document):
    nasty = '#panic("x") $a$ @b <c> \\ ] [ 𠮷 // * _'
    made = pdf.official(Document(nasty, markdown.parse(nasty), issuer=nasty, addressee=nasty))
    assert made.startswith(b"%PDF-")
