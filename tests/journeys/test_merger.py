"""Two schools merge: the preview, both readings of the history, and the way back."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from xingtan.apps.record.ledgers.services import record_create

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = "2008-2009", "2009-2010"


def report(cast, code, period, stage, pupils):
    texts = {"org": code, "period": period, "stage": stage, "pupils": pupils}
    actor = cast.accounts["statistician"].actor
    record_create(actor=actor, place=cast.place, ledger="enrolment", texts=texts, today=date(2010, 9, 1))


def history(page):
    """Period → value, as the figure's page tells it."""
    rows = page.locator("table", has_text="历年数值").locator("tbody tr")
    return {row.locator("th").text_content(): row.locator("td").first.text_content() for row in rows.all()}


def figure(page, journey, org):
    page.goto(journey.url(f"/p/xishan/indicators/pupils/?org={org}&period={AFTER}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("在校生数")


def merge(page, journey):
    page.goto(journey.url("/p/xishan/org-acts/"))
    page.get_by_role("link", name="合并", exact=True).click()
    page.get_by_label("被合并的组织").select_option("XS-22")
    page.get_by_label("并入").select_option("XS-21")
    page.get_by_label("生效日期").fill("2009-09-01")
    page.get_by_label("依据").fill("溪教字〔2009〕8号")
    page.get_by_role("button", name="看看会怎样变").click()
    expect(page.get_by_text("还没有生效")).to_be_visible()
    expect(page.locator("main")).to_contain_text("西岭完小 → 西岭九年一贯制学校：100%")
    page.get_by_role("button", name="确认").click()
    expect(page.locator(".message.success")).to_contain_text("西岭完小")
    return page.url


def take_back(page, act):
    page.goto(act)
    page.get_by_label("撤回事由").fill("文件作废")
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_text("已撤回").first).to_be_visible()


def test_a_merger_has_two_readings_and_can_be_taken_back(journey, cast):
    for code, stage, pupils in (("XS-21", "初中", "200"), ("XS-22", "小学", "90")):
        report(cast, code, BEFORE, stage, pupils)
    page = journey.sign_in("statistician")
    act = merge(page, journey)
    report(cast, "XS-21", AFTER, "初中", "310")

    figure(page, journey, "XS-21")
    assert history(page) == {"2008—2009学年": "200人", "2009—2010学年": "310人"}
    page.get_by_role("link", name="按今天的机构重述").click()
    expect(page.get_by_text("各期都按今天的机构重述")).to_be_visible()
    assert history(page) == {"2008—2009学年": "290人", "2009—2010学年": "310人"}
    page.goto(journey.url(page.locator("a.figure", has_text="290人").first.get_attribute("href")))
    page.get_by_role("link", name="查看来源行").click()
    expect(page.get_by_role("row").filter(has_text="西岭完小")).to_contain_text("90")

    take_back(page, act)
    figure(page, journey, "XS-21")
    page.get_by_role("link", name="按今天的机构重述").click()
    expect(page.get_by_text("各期都按今天的机构重述")).to_be_visible()
    assert history(page) == {"2008—2009学年": "200人", "2009—2010学年": "310人"}
    journey.healthy()
