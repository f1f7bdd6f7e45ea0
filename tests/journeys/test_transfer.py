"""A pupil changes schools by two people: one proposes, the other one answers; and the way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.apps.pupils.helpers import admit, open_class, spells

pytestmark = pytest.mark.django_db(transaction=True)


def open_pupil(page, journey, name):
    page.goto(journey.url("/p/xishan/pupils/"))
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def propose(page, journey):
    open_pupil(page, journey, "王小转")
    page.get_by_role("link", name="提出转学").click()
    page.get_by_label("转入学校").select_option("XS-21")
    page.get_by_role("button", name="提出").click()
    expect(page.locator("main")).to_contain_text("转学要有依据")
    page.get_by_label("依据").fill("家长申请，迁居西岭镇")
    page.get_by_role("button", name="提出").click()
    expect(page.locator(".message.success")).to_contain_text("已提出")


def answer(page, journey):
    page.goto(journey.url("/p/xishan/pupils/"))
    expect(page.locator("main")).not_to_contain_text("王小转")
    page.get_by_role("link", name="转学", exact=True).click()
    expect(page.get_by_text("1 项等您答复")).to_be_visible()
    page.get_by_role("link", name="王小转：东溪中学 → 西岭九年一贯制学校").click()
    page.get_by_label("编入班级").select_option(index=1)
    page.get_by_role("button", name="接收").click()
    expect(page.locator(".message.success")).to_contain_text("已办理")
    open_pupil(page, journey, "王小转")
    expect(page.locator(".timeline li").first).to_contain_text("西岭九年一贯制学校")
    expect(page.locator(".timeline li").nth(1)).to_contain_text("东溪中学")


def undo(page, journey):
    open_pupil(page, journey, "王小转")
    page.get_by_role("link", name="依据、撤回").click()
    page.get_by_label("理由").fill("家长反悔")
    page.get_by_role("button", name="撤回这次办理").click()
    expect(page.locator(".message.success")).to_contain_text("已撤回")


def test_two_schools_transfer_a_pupil_and_take_it_back(journey, cast):
    pupil = admit(cast.school, "王小转", phone="13912345678")
    open_class(cast.org("XS-21"))
    before = spells(pupil)
    east, west = journey.sign_in("registrar"), journey.sign_in("registrar_west")
    propose(east, journey)
    answer(west, journey)
    assert len(spells(pupil)) == 2
    open_pupil_gone(east, journey, pupil)
    undo(west, journey)
    assert spells(pupil) == before
    assert [fault for fault in journey.faults if "422" not in fault] == []  # the browser notes the form that came back


def open_pupil_gone(page, journey, pupil):
    """The old school's page: what was, not what came later."""
    page.goto(journey.url(f"/p/xishan/pupils/{pupil.pk}/"))
    expect(page.get_by_text("学生已离开本校")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("监护人")
