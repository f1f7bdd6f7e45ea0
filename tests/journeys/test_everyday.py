"""The inspector on a phone in the yard; a teacher who sets a password by a one-time link."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from xingtan.apps.record.ledgers.services import record_create

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "杏坛春风化雨-2009"


def new_password(page, password):
    page.get_by_label("新密码").fill(password)
    page.get_by_label("再输一次").fill(password)
    page.get_by_role("button", name="设置并进入").click()


def test_an_inspector_finds_a_record_on_a_phone(journey, cast):
    actor = cast.accounts["statistician"].actor
    texts = {
        "org": "XS-11",
        "found": "2009-03-08",
        "what": "教学楼西侧楼梯扶手松动，课间上下楼有跌落危险",
        "state": "未整改",
        "finder": "严师",
    }
    record_create(actor=actor, place=cast.place, ledger="hazard", texts=texts, today=date(2009, 9, 1))
    page = journey.phone("inspector")
    page.goto(journey.url("/p/xishan/"))
    journey.fits(page)
    page.locator(".burger").click()
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="台账").click()
    journey.fits(page)
    page.get_by_role("link", name="安全隐患").click()
    expect(page.get_by_text("共 1 条")).to_be_visible()
    journey.fits(page)
    page.locator("main tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("东溪中学")
    expect(page.locator("main")).to_contain_text("教学楼西侧楼梯扶手松动")
    expect(page.get_by_role("link", name="修改")).to_have_count(0)
    journey.fits(page)
    journey.healthy()


def test_a_password_is_set_by_a_link_that_works_once(journey, cast):
    page = journey.sign_in("administrator")
    page.goto(journey.url(f"/accounts/{cast.accounts['teacher'].pk}/"))
    page.get_by_role("button", name="一次性链接").click()
    link = page.get_by_label("只显示这一次").input_value()
    teacher = journey.visitor()
    teacher.goto(link)
    new_password(teacher, "12345678")
    expect(teacher.locator(".summary")).to_be_visible()
    new_password(teacher, PASSWORD)
    expect(teacher.locator(".menu summary")).to_contain_text("𠮷老师")

    late = journey.visitor()
    assert late.goto(link).status == 410
    expect(late.get_by_role("heading", name="链接已失效")).to_be_visible()
    late.goto(journey.url("/sign-in/"))
    late.get_by_label("登录名").fill("teacher")
    late.get_by_label("密码").fill(PASSWORD)
    late.get_by_role("button", name="登录").click()
    expect(late.locator(".menu summary")).to_contain_text("𠮷老师")
