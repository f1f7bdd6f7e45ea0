"""Cell text ↔ typed value, and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws import tried

from xingtan.apps.record.ledgers.cells import dump, load, typed, words
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.apps.record.ledgers.times import read_date, read_period
from xingtan.apps.record.ledgers.values import Reader
from xingtan.kernel.quantity import Quantity
from xingtan.pack.schema.ledger import Field

COUNT = Field(id="n", title="人数", type="number", digits=0, min=Decimal(0), unit="人")
MONEY = Field(id="m", title="金额", type="money", unit="元")
RATE = Field(id="r", title="比率", type="percent")
TEN_THOUSANDS = Field(id="w", title="投入", type="money", unit="万元")
FLAG = Field(id="b", title="是否", type="boolean")


@pytest.fixture
def reader(cast):
    return Reader(shape_of(cast.place, "enrolment"))


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (COUNT, "10余", Quantity.more_than(10)), (COUNT, "三千零三十二", Quantity.exact(3032)), (COUNT, "三十多人", Quantity.more_than(30)),
        (COUNT, "××", Quantity.unknown(0)), (COUNT, "不适用", Quantity.not_applicable()), (COUNT, "近500", Quantity.about(500)),
        (COUNT, "1,234", Quantity.exact(1234)), (COUNT, "不足30", Quantity.between(0, 30, hi_open=True)), (MONEY, "1.08万", Quantity.exact(10800)),
        (TEN_THOUSANDS, "1.08万元", Quantity.exact("1.08")), (TEN_THOUSANDS, "1.08", Quantity.exact("1.08")), (RATE, "3%", Quantity.exact("0.03")),
        (RATE, "0.03", Quantity.exact("0.03")), (RATE, "约3%", Quantity.about("0.03")), (RATE, "百分之三", Quantity.exact("0.03")),
    ],
)  # fmt: skip
def test_numbers_keep_their_meaning(reader, field, text, value):
    read = reader.read(field, text)
    assert not read.faults
    assert read.cell.value == value
    assert load(field, dump(read.cell)) == read.cell


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (COUNT, "许多", "cell.number"),
        (COUNT, "-1", "cell.min"),
        (COUNT, "3.5", "cell.decimals"),
        (RATE, "3", "cell.percent"),
        (FLAG, "也许", "cell.boolean"),
        (COUNT, "3所", "cell.number"),
    ],
)
def test_what_is_refused_says_why_and_what_to_do(reader, field, text, code):
    (fault,) = reader.read(field, text).faults
    assert fault.code == code
    assert fault.hint


@pytest.mark.parametrize("text", ["是", "√", "有", "Y", "true", "1"])
def test_yes(reader, text):
    assert reader.read(FLAG, text).cell.value is True


@pytest.mark.parametrize(
    ("text", "day"),
    [("2009-03-08", date(2009, 3, 8)), ("2009年3月8日", date(2009, 3, 8)), ("2009.3.8", date(2009, 3, 8)), ("2009/3/8", date(2009, 3, 8)),
     ("20090308", date(2009, 3, 8)), ("39880", date(2009, 3, 8)), ("2009-03-08 00:00:00", date(2009, 3, 8)), ("2009-02-30", None), ("昨天", None), ("09.3.8", None)],
)  # fmt: skip
def test_days(text, day):
    assert read_date(text) == day


def test_a_date_without_a_day_invents_none():
    assert [read_date(text).text for text in ("2009.3", "2009年3月", "2009年")] == ["2009-03", "2009-03", "2009"]


@pytest.mark.parametrize(
    ("text", "kind", "period"),
    [("2008—2009学年", "school_year", "2008-2009"), ("2008-2009学年度第一学期", "term", "2008-2009T1"), ("2009年上半年", "half_year", "2009H1"), ("2009年一季度", "quarter", "2009Q1"),
     ("2009年", "year", "2009"), ("2009年3月", "month", "2009-03"), ("2009-03-08", "month", "2009-03"), ("本年", "year", "Y0"), ("Y-1", "", "Y-1"), ("2008/09", "school_year", "2008-2009")],
)  # fmt: skip
def test_periods_as_clerks_write_them(text, kind, period):
    assert read_period(text, kind).text == period


@pytest.mark.parametrize(("text", "kind"), [("2009", "school_year"), ("2008-2010", "school_year"), ("去年秋", ""), ("2009", "month")])
def test_a_period_of_another_kind_is_not_guessed(text, kind):
    assert read_period(text, kind) is None


@pytest.mark.django_db
def test_what_a_form_shows_is_read_back_as_the_same_cell(reader):
    @tried(100)
    @given(
        st.one_of(
            st.integers(0, 10**9).map(str), st.sampled_from(["10余", "××", "不适用", "约38", "不足30", "三十多", "1,234", "二百以上"])
        )
    )
    def law(text: str) -> None:
        cell = reader.read(COUNT, text).cell
        stored = load(COUNT, dump(cell))
        assert reader.read(COUNT, typed(COUNT, stored)).cell == cell
        assert words(COUNT, stored, {})

    law()
