"""From a clerk's faulty spreadsheet to a figure, its provenance, the report that prints it, and back."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import expect

from xingtan.apps.record.ledgers.services import record_create

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = "2008-2009"
FIGURE = f"/p/xishan/indicators/pupils/?org=XS&period={YEAR}"
DIRTY = [
    ["学校", "学年", "学 段", "在校人头", "辍学人数"],  # no such heading as the fourth
    ["东溪中学", YEAR, "初中", "三百零五", 3],
    ["西岭九年一贯制学校", YEAR, "初中", "10余", 0],  # a bound, no fault
    ["西岭完小", YEAR, "小学", 90, "很多"],  # no number
    ["北山小学", YEAR, "小学", 120, 0],  # nobody knows this school
    ["东溪中学", YEAR, "初中", 305, 3],  # twice
    ["东溪中心小学", YEAR, "××", 200, 1],  # nobody can tell such rows apart
    ["柳湾村小", YEAR, "小学", 28, "××"],  # not known, and said so
]
FAULTS = {
    "Sheet!1": "缺少“在校生数”一列",
    "Sheet!E4": "很多",
    "Sheet!A5": "北山小学",
    "Sheet!C6": "与第 2 行重复",
    "Sheet!C7": "××",
}


def saved(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def dirty() -> bytes:
    book = openpyxl.Workbook()
    for row in DIRTY:
        book.active.append(row)
    return saved(book)


def mended(marked: bytes) -> bytes:
    """What a clerk does to the marked copy: put right what its last column says, and send the same file."""
    book = openpyxl.load_workbook(io.BytesIO(marked))
    sheet = book.active
    for cell, value in {"D1": "在校生数", "E4": 2, "A5": "西岭九年一贯制学校", "C7": "小学"}.items():
        sheet[cell] = value
    sheet.delete_rows(6)
    return saved(book)


def upload(page, name, data):
    page.get_by_label("表格文件").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    page.get_by_role("button", name="上传并检查").click()


def kept(page, link) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return download.value.path().read_bytes()


def reads(page, journey, value):
    """The indicator's page for the whole county says so."""
    page.goto(journey.url(FIGURE))
    expect(page.locator(".figure-big .value")).to_have_text(value)


def faults_are_told_at_once(page):
    expect(page.get_by_role("heading", name="导入：在校生.xlsx")).to_be_visible()
    lines = page.locator("main table tbody tr").all_inner_texts()
    for place, word in FAULTS.items():
        assert any(place in line and word in line for line in lines), (place, lines)
    expect(page.get_by_text("还没有写入任何数据")).to_be_visible()


def import_mended(page, marked):
    page.get_by_role("link", name="改好后重新上传").click()
    upload(page, "在校生_批注.xlsx", mended(marked))
    expect(page.locator("dl.counts")).to_contain_text("有误\n0", use_inner_text=True)
    expect(page.locator("dl.counts")).to_contain_text("新增\n6", use_inner_text=True)
    page.get_by_role("button", name="全部入账").click()
    expect(page.get_by_text("已入账。")).to_be_visible()
    return page.url


def walk_back_to_the_rows(page):
    page.get_by_role("link", name="查看来源行").click()
    expect(page.get_by_text("共 7 行")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="三百零五")
    expect(row).to_contain_text("东溪中学")
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("东溪中学")


def produce_the_report(page, journey):
    page.goto(journey.url(f"/p/xishan/reports/new/?org=XS&period={YEAR}"))
    page.get_by_label("模板").select_option("annual")
    page.get_by_role("button", name="生成草稿").click()
    page.get_by_text("印发", exact=True).click()
    page.get_by_role("button", name="印发并封存数据").click()
    expect(page.get_by_text("已印发；数据快照已封存")).to_be_visible()
    figure = page.locator("article.official a.figure").first
    return page.url, figure.inner_text(), figure.get_attribute("href")


def test_from_a_faulty_spreadsheet_to_the_report_and_back(journey, cast):
    page = journey.sign_in("statistician")
    texts = {"org": "XS-11", "period": YEAR, "stage": "小学", "pupils": "40"}
    record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1))
    reads(page, journey, "〔缺，至少40人〕")

    page.goto(journey.url("/p/xishan/ledgers/enrolment/"))
    page.get_by_role("link", name="导入表格").click()
    upload(page, "在校生.xlsx", dirty())
    faults_are_told_at_once(page)
    batch = import_mended(page, kept(page, "下载批注版原表"))
    reads(page, journey, "793余人")
    walk_back_to_the_rows(page)

    report, text, address = produce_the_report(page, journey)
    assert (text, address.partition("&snapshot=")[0]) == ("793余人", FIGURE)
    words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(kept(page, "下载 docx"))).paragraphs)
    assert "在校生793余人" in words
    reads(page, journey, "793余人")
    expect(page.get_by_role("link", name="溪山县2008—2009学年教育工作报告")).to_be_visible()

    page.goto(batch)
    page.get_by_text("撤销这次导入").click()
    page.get_by_label("撤销原因").fill("登记到了错误的学年")
    page.get_by_role("button", name="整批撤销").click()
    expect(page.get_by_text("已整批撤销")).to_be_visible()
    reads(page, journey, "〔缺，至少40人〕")
    page.goto(report)
    expect(page.locator("article.official a.figure").first).to_have_text(text)
    journey.healthy()
