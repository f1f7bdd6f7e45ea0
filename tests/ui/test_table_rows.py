"""The rows of a list are drawn outside the template engine: what a template escapes by itself must be escaped here."""

from __future__ import annotations

from types import SimpleNamespace

from django.test import RequestFactory
from django.utils.safestring import mark_safe

from xingtan.ui.table_rows import draw
from xingtan.ui.tables import Column, Table
from xingtan.ui.templatetags.xingtan import light

EVIL = "<b>&\"'"


def rows_of(column, value, **more):
    table = Table((column,), key=lambda row: row.key, **more)
    record = SimpleNamespace(key='1"><i>', value=value)
    return draw(table.bind(RequestFactory().get("/"), [record]), light)


def column(kind="text", link=None, **more):
    return Column("c", more.pop("title", "栏"), lambda row: row.value, kind, link=link, **more)


def test_whatever_people_write_is_escaped():
    html = rows_of(column(title=EVIL, link=lambda row: '/x/?a="&b'), EVIL, many=(("/many/", "作废"),))
    assert "<b>" not in html
    assert "<i>" not in html
    assert 'data-label="&lt;b&gt;&amp;&quot;&#x27;"' in html
    assert '<a href="/x/?a=&quot;&amp;b">&lt;b&gt;&amp;&quot;&#x27;</a>' in html
    assert 'value="1&quot;&gt;&lt;i&gt;" aria-label="勾选第 1 行"' in html


def test_only_what_is_marked_safe_is_html():
    assert "<b>" not in rows_of(column("html"), EVIL)
    assert "<em>一</em>" in rows_of(column("html"), mark_safe("<em>一</em>"))
    assert ">None<" not in rows_of(column("html"), None)


def test_numbers_nothing_and_lights_are_drawn_as_their_kind_says():
    assert ">12,345<" in rows_of(column("number"), 12345)
    assert '<a class="figure" href="/f/">12,345</a>' in rows_of(column("number", link=lambda row: "/f/"), 12345)
    assert ">—<" in rows_of(column(), None)
    assert 'class="light' in rows_of(column("light"), "doubtful")
    assert '<td class="col-text minor"' in rows_of(column(minor=True), "一")
