from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace as Row
from urllib.parse import parse_qs, unquote, urlsplit

import openpyxl
import pytest
from django.test import RequestFactory

from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T
from xingtan.ui.tables import Column, Filter, Table

ROWS = [Row(pk=n, name=f"学校{n:03}", town="东" if n % 2 else "西", pupils=None if n == 7 else n * 10, state="met") for n in range(1, 121)]
TABLE: Table[Row] = Table(
    columns=(
        Column[Row]("name", "单位", lambda r: r.name, sort=True, link=lambda r: f"/o/{r.pk}"),
        Column("pupils", "在校生", lambda r: r.pupils, "number", "人", sort=True),
        Column("state", "对目标", lambda r: r.state, "light"),
        Column("do", "", lambda r: "改", "actions"),
    ),
    filters=(Filter("town", "乡镇", lambda rows, v: [r for r in rows if r.town == v], choices=(("东", "东"), ("西", "西"))),),
    search=lambda rows, words: [r for r in rows if words in r.name],
    default="name",
)


def bound(query: str = "", table: Table[Row] = TABLE, rows=ROWS):
    return table.bind(RequestFactory().get(f"/list/{query}"), rows)


def test_the_first_page_says_how_many_there_are():
    table = bound()
    assert (table.first, table.last, table.total, table.pages) == (1, 50, 120, 3)
    assert [row.record.pk for row in table.rows] == list(range(1, 51))


def test_pages_cover_everything_once():
    seen = [row.record.pk for page in (1, 2, 3) for row in bound(f"?page={page}").rows]
    assert sorted(seen) == list(range(1, 121))


@pytest.mark.parametrize(("asked", "got"), [("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("4", 3), ("9" * 40, 1), ("2", 2)])
def test_a_page_number_that_means_nothing_is_no_error(asked, got):
    assert bound(f"?page={asked}").page == got


def test_sorting_keeps_the_unknown_last_either_way():
    up, down = bound("?sort=pupils&size=200").rows, bound("?sort=-pupils&size=200").rows
    assert [up[0].record.pk, up[-1].record.pk] == [1, 7]
    assert [down[0].record.pk, down[-1].record.pk] == [120, 7]


def test_unknown_columns_sort_nothing():
    assert [row.record.pk for row in bound("?sort=password").rows[:2]] == [1, 2]


def test_filters_search_and_their_addresses():
    table = bound("?town=东&q=学校00&org=XS&page=1&sort=-name")
    assert [row.record.pk for row in table.rows] == [9, 7, 5, 3, 1]
    assert table.narrowed
    kept = parse_qs(urlsplit(table.clear_url).query)
    assert kept == {"org": ["XS"], "sort": ["-name"]}
    assert ("org", "XS") in table.kept
    assert "town" not in dict(table.kept)


def test_a_choice_nobody_offers_filters_nothing():
    assert bound("?town=南").total == 120
    assert not bound("?town=南").narrowed


def test_changing_the_order_returns_to_the_first_page():
    assert "page" not in unquote(bound("?page=3").heads[1].url)
    assert "sort=-name" in bound("?page=3").heads[0].url


def test_two_lists_of_a_page_keep_apart():
    other = Table(columns=TABLE.columns, default="name", prefix="b_")
    assert bound("?page=3&b_page=2", other).page == 2
    assert "b_page=3" in bound("?page=3&b_page=2", other).next_url
    assert "page=3" in bound("?page=3&b_page=2", other).next_url


def test_export_writes_exactly_what_the_filter_shows_all_pages_of_it():
    response = bound("?town=东&export=xlsx&sort=-pupils").workbook("学校：名单/2025")
    assert "filename*=utf-8''" in response["Content-Disposition"]
    assert unquote(response["Content-Disposition"].split("''")[1]) == "学校：名单_2025.xlsx"
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("单位", "在校生（人）", "对目标")
    assert rows[1] == ("学校119", 1190, "达标")
    assert rows[-1] == ("学校007", None, "达标")
    assert len(rows) == 61


def test_export_keeps_what_a_spreadsheet_would_spoil():
    values = [
        "=1+1",
        Quantity.at_least(24),
        "220524201105060011",
        datetime(2026, 1, 1, 16, tzinfo=UTC),
        T("第 %(n)s 行", n=7),
        Decimal("0.1"),
        True,
    ]
    table: Table[Row] = Table(columns=(Column("v", "值", lambda r: r.v),))
    bytes_ = bound("", table, [Row(pk=n, v=v) for n, v in enumerate(values)]).workbook("值").content
    cells = [row[0].value for row in openpyxl.load_workbook(io.BytesIO(bytes_)).active.iter_rows(min_row=2)]
    assert cells[0] == "=1+1"
    assert openpyxl.load_workbook(io.BytesIO(bytes_)).active["A2"].data_type != "f"
    assert cells[1:3] == ["24以上", "220524201105060011"]
    assert cells[3] == datetime(2026, 1, 2, 0, 0)
    assert cells[4] == "第 7 行"
    assert float(cells[5]) == 0.1
