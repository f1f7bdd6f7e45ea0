"""Texts, numbers, lights, findings and files, as the reader meets them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T
from xingtan.ui import downloads, figures, icons, issues
from xingtan.ui.text import lazy, render


def template(text: str, **context: object) -> str:
    with translation.override("zh-hans"):
        return engines["django"].from_string(text).render(context).strip()


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (None, None, "—"),
        ("", None, "—"),
        (0, None, "0"),
        (1234567, None, "1,234,567"),
        (Decimal("2.345"), 2, "2.35"),
        (Decimal("-2.345"), 2, "-2.35"),
        (Decimal("1E+3"), None, "1,000"),
        (0.1, None, "0.1"),
        (float("nan"), None, "—"),
        ("甲", None, "甲"),
        (Quantity.exact("12345.5"), 1, "12,345.5"),
        (Quantity.more_than(24), None, "24余"),
        (Quantity.unknown(24), None, "未知（至少24）"),
        (Quantity.not_applicable(), None, "不适用"),
    ],
)
def test_numbers(value, digits, shown):
    assert figures.number(value, digits) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_separators_never_change_a_number(value):
    assert Decimal(figures.number(value).replace(",", "")) == value


def test_a_light_nobody_knows_is_never_green():
    assert figures.light("brilliant").word == "未知"
    assert template("{% light state %}", state="met") == '<span class="light met"><span aria-hidden="true">▲</span> 达标</span>'
    assert template("{% light 'known' %}") == ""


def test_a_figure_walks_back_to_its_rows():
    shown = template("{% figure value url status='partial' unit='%' state='near' %}", value=Decimal("1.60"), url="/f/?a=1&b=2")
    assert '<a class="figure" href="/f/?a=1&amp;b=2">1.60%</a>' in shown
    assert "◆" in shown
    assert "部分" in shown


def test_texts_are_translated_before_they_are_filled():
    inner = T("%(n)s 行", n=3)
    with translation.override("zh-hans"):
        assert render(T("共 %(what)s，截至 %(day)s", what=inner, day=date(2009, 3, 8))) == "共 3 行，截至 2009-03-08"
        assert render(T("比例 100%")) == "比例 100%"
        assert render([T("甲"), "乙"]) == "甲、乙"
        assert render(datetime(2026, 1, 1, 16, tzinfo=UTC)) == "2026-01-02 00:00"
        assert str(lazy(T("第 %(n)s 行", n=7))) == "第 7 行"


def test_findings_show_the_gravest_first_and_are_never_cut_silently():
    found = [Issue(Severity.INFO, "a", T("甲")), Issue(Severity.ERROR, "b", T("乙"), Where(sheet="S", cell="C7"), T("改"), "<x>")]
    listing = issues.listing(found, 1)
    assert (listing.total, listing.errors, listing.cut, listing.lines[0].message) == (2, 1, True, "乙")
    shown = template("{% issues found 1 '/all' %}", found=found)
    assert "显示前 1 条，共 2 条" in shown
    assert 'href="/all"' in shown
    assert "S!C7" in shown
    assert "&lt;x&gt;" in shown
    assert "显示前" not in template("{% issues found %}", found=found)


@pytest.mark.parametrize(
    ("name", "safe"),
    [("学校/名单?.xlsx", "学校_名单_.xlsx"), ("../../etc", "_.._etc"), ("a\r\nb", "a_b"), ("", "xingtan"), ("..", "xingtan")],
)
def test_file_names(name, safe):
    assert downloads.safe_name(name) == safe


def test_downloads_are_never_guessed_at():
    response = downloads.download(b"x", "报告.pdf", downloads.PDF)
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E6%8A%A5%E5%91%8A.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    streamed = downloads.download(iter([b"a", b"b"]), "a.csv", downloads.CSV, inline=True)
    assert b"".join(streamed.streaming_content) == b"ab"
    assert streamed["Content-Disposition"] == 'inline; filename="a.csv"'


def test_an_icon_that_is_not_drawn_is_a_fault():
    with pytest.raises(KeyError):
        icons.draw("unicorn")
    assert 'aria-label="&lt;b&gt;"' in icons.draw("bell", "<b>")
