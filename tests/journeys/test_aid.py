"""Aid from a faulty sheet of applications to the list for the bank, by a school, an officer, a director and somebody from the street."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.journeys.test_import_to_report import saved, upload

from xingtan.apps.desks.aid.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "?org=XS&period=2009"
HEAD = ["单位", "期间", "学生编号", "学生姓名", "学段", "家庭类别", "寄宿", "已核准"]
FAULTY = [
    HEAD,
    ["东溪中学", "2009", "A1", "王小明", "初中", "脱贫户", "是", "是"],
    ["东溪中学", "2009", "A2", "欧阳娜娜", "初中", "富户", "是", "是"],  # no such kind of household
    ["东溪中学", "2009", "", "李四", "初中", "低保户", "是", "是"],  # nobody can tell such rows apart
    ["东溪中学", "2009", "A4", "赵六", "初中", "低保户", "是", ""],  # not verified yet: no fault
]


def sheet(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def applications_come_in(page, journey):
    page.goto(journey.url("/p/xishan/ledgers/aid_application/?org=XS-11&period=2009"))
    page.get_by_role("link", name="导入表格").click()
    upload(page, "资助申请.xlsx", sheet(FAULTY))
    lines = " ".join(page.locator("main table tbody tr").all_inner_texts())
    assert "富户" in lines
    assert "Sheet!C4" in lines
    page.get_by_role("link", name="改好后重新上传").click()
    mended = [list(row) for row in FAULTY]
    mended[2][5], mended[3][2] = "低保户", "A3"
    upload(page, "资助申请.xlsx", sheet(mended))
    page.get_by_role("button", name="全部入账").click()
    expect(page.get_by_text("已入账。")).to_be_visible()


def put_forward(page, journey):
    page.goto(journey.url(f"/p/xishan/aid/{HERE}"))
    page.get_by_role("link", name="寄宿生生活补助").first.click()
    row = page.get_by_role("row").filter(has_text="赵六")
    expect(row).to_contain_text("未定：已核准（缺：已核准）")
    page.get_by_role("button", name="提出审批").click()
    expect(page.get_by_text("已提出，等有权的人审批")).to_be_visible()
    expect(page.get_by_role("link", name="审批", exact=True)).to_have_count(0)  # not by the same person


def approve(page, journey, run):
    page.goto(journey.url(f"/p/xishan/aid/runs/{run.pk}/"))
    expect(page.locator("dl.facts").first).to_contain_text("3 份，3 人")
    page.get_by_role("link", name="审批", exact=True).click()
    page.get_by_label("审批意见").fill("同意")
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_text("已审批")).to_be_visible()


def publish(page, journey, run):
    page.goto(journey.url(f"/p/xishan/aid/runs/{run.pk}/"))
    page.get_by_role("link", name="公示", exact=True).click()
    assert page.get_by_label("公示天数").input_value() == "5", "as the pack lays down"
    expect(page.get_by_text("欧阳○○")).to_be_visible()
    page.get_by_role("button", name="开始公示").click()
    expect(page.get_by_text("已公示")).to_be_visible()


def anybody_reads(journey, run):
    page = journey.visitor()
    page.goto(journey.url(f"/notice/aid/{run.token}/"))
    expect(page.get_by_text("王○○")).to_be_visible()
    words = page.locator("body").inner_text()
    assert not [secret for secret in ("王小明", "A1", "脱贫户", "赵") if secret in words]


def test_from_faulty_applications_to_the_payment_list(journey):
    applications_come_in(journey.sign_in("principal"), journey)
    officer = journey.sign_in("aid_officer")
    put_forward(officer, journey)
    run = Run.objects.get()
    approve(journey.sign_in("director"), journey, run)
    publish(officer, journey, run)
    anybody_reads(journey, run)
    officer.goto(journey.url(f"/p/xishan/aid/runs/{run.pk}/payment/"))
    expect(officer.get_by_text("公示未满").first).to_be_visible()
    today = timezone.localdate()
    Run.objects.update(notice_from=today - timedelta(days=6), notice_to=today - timedelta(days=1))  # the days go by
    officer.goto(journey.url(f"/p/xishan/aid/runs/{run.pk}/payment/"))
    with officer.expect_download() as download:
        officer.get_by_role("button", name="导出清单").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cells = {cell.value for row in book.active.iter_rows() for cell in row}
    assert {"王小明", "欧阳娜娜", "李四", 625} <= cells
    assert "赵六" not in cells
    journey.healthy()
