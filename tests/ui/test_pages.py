"""The frame around pages, its pickers and its error pages, with the style guide's invented county."""

from __future__ import annotations

import logging
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.urls("tests.ui.guide.urls_root")
HEADERS = {"accept-language": "zh-hans"}


@pytest.fixture
def browser():
    return Client(headers=HEADERS)


def test_the_shell_says_whose_data_for_which_period_and_as_of_when(browser):
    page = browser.get("/?org=X&period=2025-2026&page=1").content.decode()
    for words in ("杏林县教育局（示例）", "2025—2026学年", "数据截至 2026-11-20 22:40", "快照 0x7f3a", "工作台", "目标责任", "跳到正文"):
        assert words in page
    assert page.count('aria-current="page"') == 2
    assert re.search(r'<a class="picker" href="/p/guide/pick/org/\?org=X[^"]*next=', page)


def test_pages_allow_no_script_or_style_but_our_own(browser):
    response = browser.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"


def test_a_list_says_how_many_it_does_not_show(browser):
    assert "显示前 4 条，共 6 条" in browser.get("/").content.decode()
    assert "没有符合条件的记录" in browser.get("/?q=绝无此校").content.decode()
    assert "还没有检查记录" in browser.get("/").content.decode()


def test_a_form_keeps_what_was_typed_and_names_every_fault(browser):
    page = browser.get("/form/?wrong").content.decode()
    assert "并校" in page
    assert page.count('class="field-errors"') == 5
    assert 'href="#id_name"' in page
    assert 'aria-invalid="true"' in page


def test_a_picker_is_a_page_and_with_htmx_a_piece(browser):
    assert "<html" in browser.get("/p/guide/pick/org/").content.decode()
    piece = browser.get("/p/guide/pick/org/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert "石桥镇中心小学" in piece


def test_refusals_tell_every_reason_with_its_remedy(browser):
    response = browser.get("/problem/")
    assert response.status_code == 400
    assert response.content.decode().count("须改正") == 3
    assert "把该列设为“文本”后重填" in response.content.decode()


def test_what_is_not_there_says_what_to_do(browser):
    response = browser.get("/nowhere")
    assert response.status_code == 404
    assert "没有找到" in response.content.decode()
    assert "搜索" in response.content.decode()


def test_our_own_fault_gets_a_number_that_stands_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        response = Client(raise_request_exception=False, headers=HEADERS).get("/broken/")
    assert response.status_code == 500
    number = re.search(r'class="code">(\w+)<', response.content.decode()).group(1)
    ours = [record for record in caplog.records if record.name == "xingtan.errors"]
    assert len(ours) == 1
    assert number in ours[0].getMessage()
    assert "on purpose" in str(ours[0].exc_info[1])
    assert "on purpose" not in response.content.decode()
