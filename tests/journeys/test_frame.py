"""The frame in a real browser: keyboard, dialog, drawer, charts, and the page without scripts."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.urls("tests.ui.guide.urls_root"), pytest.mark.django_db(transaction=True)]


def test_the_keyboard_reaches_search_and_skips_to_the_text(stage):
    page = stage.visitor()
    page.goto(stage.url("/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    stage.healthy()


def test_the_picker_opens_in_a_dialog_and_narrows_while_typing(stage):
    page = stage.visitor()
    page.goto(stage.url("/"))
    page.get_by_role("link", name="单位 杏林县教育局（示例）").click()
    page.locator("dialog[open] .pick-list li").first.wait_for()
    assert page.locator(".pick-list li:visible").count() == 6
    page.keyboard.type("石桥")
    assert page.locator(".pick-list li:visible").all_inner_texts() == ["石桥镇中心小学"]
    page.keyboard.press("Escape")  # clears the words, as in every search box
    assert page.locator(".pick-list li:visible").count() == 6
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    stage.healthy()


def test_charts_are_drawn_from_their_table_and_can_be_kept_as_a_picture(stage):
    page = stage.visitor()
    page.goto(stage.url("/"))
    page.locator("figure.chart canvas").first.wait_for()
    with page.expect_download() as kept:
        page.get_by_role("button", name="存为图片").first.click()
    assert kept.value.suggested_filename == "初中辍学率.png"
    assert kept.value.path().read_bytes().startswith(b"\x89PNG")
    stage.healthy()


def test_chinese_is_set_in_our_own_web_font(stage):
    page = stage.visitor()
    page.goto(stage.url("/"))
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family)")
    assert any("Noto Sans SC Variable" in family for family in loaded)


@pytest.mark.parametrize("path", ["/", "/form/?wrong", "/p/guide/pick/org/"])
def test_no_page_is_wider_than_a_phone(stage, path):
    page = stage.visitor({"width": 360, "height": 780})
    page.goto(stage.url(path))
    stage.fits(page)
    stage.healthy()


def test_the_drawer_opens_with_and_without_scripts(stage):
    for scripts in (True, False):
        page = stage.visitor({"width": 360, "height": 780}, java_script_enabled=scripts)
        page.goto(stage.url("/"))
        assert not page.get_by_role("link", name="台账").is_visible()
        page.locator(".burger").click()
        assert page.get_by_role("link", name="台账").is_visible()
        page.locator(".nav-close").click()
        assert not page.get_by_role("link", name="台账").is_visible()
    stage.healthy()


def test_without_scripts_lists_filter_and_pickers_pick(stage):
    page = stage.visitor(java_script_enabled=False)
    page.goto(stage.url("/"))
    page.get_by_label("查找").first.fill("石桥")
    page.get_by_role("button", name="筛选").first.click()
    assert page.locator("td[data-label='单位']").all_inner_texts() == ["石桥镇中心小学"]
    page.get_by_role("link", name="单位 杏林县教育局（示例）").click()
    page.get_by_role("link", name="柳河镇中心小学").click()
    assert page.url == stage.url("/")


def test_faults_of_a_form_are_read_first(stage):
    page = stage.visitor()
    page.goto(stage.url("/form/?wrong"))
    assert "有几处需要改正" in page.evaluate("document.activeElement.textContent")
    page.get_by_role("link", name="单位全称").click()
    assert page.evaluate("document.activeElement.id") == "id_name"
    stage.healthy()
