"""A roster of pupils: faulty, mended, entered, taken back – by the registrar of a school."""

from __future__ import annotations

import io

import openpyxl
import pytest
from playwright.sync_api import expect
from tests.apps.record.imports.roster_files import book, child
from tests.journeys.test_import_to_report import kept, saved, upload

from xingtan.apps.base.pupils.models import Pupil

pytestmark = pytest.mark.django_db(transaction=True)
DIRTY = (child(1), child(2, 出生日期="20120230"), child(3, 年级="大三"), child(4, 身份证件号="2.20523E+17"), child(5))
FAULTS = {"Sheet!D3": "20120230", "Sheet!F4": "大三", "Sheet!E5": "电子表格改坏"}


def mended(marked: bytes) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(marked))
    sheet = workbook.active
    assert sheet["D3"].fill.fgColor.rgb == "FFF8D9D6"
    for cell, value in {"D3": child(2)[3], "F4": "七年级", "E5": child(4)[4]}.items():
        sheet[cell] = value
    return saved(workbook)


def test_a_registrar_mends_a_roster_enters_it_and_takes_it_back(journey):
    page = journey.sign_in("registrar")
    page.goto(journey.url("/p/xishan/pupils/"))
    page.get_by_role("link", name="导入名册").click()
    page.get_by_label("生效日期").fill("2024-09-01")
    upload(page, "名册.xlsx", book(*DIRTY))
    expect(page.get_by_text("还没有写入任何数据")).to_be_visible()
    lines = page.locator("main table tbody tr").all_inner_texts()
    for place, word in FAULTS.items():
        assert any(place in line and word in line for line in lines), (place, lines)
    marked = kept(page, "下载批注版原表")
    page.get_by_role("link", name="改好后重新上传").click()
    page.get_by_label("生效日期").fill("2024-09-01")
    upload(page, "名册_批注.xlsx", mended(marked))
    expect(page.locator("dl.counts")).to_contain_text("有误\n0", use_inner_text=True)
    expect(page.locator("dl.counts")).to_contain_text("新增\n5", use_inner_text=True)
    page.get_by_role("button", name="全部入账").click()
    expect(page.get_by_text("已入账。")).to_be_visible()
    here = page.url
    page.get_by_role("link", name="看学生").click()
    expect(page.get_by_role("link", name="学生5")).to_be_visible()
    page.goto(here)
    page.get_by_text("撤销这次导入").click()
    page.get_by_label("撤销原因").fill("传错了文件")
    page.get_by_role("button", name="整批撤销").click()
    expect(page.get_by_text("已整批撤销")).to_be_visible()
    assert not Pupil.objects.exists()
    journey.healthy()
