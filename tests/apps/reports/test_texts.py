"""What data say is printed as it stands, in the language of the office, whatever it looks like."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from django.utils import translation

from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.face.reports import services
from xingtan.apps.face.reports.files import produce
from xingtan.apps.face.reports.rendering import kept
from xingtan.apps.record.ledgers.services import record_create
from xingtan.kernel.errors import XingtanError
from xingtan.press import markdown
from xingtan.press.document import Document, Heading, Paragraph, Run, Table

PERIOD = "2008-2009"
TODAY = date(2009, 9, 1)
ODD = [
    "**粗**中学",
    "# 一级小学",
    "{{ org.name }}",
    "1. 第一小学",
    "- 二小",
    "a|b|c",
    "《\\#let x》",
    "一、三小",
    "a_b`c`",
    "[链](http://x)",
    "مدرسة ثانوية",
]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XINGTAN_HOME", str(tmp_path))


def enter(cast, code: str, pupils: str = "300", **more: str):
    texts = {"org": code, "period": PERIOD, "stage": "初中", "pupils": pupils, "dropouts": "6", **more}
    return record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)


def draft(cast, org, period: str = PERIOD):
    return services.report_draft(place=cast.place, org=org, template="annual", period=period, actor=cast.accounts["statistician"].actor)


@pytest.mark.parametrize("name", ODD)
def test_a_literal_is_text_wherever_it_stands(name):
    shown = markdown.literal(name)
    for body, kind in ((shown, Paragraph), (f"其中{shown}。", Paragraph), (f"# {shown}", Heading), (f"- {shown}", Paragraph)):
        blocks = markdown.parse(body)
        assert len(blocks) == 1
        assert isinstance(blocks[0], kind)
        assert name in "".join(run.text for run in blocks[0].runs)
        assert not any(run.bold for run in blocks[0].runs)
    (table,) = markdown.parse(f"| 单位 | 数 |\n| --- | --- |\n| {shown} | 1 |")
    assert isinstance(table, Table)
    assert ["".join(run.text for run in cell) for cell in table.rows[0]] == [name, "1"]


def test_a_literal_cannot_pass_for_a_figure():
    (block,) = markdown.parse(markdown.literal(f"甲{markdown.token(0)}\n# 乙"), [Run("56人", "figure")])
    assert isinstance(block, Paragraph)
    assert "".join(run.text for run in block.runs) == "甲\ufffd0\ufffd # 乙"


@pytest.mark.parametrize("name", [*ODD, "长" * 200])
def test_a_report_prints_any_name_as_text_in_every_form(cast, name):
    actor = cast.accounts["statistician"].actor
    orgs.org_rename(org=cast.school, name=name, day=date(2002, 9, 1), actor=actor)
    enter(cast, "XS-11")
    report = draft(cast, cast.town)
    document = kept(report)
    assert f"其中{name}" in "".join(run.text for run in document.runs())
    own = kept(draft(cast, cast.school))
    assert own.title == f"{name}2008—2009学年教育工作报告"
    for made in (document, own):
        paragraphs = docx.Document(io.BytesIO(produce(made, "docx"))).paragraphs
        assert name in "\n".join(one.text for one in paragraphs)
        assert produce(made, "pdf").startswith(b"%PDF-")
        assert b"<style>" in produce(made, "html")
    read = produce(document, "md").decode()
    assert "其中" in read
    assert "**粗**" not in read


def test_a_document_with_what_no_format_can_hold_is_made_all_the_same():
    runs = (Run("前\x00\x0b\x1f\ud800\uffff后"),)
    document = Document("题" * 5000, (Paragraph(runs), Heading(1, runs, "一、")), issuer="某" * 300, author="某" * 300, notes=(runs,))
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(produce(document, "docx"))).paragraphs)
    assert "前后" in text
    assert "题" * 5000 in text
    assert produce(document, "pdf").startswith(b"%PDF-")


def test_a_document_is_in_the_language_of_the_office(cast, client_of):
    enter(cast, "XS-11", "300余")
    with translation.override("en"):
        report = draft(cast, cast.county)
        document = kept(report)
    said = "".join(run.text for run in document.runs()) + "".join(figure.text + figure.mark for figure in report.figures.all())
    assert "数字说明" in document.notes_title
    assert "300余人" in said
    assert "unknown" not in said
    assert "个单位未报" in said
    assert document.copied == ""
    assert document.red_head == "溪山县文件"


def test_a_report_names_organisations_as_they_were_then(cast):
    actor = cast.accounts["statistician"].actor
    enter(cast, "XS-11")
    orgs.org_rename(org=cast.school, name="东溪第一中学", day=date(2012, 9, 1), actor=actor)
    assert "其中东溪中学300人" in "".join(run.text for run in kept(draft(cast, cast.town)).runs())


def test_a_period_that_does_not_fit_is_refused_and_not_offered(cast, client_of):
    enter(cast, "XS-11")
    with pytest.raises(XingtanError) as refused:
        draft(cast, cast.county, "2009")
    assert "学年" in str(refused.value.issues[0].message)
    assert "annual" not in client_of("director").get("/p/xishan/reports/new/", {"org": "XS", "period": "2009"}).content.decode()


def test_doubt_and_absence_are_both_printed(cast):
    from xingtan.apps.record.ledgers.services import record_doubt

    row = enter(cast, "XS-11")
    record_doubt(actor=cast.accounts["statistician"].actor, record=row, why="原文两处不一")
    document = kept(draft(cast, cast.county))
    said = "".join(run.text for run in document.runs())
    assert "〔存疑〕〔部分，1个单位未报〕" in said
    assert "原文两处不一" in said
    assert "缺报：西岭九年一贯制学校" in said
