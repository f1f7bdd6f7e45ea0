from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.quantity import Quantity
from xingtan.press import xlsx


def opened(*sheets):
    return openpyxl.load_workbook(io.BytesIO(xlsx.write(sheets)))


def test_values_keep_their_type_and_a_formula_stays_text():
    columns = [xlsx.Column("甲"), xlsx.Column("金额", "money", "元"), xlsx.Column("日期", "date"), xlsx.Column("率", "percent", digits=1)]
    page = opened(xlsx.Sheet("表", columns, [["=1+1", Decimal("12.50"), date(2009, 1, 2), Decimal("0.017")]], above=("题",)))["表"]
    assert [cell.value for cell in page[2]] == ["甲", "金额（元）", "日期", "率"]
    text, money, day, rate = page[3]
    assert (text.value, text.data_type) == ("=1+1", "s")
    assert (money.value, money.number_format) == (12.5, "#,##0.00")
    assert day.value.date() == date(2009, 1, 2)
    assert (rate.value, rate.number_format) == (0.017, "0.0%")


def test_an_inexact_quantity_is_written_in_its_words_and_an_unknown_is_not_zero():
    page = opened(xlsx.Sheet("表", [xlsx.Column("数", "number")], [[Quantity.more_than(10)], [Quantity.unknown()], [Quantity.exact(3)]]))[
        "表"
    ]
    assert [page.cell(row, 1).value for row in (2, 3, 4)] == ["10余", "未知", 3]


def test_a_number_of_more_than_fifteen_digits_stays_whole():
    page = opened(xlsx.Sheet("表", [xlsx.Column("号", "number")], [[220523200001010017]]))["表"]
    assert page.cell(2, 1).value == "220523200001010017"


def test_long_choice_lists_are_offered_too():
    choices = tuple(f"选项{n}" for n in range(100))
    page = opened(xlsx.Sheet("表", [xlsx.Column("类别", choices=choices)], blank_rows=5))["表"]
    (rule,) = page.data_validations.dataValidation
    assert rule.type == "list"
    assert rule.formula1.endswith("$A$100")


def test_sheet_names_are_made_lawful_and_distinct():
    taken: set[str] = set()
    names = [xlsx.sheet_name(title, taken) for title in ("七[1]班", "七(1)班", "x" * 40, "x" * 40, "X" * 31)]
    assert names[0] == "七－1－班"
    assert len({name.casefold() for name in names}) == 5
    assert all(len(name) <= 31 for name in names)


def test_a_text_that_does_not_fit_a_cell_is_refused_not_cut():
    with pytest.raises(XingtanError):
        xlsx.write([xlsx.Sheet("表", [xlsx.Column("甲")], [["x" * 40_000]])])


def test_the_same_table_gives_the_same_bytes():
    sheet = xlsx.Sheet("表", [xlsx.Column("甲")], [["一"]])
    assert xlsx.write([sheet]) == xlsx.write([sheet])
