"""Bad input through the page: whatever is wrong with a file, the clerk reads where, why and what to do; nothing is half-written or lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.apps.record.imports.helpers import csv
from tests.apps.record.imports.test_bad_input import BOMB, zipped

from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.ledgers.selectors import current
from xingtan.apps.record.ledgers.services import record_create

HEAD = "单位,期间,学段,在校生数,辍学人数"
YEAR = "2008-2009"


def book(change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> bytes:
    """A workbook of two good rows, spoiled."""
    made = openpyxl.Workbook()
    for row in (HEAD.split(","), ["XS-11", YEAR, "初中", 300, 2], ["XS-12", YEAR, "小学", 80, 0]):
        made.active.append(row)
    change(made.active)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def merged(sheet) -> None:
    sheet.merge_cells("D2:D3")


def formula(sheet) -> None:
    sheet["D2"] = "=SUM(1,2)"


LONG = csv(f"XS-11,2009-03-08,{'很' * 5000},未整改", head="单位,发现日期,隐患,状态")
BROKEN = b"PK\x03\x04 xl/workbook this is no zip"
PARTS = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": BOMB}
# what is wrong: the ledger, the file and its bytes; place, reason, remedy. A file that is none is told beside the field of the form.
FILES = {
    "wrong header": ("enrolment", "表.csv", "学校名,年,段,头数\nXS-11,2008-2009,初中,1\n".encode(), ("<td", "认不出表头", "表头应有：学段")),
    "wrong type": ("enrolment", "表.csv", csv("XS-11,2008-2009,初中,很多,2"), ("D2", "“很多”不是数", "可填数字")),
    "duplicate key": (
        "enrolment", "表.csv", csv("XS-11,2008-2009,初中,300,2", "XS-11,2008-2009,初中,310,2"), ("C3", "与第 2 行重复", "请保留一行"),
    ),
    "unknown organisation": ("enrolment", "表.csv", csv("北山小学,2008-2009,小学,300,2"), ("A2", "没有“北山小学”这个单位", "请填单位的全称")),
    "merged cells": ("enrolment", "表.xlsx", book(merged), ("Sheet!D3", "数字合并在 2 行里", "请取消合并单元格")),
    "formula cells": ("enrolment", "表.xlsx", book(formula), ("Sheet!D2", "单元格里是公式", "粘贴为数值")),
    "5,000 characters": ("hazard", "表.csv", LONG, ("C2", "有 5000 个字", "请")),
    "masked key": ("enrolment", "表.csv", csv("XS-11,2008-2009,××,300,2"), ("C2", "不能是缺失、遮盖", "请填写能区分各行的内容")),
    "a zip bomb": ("enrolment", "表.xlsx", zipped(PARTS), ("表格文件", "解压后大得不正常", "请新建一个表格")),
    "no zip": ("enrolment", "表.xlsx", BROKEN, ("表格文件", "文件已损坏", "重新另存一次")),
    "cells under no heading": (
        "enrolment", "表.csv", csv("XS-11,2008-2009,初中,300,2,多出来的"), ("F1", "F 列没有表头，其中 1 个单元格没有导入", "请写上表头"),
    ),
    "nothing": ("enrolment", "表.csv", b"", ("表格文件", "文件是空的", "请确认表格已经保存")),
}  # fmt: skip


def told(browser, ledger: str, name: str, data: bytes) -> str:
    """What the clerk reads after sending the file."""
    url = f"/p/xishan/ledgers/{ledger}/import/"
    page = browser.post(url, {"file": SimpleUploadedFile(name, data), "org": "XS-11", "period": ""}, follow=True)
    return page.content.decode().split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("what", FILES)
def test_the_page_says_where_why_and_what_to_do_and_nothing_is_written(cast, client_of, what):
    ledger, name, data, said = FILES[what]
    html = told(client_of("town_officer"), ledger, name, data)
    for words in said:
        assert words in html
    assert current(cast.place, ledger).count() == 0
    assert "Traceback" not in html


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_encodings_of_a_csv_are_read_without_a_word(cast, client_of, encoding):
    html = told(client_of("town_officer"), "enrolment", "表.csv", csv("东溪中学,2008-2009,初中,300,2", encoding=encoding))
    assert "共 1 行" in html
    assert "全部入账" in html


def test_a_rare_character_is_shown_as_it_was_written(cast, client_of):
    browser = client_of("town_officer")
    data = csv("XS-11,2009-03-08,𠮷家围墙裂缝,未整改", head="单位,发现日期,隐患,状态")
    told(browser, "hazard", "表.csv", data)
    browser.post(f"/p/xishan/imports/{Import.objects.get().pk}/confirm/")
    assert "𠮷家围墙裂缝" in browser.get("/p/xishan/ledgers/hazard/", {"org": "XS-1"}).content.decode()


def test_two_people_on_one_row_see_both_answers_and_lose_none(cast, client_of):
    texts = {"org": "XS-11", "period": "2008-2009", "stage": "初中", "pupils": "300", "dropouts": "2"}
    row = record_create(
        actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1)
    )
    browser, url = client_of("town_officer"), f"/p/xishan/ledgers/enrolment/{row.pk}/edit/"
    assert browser.post(url, {**texts, "pupils": "310", "seen": str(row.pk)}).status_code == 302
    page = browser.post(url, {**texts, "pupils": "320", "seen": str(row.pk)})
    html = page.content.decode()
    assert page.status_code in {409, 422}
    assert "310" in html, "what the other wrote"
    assert 'value="320"' in html, "what was typed is still there"
    assert current(cast.place, "enrolment").get().data["pupils"] != "320"
